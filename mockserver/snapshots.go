package mockserver

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// MaxSnapshots is how many snapshots a world can have.
const MaxSnapshots = 100

var errManySnapshots = fmt.Errorf("there are %d snapshots already", MaxSnapshots)

// moment is a world as it was at an instant, with all that steers it. What was observed in it is no part of it.
type moment struct {
	state  gitlab.Snapshot
	clock  clockSetting
	faults fault.Mark
	origin origin // what Reset goes back to
}

// clockSetting is how a clock goes.
type clockSetting struct {
	mode   control.ClockMode
	at     time.Time // while it is frozen
	offset time.Duration
}

// snapshots are the moments of a world that are kept by name. The zero value is empty.
type snapshots struct {
	mu   sync.Mutex
	kept map[string]snapshot
}

type snapshot struct {
	moment *moment
	shown  control.Snapshot
}

func (s *snapshots) get(name string) (*moment, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept, known := s.kept[name]
	return kept.moment, known
}

func (s *snapshots) put(one snapshot) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.kept[one.shown.Name]; !known && len(s.kept) >= MaxSnapshots {
		return fmt.Errorf("%w; remove some", errManySnapshots)
	}
	if s.kept == nil {
		s.kept = map[string]snapshot{}
	}
	s.kept[one.shown.Name] = one
	return nil
}

func (s *snapshots) remove(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, known := s.kept[name]
	delete(s.kept, name)
	return known
}

// list are the snapshots by name.
func (s *snapshots) list() []snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]snapshot, 0, len(s.kept))
	for _, one := range s.kept {
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b snapshot) int { return cmp.Compare(a.shown.Name, b.shown.Name) })
	return list
}

// TakeSnapshot keeps the world as it is now under a name: what is stored in it with ids, jobs and deliveries, the
// release with its feature flags, the licence, how the clock goes, the fault plans with their counts, and what Reset
// goes back to. A snapshot of the same name is replaced. It takes no time. It fails for a name that is none, and when
// there are MaxSnapshots.
func (s *Server) TakeSnapshot(name string) (control.Snapshot, error) {
	if err := checkName("snapshot", name); err != nil {
		return control.Snapshot{}, err
	}
	s.world.settle()
	m := s.world.moment()
	shown := control.Snapshot{Name: name, TakenAt: s.world.clock.now(), Version: s.world.state.Version().String()}
	err := s.world.snapshots.put(snapshot{m, shown})
	s.changed()
	return shown, err
}

// RestoreSnapshot makes the world what it was when the snapshot was taken. A clock that was not frozen goes on from the
// time of now, as far ahead as it was. Deliveries that are under way are broken off, and what was noted of clients is
// forgotten. It fails with ErrNoSnapshot.
func (s *Server) RestoreSnapshot(name string) error {
	m, known := s.world.snapshots.get(name)
	if !known {
		return s.noSnapshot(name)
	}
	s.world.deliverer.seeding.Lock()
	defer s.world.deliverer.seeding.Unlock()
	s.world.become(m, m.origin)
	s.world.forget()
	s.world.stir()
	return nil
}

// Snapshots are the snapshots of the world by name.
func (s *Server) Snapshots() []control.Snapshot {
	return presentAll(s.world.snapshots.list(), func(one snapshot) control.Snapshot { return one.shown })
}

// RemoveSnapshot forgets a snapshot. It reports whether there was one of that name.
func (s *Server) RemoveSnapshot(name string) bool {
	known := s.world.snapshots.remove(name)
	s.changed()
	return known
}

func (s *Server) noSnapshot(name string) error { return fmt.Errorf("%w: %q", ErrNoSnapshot, cut(name)) }

// moment is the world as it is now.
func (w *world) moment() *moment {
	w.deliverer.seeding.Lock()
	defer w.deliverer.seeding.Unlock()
	return &moment{
		state: w.state.Snapshot(), clock: w.clock.setting(), faults: w.faults.Mark(), origin: w.origin,
	}
}

// become makes the world what it was at a moment. Who calls holds seeding, or has the world alone.
func (w *world) become(m *moment, from origin) {
	w.deliverer.renew(func() {
		w.clock.set(m.clock.mode, m.clock.at, m.clock.offset)
		w.state.Restore(m.state)
		w.faults.Return(m.faults)
		w.origin = from
	})
}

// setting is how the clock goes now.
func (c *clock) setting() clockSetting {
	c.mu.Lock()
	defer c.mu.Unlock()
	return clockSetting{c.mode, c.at, c.offset}
}

// changes counts what changes in a server and its worlds, and tells those who wait. The zero value is ready.
type changes struct {
	count atomic.Int64
	bell  bell
}

func (c *changes) ring() {
	c.count.Add(1)
	c.bell.ring()
}
