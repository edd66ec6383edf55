package postgres

import (
	"context"
	"database/sql"
	"time"

	"github.com/statuschecks/statuschecks/mockserver"
)

const (
	// handOverTime is how long a process that lives has to hand a world over.
	handOverTime = 2 * time.Second
	// lookEvery is how often it is looked whether it has done so.
	lookEvery = 20 * time.Millisecond
)

// ask asks the process that has a world to hand it over, and waits until it has done so, or the time is over. A process
// that lives holds the lock of its name.
func (s *Store) ask(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, handOverTime)
	defer cancel()
	lives := false
	err := s.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		var owner string
		err := tx.QueryRowContext(ctx, "select owner from statuschecks_worlds where name = $1", name).Scan(&owner)
		if err != nil {
			return err
		}
		if owner == "" || owner == s.owner {
			return nil
		}
		var dead bool
		err = tx.QueryRowContext(ctx, "select pg_try_advisory_xact_lock(hashtextextended($1, 0))", owner).Scan(&dead)
		if lives = !dead; err != nil || dead {
			return err
		}
		return s.tell(ctx, tx, mockserver.StoreEvent{Kind: mockserver.StoreAsked, World: name})
	})
	for err == nil && lives && wait(ctx) {
		var owner string
		err = s.pool.QueryRowContext(ctx, "select owner from statuschecks_worlds where name = $1", name).Scan(&owner)
		lives = owner != ""
	}
	if ctx.Err() != nil {
		return nil // it takes too long, and so the world is taken without asking any more
	}
	return s.plain(err)
}

// wait rests in real time. It reports whether there is time left.
func wait(ctx context.Context) bool {
	t := time.NewTimer(lookEvery)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// Release makes a world belong to nobody.
func (s *Store) Release(ctx context.Context, name string, revision int64) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err := s.pool.ExecContext(ctx, "update statuschecks_worlds set owner = '' "+
		"where name = $1 and revision = $2 and owner = $3", name, revision, s.owner)
	return s.plain(err)
}
