package graphql

import (
	"math"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

const blockQuotes = `"""`

// readBlockStrings reads all block strings of a document again, as graphql-ruby does. gqlparser 2.5.64 counts the
// indentation of the first line among those that it takes away from all the others, which GraphQL does not. And
// graphql-ruby, other than GraphQL, leaves escapes and carriage returns as they are.
func (d *document) readBlockStrings(text []rune) {
	for _, o := range d.Operations {
		for _, v := range o.VariableDefinitions {
			readBlockString(text, v.DefaultValue)
			readArguments(text, nil, v.Directives)
		}
		readArguments(text, nil, o.Directives)
		readSelections(text, o.SelectionSet)
	}
	for _, f := range d.Fragments {
		readArguments(text, nil, f.Directives)
		readSelections(text, f.SelectionSet)
	}
}

func readSelections(text []rune, set ast.SelectionSet) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			readArguments(text, s.Arguments, s.Directives)
			readSelections(text, s.SelectionSet)
		case *ast.FragmentSpread:
			readArguments(text, nil, s.Directives)
		case *ast.InlineFragment:
			readArguments(text, nil, s.Directives)
			readSelections(text, s.SelectionSet)
		}
	}
}

func readArguments(text []rune, arguments ast.ArgumentList, directives ast.DirectiveList) {
	for _, a := range arguments {
		readBlockString(text, a.Value)
	}
	for _, d := range directives {
		readArguments(text, d.Arguments, nil)
	}
}

func readBlockString(text []rune, v *ast.Value) {
	if v == nil {
		return
	}
	for _, c := range v.Children {
		readBlockString(text, c.Value)
	}
	if v.Kind != ast.BlockValue {
		return
	}
	_, raw, _ := strings.Cut(string(text[v.Position.Start:]), blockQuotes)
	end := 0
	for {
		end += strings.Index(raw[end:], blockQuotes)
		if end == 0 || raw[end-1] != '\\' {
			break
		}
		end += len(blockQuotes)
	}
	after := raw[end+len(blockQuotes):]
	v.Raw = blockText(raw[:end] + after[:len(after)-len(strings.TrimLeft(after, `"`))]) // the last three quotes end it
}

// blockText is the value of a block string: without the spaces that the lines after the first begin with in common, and
// without blank lines at both ends.
//
// Source: graphql-ruby 2.5.11, lib/graphql/language/block_string.rb, lexer.rb.
func blockText(raw string) string {
	if !strings.Contains(raw, "\n") && !strings.HasPrefix(raw, " ") {
		return raw
	}
	lines := strings.Split(raw, "\n")
	common := math.MaxInt
	for _, line := range lines[1:] {
		if spaces := len(line) - len(strings.TrimLeft(line, " ")); spaces < len(line) {
			common = min(common, spaces)
		}
	}
	for i, line := range lines[1:] {
		lines[i+1] = line[min(common, len(line)):]
	}
	for len(lines) > 0 && isBlank(lines[0]) {
		lines = lines[1:]
	}
	for len(lines) > 0 && isBlank(lines[len(lines)-1]) {
		lines = lines[:len(lines)-1]
	}
	return strings.Join(lines, "\n")
}

func isBlank(line string) bool { return strings.Trim(line, " \t\r\f\v") == "" }
