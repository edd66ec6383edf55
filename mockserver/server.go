// Package mockserver is a GitLab for tests: an http.Handler for the External Status Checks API and the operations that
// clients need with it. It keeps a state, which requests change.
//
// Paths, parameters and types come from the contract in package openapi. The behaviour comes from the state machine in
// internal/gitlab. This package finds the operation of a request, converts its result to a response and sends webhook
// deliveries. No other package knows HTTP.
//
// A Server reads no clock but Options.Now, and starts goroutines only in Run. Without Run, due jobs run with the next
// request, and deliveries are sent when Flush is called.
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

// Lag is how long GitLab's background jobs and deliveries wait: at least Min and at most Max. With the zero Lag they
// happen before the response is sent.
type Lag struct{ Min, Max time.Duration }

// Options configures a Server. The zero value is a licensed GitLab of the reference version with the default world.
type Options struct {
	Version release.Version // release to behave as, one that the contract covers; zero means release.Reference
	// Features switches feature flags of the release on or off, by name. Other flags have the default of the release.
	Features map[string]bool
	// Changes switches single changes of History on or off, by name, as a backport does. The contract stays that of the
	// release.
	Changes map[string]bool
	// BaseURL is the external URL for links, without /api/v4. If it is empty, the URL of the first request is used, and
	// http://localhost before there is one.
	BaseURL string
	Now     func() time.Time // nil means time.Now
	Lag     Lag
	// TimeoutEveryMinute makes pending responses time out only at full minutes, as GitLab's cron does. Otherwise they
	// time out as soon as they are old enough.
	TimeoutEveryMinute bool
	Seed               *seed.Document // the world to begin with and to reset to; nil means seed.Default
	// drop deliveries to private and loopback addresses without an error, which is GitLab's default
	BlockLocalRequests bool
	Faults             []fault.Plan        // active from the start and again after a reset
	RateLimits         []control.RateLimit // on from the start and again after a reset; others are off
	Strict             bool                // refuse what GitLab ignores and the contract does not have
	JournalSize        int                 // how many entries the journal keeps; 0 means 10 000, and less than 0 none
	NoHints            bool                // leave out the header X-Mock-Reason
	// StopListening stops listening at the address of the mock for a time, and returns when that has begun. Without
	// it, fault plans cannot ask for that.
	StopListening func(time.Duration)
	// NoControl removes the control surface below /-/mock/. ControlApart offers it only through Control.
	// NoControlReason is the message for callers of a removed control surface; if it is empty, they get a 404.
	NoControl, ControlApart bool
	NoControlReason         string
	// the token that callers of the control surface must send; empty means that they need none
	ControlToken string
	// Hosts are names of the server in addition to those of the loopback interface and of BaseURL. Under any other
	// name, a loopback address offers only the API.
	Hosts []string
	// MaxWorlds is how many worlds the server can have in addition to its own; 0 means 10 000.
	MaxWorlds int
	// WorldPerName creates a world for each new name in a request.
	WorldPerName bool
	// WorldsExpireAfter is how long an unused world lives if it does not set that itself; 0 means for ever.
	WorldsExpireAfter time.Duration
	// Store keeps the worlds outside of the process; nil means that they end with it. The caller calls ReadStore at the
	// start, Keep from time to time and at the end, and Heard with what other processes do.
	Store Store

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
	custody  custody
}

// surface is what callers can reach in a release.
type surface struct {
	version  release.Version
	name     string // of the release
	contract *openapi.Document
	routes   *router
}

// surface returns the surface of the world's current release.
func (s *Server) surface() *surface {
	version := s.world.state.Version()
	if shown := s.shown.Load(); shown != nil && shown.version == version {
		return shown
	}
	shown := s.family.surface(version)
	s.shown.Store(shown)
	return shown
}

// world is the GitLab of a server: its state and its clock.
type world struct {
	number    int64 // in its family
	state     *gitlab.State
	clock     *clock
	origin    origin
	deliverer *deliverer
	surprises *surprises
	faults    *fault.Book
	plans     []fault.Plan  // to begin with
	wake      chan struct{} // holds one token if something may have become due
	bell      bell          // rings when something has changed
	rests     func() bool   // says whether nothing is to happen by itself now
	stirred   func()        // also called when something has changed; nil while the world is created
	// listensForAll says why the listener cannot stop listening; empty if it can
	listensForAll func() string
	snapshots     snapshots
	encoded       encodedRows
	journal       *journal.Journal
	guests        guests
	expectations  expectations
	notes         clientNotes
	coverage      coverage.Counter
	throttles     ratelimit.Counter
	limits        gitlab.RateLimits // to begin with
}

// New creates a server and its world. It returns an error for an unknown release or feature flag and for a wrong seed.
// The error says where the seed is wrong.
func New(opts Options) (*Server, error) {
	document := seed.Default()
	if opts.Seed != nil {
		document = *opts.Seed
	}
	return newServer(opts, newFamily(), nil, seedOrigin(document))
}

// newServer creates a server of a family: the one at the root, which has no place, or a world below it.
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
		wake: make(chan struct{}, 1), number: s.family.numbered.Add(1), rests: s.rests,
		listensForAll: s.listensForAll,
	}
	w.state = gitlab.New(gitlab.Options{
		Version: s.opts.Version, BaseURL: s.opts.BaseURL, Lag: gitlab.Lag(s.opts.Lag),
		TimeoutEveryMinute: s.opts.TimeoutEveryMinute, Payload: payload,
		Hooks: gitlab.Renderings{Push: pushPayload, Note: notePayload}, Features: s.opts.Features,
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
	w.rouse()
	if w.stirred != nil {
		w.stirred()
	}
}

// rouse wakes Run, if it sleeps.
func (w *world) rouse() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}
