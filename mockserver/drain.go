package mockserver

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

const (
	// patience is how long a call that sends deliveries waits for those that others have sent, if none of these makes
	// progress. A call from a receiver's handler would wait for itself, and cannot be distinguished from other calls.
	patience = time.Second
	// mostNew is how many new deliveries may appear during one call that sends deliveries.
	mostNew = 5000
)

var (
	// ErrUnanswered means that Flush or Advance gave up waiting for a delivery that another call had sent.
	ErrUnanswered = errors.New("a delivery that was sent before has no answer yet")
	// ErrEndless means that Flush or Advance stopped because deliveries cause more and more deliveries.
	ErrEndless = errors.New("deliveries bring about ever more deliveries")
)

// draining is one call that sends deliveries until none is left to send.
type draining struct {
	deliverer *deliverer
	newest    gitlab.DeliveryID // the newest delivery when the call began

	mu    sync.Mutex
	going int // attempts of this call that are in progress
}

// begin starts a call that sends deliveries.
func (d *deliverer) begin() *draining { return &draining{deliverer: d, newest: d.newest()} }

// newest is the id of the newest delivery.
func (d *deliverer) newest() (id gitlab.DeliveryID) {
	_ = d.world.state.View(d.world.clock.now(), func(tx *gitlab.Tx) error {
		id = tx.NewestDelivery()
		return nil
	})
	return id
}

// drain sends deliveries until none is due at the present instant. It returns how many attempts it made.
func (c *draining) drain(ctx context.Context) (made int, err error) {
	var attempts sync.WaitGroup
	defer attempts.Wait()
	for ctx.Err() == nil {
		c.deliverer.world.settle()
		claims, quiet, moved := c.deliverer.claim()
		made += len(claims)
		for _, claimed := range claims {
			c.count(1)
			attempts.Go(func() {
				defer c.count(-1)
				c.deliverer.attempt(ctx, claimed)
			})
		}
		if quiet {
			return made, nil
		}
		if c.deliverer.newest()-c.newest > mostNew {
			return made, fmt.Errorf("%w: more than %d came up during this call; see that a service that is told of "+
				"a change does not make another",
				ErrEndless, mostNew)
		}
		if err := c.rest(ctx, moved); err != nil {
			return made, err
		}
	}
	return made, context.Cause(ctx)
}

func (c *draining) count(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.going += n
}

// rest waits until a delivery has ended. It gives up after a while if none of the deliveries in progress belongs to
// this call and none of them ends. If ctx has a deadline, it waits until then instead.
func (c *draining) rest(ctx context.Context, moved <-chan struct{}) error {
	var overdue <-chan time.Time
	c.mu.Lock()
	waits := c.going > 0
	c.mu.Unlock()
	if _, bounded := ctx.Deadline(); !waits && !bounded {
		t := time.NewTimer(patience)
		defer t.Stop()
		overdue = t.C
	}
	select {
	case <-moved:
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return c.unanswered()
		}
	case <-overdue:
		return c.unanswered()
	}
	return nil
}

func (c *draining) unanswered() error {
	c.deliverer.mu.Lock()
	defer c.deliverer.mu.Unlock()
	for receiver := range c.deliverer.underway {
		return fmt.Errorf("%w: one to %s; a receiver that calls this from its handler waits for itself, so "+
			"let it answer first; anybody else "+
			"may call again, or say how long to wait", ErrUnanswered, receiver)
	}
	return ErrUnanswered
}
