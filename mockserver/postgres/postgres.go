// Package postgres keeps the worlds of mocks in a PostgreSQL database, so that several processes can share them. Each
// world is one row. It takes PostgreSQL 12 or newer.
package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

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
);`

// schemaLock keeps two processes from making the schema at once.
const schemaLock = 7782938541276

// channel is on which processes tell each other what they do.
const channel = "statuschecks_worlds"

// Store keeps worlds in a database. It is a mockserver.Store.
type Store struct {
	pool  *pgxpool.Pool
	owner string // this process
	where string
	user  string // of the database

	mu     sync.Mutex
	doubts map[int64][]int64 // revisions that a world may have, as nobody heard whether it was saved, by that before
}

var _ mockserver.Store = (*Store)(nil)

// errURL is why a URL is not used. What is wrong with it is not told, as it may show a part of the password.
var errURL = errors.New("this is no URL of a PostgreSQL database: write postgres://USER:PASSWORD@HOST:PORT/DATABASE, " +
	"with %XX for special characters in the password")

// CheckURL says what is wrong with the URL of a database, without showing the password.
func CheckURL(url string) error {
	if _, err := pgxpool.ParseConfig(url); err != nil || !IsURL(url) {
		return errURL
	}
	return nil
}

// IsURL says whether a text is meant as the URL of a PostgreSQL database.
func IsURL(text string) bool {
	return strings.HasPrefix(text, "postgres://") || strings.HasPrefix(text, "postgresql://")
}

// Open connects to a database and makes in it what is missing. Owner is the name of this process for people; no two
// processes may have the same. The error does not show the password.
func Open(ctx context.Context, url, owner string) (*Store, error) {
	if err := CheckURL(url); err != nil {
		return nil, err
	}
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errURL
	}
	config.ConnConfig.ConnectTimeout = patience
	config.ConnConfig.RuntimeParams["application_name"] = "statuschecks"
	s := &Store{owner: owner, where: place(config.ConnConfig), user: config.ConnConfig.User}
	if s.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, s.plain(err)
	}
	if err := s.prepare(ctx); err != nil {
		s.pool.Close()
		return nil, fmt.Errorf("%s: %w", s.where, err)
	}
	return s, nil
}

// place is where a database is, without who uses it.
func place(c *pgx.ConnConfig) string {
	if strings.HasPrefix(c.Host, "/") {
		return c.Host + " " + c.Database
	}
	return net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port))) + "/" + c.Database
}

// String is the address and the name of the database, without user and password.
func (s *Store) String() string { return s.where }

// Close ends the connections. A nil Store has none.
func (s *Store) Close() {
	if s != nil {
		s.pool.Close()
	}
}

// prepare makes the schema, and sees that it is what this version uses.
func (s *Store) prepare(ctx context.Context) error {
	return s.within(ctx, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "select pg_advisory_xact_lock($1)", int64(schemaLock)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, schema); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "select name, revision, owner, saved_at, expires_at, shown, data "+
			"from statuschecks_worlds limit 0")
		if err != nil {
			return fmt.Errorf("the table statuschecks_worlds is not what this version of statuschecks uses; take "+
				"another database or schema: %w", err)
		}
		return nil
	})
}

// within runs statements as one transaction.
func (s *Store) within(ctx context.Context, run func(context.Context, pgx.Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return s.plain(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error { return run(ctx, tx) }))
}

// plain is an error without the user of the database, which the library and the database name.
func (s *Store) plain(err error) error {
	var connecting *pgconn.ConnectError
	var refusal *pgconn.PgError
	switch {
	case errors.As(err, &connecting):
		return errors.New(s.anonymous(connecting.Unwrap().Error()))
	case errors.As(err, &refusal):
		return errors.New(s.anonymous(err.Error()))
	}
	return err
}

func (s *Store) anonymous(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, strconv.Quote(s.user), "of the URL"), "\n", " ")
}

// tell lets other processes know what this one does, when the transaction ends.
func (s *Store) tell(ctx context.Context, tx pgx.Tx, e mockserver.StoreEvent) error {
	e.By = s.owner
	text, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "select pg_notify($1, $2)", channel, string(text))
	return err
}

// Create keeps a new world.
func (s *Store) Create(ctx context.Context, w mockserver.StoredWorld) (revision int64, err error) {
	err = s.within(ctx, func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, `insert into statuschecks_worlds
			(name, revision, owner, saved_at, expires_at, shown, data)
			values ($1, nextval('statuschecks_revisions'), $2, now(), $3, $4, $5)
			on conflict (name) do nothing returning revision`,
			w.Name, s.owner, instant(w.Expires), shown(w), w.Data).Scan(&revision)
	})
	if errors.Is(err, pgx.ErrNoRows) {
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

func shown(w mockserver.StoredWorld) json.RawMessage {
	text, _ := json.Marshal(w.Shown) // of which each field can be written
	return text
}

// Claim makes a world belong to this process.
func (s *Store) Claim(ctx context.Context, name string, now time.Time) (mockserver.StoredWorld, error) {
	w := mockserver.StoredWorld{Name: name}
	if err := s.ask(ctx, name); err != nil {
		return w, known(err)
	}
	err := s.within(ctx, func(ctx context.Context, tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `update statuschecks_worlds
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
	if errors.Is(err, pgx.ErrNoRows) {
		return mockserver.ErrNoWorld
	}
	return err
}

// Look returns a world and leaves it to whom it belongs.
func (s *Store) Look(ctx context.Context, name string) (mockserver.StoredWorld, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	w := mockserver.StoredWorld{Name: name}
	err := s.pool.QueryRow(ctx, "select revision, data from statuschecks_worlds where name = $1", name).
		Scan(&w.Revision, &w.Data)
	return w, s.plain(known(err))
}

// Revision is that of a world.
func (s *Store) Revision(ctx context.Context, name string) (revision int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err = s.pool.QueryRow(ctx, "select revision from statuschecks_worlds where name = $1", name).Scan(&revision)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	return revision, s.plain(err)
}

// Remove forgets a world.
func (s *Store) Remove(ctx context.Context, name string, revision int64) error {
	return s.within(ctx, func(ctx context.Context, tx pgx.Tx) error {
		done, err := tx.Exec(ctx, "delete from statuschecks_worlds where name = $1 and ($2 = 0 or revision = $2)", name,
			revision)
		if err != nil {
			return err
		}
		if done.RowsAffected() == 0 {
			return mockserver.ErrNoWorld
		}
		return s.tell(ctx, tx, mockserver.StoreEvent{Kind: mockserver.StoreRemoved, World: name})
	})
}

// List describes the worlds by name.
func (s *Store) List(ctx context.Context) ([]control.World, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	rows, err := s.pool.Query(ctx, `select shown from statuschecks_worlds where name <> '' order by name collate "C"`)
	if err != nil {
		return nil, s.plain(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[control.World])
	return list, s.plain(err)
}

// Sweep forgets the worlds that have expired, but those of processes that live, which hold the locks of their names.
// The database shows the two halves of the number of a lock.
func (s *Store) Sweep(ctx context.Context, now time.Time) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	done, err := s.pool.Exec(ctx, `delete from statuschecks_worlds where expires_at < $1 and not exists (
		select from pg_locks where locktype = 'advisory' and objsubid = 1 and granted
			and database = (select oid from pg_database where datname = current_database())
			and classid::bigint << 32 | objid::bigint = hashtextextended(owner, 0))`, now)
	return int(done.RowsAffected()), s.plain(err)
}

// Listen calls hear with what other processes do, until ctx ends or the connection breaks; the error says why. It
// begins with all worlds that are other processes'. It calls hear for several worlds at once, but for one world in the
// order in which things happened, and returns when all calls have ended.
func (s *Store) Listen(ctx context.Context, hear func(mockserver.StoreEvent)) error {
	return s.plain(s.listen(ctx, hear))
}

func (s *Store) listen(ctx context.Context, hear func(mockserver.StoreEvent)) error {
	connection, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	own := connection.Hijack() // which never goes back, as it listens
	defer func() { _ = own.Close(context.WithoutCancel(ctx)) }()
	// The lock tells others that this process lives. It ends with the connection.
	if _, err := own.Exec(ctx, "select pg_advisory_lock(hashtextextended($1, 0))", s.owner); err != nil {
		return err
	}
	if _, err := own.Exec(ctx, "listen "+channel); err != nil {
		return err
	}
	rows, err := own.Query(ctx, "select name, owner, revision from statuschecks_worlds where owner <> $1", s.owner)
	if err != nil {
		return err
	}
	e := mockserver.StoreEvent{Kind: mockserver.StoreTaken}
	if _, err := pgx.ForEachRow(rows, []any{&e.World, &e.By, &e.Revision}, func() error {
		hear(e)
		return nil
	}); err != nil {
		return err
	}
	heard := &hearing{hear: hear, queues: map[string][]mockserver.StoreEvent{}}
	defer heard.working.Wait()
	for {
		n, err := own.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		s.hear(n, heard.take)
	}
}

func (s *Store) hear(n *pgconn.Notification, hear func(mockserver.StoreEvent)) {
	var e mockserver.StoreEvent
	if json.Unmarshal([]byte(n.Payload), &e) == nil && e.By != s.owner {
		hear(e)
	}
}
