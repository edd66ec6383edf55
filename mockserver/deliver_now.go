package mockserver

import (
	"context"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// sending is the rest of an operation that sends a delivery and responds with what came of it.
type sending struct {
	id     gitlab.DeliveryID
	answer func(gitlab.Attempt) (reply, error) // of the last attempt
}

// sendNow sends a delivery that an operation has queued, and completes the response.
func (s *Server) sendNow(c *call, rest *sending) (reply, error) {
	s.world.deliverer.sendOne(c.request.Context(), rest.id)
	var a gitlab.Attempt
	_ = s.world.state.View(s.world.clock.now(), func(tx *gitlab.Tx) error {
		if d, known := tx.Delivery(rest.id); known && len(d.Attempts) > 0 {
			a = d.Attempts[len(d.Attempts)-1]
		} else {
			a.Error = "the delivery was not made"
		}
		return nil
	})
	return rest.answer(a)
}

// sendOne makes an attempt at a delivery, or waits until somebody else has made it. It returns early if ctx ends.
func (d *deliverer) sendOne(ctx context.Context, id gitlab.DeliveryID) {
	for {
		c, taken, moved := d.take(id)
		if taken {
			d.attempt(ctx, c)
			return
		}
		if moved == nil {
			return
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return
		}
	}
}

// take claims one delivery. If its receiver gets another one just now, the channel is closed when that has ended. It is
// nil if the delivery does not wait to be sent.
func (d *deliverer) take(id gitlab.DeliveryID) (c claim, taken bool, moved <-chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var delivery gitlab.Delivery
	var waits bool
	_ = d.world.state.View(d.world.clock.now(), func(tx *gitlab.Tx) error {
		delivery, waits = tx.Delivery(id)
		waits = waits && delivery.State == gitlab.Queued && len(delivery.Attempts) == 0
		return nil
	})
	if !waits {
		return c, false, nil
	}
	if _, busy := d.underway[delivery.Receiver()]; busy {
		return c, false, d.moved
	}
	ctx, cancel := context.WithCancel(context.Background())
	d.underway[delivery.Receiver()] = cancel
	return claim{delivery: delivery, era: d.era.Load(), broken: ctx}, true, nil
}
