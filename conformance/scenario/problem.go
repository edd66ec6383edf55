package scenario

import (
	"cmp"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// Problem is one error in a file, with its position.
type Problem struct {
	Position Position
	Message  string
	Line     string // the line of the file, for the excerpt; may be empty
}

// String is the message behind its position, and below it the line with a caret.
func (p Problem) String() string {
	at := strictyaml.Place{Line: p.Position.Line, Column: p.Position.Column}
	return strictyaml.Problem{File: p.Position.File, Place: at, Message: p.Message, Line: p.Line}.String()
}

// LoadError contains all problems of the files that were read.
type LoadError struct {
	Problems []Problem
}

// Error lists the problems in the order of files and lines. It shows at most 50, and the number of the others.
func (e *LoadError) Error() string { return strictyaml.Join(e.Problems, "") }

// NewProblem is a problem at a position of a file, whose lines and columns count from 1. The line is for the excerpt.
func NewProblem(file string, line, column int, message, excerpt string) Problem {
	return Problem{Position{file, line, column}, message, excerpt}
}

// NewLoadError is the error for problems, nil when that is nothing.
func NewLoadError(list []Problem) error {
	if len(list) == 0 {
		return nil
	}
	slices.SortStableFunc(list, func(a, b Problem) int {
		return cmp.Or(
			strings.Compare(a.Position.File, b.Position.File),
			cmp.Compare(a.Position.Line, b.Position.Line),
			cmp.Compare(a.Position.Column, b.Position.Column),
		)
	})
	return &LoadError{Problems: slices.CompactFunc(list, func(a, b Problem) bool { return a == b })}
}
