package seed

import (
	"fmt"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// Error holds all that is wrong with a document.
type Error struct {
	// Problems are texts, in the order of the document: at most 50, and how many more there are. Those of a text that
	// was parsed have their position and the line they are on.
	Problems []string

	summary string
}

// Error lists the problems.
func (e *Error) Error() string { return e.summary }

// newError is nil if nothing is wrong.
func newError[T fmt.Stringer](name string, found []T) error {
	if len(found) == 0 {
		return nil
	}
	return &Error{strictyaml.Texts(found), strictyaml.Join(found, " in "+name)}
}

// problem is one thing wrong with a document. Path says where it is, as in projects[0].members[1].user.
type problem struct {
	path    string
	message string
	first   string // path of what it repeats, if it does
}

// String is the problem of a document that has no text.
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
