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

// ErrReset is the error of Advance and AdvanceTo if the world is replaced while they run.
var ErrReset = errors.New("the world was reset")

// settle runs the jobs that are due by the world's clock, each at its own time.
func (w *world) settle() {
	if !w.rests() {
		w.state.RunDue(w.clock.now())
	}
}

// Run lets time pass. Until ctx ends, it runs each background job and sends each delivery when it is due by the clock
// of its world. It also does so for the server's worlds, and removes worlds that expire. It returns nil when ctx has
// ended and everything that it started has ended. A delivery that was being sent then stays queued. Only one Run at a
// time is possible, and only on the server at the root.
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

// work runs jobs and sends deliveries until ctx ends, or until nothing is being sent and over returns true.
func (w *world) work(ctx context.Context, over func() bool) {
	var attempts sync.WaitGroup
	defer attempts.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for ctx.Err() == nil {
		if w.rests() {
			w.rest(ctx)
			continue
		}
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

// rest waits until the world was stirred.
func (w *world) rest(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-w.wake:
	}
}

// sleep waits until something may have become due: the state or the clock changed, an attempt ended, or the next due
// time has come. A frozen clock reaches no time by itself.
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

// untilNext returns how long the clock needs to reach the next due time. ok is false if there is none, or if the clock
// is frozen.
func (w *world) untilNext() (wait time.Duration, ok bool) {
	mode, now, _ := w.clock.show()
	if mode == control.FrozenClock {
		return 0, false
	}
	next, ok := w.nextDue(now)
	return max(0, next.Sub(now)), ok
}

// nextDue returns the first time at which a job is due, or a delivery that is not due yet.
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

// Flush runs due jobs and sends queued deliveries that are due, also new ones that they cause. It returns the number of
// attempts when nothing is left to do and nothing is being sent. It does not wait for retries that are due later. The
// error is that of ctx, ErrEndless or ErrUnanswered: Flush waits one second for deliveries that others send, or until
// the deadline of ctx if it has one.
func (s *Server) Flush(ctx context.Context) (int, error) {
	return s.world.deliverer.begin().drain(ctx)
}

// Undelivered returns how many deliveries are queued, for the first attempt or a retry. It leaves out deliveries to
// reserved names, which nobody can own.
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

// Advance moves the world's clock forward by d. It returns when everything that becomes due on the way has happened, in
// the order of the due times: jobs run, pending responses time out, deliveries are sent and failed ones are retried. A
// frozen clock is set to the new time; a running one is moved ahead. It fails if d is negative, if the new time is
// after the year 2199, if ctx ends, with ErrReset, and as Flush does.
func (s *Server) Advance(ctx context.Context, d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("mockserver: time cannot be advanced by %s: it only goes forward; set the clock to put it "+
			"back", d)
	}
	return s.AdvanceTo(ctx, s.world.clock.now().Add(d))
}

// AdvanceTo is Advance to a given time. If that time has passed, the clock does not change.
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
