package mockserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/pages"
)

// custody is what a world knows of itself in the store. The zero value is that of one which was never there.
type custody struct {
	mu       sync.Mutex // held while the world is saved, claimed or read
	revision atomic.Int64
	saved    int64        // how many changes had been made when it was saved
	usedThen atomic.Int64 // when it had been used then

	changes atomic.Int64 // how many were made
	held    atomic.Bool  // the world belongs to this process
	taken   atomic.Bool  // it did, and another process has taken it over
}

// took notes that a world is now as the store has it.
func (c *custody) took(revision int64, s *Server) {
	c.revision.Store(revision)
	c.saved = c.changes.Load()
	if s.place != nil {
		c.usedThen.Store(s.place.used.Load())
		c.held.Store(true)
	}
}

// unsaved says whether something has changed since the world was saved.
func (c *custody) unsaved() bool { return c.saved != c.changes.Load() }

// fades says whether a world was used so long after it was saved that the store may think it is not used any more.
func (s *Server) fades() bool {
	p := s.place
	return p != nil && p.expiresAfter > 0 &&
		p.lastUse()-s.custody.usedThen.Load() > p.expiresAfter.Microseconds()/10
}

// changed notes that something in the world has changed that is to be saved.
func (s *Server) changed() {
	s.custody.changes.Add(1)
	s.family.changes.ring()
}

// ReadStore makes the server at the root what Options.Store has kept of it, or keeps it there for the first time, and
// says what it found. The root belongs to this process from its first request on, and each world likewise. It is for a
// server that nobody has used yet. It fails with the errors of the Store and those of ReadData.
func (s *Server) ReadStore(ctx context.Context) (Data, error) {
	s.custody.mu.Lock()
	defer s.custody.mu.Unlock()
	secret, err := s.opts.Store.Secret(ctx)
	if err != nil {
		return Data{}, err
	}
	s.family.key = pages.KeyOf(secret)
	stored, err := s.opts.Store.Look(ctx, "")
	if errors.Is(err, ErrNoWorld) {
		if stored, err = s.storedWorld(); err != nil {
			return Data{}, err
		}
		stored.Revision, err = s.opts.Store.Create(ctx, stored)
		if err == nil {
			s.custody.took(stored.Revision, s)
			return Data{}, nil
		}
		if errors.Is(err, ErrWorldExists) { // another process was faster
			stored, err = s.opts.Store.Look(ctx, "")
		}
	}
	if err != nil {
		return Data{}, err
	}
	found, own, err := s.takeStoredRoot(stored)
	if err != nil {
		return found, err
	}
	s.opts = own
	list, err := s.opts.Store.List(ctx)
	found.Worlds = len(list)
	return found, err
}

// holdRoot makes the root belong to this process, if there is a store.
func (s *Server) holdRoot(r *http.Request) error {
	if !s.rests() {
		return nil
	}
	ctx := context.WithoutCancel(r.Context())
	if s.wantsClaim(r) {
		s.forgive("")
	}
	if err := s.family.lostWorld(""); err != nil {
		return err
	}
	return s.claimRoot(ctx)
}

// rootIsHeld makes the root belong to this process, or answers the request with the reason why that cannot be.
func (s *Server) rootIsHeld(w http.ResponseWriter, r *http.Request) bool {
	err := s.holdRoot(r)
	if err != nil {
		s.refuseWorld(w, r, err)
	}
	return err == nil
}

func (s *Server) claimRoot(ctx context.Context) error {
	s.custody.mu.Lock()
	defer s.custody.mu.Unlock()
	if s.custody.held.Load() {
		return nil
	}
	if s.custody.unsaved() { // by a request that was under way when another process took it over
		s.lose(ErrWorldTaken)
		s.custody.saved = s.custody.changes.Load()
		return s.family.lostWorld("")
	}
	stored, err := s.opts.Store.Claim(ctx, "", s.opts.Now())
	if errors.Is(err, ErrNoWorld) { // somebody has emptied the store
		if stored, err = s.storedWorld(); err == nil {
			stored.Revision, err = s.opts.Store.Create(ctx, stored)
		}
	}
	if err == nil {
		_, _, err = s.takeStoredRoot(stored)
	}
	if err != nil {
		return storeProblem(err)
	}
	s.custody.held.Store(true)
	s.world.rouse()
	return nil
}

// refreshRoot reads the root anew if another process has changed it, so that worlds begin as it would begin now.
func (s *Server) refreshRoot(ctx context.Context) error {
	if s.opts.Store == nil || s.custody.held.Load() {
		return nil
	}
	s.custody.mu.Lock()
	defer s.custody.mu.Unlock()
	revision, err := s.opts.Store.Revision(ctx, "")
	if err != nil || revision == s.custody.revision.Load() || revision == 0 || s.custody.held.Load() {
		return storeProblem(err)
	}
	stored, err := s.opts.Store.Look(ctx, "")
	if err == nil {
		_, _, err = s.takeStoredRoot(stored)
	}
	return storeProblem(err)
}

// wantsClaim says whether a caller who may do so claims the world of a request.
func (s *Server) wantsClaim(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, controlPrefix+"claim") && s.guard(r) == nil &&
		(&controlSurface{server: s}).authorised(r)
}

// Claim makes the world of a name below the server, or its own if the name is empty, belong to this process as it was
// saved last. What was changed here and not saved since another process took the world over is given up. Without
// Options.Store each world belongs to this process anyway. It fails with ErrNoWorld or an error of the store.
func (s *Server) Claim(ctx context.Context, name string) error {
	s.forgive(name)
	if name == "" {
		if s.opts.Store == nil {
			return nil
		}
		return s.claimRoot(ctx)
	}
	child, err := s.lookUp(ctx, name)
	if err == nil && child == nil {
		return fmt.Errorf("%w: %q", ErrNoWorld, cut(name))
	}
	return err
}

// forgive forgets that a world has changes that were not saved.
func (s *Server) forgive(name string) {
	s.family.forgive(name)
	if name == "" && !s.custody.held.Load() {
		s.custody.mu.Lock()
		defer s.custody.mu.Unlock()
		s.custody.saved = s.custody.changes.Load()
	}
}

// rests says whether the world is the root and does not belong to this process, so that nothing is to happen in it.
func (s *Server) rests() bool { return s.opts.Store != nil && s.place == nil && !s.custody.held.Load() }

// claim answers the one who claims the world, which has happened on the way here.
func (k *controlCall) claim() (reply, error) { return noContent() }

// lookUp is the world of a name, claimed from the store if need be; nil if there is none.
func (s *Server) lookUp(ctx context.Context, name string) (*Server, error) {
	if child, known := s.known(name); known || s.opts.Store == nil {
		return child, nil
	}
	if err := s.family.await(ctx, name); err != nil {
		return nil, storeProblem(err)
	}
	if err := s.family.lostWorld(name); err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx) // others wait for the same
	found, err, _ := s.family.claims.Do(name, func() (any, error) {
		if child, known := s.known(name); known {
			return child, nil
		}
		return s.claimWorld(ctx, name)
	})
	child, _ := found.(*Server)
	return child, err
}

// claimWorld takes a world from the store; nil if there is none.
func (s *Server) claimWorld(ctx context.Context, name string) (*Server, error) {
	if s.world.mayDeafen() {
		return nil, worldProblem(errDeaf)
	}
	if err := s.clear(ctx, name); err != nil {
		return nil, storeProblem(err)
	}
	stored, err := s.opts.Store.Claim(ctx, name, s.opts.Now())
	if errors.Is(err, ErrNoWorld) {
		return nil, nil
	}
	if err != nil {
		return nil, storeProblem(err)
	}
	child, err := s.readStored(stored)
	if err != nil {
		s.unclaim(ctx, stored)
		s.log.Error("a world that is kept cannot be read; it is left as it is", "world", name, "error", err)
		return nil, refused(http.StatusInternalServerError, "the world %q is kept, and cannot be read: %s; it is left "+
			"as it is", name, err)
	}
	if err := s.family.adopt(child, s.maxWorlds()); err != nil {
		s.unclaim(ctx, stored)
		return nil, worldProblem(err)
	}
	s.family.stir(child)
	s.log.Debug("took a world over", "world", name)
	return child, nil
}

// unclaim lets a world go that was claimed and cannot be had here. If that fails, the next one who wants it waits for
// it.
func (s *Server) unclaim(ctx context.Context, stored StoredWorld) {
	_ = s.opts.Store.Release(ctx, stored.Name, stored.Revision)
}

// Keep saves the worlds that have changed since they were saved last, and forgets in the store those that have expired.
// A world that another process has taken over meanwhile is given up; each further request for it is refused with the
// reason until somebody claims it again. The error is that of the Store; then what is not saved stays to be saved.
func (s *Server) Keep(ctx context.Context) error {
	s.family.expire(s.opts.Now())
	for _, name := range s.family.leftovers() {
		if err := s.clear(ctx, name); err != nil {
			return err
		}
	}
	worlds := s.family.all()
	if s.custody.held.Load() {
		worlds = append(worlds, s)
	}
	var failed []error
	for _, one := range worlds {
		if err := one.keep(ctx); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", one.nameForPeople(), err))
		}
		if len(failed) == manyFailures {
			break // the store does not work, so let it rest
		}
	}
	return errors.Join(failed...)
}

// manyFailures is after how many worlds that cannot be saved the others wait for the next time.
const manyFailures = 3

func (s *Server) nameForPeople() string {
	if s.place == nil {
		return "the root"
	}
	return "world " + s.place.name
}

// keep saves the world, if it has changed.
func (s *Server) keep(ctx context.Context) error {
	s.custody.mu.Lock()
	defer s.custody.mu.Unlock()
	return s.save(ctx)
}

// save is keep for who holds the custody of the world.
func (s *Server) save(ctx context.Context) error {
	changes, used := s.custody.changes.Load(), int64(0)
	if s.place != nil {
		used = s.place.lastUse()
	}
	if changes == s.custody.saved && !s.fades() || !s.custody.held.Load() {
		return nil
	}
	stored, err := s.storedWorld()
	if err != nil {
		return err
	}
	revision, err := s.opts.Store.Save(ctx, stored)
	gone := !s.custody.held.Load() // it was dropped here meanwhile, and its name may be another world's by now
	switch {
	case gone && err == nil:
		s.family.keepLeftover(stored.Name, revision)
		return nil
	case gone && (errors.Is(err, ErrWorldTaken) || errors.Is(err, ErrNoWorld)):
		return nil
	case errors.Is(err, ErrWorldTaken):
		s.lose(err)
		return nil
	case errors.Is(err, ErrNoWorld):
		s.giveUp()
		s.log.Warn("a world was removed by another process, and is gone here too", "world", stored.Name)
		return nil
	case err != nil:
		return err
	}
	s.custody.revision.Store(revision)
	s.custody.saved = changes
	s.custody.usedThen.Store(used)
	return nil
}

// Heard tells the server what another process did in the Store. Worlds that the other one has are dropped here; if they
// have changed since they were saved, each further request for them is refused with the reason until somebody claims
// them again.
func (s *Server) Heard(e StoreEvent) {
	held := s
	if e.World != "" {
		if held = s.family.at(e.World); held == nil {
			return
		}
	}
	held.custody.mu.Lock()
	defer held.custody.mu.Unlock()
	switch {
	case !held.custody.held.Load():
	case e.Kind == StoreAsked:
		held.handOver(e.By)
	case e.Kind == StoreRemoved:
		held.giveUp()
	case e.Revision <= held.custody.revision.Load(): // old news
	case held.custody.unsaved():
		held.lose(fmt.Errorf("%w: it is %s", ErrWorldTaken, e.By))
	default:
		held.giveUp()
		s.log.Debug("another process has taken a world over", "world", e.World, "by", e.By)
	}
}

// handOver saves the world and lets another process have it. If it cannot be saved, it stays here. Who calls holds its
// custody.
func (s *Server) handOver(to string) {
	ctx, name := context.Background(), ""
	if s.place != nil {
		name = s.place.name
		defer s.family.shut(s)()
		s.place.drain(ctx)
	}
	for saved := 0; saved == 0 || s.custody.unsaved(); saved++ {
		if err := s.save(ctx); err != nil || !s.custody.held.Load() || saved == mostSavings {
			return
		}
	}
	s.giveUp()
	if err := s.opts.Store.Release(ctx, name, s.custody.revision.Load()); err == nil {
		s.log.Debug("handed a world over", "world", name, "to", to)
	}
}

const (
	// mostSavings is how often a world is saved that changes while it is handed over.
	mostSavings = 10
	// drainTime is how long requests have to end that are under way when a world is handed over.
	drainTime = time.Second
)

// drain waits until no request is under way.
func (p *place) drain(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	for {
		idle := p.idle.listen()
		if p.busy.Load() == 0 {
			return
		}
		select {
		case <-idle:
		case <-ctx.Done():
			return
		}
	}
}

// giveUp makes the world belong to this process no more. Who calls holds its custody.
func (s *Server) giveUp() {
	s.custody.held.Store(false)
	s.custody.taken.Store(true)
	if s.place != nil {
		s.family.removeThis(s)
		return
	}
	s.world.deliverer.renew(func() {})
}

// lose gives a world up with changes that were not saved. Who calls holds its custody.
func (s *Server) lose(why error) {
	s.giveUp()
	name := ""
	if s.place != nil {
		name = s.place.name
	}
	s.log.LogAttrs(context.Background(), slog.LevelError, "another process has taken a world over, and what was "+
		"changed here since it was saved last is lost; does the proxy send all calls to a world to one process?",
		slog.String("world", name), slog.String("reason", why.Error()))
	claim := strings.TrimSuffix(s.relativeRoot()+controlPrefix, "/") + "/claim"
	s.family.lose(name, refused(http.StatusConflict, "%s holds changes here that were not saved when it was taken "+
		"over (%s), so it is not served here; send requests for it to the process that has it, or give the changes up "+
		"and take it as it was saved, with POST %s", s.nameForPeople(), why, claim))
}

// missed tells of a change that a request made to a world after another process had taken it over.
func (s *Server) missed() {
	s.custody.mu.Lock()
	defer s.custody.mu.Unlock()
	if s.custody.taken.Load() && s.custody.unsaved() && s.family.lostWorld(s.place.name) == nil {
		s.lose(fmt.Errorf("%w while a request was under way", ErrWorldTaken))
	}
}
