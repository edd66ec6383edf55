package mockserver

import "github.com/statuschecks/statuschecks/mockserver/internal/gitlab"

// dated is the value of a key that not every release shows: a pointer to it, or nil, which leaves the key out. Null,
// where it is a value, is a pointer to nil.
func dated[T any](tx *gitlab.Tx, shows gitlab.Change, value T) *T {
	if !tx.Has(shows) {
		return nil
	}
	return &value
}
