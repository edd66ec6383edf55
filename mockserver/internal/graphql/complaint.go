package graphql

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/lexer"
)

// oneOf begins what graphql-ruby says where a definition should begin.
const oneOf = "Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE"

// rubyKinds are graphql-ruby's names of tokens.
var rubyKinds = map[lexer.Type]string{
	lexer.Bang: "BANG", lexer.Dollar: "VAR_SIGN", lexer.Amp: "AMP", lexer.ParenL: "LPAREN", lexer.ParenR: "RPAREN",
	lexer.Spread: "ELLIPSIS", lexer.Colon: "COLON", lexer.Equals: "EQUALS", lexer.At: "DIR_SIGN",
	lexer.BracketL: "LBRACKET", lexer.BracketR: "RBRACKET", lexer.BraceL: "LCURLY", lexer.BraceR: "RCURLY",
	lexer.Pipe: "PIPE", lexer.Int: "INT", lexer.Float: "FLOAT", lexer.String: "STRING", lexer.BlockString: "STRING",
}

// rubyKeywords are the names that are tokens of their own to graphql-ruby.
var rubyKeywords = strings.Fields("on fragment true false null query mutation subscription schema scalar type extend " +
	"implements interface union enum input directive repeatable")

// expected is what graphql-ruby expects where gqlparser expects something.
var expected = map[string]string{
	"Name": "NAME", ":": "COLON", "{": "LCURLY", "$": "VAR_SIGN", "]": "RBRACKET", ")": "RPAREN", `"on"`: "ON",
	"...": "ELLIPSIS", "@": "DIR_SIGN", `"fragment"`: "FRAGMENT",
}

// error words the complaint.
func (c *complaint) error() *Error {
	if strings.HasPrefix(c.message, "Unterminated") {
		e := c.placed("", c.quote())
		e.Message = "Expected string or block string, but it was malformed"
		return e
	}
	if c.previous().Kind == lexer.Colon && c.back(3).Kind == lexer.Dollar && c.wrong.Kind != lexer.EOF {
		return c.placed("Missing type definition for variable: $"+c.back(2).Value, c.wrong)
	}
	kind, text, where := c.actual()
	want := c.wanted()
	if want == oneOf {
		if kind == "(none)" {
			kind = "NOTHING"
		}
		return c.placed(fmt.Sprintf("%s, actual: %s (%s)", oneOf, kind, text), where)
	}
	return c.placed(fmt.Sprintf("Expected %s, actual: %s (%s)", want, kind, text), where)
}

// placed is an error at a token.
func (c *complaint) placed(message string, t lexer.Token) *Error {
	return &Error{
		Message:   fmt.Sprintf("%s at [%d, %d]", message, t.Pos.Line, t.Pos.Column),
		Locations: []Location{{t.Pos.Line, t.Pos.Column}},
	}
}

// quote is where the text begins that has no end.
func (c *complaint) quote() lexer.Token {
	before := c.previous()
	runes := []rune(c.text)
	at := before.Pos.End
	for at < len(runes) && runes[at] != '"' {
		at++
	}
	t := lexer.Token{}
	head := string(runes[:min(at, len(runes))])
	t.Pos.Line = strings.Count(head, "\n") + 1
	t.Pos.Column = len([]rune(head[strings.LastIndexByte(head, '\n')+1:])) + 1
	return t
}

// actual is the token that is wrong, or the one before it where the text ends.
func (c *complaint) actual() (kind, text string, where lexer.Token) {
	switch t := c.wrong; t.Kind {
	case lexer.EOF:
		return "(none)", strconv.Quote(c.ignored()), c.previous()
	case lexer.Invalid:
		t.Pos.Line, t.Pos.Column = c.line, c.column
		return "UNKNOWN_CHAR", strconv.Quote(c.unknown()), t
	case lexer.Name:
		kind = "IDENTIFIER"
		if slices.Contains(rubyKeywords, t.Value) {
			kind = strings.ToUpper(t.Value)
		}
		return kind, strconv.Quote(t.Value), t
	case lexer.String, lexer.BlockString, lexer.Int, lexer.Float:
		return rubyKinds[t.Kind], strconv.Quote(t.Value), t
	default:
		return rubyKinds[t.Kind], strconv.Quote(t.Kind.String()), t
	}
}

// ignored is what comes after the last token: blanks and comments.
func (c *complaint) ignored() string {
	runes := []rune(c.text)
	end := min(c.previous().Pos.End, len(runes))
	rest := end
	for rest < len(runes) && strings.ContainsRune(", \t\r\n", runes[rest]) {
		rest++
	}
	if c.wrong.Kind == lexer.EOF {
		rest = len(runes)
	}
	return string(runes[end:rest])
}

// unknown is what graphql-ruby shows of a character that begins no token: as much up to it as blanks are before it.
func (c *complaint) unknown() string {
	runes := []rune(c.text)
	blanks := len([]rune(c.ignored()))
	end := min(c.previous().Pos.End+blanks+1, len(runes))
	return string(runes[max(0, end-blanks):end])
}

// wanted is what was expected.
func (c *complaint) wanted() string {
	if !c.within() {
		return oneOf
	}
	if strings.HasPrefix(c.message, emptySelection) {
		if c.wrong.Kind == lexer.ParenR {
			return "ARGUMENT_NAME"
		}
		return "NAME"
	}
	if c.previous().Kind == lexer.Spread || c.open == 0 && c.isOperation() {
		return "NAME"
	}
	if what, ok := strings.CutPrefix(c.message, "Expected "); ok {
		what, _, _ = strings.Cut(what, ", found")
		if name, known := expected[what]; known {
			return name
		}
	}
	if strings.HasPrefix(c.message, "Unexpected") {
		return "VALUE"
	}
	return "NAME"
}

// within says whether what is wrong is part of a definition.
func (c *complaint) within() bool { return c.open > 0 || c.begun() }

// begun says whether a definition has begun that has no brackets yet.
func (c *complaint) begun() bool {
	kind := c.previous().Kind
	return c.open > 0 || kind != lexer.Invalid && kind != lexer.BraceR && kind != lexer.String
}

// isOperation says whether the token before is the kind of an operation, so that its name may come.
func (c *complaint) isOperation() bool {
	kind := c.previous().Value
	starts := len(c.before) == 1 || c.back(2).Kind == lexer.BraceR
	return starts && (kind == "query" || kind == "mutation" || kind == "subscription")
}
