package mockserver

import "github.com/statuschecks/statuschecks/mockserver/internal/gitlab"

// dated is the value of a key that only some releases show. It is a pointer to the value, or nil, which leaves the key
// out. A value that is null is a pointer to nil.
func dated[T any](tx *gitlab.Tx, shows gitlab.Change, value T) *T {
	if !tx.Has(shows) {
		return nil
	}
	return &value
}
