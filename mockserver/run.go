package mockserver

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// ErrReset is why Advance and AdvanceTo stop when the world is replaced under them.
var ErrReset = errors.New("the world was reset")

// settle runs the jobs that are due by the world's clock, each at its own instant.
func (w *world) settle() { w.state.RunDue(w.clock.now()) }

// Run lets time pass: until ctx ends it runs each background job and sends each delivery when it is due, by the clock
// of its world. It does so for the server's worlds too, and drops those that expire. It returns nil when ctx has ended
// and nothing that it began is left; a delivery that is under way then stays queued. Only one Run at a time is
// possible, and only that of the server at the root.
func (s *Server) Run(ctx context.Context) error {
	if s.place != nil {
		return errors.New("mockserver: the Run of the server lets time pass in its worlds too; call that")
	}
	if !s.family.running.CompareAndSwap(false, true) {
		return errors.New("mockserver: this server is running already; call Run once")
	}
	defer s.family.running.Store(false)
	var worlds sync.WaitGroup
	defer worlds.Wait()
	worlds.Go(func() { s.family.run(ctx, s.opts.Now) })
	s.world.work(ctx, func() bool { return false })
	return nil
}

// work runs jobs and sends deliveries until ctx ends or, when nothing is under way, over says that it is enough.
func (w *world) work(ctx context.Context, over func() bool) {
	var attempts sync.WaitGroup
	defer attempts.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for ctx.Err() == nil {
		w.settle()
		claims, quiet, moved := w.deliverer.claim()
		for _, c := range claims {
			attempts.Go(func() { w.deliverer.attempt(ctx, c) })
		}
		if quiet && over() {
			return
		}
		w.sleep(ctx, moved)
	}
}

// sleep waits until something may have become due: the state or the clock changed, an attempt ended, or the next due
// instant has come. While the clock is frozen no instant comes by itself.
func (w *world) sleep(ctx context.Context, moved <-chan struct{}) {
	var due <-chan time.Time
	if wait, ok := w.untilNext(); ok {
		t := time.NewTimer(wait)
		defer t.Stop()
		due = t.C
	}
	select {
	case <-ctx.Done():
	case <-w.wake:
	case <-moved:
	case <-due:
	}
}

// untilNext is how long it takes the clock to reach the next due instant; ok is false if there is none, or if the clock
// stands.
func (w *world) untilNext() (wait time.Duration, ok bool) {
	mode, now, _ := w.clock.show()
	if mode == control.FrozenClock {
		return 0, false
	}
	next, ok := w.nextDue(now)
	return max(0, next.Sub(now)), ok
}

// nextDue is the first instant at which a job is due, or a delivery that is not due yet.
func (w *world) nextDue(now time.Time) (next time.Time, ok bool) {
	_ = w.state.View(now, func(tx *gitlab.Tx) error {
		next, ok = tx.NextDue()
		if due, waits := tx.DueAfter(now); waits && (!ok || due.Before(next)) {
			next, ok = due, true
		}
		return nil
	})
	return next, ok
}

// Flush runs the jobs that are due and sends the deliveries that are queued and due, also those that come up
// meanwhile. It returns when nothing is left to do and nothing is under way, with the number of attempts that it made.
// What failed and is to be tried again later is not waited for. The error is that of ctx, or ErrEndless, or
// ErrUnanswered: it waits a second for what others have sent, or until the deadline of ctx if it has one.
func (s *Server) Flush(ctx context.Context) (int, error) {
	return s.world.deliverer.begin().drain(ctx)
}

// Undelivered is how many deliveries wait to be sent, for the first time or again, but for those to names that nobody
// can have.
func (s *Server) Undelivered() (n int) {
	_ = s.world.state.View(s.world.clock.now(), func(tx *gitlab.Tx) error {
		tx.EachQueuedDelivery(func(d gitlab.Delivery) bool {
			if !leadsNowhere(hostOf(d.URL)) {
				n++
			}
			return true
		})
		return nil
	})
	return n
}

// Advance puts the world's clock forward by d and returns after all that becomes due on the way has happened, in the
// order of the due instants: jobs run, pending responses time out, deliveries are sent and, if nobody answers, tried
// again. A clock that stands is put to the new instant; one that goes is put ahead. It fails if d is negative or leads
// past the year 2199, if ctx ends, with ErrReset, and as Flush does.
func (s *Server) Advance(ctx context.Context, d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("mockserver: time cannot be advanced by %s: it only goes forward; set the clock to put it "+
			"back", d)
	}
	return s.AdvanceTo(ctx, s.world.clock.now().Add(d))
}

// AdvanceTo is Advance to an instant. An instant that is past leaves the clock as it is.
func (s *Server) AdvanceTo(ctx context.Context, at time.Time) error {
	w := s.world
	if err := gitlab.CheckInstant(at); err != nil {
		return fmt.Errorf("mockserver: advance the clock: %w", err)
	}
	era, call := w.deliverer.era.Load(), w.deliverer.begin()
	for {
		if _, err := call.drain(ctx); err != nil {
			return fmt.Errorf("mockserver: advance the clock: %w", err)
		}
		if w.deliverer.era.Load() != era {
			return fmt.Errorf("mockserver: advance the clock: %w", ErrReset)
		}
		now := w.clock.now()
		if !now.Before(at.UTC().Truncate(time.Microsecond)) {
			return nil
		}
		next, ok := w.nextDue(now)
		if !ok || next.After(at) {
			next = at
		}
		if !next.After(now) {
			continue // it became due, or others made it, since all was done
		}
		w.clock.advanceTo(next)
		w.stir()
	}
}
