package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/statuschecks/statuschecks/mockserver"
)

// Save keeps a world anew. If the connection breaks before this process hears that a world was saved, the next Save
// takes either revision for its own.
func (s *Store) Save(ctx context.Context, w mockserver.StoredWorld) (revision int64, err error) {
	own := append(s.doubted(w.Revision), w.Revision)
	err = s.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var owner string
		var then int64
		err := tx.QueryRowContext(ctx, "select owner, revision from statuschecks_worlds "+
			"where name = $1 for update", w.Name).Scan(&owner, &then)
		if err != nil {
			return known(err)
		}
		if !slices.Contains(own, then) {
			return fmt.Errorf("%w: it is %s", mockserver.ErrWorldTaken, owner)
		}
		return tx.QueryRowContext(ctx, `update statuschecks_worlds
			set revision = nextval('statuschecks_revisions'), owner = $2, saved_at = now(), expires_at = $3,
				shown = $4, data = $5
			where name = $1 returning revision`,
			w.Name, s.owner, instant(w.Expires), shown(w), w.Data).Scan(&revision)
	})
	switch {
	case err == nil, errors.Is(err, mockserver.ErrWorldTaken), errors.Is(err, mockserver.ErrNoWorld):
		s.settle(w.Revision)
		return revision, err
	case revision != 0: // all but the end of the transaction was heard
		s.doubt(w.Revision, revision)
	}
	return 0, err
}

// doubted are the revisions that a world may have instead of the one that it had when it was saved last.
func (s *Store) doubted(before int64) []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.doubts[before])
}

// doubt notes that a world may have been saved.
func (s *Store) doubt(before, perhaps int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.doubts == nil {
		s.doubts = map[int64][]int64{}
	}
	s.doubts[before] = append(s.doubts[before], perhaps)
}

// settle notes that it is known again what became of a world.
func (s *Store) settle(before int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.doubts, before)
}
