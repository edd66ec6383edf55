package conformance

import (
	"cmp"
	"fmt"
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

// problems collects what is wrong while reading goes on.
type problems struct {
	*strictyaml.Problems
}

func newProblems(file string, data []byte) *problems {
	return &problems{strictyaml.NewProblems(file, data)}
}

// add records a problem at a line and column; a line of 0 means the file as a whole.
func (p *problems) add(line, column int, format string, args ...any) {
	p.Add(strictyaml.Place{Line: line, Column: column}, "%s", MaskURLs(fmt.Sprintf(format, args...)))
}

func (p *problems) at(n *node, format string, args ...any) {
	p.add(n.line, n.column, format, args...)
}

// found are the problems that were collected.
func (p *problems) found() []Problem {
	var list []Problem
	for _, one := range p.Sorted() {
		list = append(list, Problem{
			Position{p.File, one.Place.Line, one.Place.Column},
			one.Message,
			maskLine(one.Line),
		})
	}
	return list
}

// loadError is the error for what was collected, nil when that is nothing.
func loadError(list []Problem) error {
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

// didYouMean is " (did you mean X?)" for the known word nearest to a wrong one, or nothing when none is near.
func didYouMean(word string, known []string) string { return strictyaml.DidYouMean(word, known) }
