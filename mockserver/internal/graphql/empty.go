package graphql

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/lexer"
)

// withoutEmptySelections takes the empty selections of fields and inline fragments out of a text, and leaves the rest
// where it is. An empty selection anywhere else is left, for gqlparser to complain about.
func withoutEmptySelections(text string) string {
	runes := []rune(text)
	l := lexer.New(&ast.Source{Input: text})
	var at selecting
	for {
		token, err := l.ReadToken()
		if err != nil || token.Kind == lexer.EOF {
			return string(runes)
		}
		if token.Kind == lexer.Comment {
			continue
		}
		if from, empty := at.read(token); empty {
			blank(runes, from, token.Pos.Start)
		}
	}
}

// blank puts blanks in the place of all but the ends of lines.
func blank(runes []rune, from, to int) {
	for i := from; i <= to && i < len(runes); i++ {
		if runes[i] != '\n' {
			runes[i] = ' '
		}
	}
}

// holder is what a selection would belong to.
type holder int

const (
	nobody        holder = iota
	field                // a field, with its arguments and directives
	inline               // an inline fragment
	inlineUntyped        // an inline fragment of which the type must come next
	named                // a spread of a fragment, which has no selection
)

// selecting is where in the selections of a text its reader is.
type selecting struct {
	braces, others int // how many brackets are open
	holder         holder
	last           lexer.Type   // kind of the token before
	open           *lexer.Token // a brace that may begin an empty selection
}

// read reads a token. It reports whether this ends an empty selection, and where that begins.
func (s *selecting) read(token lexer.Token) (from int, empty bool) {
	if s.open != nil {
		from, empty = s.open.Pos.Start, token.Kind == lexer.BraceR
		s.open = nil
		if empty {
			return from, true
		}
		s.braces, s.holder, s.last = s.braces+1, nobody, lexer.BraceL
	}
	if token.Kind == lexer.BraceL && s.selects() {
		s.open = &token
		return 0, false
	}
	switch token.Kind {
	case lexer.BraceL:
		s.braces++
	case lexer.BraceR:
		s.braces--
	case lexer.ParenL, lexer.BracketL:
		s.others++
	case lexer.ParenR, lexer.BracketR:
		s.others--
	}
	if s.others == 0 {
		s.hold(token)
	}
	s.last = token.Kind
	return 0, false
}

// selects reports whether a selection can come next, not counting that of an operation or a fragment.
func (s *selecting) selects() bool {
	return s.braces > 0 && s.others == 0 && (s.holder == field || s.holder == inline) &&
		(s.last == lexer.Name || s.last == lexer.ParenR || s.last == lexer.Spread)
}

// hold notes what a selection would belong to after a token.
func (s *selecting) hold(token lexer.Token) {
	switch {
	case token.Kind == lexer.BraceL, token.Kind == lexer.BraceR:
		s.holder = nobody
	case token.Kind == lexer.Spread:
		s.holder = inline
	case token.Kind != lexer.Name, s.last == lexer.At: // a sign, or the name of a directive
	case s.last == lexer.Spread && token.Value == "on":
		s.holder = inlineUntyped
	case s.last == lexer.Spread:
		s.holder = named
	case s.holder == inlineUntyped:
		s.holder = inline
	default:
		s.holder = field
	}
}
