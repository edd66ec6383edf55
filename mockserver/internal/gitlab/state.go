// Package gitlab is a state machine of GitLab's External Status Checks. Requests, jobs and the passing of time change
// its state. It does not know HTTP, opens no connection, and reads no clock and no random numbers. The caller passes
// the time of a transaction. Ids are counters in the state. What must leave the machine, a delivery, is a row in the
// outbox.
//
// Methods take and return values; no pointer into the state leaves the package. Slices and maps inside a value are
// shared by everybody who has the value. Nobody may write to them; they are replaced instead. Every change happens
// inside one transaction at one point in time. A transaction that returns an error changes nothing.
package gitlab

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-memdb"

	"github.com/statuschecks/statuschecks/release"
)

// Options sets what an instance is. The zero value is GitLab of the reference version, licensed, without lag.
type Options struct {
	Version release.Version // the release to behave as; zero means release.Reference
	BaseURL string          // external URL without a trailing slash; empty means that AdoptBaseURL gives it
	Lag     Lag             // how long GitLab's background jobs wait; zero means they are due at once
	// TimeoutEveryMinute makes pending responses time out at full minutes only, as GitLab's cron does. False means at
	// the first instant at which they are older than TimeoutInterval.
	TimeoutEveryMinute bool
	// Features switches feature flags of the release by name. Nil means that each is as the release shipped it.
	Features map[string]bool
	// Changes has the state do, or not do, single changes of the history other than its release does, by name.
	Changes map[string]bool
	// Payload renders what is sent to an external service. Nil means that deliveries have the body {}.
	Payload func(*Tx, MergeRequestEvent) (Rendering, error)
	// Dropped is told when rows of a log make room for newer ones: how many, and how many in all. Of the deliveries
	// those count that were not sent yet. Nil means that nobody wants to know.
	Dropped func(log Log, now int, inAll int64)
	// JobFailed is told of a job that panicked and was dropped. Nil means that nobody wants to know.
	JobFailed func(j Job, mistake any)
}

// Log is a list that only grows, so that its size is bounded.
type Log string

// The logs.
const (
	DeliveryLog Log = "deliveries"
	AuditLog    Log = "audit events"
)

// State is one GitLab: everything it has stored. It is safe for concurrent use; readers never wait.
type State struct {
	opts    Options
	baseURL atomic.Pointer[string]
	current atomic.Pointer[version]

	mu       sync.Mutex // held by the one writer, from its first read to its commit
	onCommit func()
}

// version is what is stored at an instant. It never changes: a transaction makes the next one.
type version struct {
	db        *memdb.MemDB
	sequences sequences
	release   *behaviour
	due       time.Time // of the first job; zero when none waits
}

// New makes an empty GitLab: no users, no projects, licensed.
func New(opts Options) *State {
	if opts.Version == (release.Version{}) {
		opts.Version = release.Reference
	}
	if opts.Payload == nil {
		opts.Payload = func(*Tx, MergeRequestEvent) (Rendering, error) {
			return Rendering{Event: []byte("{}"), Own: func(ExternalStatusCheck) []byte { return nil }}, nil
		}
	}
	s := &State{opts: opts}
	s.baseURL.Store(&opts.BaseURL)
	s.current.Store(&version{db: nothing(), release: behaviourOf(opts.Version, opts.Changes, opts.Features)})
	return s
}

// nothing is the database that each state begins with. It never changes.
var nothing = sync.OnceValue(func() *memdb.MemDB {
	db, err := memdb.NewMemDB(schema())
	if err != nil {
		// a mistake in this package, seen by every test
		panic(fmt.Sprintf("gitlab: the table definitions are wrong: %v", err))
	}
	// unlike its copies, a fresh database feeds watches, which cost each write and which nobody reads
	return db.Snapshot()
})

// Empty makes a state with the same options and nothing in it.
func (s *State) Empty() *State { return New(s.opts) }

// OnCommit names the function that is called after each transaction that changed something. Set it before first use.
func (s *State) OnCommit(f func()) { s.onCommit = f }

// BaseURL is the external URL that links are built from.
func (s *State) BaseURL() string { return *s.baseURL.Load() }

// AdoptBaseURL gives the external URL that links are built from, unless there is one.
func (s *State) AdoptBaseURL(url string) {
	if none := s.baseURL.Load(); *none == "" {
		s.baseURL.CompareAndSwap(none, &url)
	}
}

// Version is the release that this GitLab behaves as now.
func (s *State) Version() release.Version { return s.current.Load().release.version }

// View runs f on a snapshot. What f changes is thrown away.
func (s *State) View(now time.Time, f func(*Tx) error) error { return f(s.begin(now)) }

// Update runs f in a transaction, and keeps what it did if it returns nil.
func (s *State) Update(now time.Time, f func(*Tx) error) error {
	changed, err := s.update(now, f)
	if changed && s.onCommit != nil {
		s.onCommit()
	}
	return err
}

func (s *State) update(now time.Time, f func(*Tx) error) (changed bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock() // also when f panics
	tx := s.begin(now)
	if err := f(tx); err != nil || !tx.changed {
		return false, err
	}
	due, _ := tx.NextDue()
	tx.txn.Commit()
	s.current.Store(&version{tx.db, tx.sequences, tx.release, due})
	return true, nil
}

// Snapshot is everything stored at an instant. It costs nothing to take and nothing to restore.
type Snapshot struct{ version *version }

// Snapshot keeps what is stored now.
func (s *State) Snapshot() Snapshot { return Snapshot{s.current.Load()} }

// Restore makes the state what it was when the snapshot was taken, by this state or by another one. Readers that have
// begun go on with what they see.
func (s *State) Restore(snapshot Snapshot) {
	s.mu.Lock()
	s.current.Store(snapshot.version)
	s.mu.Unlock()
	if s.onCommit != nil {
		s.onCommit()
	}
}

// begin opens a transaction on a copy of what is stored.
func (s *State) begin(now time.Time) *Tx {
	v := s.current.Load()
	db := v.db.Snapshot()
	return &Tx{
		Now: now.UTC().Truncate(time.Microsecond), state: s, db: db, txn: db.Txn(true), sequences: v.sequences,
		release: v.release,
	}
}

// Tx is one transaction. Now is its instant, in UTC and whole microseconds (the precision of GitLab's database).
type Tx struct {
	Now time.Time

	state     *State
	db        *memdb.MemDB
	txn       *memdb.Txn
	sequences sequences
	release   *behaviour
	changed   bool
	known     knownRole
}

// wrote notes that rows are not any more what they were.
func (tx *Tx) wrote() { tx.changed, tx.known = true, knownRole{} }

// BaseURL is the external URL that links are built from, without a trailing slash.
func (tx *Tx) BaseURL() string { return tx.state.BaseURL() }
