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
	"cmp"
	"sync"
	"sync/atomic"
	"time"

	"github.com/statuschecks/statuschecks/release"
)

// Options configures a State. The zero value is GitLab of the reference version, licensed, without lag.
type Options struct {
	Version release.Version // the release to behave as; zero means release.Reference
	BaseURL string          // external URL without a trailing slash; empty means that AdoptBaseURL sets it
	Lag     Lag             // how long GitLab's background jobs wait; zero means they are due at once
	// TimeoutEveryMinute makes pending responses time out only at full minutes, as GitLab's cron job does. If it is
	// false, they time out at the first instant at which they are older than TimeoutInterval.
	TimeoutEveryMinute bool
	// Features switches feature flags of the release by name. Flags that are not named have the default of the release.
	Features map[string]bool
	// Changes overrides, by name, whether the state has single changes of the history.
	Changes map[string]bool
	// Payload renders the body of deliveries to external services. Nil means that deliveries have the body {}.
	Payload func(*Tx, MergeRequestEvent) (Rendering, error)
	// Hooks renders the bodies of deliveries that go to webhooks alone. Nil functions mean that these have the body {}.
	Hooks Renderings
	// Dropped is called when rows of a log are removed to make room: with their number now, and in all. Of deliveries,
	// only those count that were not sent yet. Nil means that nobody is notified.
	Dropped func(log Log, now int, inAll int64)
	// JobFailed is called with a job that panicked and was removed. Nil means that nobody is notified.
	JobFailed func(j Job, mistake any)
}

// Log is a list that only grows and so has a limited size.
type Log string

// The logs.
const (
	DeliveryLog Log = "deliveries"
	AuditLog    Log = "audit events"
)

// State is one GitLab with everything it has stored. It is safe for concurrent use. Readers never wait.
type State struct {
	opts    Options
	baseURL atomic.Pointer[string]
	current atomic.Pointer[version]

	mu       sync.Mutex // held by the only writer, from its first read to its commit
	onCommit func()
}

// version is what is stored at an instant. It never changes: a transaction makes the next version.
type version struct {
	store     store
	sequences sequences
	release   *behaviour
	due       time.Time // of the first job; zero if none waits
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
	opts.Hooks = opts.Hooks.orEmpty()
	s := &State{opts: opts}
	s.baseURL.Store(&opts.BaseURL)
	s.current.Store(&version{store: nothing, release: behaviourOf(opts.Version, opts.Changes, opts.Features)})
	return s
}

// Empty makes an empty state with the same options.
func (s *State) Empty() *State { return New(s.opts) }

// OnCommit sets the function that is called after each transaction that changed something. Set it before first use.
func (s *State) OnCommit(f func()) { s.onCommit = f }

// BaseURL is the external URL that links are built from; empty if nobody has told it yet.
func (s *State) BaseURL() string { return *s.baseURL.Load() }

// AdoptBaseURL sets the external URL that links are built from, unless it is set already.
func (s *State) AdoptBaseURL(url string) {
	if none := s.baseURL.Load(); *none == "" {
		s.baseURL.CompareAndSwap(none, &url)
	}
}

// Version is the release that this GitLab behaves as now.
func (s *State) Version() release.Version { return s.current.Load().release.version }

// View runs f on a snapshot. Changes that f makes are discarded.
func (s *State) View(now time.Time, f func(*Tx) error) error { return f(s.begin(now)) }

// Update runs f in a transaction, and keeps its changes if f returns nil.
func (s *State) Update(now time.Time, f func(*Tx) error) error {
	changed, err := s.update(now, f)
	if changed && s.onCommit != nil {
		s.onCommit()
	}
	return err
}

func (s *State) update(now time.Time, f func(*Tx) error) (changed bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock() // also if f panics
	tx := s.begin(now)
	if err := f(tx); err != nil || !tx.changed {
		return false, err
	}
	due, _ := tx.NextDue()
	s.current.Store(&version{tx.store, tx.sequences, tx.release, due})
	return true, nil
}

// Snapshot is everything stored at an instant. Taking and restoring one costs nothing.
type Snapshot struct{ version *version }

// Snapshot returns what is stored now.
func (s *State) Snapshot() Snapshot { return Snapshot{s.current.Load()} }

// Restore sets the state back to a snapshot that this state or another one has taken. Readers that have already begun
// continue with what they see.
func (s *State) Restore(snapshot Snapshot) {
	s.mu.Lock()
	s.current.Store(snapshot.version)
	s.mu.Unlock()
	if s.onCommit != nil {
		s.onCommit()
	}
}

// begin opens a transaction on what is stored.
func (s *State) begin(now time.Time) *Tx {
	v := s.current.Load()
	return &Tx{
		Now: now.UTC().Truncate(time.Microsecond), state: s, store: v.store, sequences: v.sequences, release: v.release,
	}
}

// Tx is one transaction. Now is its instant, in UTC and whole microseconds (the precision of GitLab's database).
type Tx struct {
	Now time.Time

	state     *State
	store     store
	mine      mine
	sequences sequences
	release   *behaviour
	changed   bool
	known     knownRole
}

// wrote records that rows have changed.
func (tx *Tx) wrote() { tx.changed, tx.known = true, knownRole{} }

// usualURL is the external URL of a GitLab that nobody has told another one.
//
// Source: config/gitlab.yml.example.
const usualURL = "http://localhost"

// BaseURL is the external URL that links are built from, without a trailing slash. It is never empty: deliveries can go
// out before a request has told the URL.
func (tx *Tx) BaseURL() string { return cmp.Or(tx.state.BaseURL(), usualURL) }
