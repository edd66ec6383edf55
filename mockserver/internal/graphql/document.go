package graphql

import (
	"errors"
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"
)

// document is a parsed text.
type document struct{ *ast.QueryDocument }

// parse reads a text. What is wrong with it is said as graphql-ruby says it.
func parse(text string) (*document, *Error) {
	for {
		parsed, err := parser.ParseQuery(&ast.Source{Input: text})
		if err == nil && len(parsed.Operations)+len(parsed.Fragments) == 0 {
			return nil, &Error{Message: "Unexpected end of document", Locations: []Location{}}
		}
		if err == nil {
			d := &document{parsed}
			d.moveToSigns([]rune(text))
			if strings.Contains(text, blockQuotes) {
				d.readBlockStrings([]rune(text))
			}
			return d, d.describedOperation()
		}
		wrong := newComplaint(text, err)
		shorter, cut := wrong.withoutEmptySelection()
		if !cut {
			return nil, wrong.error()
		}
		if shorter == "" {
			return &document{parsed}, nil // without what comes after it
		}
		text = withoutEmptySelections(shorter) // or there would be one complaint for each
	}
}

// describedOperation refuses a text before an operation or fragment, which gqlparser takes for its description.
func (d *document) describedOperation() *Error {
	for _, o := range d.Operations {
		if o.Description != "" {
			return &Error{
				Message: fmt.Sprintf(oneOf+", actual: %s (%q) at [%d, %d]", strings.ToUpper(string(o.Operation)),
					o.Operation, o.Position.Line, o.Position.Column),
				Locations: ats(o.Position),
			}
		}
	}
	return nil
}

// moveToSigns gives spreads, inline fragments and directives the place of the sign that they begin with, where
// graphql-ruby has them.
func (d *document) moveToSigns(text []rune) {
	for _, o := range d.Operations {
		moveDirectives(text, o.Directives)
		moveSelections(text, o.SelectionSet)
	}
	for _, f := range d.Fragments {
		moveDirectives(text, f.Directives)
		moveSelections(text, f.SelectionSet)
	}
}

func moveSelections(text []rune, set ast.SelectionSet) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			moveDirectives(text, s.Directives)
			moveSelections(text, s.SelectionSet)
		case *ast.FragmentSpread:
			s.Position = backTo(text, s.Position, "...")
			moveDirectives(text, s.Directives)
		case *ast.InlineFragment:
			s.Position = backTo(text, s.Position, "...")
			moveDirectives(text, s.Directives)
			moveSelections(text, s.SelectionSet)
		}
	}
}

func moveDirectives(text []rune, directives ast.DirectiveList) {
	for _, d := range directives {
		d.Position = backTo(text, d.Position, "@")
	}
}

// backTo finds the sign before a place.
func backTo(text []rune, p *ast.Position, sign string) *ast.Position {
	before := string(text[:min(p.Start, len(text))])
	i := strings.LastIndex(before, sign)
	if i < 0 {
		return p
	}
	moved := *p
	moved.Line = strings.Count(before[:i], "\n") + 1
	moved.Column = len([]rune(before[strings.LastIndexByte(before[:i], '\n')+1:i])) + 1
	return &moved
}

// complaint is what gqlparser found wrong, with the tokens around it.
type complaint struct {
	text    string
	message string
	line    int
	column  int
	before  []lexer.Token // those before the one that is wrong
	wrong   lexer.Token   // of kind Invalid where there is no token
	open    int           // how many brackets are open
}

// previous is the token before the one that is wrong; of kind Invalid at the beginning.
func (c *complaint) previous() lexer.Token { return c.back(1) }

// back is a token before the one that is wrong.
func (c *complaint) back(n int) lexer.Token {
	if n > len(c.before) {
		return lexer.Token{}
	}
	return c.before[len(c.before)-n]
}

func newComplaint(text string, err error) *complaint {
	c := &complaint{text: text, message: err.Error()}
	var known *gqlerror.Error
	if errors.As(err, &known) {
		c.message = known.Message
		if len(known.Locations) > 0 {
			c.line, c.column = known.Locations[0].Line, known.Locations[0].Column
		}
	}
	l := lexer.New(&ast.Source{Input: text})
	for {
		token, err := l.ReadToken()
		if token.Kind == lexer.Comment {
			continue
		}
		reached := token.Pos.Line == c.line && token.Pos.Column == c.column
		if token.Kind == lexer.String {
			token.Pos.Column-- // gqlparser counts from behind the quote
			token.Pos.Start--
			reached = reached && c.begun()
		}
		c.wrong = token
		if err != nil && strings.Contains(err.Error(), "Unterminated") {
			c.message = "Unterminated"
		}
		if err != nil || token.Kind == lexer.EOF || reached {
			return c
		}
		switch token.Kind {
		case lexer.BraceL, lexer.ParenL, lexer.BracketL:
			c.open++
		case lexer.BraceR, lexer.ParenR, lexer.BracketR:
			c.open--
		}
		c.before = append(c.before, token)
		if token.Kind == lexer.String && !c.within() {
			c.line, c.column = 0, 0 // a text before a definition: what comes behind it is wrong
			next, _ := l.ReadToken()
			c.wrong = next
			return c
		}
	}
}

// emptySelection is how gqlparser begins its complaint about brackets with nothing inside.
const emptySelection = "expected at least one definition"

// withoutEmptySelection takes an empty selection out of the text, which is no mistake to graphql-ruby's parser: a field
// with one is a field without. An operation with one is left as the empty text.
func (c *complaint) withoutEmptySelection() (text string, cut bool) {
	if !strings.HasPrefix(c.message, emptySelection) || c.wrong.Kind != lexer.BraceR {
		return "", false
	}
	if c.open == 1 {
		return "", true
	}
	runes := []rune(c.text)
	blank(runes, c.previous().Pos.Start, c.wrong.Pos.Start)
	return string(runes), true
}
