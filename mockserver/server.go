// Package mockserver is a GitLab for tests: an http.Handler that answers the External Status Checks API, and the
// operations that clients need around it, as GitLab itself does, from a state that requests change.
//
// Paths, parameters and types come from the contract in package openapi; what happens comes from the state machine in
// internal/gitlab. This package binds requests to operations, presents what they return, and lets out what they send:
// it is the only one that knows HTTP.
//
// A Server reads no clock but Options.Now, and starts no goroutine but in Run. Without Run, jobs that are due run with
// the next request, and deliveries leave when Flush is called.
package mockserver

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/coverage"
	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/journal"
	"github.com/statuschecks/statuschecks/mockserver/ratelimit"
	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

// Lag is how long GitLab's background jobs and deliveries wait: at least Min and at most Max. The zero Lag makes them
// happen before the answer is sent.
type Lag struct{ Min, Max time.Duration }

// Options sets what a Server is. The zero value is a licensed GitLab of the reference version with the default world.
type Options struct {
	Version release.Version // release to behave as, one that the contract covers; zero means release.Reference
	// Features switches feature flags that the release has, by name. A flag that is not named is as the release shipped
	// it.
	Features map[string]bool
	// Changes has the server do, or not do, single changes of History other than its release does, by name: as after a
	// backport. The contract stays that of the release.
	Changes map[string]bool
	// BaseURL is the external URL that links are built from, without /api/v4. Empty means that of the first request.
	BaseURL string
	Now     func() time.Time // nil means time.Now
	Lag     Lag
	// TimeoutEveryMinute lets pending responses time out at full minutes only, as GitLab's cron does; false means at
	// the first instant at which they are old enough.
	TimeoutEveryMinute bool
	Seed               *seed.Document // the world to begin with and to reset to; nil means seed.Default
	// drop deliveries to private and loopback addresses in silence, as GitLab does unless told otherwise
	BlockLocalRequests bool
	Faults             []fault.Plan        // in force from the start, and again after a reset
	RateLimits         []control.RateLimit // that are on from the start, and again after a reset; others are off
	Strict             bool                // refuse what GitLab takes in silence and the contract does not know
	JournalSize        int                 // how many entries the journal keeps; 0 means 10 000, and less than 0 none
	NoHints            bool                // leave out the header X-Mock-Reason
	// NoControl leaves out the control surface below /-/mock/; ControlApart leaves it to Control alone. NoControlReason
	// is what callers of a control surface that is left out are told; empty means that they find nothing.
	NoControl, ControlApart bool
	NoControlReason         string
	// what callers of the control surface must know; empty means that it asks for nothing
	ControlToken string
	// Hosts are names that the server has, beside those of the loopback interface and of BaseURL. Under others it
	// offers nothing but the API on a loopback address.
	Hosts []string
	// MaxWorlds is how many worlds the server can have beside its own; 0 means 10 000.
	MaxWorlds int
	// WorldPerName makes a world of each name that a request asks for.
	WorldPerName bool
	// WorldsExpireAfter is how long worlds live without being used that do not say it themselves; 0 means for ever.
	WorldsExpireAfter time.Duration

	Log       *slog.Logger      // nil means no log
	Transport http.RoundTripper // for deliveries; nil means one with all of GitLab's timeouts
}

// Server is a GitLab. It is safe for concurrent use.
type Server struct {
	opts     Options
	log      *slog.Logger
	shown    atomic.Pointer[surface]
	control  http.Handler
	world    *world
	requests atomic.Int64 // numbers requests
	family   *family
	place    *place // nil at the root
}

// surface is what the release of the world lets callers reach.
type surface struct {
	version  release.Version
	name     string // of the release
	contract *openapi.Document
	routes   *router
}

// surface is that of the release that the world is now.
func (s *Server) surface() *surface {
	version := s.world.state.Version()
	if shown := s.shown.Load(); shown != nil && shown.version == version {
		return shown
	}
	shown := s.family.surface(version)
	s.shown.Store(shown)
	return shown
}

// world is the GitLab behind a server: its state and its clock.
type world struct {
	state        *gitlab.State
	clock        *clock
	origin       origin
	deliverer    *deliverer
	surprises    *surprises
	faults       *fault.Book
	plans        []fault.Plan  // to begin with
	wake         chan struct{} // holds one token while something may have become due
	bell         bell          // rings when something has changed
	stirred      func()        // told too that something has changed; nil while the world is made
	snapshots    snapshots
	journal      *journal.Journal
	guests       guests
	expectations expectations
	notes        clientNotes
	coverage     coverage.Counter
	throttles    ratelimit.Counter
	limits       gitlab.RateLimits // to begin with
}

// New makes a server with its world seeded. It fails for a release or a feature flag that there is not, and if the seed
// does not hold together; the error says where.
func New(opts Options) (*Server, error) {
	document := seed.Default()
	if opts.Seed != nil {
		document = *opts.Seed
	}
	return newServer(opts, newFamily(), nil, origin{seed: document})
}

// newServer makes a server of a family: the one at the root, which has no place, or a world below it.
func newServer(opts Options, f *family, at *place, from origin) (*Server, error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Version == (release.Version{}) {
		opts.Version = release.Reference
	}
	if err := release.Covered(opts.Version); err != nil {
		return nil, err
	}
	if err := checkFeatures(opts.Version, opts.Features); err != nil {
		return nil, err
	}
	if err := checkChanges(opts.Changes); err != nil {
		return nil, err
	}
	opts.BaseURL = strings.TrimSuffix(opts.BaseURL, "/")
	s := &Server{opts: opts, log: opts.Log, family: f, place: at}
	w, err := s.newWorld(from)
	if err != nil {
		return nil, err
	}
	s.world = w
	w.stirred = s.stirred
	s.surface()
	if !opts.NoControl && !opts.ControlApart {
		s.control = newControl(s)
	}
	return s, nil
}

func (s *Server) newWorld(from origin) (*world, error) {
	w := &world{
		clock: newClock(s.opts.Now), surprises: &surprises{}, faults: &fault.Book{},
		plans: s.opts.Faults, journal: journal.New(cmp.Or(s.opts.JournalSize, journal.UsualEntries)),
		wake: make(chan struct{}, 1),
	}
	w.state = gitlab.New(gitlab.Options{
		Version: s.opts.Version, BaseURL: s.opts.BaseURL, Lag: gitlab.Lag(s.opts.Lag),
		TimeoutEveryMinute: s.opts.TimeoutEveryMinute, Payload: payload, Features: s.opts.Features,
		Changes:   s.opts.Changes,
		JobFailed: s.jobFailed, Dropped: s.dropped,
	})
	w.state.OnCommit(w.stir)
	var err error
	if w.limits, err = limitsOf(s.opts.RateLimits); err != nil {
		return nil, err
	}
	w.deliverer = newDeliverer(w, s.opts)
	if err := s.beginWorld(w, from); err != nil {
		return nil, err
	}
	return w, nil
}

// plan puts the plans in force that the world begins with, and no others.
func (w *world) plan() error {
	w.faults.Clear()
	for _, p := range w.plans {
		if _, err := w.addFaults(p); err != nil {
			return fmt.Errorf("faults: %w", err)
		}
	}
	return nil
}

// stir wakes Run, if it sleeps, and those who wait for something to happen.
func (w *world) stir() {
	w.bell.ring()
	select {
	case w.wake <- struct{}{}:
	default:
	}
	if w.stirred != nil {
		w.stirred()
	}
}
