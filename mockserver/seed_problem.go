package mockserver

import (
	"fmt"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// problem is one thing wrong with a seed. Path says where in the seed it is, as in projects[0].members[1].user.
type problem struct {
	path    string
	message string
	first   string // path of what it repeats, if it does
}

// String is the problem of a seed that has no text.
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

// seedError holds all that is wrong with a seed, as texts: at most 50 problems, each with its position and the line it
// is on, and how many more there are.
type seedError struct {
	problems []string
	summary  string
}

// Error lists the problems in the order of the text.
func (e *seedError) Error() string { return e.summary }

// newSeedError is nil if nothing is wrong.
func newSeedError[T fmt.Stringer](name string, found []T) error {
	if len(found) == 0 {
		return nil
	}
	return &seedError{strictyaml.Texts(found), strictyaml.Join(found, " in "+name)}
}
