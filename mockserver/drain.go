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
	// patience is how long a call that sends deliveries waits while nothing moves for those that others have sent. A
	// call from a receiver's handler waits for itself, and looks like any other.
	patience = time.Second
	// mostNew is how many deliveries may come up during one call that sends deliveries.
	mostNew = 5000
)

var (
	// ErrUnanswered is why Flush and Advance give up waiting for a delivery that somebody else has sent.
	ErrUnanswered = errors.New("a delivery that was sent before has no answer yet")
	// ErrEndless is why Flush and Advance stop when their deliveries bring about ever more of them.
	ErrEndless = errors.New("deliveries bring about ever more deliveries")
)

// draining is one call that sends deliveries until all is quiet.
type draining struct {
	deliverer *deliverer
	newest    gitlab.DeliveryID // when the call began

	mu    sync.Mutex
	going int // attempts of this call that are under way
}

// begin starts a call that sends deliveries.
func (d *deliverer) begin() *draining { return &draining{deliverer: d, newest: d.newest()} }

// newest is the delivery that came last.
func (d *deliverer) newest() (id gitlab.DeliveryID) {
	_ = d.world.state.View(d.world.clock.now(), func(tx *gitlab.Tx) error {
		id = tx.NewestDelivery()
		return nil
	})
	return id
}

// drain sends until all is quiet at the present instant.
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

// rest waits until a delivery has ended. It gives up if none of those that are under way is of this call and none of
// them ends, unless the caller has said by the deadline of ctx how long to wait.
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
	for check := range c.deliverer.underway {
		return fmt.Errorf("%w: one to check %d; a receiver that calls this from its handler waits for itself, so "+
			"let it answer first; anybody else "+
			"may call again, or say how long to wait", ErrUnanswered, check)
	}
	return ErrUnanswered
}
