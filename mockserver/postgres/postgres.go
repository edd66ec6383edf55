// Package postgres keeps the worlds of mocks in a PostgreSQL database, so that several processes can share them. Each
// world is one row. It takes PostgreSQL 12 or newer.
package postgres

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/lib/pq"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/control"
)

// patience is how long the database has for one statement, connecting included.
const patience = 5 * time.Second

// schema makes what is not there yet. Revisions come from a sequence, so that a world that is removed and made again
// never has one that it had before.
const schema = `
create sequence if not exists statuschecks_revisions;
create table if not exists statuschecks_worlds (
	name text primary key,
	revision bigint not null,
	owner text not null,
	saved_at timestamptz not null,
	expires_at timestamptz,
	shown jsonb not null,
	data bytea not null
);
create table if not exists statuschecks_secret (
	single boolean primary key default true check (single),
	secret bytea not null
);`

// schemaLock keeps two processes from making the schema at once.
const schemaLock = 7782938541276

// channel is on which processes tell each other what they do.
const channel = "statuschecks_worlds"

// connections is how many there are at most, but for the one that listens.
const connections = 8

// Store keeps worlds in a database. It is a mockserver.Store.
type Store struct {
	pool  *sql.DB
	url   string // with what every connection takes
	owner string // this process
	where string
	user  string // of the database

	mu     sync.Mutex
	doubts map[int64][]int64 // revisions that a world may have, as nobody heard whether it was saved, by that before
}

var _ mockserver.Store = (*Store)(nil)

// Open connects to a database and makes in it what is missing. Owner is the name of this process for people; no two
// processes may have the same. The error does not show the password.
func Open(ctx context.Context, url, owner string) (*Store, error) {
	full, config, err := complete(url)
	if err != nil {
		return nil, err
	}
	if full, config, err = withTLS(ctx, full, config); err != nil {
		return nil, err
	}
	connector, err := pq.NewConnectorConfig(config)
	if err != nil {
		return nil, errURL
	}
	s := &Store{pool: sql.OpenDB(connector), url: full, owner: owner, where: place(config), user: config.User}
	s.pool.SetMaxOpenConns(connections)
	s.pool.SetMaxIdleConns(connections)
	s.pool.SetConnMaxIdleTime(30 * time.Minute)
	if err := s.prepare(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("%s: %w", s.where, err)
	}
	return s, nil
}

// String is the address and the name of the database, without user and password.
func (s *Store) String() string { return s.where }

// Close ends the connections. A nil Store has none.
func (s *Store) Close() {
	if s != nil {
		_ = s.pool.Close()
	}
}

// prepare makes the schema, and sees that it is what this version uses.
func (s *Store) prepare(ctx context.Context) error {
	return s.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "select pg_advisory_xact_lock($1)", int64(schemaLock)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, schema); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "select name, revision, owner, saved_at, expires_at, shown, data "+
			"from statuschecks_worlds limit 0")
		if err != nil {
			return fmt.Errorf("the table statuschecks_worlds is not what this version of statuschecks uses; take "+
				"another database or schema: %w", err)
		}
		return nil
	})
}

// within runs statements as one transaction.
func (s *Store) within(ctx context.Context, run func(context.Context, *sql.Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tx, err := s.pool.BeginTx(ctx, nil)
	if err != nil {
		return s.plain(err)
	}
	defer func() { _ = tx.Rollback() }() // which does nothing once it is committed
	if err := run(ctx, tx); err != nil {
		return s.plain(err)
	}
	return s.plain(tx.Commit())
}

// plain is an error without the user of the database, which the database names.
func (s *Store) plain(err error) error {
	if refusal := new(pq.Error); errors.As(err, &refusal) {
		text := strings.ReplaceAll(err.Error(), strconv.Quote(s.user), "of the URL")
		return errors.New(strings.ReplaceAll(strings.ReplaceAll(text, "\n", " "), "pq: ", ""))
	}
	return err
}

// tell lets other processes know what this one does, when the transaction ends.
func (s *Store) tell(ctx context.Context, tx *sql.Tx, e mockserver.StoreEvent) error {
	e.By = s.owner
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "select pg_notify($1, $2)", channel, string(text))
	return err
}

// Secret is made by the first process that asks for it.
func (s *Store) Secret(ctx context.Context) (secret []byte, err error) {
	made := make([]byte, 32)
	_, _ = rand.Read(made) // never fails
	err = s.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx,
			"insert into statuschecks_secret (secret) values ($1) on conflict do nothing", made)
		if err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, "select secret from statuschecks_secret").Scan(&secret)
	})
	return secret, err
}

// Create keeps a new world.
func (s *Store) Create(ctx context.Context, w mockserver.StoredWorld) (revision int64, err error) {
	err = s.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `insert into statuschecks_worlds
			(name, revision, owner, saved_at, expires_at, shown, data)
			values ($1, nextval('statuschecks_revisions'), $2, now(), $3, $4, $5)
			on conflict (name) do nothing returning revision`,
			w.Name, s.owner, instant(w.Expires), shown(w), w.Data).Scan(&revision)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("%w: %s", mockserver.ErrWorldExists, w.Name)
	}
	return revision, err
}

// instant is a time, or nothing.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// shown is what lists show of a world, in JSON.
func shown(w mockserver.StoredWorld) string {
	text, _ := json.Marshal(w.Shown) // of which each field can be written
	return string(text)
}

// Claim makes a world belong to this process.
func (s *Store) Claim(ctx context.Context, name string, now time.Time) (mockserver.StoredWorld, error) {
	w := mockserver.StoredWorld{Name: name}
	if err := s.ask(ctx, name); err != nil {
		return w, known(err)
	}
	err := s.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `update statuschecks_worlds
			set owner = $2, revision = nextval('statuschecks_revisions')
			where name = $1 and (expires_at is null or expires_at > $3) returning revision, data`,
			name, s.owner, now).Scan(&w.Revision, &w.Data)
		if err != nil {
			return err
		}
		return s.tell(ctx, tx, mockserver.StoreEvent{Kind: mockserver.StoreTaken, World: name, Revision: w.Revision})
	})
	return w, known(err)
}

// known turns the absence of a row into what a Store says then.
func known(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return mockserver.ErrNoWorld
	}
	return err
}

// Look returns a world and leaves it to whom it belongs.
func (s *Store) Look(ctx context.Context, name string) (mockserver.StoredWorld, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	w := mockserver.StoredWorld{Name: name}
	err := s.pool.QueryRowContext(ctx, "select revision, data from statuschecks_worlds where name = $1", name).
		Scan(&w.Revision, &w.Data)
	return w, s.plain(known(err))
}

// Revision is that of a world.
func (s *Store) Revision(ctx context.Context, name string) (revision int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err = s.pool.QueryRowContext(ctx, "select revision from statuschecks_worlds where name = $1", name).Scan(&revision)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return revision, s.plain(err)
}

// Remove forgets a world.
func (s *Store) Remove(ctx context.Context, name string, revision int64) error {
	return s.within(ctx, func(ctx context.Context, tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, "delete from statuschecks_worlds "+
			"where name = $1 and ($2::bigint = 0 or revision = $2)", name, revision)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return cmp.Or(err, mockserver.ErrNoWorld)
		}
		return s.tell(ctx, tx, mockserver.StoreEvent{Kind: mockserver.StoreRemoved, World: name})
	})
}

// List describes the worlds by name.
func (s *Store) List(ctx context.Context) ([]control.World, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	rows, err := s.pool.QueryContext(ctx,
		`select shown from statuschecks_worlds where name <> '' order by name collate "C"`)
	if err != nil {
		return nil, s.plain(err)
	}
	list := []control.World{}
	err = eachRow(rows, func() error {
		var text []byte
		if err := rows.Scan(&text); err != nil {
			return err
		}
		var w control.World
		err := json.Unmarshal(text, &w)
		list = append(list, w)
		return err
	})
	return list, s.plain(err)
}

// eachRow does something with each row and closes them.
func eachRow(rows *sql.Rows, do func() error) error {
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := do(); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Sweep forgets the worlds that have expired, but those of processes that live, which hold the locks of their names.
// The database shows the two halves of the number of a lock.
func (s *Store) Sweep(ctx context.Context, now time.Time) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	done, err := s.pool.ExecContext(ctx, `delete from statuschecks_worlds where expires_at < $1 and not exists (
		select from pg_locks where locktype = 'advisory' and objsubid = 1 and granted
			and database = (select oid from pg_database where datname = current_database())
			and classid::bigint << 32 | objid::bigint = hashtextextended(owner, 0))`, now)
	if err != nil {
		return 0, s.plain(err)
	}
	n, err := done.RowsAffected()
	return int(n), err
}
