package seed

import (
	"fmt"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// Error lists all problems of a document.
type Error struct {
	// Problems are texts, in the order of the document: at most 50, and then the number of the others. Problems in
	// parsed text include their position and the line.
	Problems []string

	summary string
}

// Error lists the problems.
func (e *Error) Error() string { return e.summary }

// newError returns nil if there are no problems.
func newError[T fmt.Stringer](name string, found []T) error {
	if len(found) == 0 {
		return nil
	}
	return &Error{strictyaml.Texts(found), strictyaml.Join(found, " in "+name)}
}

// problem is one problem of a document. Path says where it is, such as projects[0].members[1].user.
type problem struct {
	path    string
	message string
	first   string // path of the first use, if it is a duplicate
}

// String is the text of a problem in a document that has no text.
func (p problem) String() string {
	text := "seed: "
	if p.path != "" {
		text += p.path + ": "
	}
	text += p.message
	if p.first != "" {
		text += ", as " + p.first
	}
	return text
}
