package graphql

import (
	"github.com/vektah/gqlparser/v2/ast"
)

// Error is one entry of errors in an answer.
type Error struct {
	Message    string
	Locations  []Location // nil leaves the key out
	Path       []any      // names and indexes; nil leaves the key out
	Extensions Object     // nil leaves the key out
}

// Location is a place in a document, counted from 1.
type Location struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

func (e *Error) Error() string { return e.Message }

// object is the entry with its keys in the library's order.
func (e *Error) object() Object {
	o := Object{{"message", e.Message}}
	if e.Locations != nil {
		o = append(o, Member{"locations", e.Locations})
	}
	if e.Path != nil {
		o = append(o, Member{"path", e.Path})
	}
	if e.Extensions != nil {
		o = append(o, Member{"extensions", e.Extensions})
	}
	return o
}

// ErrorBody is an answer that is one error and nothing else.
func ErrorBody(message string) Object {
	return Object{{"errors", []Object{{{"message", message}}}}}
}

// answerOf puts an answer together: errors come before data.
func answerOf(errs []*Error, data any) Object { return append(refusalOf(errs), Member{"data", data}) }

// refusalOf is an answer without data.
func refusalOf(errs []*Error) Object {
	if len(errs) == 0 {
		return Object{}
	}
	list := make([]Object, len(errs))
	for i, e := range errs {
		list[i] = e.object()
	}
	return Object{{"errors", list}}
}

// at is where a node begins.
func at(p *ast.Position) Location {
	if p == nil {
		return Location{1, 1}
	}
	return Location{p.Line, p.Column}
}

// ats are the places of several nodes.
func ats(positions ...*ast.Position) []Location {
	list := make([]Location, len(positions))
	for i, p := range positions {
		list[i] = at(p)
	}
	return list
}
