package mockserver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/release"
)

// worldsPrefix is what the relative roots of worlds begin with.
const worldsPrefix = "/worlds/"

// usualMaxWorlds is how many worlds a server can have unless its options say otherwise.
const usualMaxWorlds = 10_000

var (
	// ErrWorldExists is why AddWorld makes no world of a name that is taken.
	ErrWorldExists = errors.New("there is a world of this name already")
	// ErrTooManyWorlds is why AddWorld makes no world when there are Options.MaxWorlds.
	ErrTooManyWorlds = errors.New("there are as many worlds as there can be")
	// ErrNoSnapshot is why a snapshot that is not there cannot be restored, and no world can be made of it.
	ErrNoSnapshot = errors.New("there is no snapshot of this name")
)

// WorldOptions says how a world differs from what the server was when it was made. The zero value makes a world of the
// server's seed, release and feature flags.
type WorldOptions struct {
	// Seed is what the world begins with and is reset to; nil means the seed that the server is reset to.
	Seed *seed.Document
	// Snapshot is the name of a snapshot of the server that the world begins as and is reset to. It goes with none of
	// Seed, Version, Features and Licensed.
	Snapshot string
	Version  release.Version // zero means that of the server's options
	// Features switches feature flags; nil means as the server's options do, if the release is the same.
	Features map[string]bool
	Licensed *bool // nil means as the seed says
	// ExpiresAfter drops the world when it was not used for so long, by Options.Now; 0 means as
	// Options.WorldsExpireAfter says, and less than 0 never.
	ExpiresAfter time.Duration
}

// place is where a world lies below its server.
type place struct {
	root         *Server
	name         string
	path         string // the relative root: /worlds/ and the name
	madeAt       time.Time
	expiresAfter time.Duration   // 0 means never
	used         atomic.Int64    // when it was used last, in microseconds since 1970
	busy         atomic.Int64    // how many requests are under way
	alive        context.Context // ends when the world is dropped
	end          context.CancelFunc
	idle         bell                          // rings when no request is under way any more, if there is a store
	shutting     bell                          // rings when it is to be handed over
	leaving      atomic.Pointer[chan struct{}] // closed when the world has been handed over; nil unless it is

	working, stirred bool // guarded by family.work
}

// worldName is what a world can be called.
var worldName = lazy.Regexp(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$`)

// checkName refuses a name that would not do in a path.
func checkName(kind, name string) error {
	if worldName().MatchString(name) {
		return nil
	}
	return fmt.Errorf("%q cannot be the name of a %s: take 1 to 100 letters, digits, -, _ and ., beginning with a "+
		"letter, a digit or _", cut(name), kind)
}

// AddWorld makes a world: a GitLab of its own on the same port, under the relative root /worlds/NAME. It shares nothing
// with other worlds but the code. It fails for a name that is none, for options that do not go together, as New does,
// and with ErrWorldExists, ErrTooManyWorlds or ErrNoSnapshot. A world has no worlds.
//
// With Options.Store the world is kept there at once.
func (s *Server) AddWorld(name string, opts WorldOptions) (*Server, error) {
	return s.addWorld(context.Background(), name, opts)
}

func (s *Server) addWorld(ctx context.Context, name string, opts WorldOptions) (*Server, error) {
	if s.place != nil {
		return nil, errors.New("a world has no worlds; make them on the server at the root")
	}
	if err := checkName("world", name); err != nil {
		return nil, err
	}
	if err := s.refreshRoot(ctx); err != nil {
		return nil, err
	}
	own, from, err := s.worldOptions(opts)
	if err != nil {
		return nil, err
	}
	if err := s.roomFor(name); err != nil { // before the work; adopt looks again
		return nil, err
	}
	own.BaseURL = s.opts.BaseURL
	at := newPlace(s, name, opts.ExpiresAfter)
	if own.BaseURL != "" {
		own.BaseURL += at.path
	}
	child, err := newServer(own, s.family, at, from)
	if err != nil {
		return nil, err
	}
	if err := s.storeNew(ctx, child); err != nil {
		return nil, err
	}
	if err := s.family.adopt(child, s.maxWorlds()); err != nil {
		return nil, errors.Join(err, s.unstore(ctx, child))
	}
	s.family.stir(child)
	return child, nil
}

func newPlace(root *Server, name string, expiresAfter time.Duration) *place {
	at := &place{
		root: root, name: name, path: worldsPrefix + name, madeAt: root.opts.Now().UTC().Truncate(time.Microsecond),
		expiresAfter: max(0, cmp.Or(expiresAfter, root.opts.WorldsExpireAfter)),
	}
	at.alive, at.end = context.WithCancel(context.Background())
	at.touch()
	return at
}

func (s *Server) maxWorlds() int { return cmp.Or(s.opts.MaxWorlds, usualMaxWorlds) }

// worldOptions are the options and the origin of a world.
func (s *Server) worldOptions(opts WorldOptions) (Options, origin, error) {
	own := s.opts
	if opts.Snapshot != "" {
		if opts.Seed != nil || opts.Version != (release.Version{}) || opts.Features != nil || opts.Licensed != nil {
			return own, origin{}, errors.New("a world of a snapshot begins as that was: give no seed, version, " +
				"features and licensed with it; change them afterwards")
		}
		m, known := s.world.snapshots.get(opts.Snapshot)
		if !known {
			return own, origin{}, s.noSnapshot(opts.Snapshot)
		}
		return own, origin{moment: m}, nil
	}
	if v := opts.Version; v != (release.Version{}) && v != own.Version {
		own.Version, own.Features = v, nil
	}
	if opts.Features != nil {
		own.Features = maps.Clone(opts.Features)
	}
	document := opts.Seed
	if document == nil {
		usual := s.currentSeed()
		document = &usual
	}
	from := seedOrigin(*document)
	if opts.Licensed != nil {
		licensed := *opts.Licensed
		from.seed.Licensed = &licensed
	}
	return own, from, nil
}

// roomFor says whether a world of a name could be made. Those that have expired make room.
func (s *Server) roomFor(name string) error {
	if s.world.mayDeafen() {
		return errDeaf
	}
	if _, known := s.known(name); known {
		return fmt.Errorf("%w: %s", ErrWorldExists, name)
	}
	if most := s.maxWorlds(); s.family.count() >= most && s.family.expire(s.opts.Now()) == 0 {
		return tooManyWorlds(most)
	}
	return nil
}

func tooManyWorlds(most int) error {
	return fmt.Errorf("%w, which is %d: drop some, let unused ones expire, or start the mock with a larger number",
		ErrTooManyWorlds, most)
}

// World is the world of a name; with Options.Store it belongs to this process then. It reports false if there is none,
// or if it cannot be had. Looking for a world counts as using it.
func (s *Server) World(name string) (*Server, bool) {
	if s.place != nil {
		return nil, false
	}
	child, err := s.lookUp(context.Background(), name)
	return child, err == nil && child != nil
}

// known is the world of a name, if it is in this process.
func (s *Server) known(name string) (*Server, bool) {
	child := s.family.use(name, s.opts.Now(), 0)
	return child, child != nil
}

// Worlds are the worlds beside the server's own, by name.
func (s *Server) Worlds() []control.World {
	if s.place != nil {
		return []control.World{}
	}
	s.family.expire(s.opts.Now())
	list, err := s.listed(context.Background())
	if err != nil {
		s.log.Error("the worlds of other processes are not listed", "error", err)
	}
	return list
}

// RemoveWorld drops a world and what it was to do in the background; requests that are under way are answered. It
// reports whether there was one of that name.
func (s *Server) RemoveWorld(name string) bool {
	known, err := s.removeWorld(context.Background(), name)
	if err != nil {
		s.log.Error("a world could not be dropped", "world", cut(name), "error", err)
	}
	return known
}

// asWorld describes a world.
func (s *Server) asWorld() control.World {
	return control.World{
		Name: s.place.name, Path: s.place.path, URL: s.world.state.BaseURL(),
		Version: s.world.state.Version().String(), CreatedAt: s.place.madeAt,
		LastUsedAt:   time.UnixMicro(s.place.used.Load()).UTC(),
		ExpiresAfter: control.Duration{Duration: s.place.expiresAfter},
	}
}

// ended is closed when the world is dropped. That of the root never is.
func (s *Server) ended() <-chan struct{} {
	if s.place == nil {
		return nil
	}
	return s.place.alive.Done()
}

// leaves is closed when the world is to be handed over, for which requests have to end. The root goes with them.
func (s *Server) leaves() <-chan struct{} {
	if s.place == nil {
		return nil
	}
	shut := s.place.shutting.listen()
	if s.place.leaving.Load() != nil {
		s.place.shutting.ring()
	}
	return shut
}

// enter notes that a request to the world is under way. A nil world has none.
func (s *Server) enter() *Server {
	if s != nil {
		s.place.busy.Add(1)
	}
	return s
}

// leave notes the end of a request to the world.
func (s *Server) leave() {
	s.place.touch()
	left := s.place.busy.Add(-1)
	if s.opts.Store == nil {
		return
	}
	if left == 0 {
		s.place.idle.ring()
	}
	if !s.custody.held.Load() {
		s.missed()
	} else if s.fades() {
		s.family.changes.ring()
	}
}

// touch notes that the world is used now.
func (p *place) touch() { p.used.Store(p.root.opts.Now().UnixMicro()) }

// expired says whether a world was not used for longer than it is to live so.
func (p *place) expired(now time.Time) bool {
	return p.expiresAfter > 0 && p.busy.Load() == 0 && !now.Before(p.expiry())
}

// expiry is when a world expires unless it is used.
func (p *place) expiry() time.Time { return time.UnixMicro(p.lastUse()).Add(p.expiresAfter) }

// lastUse is when the world was used last, in microseconds since 1970: now, if a request is under way.
func (p *place) lastUse() int64 {
	if p.busy.Load() > 0 {
		return p.root.opts.Now().UnixMicro()
	}
	return p.used.Load()
}

// relativeRoot is what the paths of a world begin with: nothing at the root.
func (s *Server) relativeRoot() string {
	if s.place == nil {
		return ""
	}
	return s.place.path
}

// stirred notes that something in the world has changed.
func (s *Server) stirred() {
	s.changed()
	if s.place != nil {
		s.family.stir(s)
	}
}

type relativeRootKey struct{}

// reachedBy is the URL that a caller reached a world by.
func reachedBy(r *http.Request) string {
	path, _ := r.Context().Value(relativeRootKey{}).(string)
	return originOf(r) + path
}

// adoptBaseURL takes the external URL from a request, unless there is one. That of a world is that of its server and
// the relative root.
func (s *Server) adoptBaseURL(r *http.Request) {
	if s.place == nil {
		s.world.state.AdoptBaseURL(originOf(r))
		return
	}
	if s.world.state.BaseURL() == "" {
		root := s.place.root.world.state
		root.AdoptBaseURL(originOf(r))
		s.world.state.AdoptBaseURL(root.BaseURL() + s.place.path)
	}
}

// serveWorld hands a request to the world that its path names, without the relative root.
func (s *Server) serveWorld(w http.ResponseWriter, r *http.Request,
	serve func(*Server, http.ResponseWriter, *http.Request),
) {
	name, _, _ := strings.Cut(strings.TrimPrefix(r.URL.EscapedPath(), worldsPrefix), "/")
	if s.wantsClaim(r) {
		s.forgive(name)
	}
	child, err := s.worldFor(r.Context(), name)
	if err != nil {
		s.refuseWorld(w, r, err)
		return
	}
	defer child.leave()
	serve(child, w, child.place.request(r))
}

// worldFor finds the world of a name or, if the server makes worlds on first use, makes it. A request is under way in
// it then, so that it does not expire.
func (s *Server) worldFor(ctx context.Context, name string) (*Server, error) {
	if child := s.family.use(name, s.opts.Now(), 1); child != nil {
		return child, nil
	}
	if err := checkName("world", name); err != nil {
		return nil, refused(http.StatusBadRequest, "%s", err)
	}
	child, err := s.lookUp(ctx, name)
	if err != nil || child != nil {
		return child.enter(), err
	}
	if !s.opts.WorldPerName {
		return nil, s.noWorld(name)
	}
	child, err = s.addWorld(ctx, name, WorldOptions{})
	if errors.Is(err, ErrWorldExists) { // somebody else was faster
		if child, err := s.lookUp(ctx, name); err != nil || child != nil {
			return child.enter(), err
		}
	}
	if err != nil {
		return nil, worldProblem(err)
	}
	child.place.busy.Add(1)
	return child, nil
}

// request is a request as the world sees it: without the relative root in its path.
func (p *place) request(r *http.Request) *http.Request {
	below := r.WithContext(context.WithValue(r.Context(), relativeRootKey{}, p.path))
	u := *r.URL
	u.Path = cmp.Or(strings.TrimPrefix(u.Path, p.path), "/")
	u.RawPath = strings.TrimPrefix(u.RawPath, p.path)
	below.URL = &u
	return below
}

// refuseWorld answers a request for a world that there is not.
func (s *Server) refuseWorld(w http.ResponseWriter, r *http.Request, problem error) {
	if err := s.guard(r); err != nil {
		problem = err
	}
	re := problemReply(problem)
	if !s.opts.NoHints {
		re.header = http.Header{"X-Mock-Reason": {oneLine(problem.Error())}}
	}
	writeControl(w, r, re)
}

// namedWorlds is how many worlds are named to somebody who asks for one that is not there.
const namedWorlds = 10

// noWorld says that there is no world of a name, and which there are.
func (s *Server) noWorld(name string) *controlProblem {
	return noneOf("world", name, presentAll(s.Worlds(), func(one control.World) string { return one.Name }),
		"make it with POST "+controlPrefix+"worlds")
}

// noneOf says that a thing is not there, and which others are.
func noneOf(kind, name string, known []string, advice string) *controlProblem {
	p := refused(http.StatusNotFound, "there is no %s %q", kind, cut(name))
	p.Problems = slices.Clone(known[:min(len(known), namedWorlds)])
	switch more := len(known) - namedWorlds; {
	case len(known) == 0:
		p.Message += "; there is none at all"
	case more > 0:
		p.Message += fmt.Sprintf("; there are those listed, and %d more", more)
	default:
		p.Message += "; there are those listed"
	}
	if advice != "" {
		p.Message += "; " + advice
	}
	return p
}
