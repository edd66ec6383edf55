package mockserver

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/statuschecks/statuschecks/mockserver/pages"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

// family is a server with its worlds: what they share, and what lets time pass in them.
type family struct {
	running   atomic.Bool  // Run runs
	numbered  atomic.Int64 // numbers worlds
	surfaces  sync.Map     // *surface by release.Version
	plantings plantings
	changes   changes
	key       pages.Key // of the forms of the pages

	mu       sync.RWMutex
	gone     tally // of worlds that were dropped
	worlds   map[string]*Server
	expiring int                        // how many of them can expire
	lost     map[string]*controlProblem // why worlds are not served that another process has taken over
	expired  map[string]int64           // revisions of worlds that have expired here and are in the store still

	claims singleflight.Group // of worlds from the store

	work  sync.Mutex
	runs  bool
	awake []*Server // worlds that may have something to do, and in which nobody works yet
	rung  chan struct{}
}

func newFamily() *family { return &family{rung: make(chan struct{}, 1), key: pages.NewKey()} }

// surface is what a release lets callers reach.
func (f *family) surface(version release.Version) *surface {
	if shown, known := f.surfaces.Load(version); known {
		return shown.(*surface)
	}
	contract := openapi.GitLab().At(version)
	shown, _ := f.surfaces.LoadOrStore(version, &surface{version, version.String(), contract, newRouter(contract)})
	return shown.(*surface)
}

// use finds the world of a name, or nil. It notes in the same step that the world is used now, and that so many more
// requests are under way in it, so that it does not expire meanwhile. One that has expired is dropped.
func (f *family) use(name string, now time.Time, requests int64) *Server {
	child, expired := f.find(name, now, requests)
	if !expired {
		return child
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.worlds[name] == child && child.place.expired(now) {
		f.expireLocked(child)
	}
	return nil
}

func (f *family) find(name string, now time.Time, requests int64) (child *Server, expired bool) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	child = f.worlds[name]
	if child != nil && child.place.leaving.Load() != nil {
		return nil, false
	}
	if child == nil || child.place.expired(now) {
		return child, child != nil
	}
	child.place.touch()
	child.place.busy.Add(requests)
	return child, false
}

// at is the world of a name, in whatever condition; nil if there is none.
func (f *family) at(name string) *Server {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.worlds[name]
}

func (f *family) count() int {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return len(f.worlds)
}

// all are the worlds by name.
func (f *family) all() []*Server {
	f.mu.RLock()
	defer f.mu.RUnlock()
	list := make([]*Server, 0, len(f.worlds))
	for _, child := range f.worlds {
		list = append(list, child)
	}
	slices.SortFunc(list, func(a, b *Server) int { return cmp.Compare(a.place.name, b.place.name) })
	return list
}

// adopt takes a world in, unless its name is taken or there are too many.
func (f *family) adopt(child *Server, most int) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.worlds[child.place.name] != nil {
		return fmt.Errorf("%w: %s", ErrWorldExists, child.place.name)
	}
	if len(f.worlds) >= most {
		return tooManyWorlds(most)
	}
	if f.worlds == nil {
		f.worlds = map[string]*Server{}
	}
	f.worlds[child.place.name] = child
	if child.place.expiresAfter > 0 {
		f.expiring++
	}
	f.changes.ring()
	return nil
}

// remove drops a world and ends its work.
func (f *family) remove(name string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.lost, name)
	return f.removeLocked(f.worlds[name])
}

// removeThis drops a world, but not another one of its name.
func (f *family) removeThis(child *Server) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.worlds[child.place.name] == child {
		f.removeLocked(child)
	}
}

// expireLocked drops a world that has expired. If there is a store, it is still there.
func (f *family) expireLocked(child *Server) bool {
	if child.opts.Store != nil {
		f.keepLeftoverLocked(child.place.name, child.custody.revision.Load())
	}
	return f.removeLocked(child)
}

// keepLeftover notes that a world has expired here and is in the store still.
func (f *family) keepLeftover(name string, revision int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.keepLeftoverLocked(name, revision)
}

func (f *family) keepLeftoverLocked(name string, revision int64) {
	if f.expired == nil {
		f.expired = map[string]int64{}
	}
	f.expired[name] = revision
}

// leftovers are the names of worlds that have expired here and are in the store still.
func (f *family) leftovers() []string {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return slices.Collect(maps.Keys(f.expired))
}

// leftover is the revision of a world that has expired here and is in the store still; 0 if there is none. It is
// forgotten then.
func (f *family) leftover(name string) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	revision := f.expired[name]
	delete(f.expired, name)
	return revision
}

// shut keeps requests out of a world, and ends those that have no end of their own, until the function that it returns
// is called.
func (f *family) shut(child *Server) (end func()) {
	left := make(chan struct{})
	child.place.leaving.Store(&left)
	child.place.shutting.ring()
	return func() {
		child.place.leaving.Store(nil)
		close(left)
	}
}

// await waits until a world is handed over, if it is under way.
func (f *family) await(ctx context.Context, name string) error {
	child := f.at(name)
	if child == nil {
		return nil
	}
	left := child.place.leaving.Load()
	if left == nil {
		return nil
	}
	select {
	case <-*left:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// lose notes why a world is not served here.
func (f *family) lose(name string, why *controlProblem) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.lost == nil {
		f.lost = map[string]*controlProblem{}
	}
	f.lost[name] = why
}

// lostWorld says why a world is not served here; nil if it may be.
func (f *family) lostWorld(name string) error {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if why := f.lost[name]; why != nil {
		return why
	}
	return nil
}

// forgive forgets that a world is not to be served here.
func (f *family) forgive(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.lost, name)
}

func (f *family) removeLocked(child *Server) bool {
	if child == nil {
		return false
	}
	delete(f.worlds, child.place.name)
	if child.place.expiresAfter > 0 {
		f.expiring--
	}
	child.place.end()
	f.gone.count(child)
	child.custody.held.Store(false)
	f.changes.ring()
	return true
}

// expire drops the worlds that have expired and says how many they were.
func (f *family) expire(now time.Time) (dropped int) {
	f.mu.RLock()
	none := f.expiring == 0
	f.mu.RUnlock()
	if none {
		return 0
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, child := range f.worlds {
		if child.place.expired(now) && f.expireLocked(child) {
			dropped++
		}
	}
	return dropped
}

// renew has the worlds saved that are in use for longer than the store knows.
func (f *family) renew() {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.expiring == 0 {
		return
	}
	for _, child := range f.worlds {
		if child.opts.Store != nil && child.fades() {
			f.changes.ring()
			return
		}
	}
}

// nextExpiry is when the next world expires, unless it is used.
func (f *family) nextExpiry() (next time.Time, ok bool) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	if f.expiring == 0 {
		return next, false
	}
	for _, child := range f.worlds {
		if at := child.place.expiry(); child.place.expiresAfter > 0 && (!ok || at.Before(next)) {
			next, ok = at, true
		}
	}
	return next, ok
}

// stir has somebody look at a world, as something may have become due in it, if Run runs.
func (f *family) stir(child *Server) {
	f.work.Lock()
	defer f.work.Unlock()
	if !f.runs || child.place.working || child.place.stirred {
		return
	}
	child.place.stirred = true
	f.awake = append(f.awake, child)
	f.ring()
}

// ring wakes run, which sleeps.
func (f *family) ring() {
	select {
	case f.rung <- struct{}{}:
	default:
	}
}

// run lets time pass in the worlds until ctx ends. Only in those that have something to do, or will have, somebody
// works.
func (f *family) run(ctx context.Context, now func() time.Time) {
	var working sync.WaitGroup
	defer working.Wait()
	f.start()
	defer f.stop()
	for ctx.Err() == nil {
		for _, child := range f.take() {
			working.Go(func() { f.workIn(ctx, child) })
		}
		f.expire(now())
		f.renew()
		f.sleep(ctx, now())
	}
}

// start has somebody look at all worlds.
func (f *family) start() {
	all := f.all()
	f.work.Lock()
	f.runs = true
	f.work.Unlock()
	for _, child := range all {
		f.stir(child)
	}
}

func (f *family) stop() {
	f.work.Lock()
	defer f.work.Unlock()
	f.runs = false
	for _, child := range f.awake {
		child.place.stirred = false
	}
	f.awake = nil
}

// take are the worlds that want somebody to work in them.
func (f *family) take() []*Server {
	f.work.Lock()
	defer f.work.Unlock()
	list := f.awake
	f.awake = nil
	for _, child := range list {
		child.place.working, child.place.stirred = true, false
	}
	return list
}

// workIn works in a world until there is nothing more to do in it, or it is dropped.
func (f *family) workIn(ctx context.Context, child *Server) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(child.place.alive, cancel)()
	left := false
	child.world.work(ctx, func() bool {
		left = f.leave(child)
		return left
	})
	if left {
		return // and somebody else may work there by now
	}
	f.work.Lock()
	defer f.work.Unlock()
	child.place.working = false
}

// leave ends the work in a world in which nothing will become due by itself, unless something has happened meanwhile.
func (f *family) leave(child *Server) bool {
	if _, waits := child.world.untilNext(); waits {
		return false
	}
	f.work.Lock()
	defer f.work.Unlock()
	if len(child.world.wake) > 0 {
		return false
	}
	child.place.working = false
	return true
}

// fewestRests is how long run rests at least between two looks at which worlds have expired.
const fewestRests = time.Second

// sleep waits until a world was stirred, or may have expired.
func (f *family) sleep(ctx context.Context, now time.Time) {
	var due <-chan time.Time
	if next, ok := f.nextExpiry(); ok {
		t := time.NewTimer(max(next.Sub(now), fewestRests))
		defer t.Stop()
		due = t.C
	}
	select {
	case <-ctx.Done():
	case <-f.rung:
	case <-due:
	}
}
