package mockserver

import (
	"cmp"
	"context"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// deliverable is an attempt at a delivery as plans look at it.
func deliverable(d gitlab.Delivery, at time.Time) fault.Delivered {
	return fault.Delivered{
		Check: int64(d.CheckID), Project: int64(d.ProjectID), Action: d.Action, Attempt: len(d.Attempts) + 1, At: at,
	}
}

// choose decides which fault happens to an attempt. One that was held back already is not held back again.
func (d *deliverer) choose(c claim) (name string, f fault.Fault) {
	if !d.world.faults.Active() {
		return "", f
	}
	if _, was := d.heldBack.LoadAndDelete(c.delivery.ID); was {
		return "", f
	}
	return d.world.faults.ChooseDelivery(deliverable(c.delivery, d.world.clock.now()))
}

// spoil lets a fault happen to an attempt before it is made. It reports whether there is an attempt to be made still,
// and which delivery that is of.
func (d *deliverer) spoil(c claim, f *fault.Fault) (gitlab.Delivery, bool) {
	delivery := c.delivery
	switch f.Delivery {
	case fault.Lost:
		d.record(c, gitlab.Attempt{
			At: d.world.clock.when(c.began), Method: "POST", URL: delivery.URL,
			Error: "lost, as the fault plan " + c.fault + " says",
		}, 0, gitlab.GaveUp)
		return delivery, false
	case fault.Late:
		d.heldBack.Store(delivery.ID, true)
		d.postpone(c, time.Duration(f.Delay))
		return delivery, false
	case fault.OutOfOrder:
		d.heldBack.Store(delivery.ID, true)
		d.overtaken.Store(delivery.Receiver(), delivery.ID)
		d.postpone(c, cmp.Or(time.Duration(f.Delay), longestOvertaking))
		return delivery, false
	}
	return delivery, true
}

// longestOvertaking is how long a delivery waits that another one is to overtake, unless the fault says it.
const longestOvertaking = time.Minute

// follow lets the delivery be due that has waited for the attempt of another one to the same receiver.
func (d *deliverer) follow(c claim) {
	waiting, waits := d.overtaken.Load(c.delivery.Receiver())
	if id, _ := waiting.(gitlab.DeliveryID); waits && id != c.delivery.ID {
		d.overtaken.Delete(c.delivery.Receiver())
		d.postpone(claim{delivery: gitlab.Delivery{ID: id}, era: c.era}, 0)
	}
}

// postpone lets a delivery become due later, without an attempt.
func (d *deliverer) postpone(c claim, by time.Duration) {
	_ = d.world.state.Update(d.world.clock.now(), func(tx *gitlab.Tx) error {
		if delivery, known := tx.Delivery(c.delivery.ID); known && d.era.Load() == c.era {
			delivery.Due = tx.Now.Add(by).Truncate(time.Microsecond)
			tx.SetDelivery(delivery)
		}
		return nil
	})
	d.world.stir()
}

// sendTwice makes the request of a delivery once more than the attempt that is recorded. If ctx ends it, as when the
// world is replaced, it leaves no trace.
func (d *deliverer) sendTwice(ctx context.Context, o outbound, delivery gitlab.Delivery, c claim) {
	at := d.world.clock.when(c.began)
	a, err := d.send(ctx, o, delivery)
	if ctx.Err() != nil || d.era.Load() != c.era {
		return
	}
	a.At, a.Duration = at, a.Duration+max(0, d.real().Sub(c.began))
	if err != nil {
		a.Error = reasonOf(err)
	}
	e := d.entryOf(delivery, a, c.began)
	e.Fault, e.Attempt.Number = c.fault, len(delivery.Attempts)+1
	d.world.journal.Keep(e)
	d.world.bell.ring()
}
