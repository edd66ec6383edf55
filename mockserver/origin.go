package mockserver

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// origin is what a world begins with, and what Reset makes it again: a seed, or a moment of another world.
type origin struct {
	seed   seed.Document
	text   *atomic.Pointer[string] // the seed's YAML, when it was written once
	moment *moment                 // in place of the seed
}

func seedOrigin(document seed.Document) origin {
	return origin{seed: document, text: &atomic.Pointer[string]{}}
}

// Reset makes the world what it was when the server was made: its rows are those of the seed, its clock goes with
// Options.Now again, and surprises, journal, notes and expectations are gone. A world of a snapshot becomes that again.
// Deliveries that are under way are broken off. Snapshots stay. It fails, and changes nothing, if the seed does not
// hold together, which New has ruled out.
func (s *Server) Reset() error {
	s.world.deliverer.seeding.Lock()
	defer s.world.deliverer.seeding.Unlock()
	return s.begin(s.world.origin)
}

// Seed is Reset to another world, to which Reset then goes back too. It fails with a *seed.Error, and changes nothing,
// if the document does not hold together.
func (s *Server) Seed(document seed.Document) error {
	s.world.deliverer.seeding.Lock()
	defer s.world.deliverer.seeding.Unlock()
	return s.begin(seedOrigin(document))
}

func (s *Server) begin(from origin) error {
	if err := s.beginWorld(s.world, from); err != nil {
		return err
	}
	s.world.forget()
	s.world.stir()
	return nil
}

// forget empties what was noted of clients: surprises, journal, notes, expectations, and what rate limits have counted.
func (w *world) forget() {
	w.surprises.clear()
	w.journal.Clear()
	w.expectations.clear()
	w.notes.clear()
	w.throttles.Clear()
}

// beginWorld makes a world what its origin says. It changes nothing if that does not hold together.
func (s *Server) beginWorld(w *world, from origin) error {
	if from.moment != nil {
		w.become(from.moment, from)
		return nil
	}
	planted, err := s.planted(w, from.seed)
	if err != nil {
		return err
	}
	w.deliverer.renew(func() {
		w.clock.set(control.RealClock, time.Time{}, 0)
		w.state.Restore(planted)
		w.origin = from
	})
	return w.plan()
}

// currentSeed is what the server is reset to. A server that came of a moment has none, which is the default one.
func (s *Server) currentSeed() seed.Document {
	s.world.deliverer.seeding.Lock()
	defer s.world.deliverer.seeding.Unlock()
	if s.world.origin.moment != nil {
		return seed.Default()
	}
	return s.world.origin.seed
}

// plantings are states that worlds begin with, planted once for all that begin with the same. The zero value is empty.
type plantings struct {
	mu   sync.Mutex
	kept map[string]*gitlab.Snapshot // nil for a seed with things that are to happen so long after it is planted
}

// mostPlantings is how many are kept; when there are more, all are forgotten.
const mostPlantings = 16

// planted is what a world begins with that is made of a seed now. Worlds beside the server's own share it, unless the
// seed leaves out a time from which something is counted, as that of a pending response.
func (s *Server) planted(w *world, d seed.Document) (gitlab.Snapshot, error) {
	now := s.opts.Now()
	if s.place == nil {
		return s.plantAt(w, d, now)
	}
	sum := sha256.Sum256(d.YAML())
	key := fmt.Sprintf("%s %v %x", s.opts.Version, s.opts.Features, sum) // fmt sorts maps
	all := &s.family.plantings
	all.mu.Lock()
	defer all.mu.Unlock()
	kept, known := all.kept[key]
	if known && kept != nil {
		return *kept, nil
	}
	fresh, err := s.plantAt(w, d, now)
	if err != nil || known {
		return fresh, err
	}
	later, err := s.plantAt(w, d, now.Add(100*time.Hour))
	if err != nil {
		return fresh, err
	}
	if len(all.kept) >= mostPlantings {
		all.kept = nil
	}
	if all.kept == nil {
		all.kept = map[string]*gitlab.Snapshot{}
	}
	all.kept[key] = nil
	if slices.Equal(w.jobsOf(fresh), w.jobsOf(later)) {
		all.kept[key] = &fresh
	}
	return fresh, nil
}

// plantAt plants a seed at an instant.
func (s *Server) plantAt(w *world, d seed.Document, at time.Time) (gitlab.Snapshot, error) {
	fresh := w.state.Empty()
	err := fresh.Update(at, func(tx *gitlab.Tx) error {
		if s.opts.Version != tx.Version() || len(s.opts.Features) > 0 { // as when they came of data
			tx.BehaveAs(s.opts.Version, s.opts.Features)
		}
		settings := tx.Settings()
		settings.BlockLocalRequests, settings.RateLimits = s.opts.BlockLocalRequests, w.limits
		tx.SetSettings(settings)
		return plant(tx, d)
	})
	return fresh.Snapshot(), err
}

// jobsOf are the jobs that wait in a snapshot.
func (w *world) jobsOf(snapshot gitlab.Snapshot) (jobs []gitlab.Job) {
	shown := w.state.Empty()
	shown.Restore(snapshot)
	_ = shown.View(time.Time{}, func(tx *gitlab.Tx) error {
		jobs = tx.Jobs()
		return nil
	})
	return jobs
}
