package mockserver

import (
	"context"
	"fmt"

	"github.com/statuschecks/statuschecks/mockserver/control"
)

// Await returns when happened reports true. It asks at once, and again each time that the world or its clock has
// changed or a surprise has come; it does not let time pass itself. Happened may call the methods of the Server that
// tell what is there. The error is that of ctx.
func (s *Server) Await(ctx context.Context, happened func() bool) error {
	for {
		changed := s.world.bell.listen()
		if happened() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// AwaitDeliveries returns the deliveries that were answered, when there are at least n of them, oldest first. It sends
// nothing itself: that is for Run, or for somebody who calls Flush. If ctx ends before, the error also says what has
// become of the other deliveries.
func (s *Server) AwaitDeliveries(ctx context.Context, n int) (answered []control.Delivery, err error) {
	var others []control.Delivery
	err = s.Await(ctx, func() bool {
		answered, others = nil, nil
		for _, d := range s.Deliveries() {
			if d.State == control.Delivered {
				answered = append(answered, d)
			} else {
				others = append(others, d)
			}
		}
		return len(answered) >= n
	})
	if err != nil {
		err = fmt.Errorf("mockserver: %d of %d deliveries were answered%s: %w", len(answered), n, fates(others), err)
	}
	return answered, err
}

// fates says what has become of deliveries that nobody answered; of many it names the first.
func fates(list []control.Delivery) (text string) {
	const most = 5
	for _, d := range list[:min(len(list), most)] {
		text += fmt.Sprintf("; delivery %d to %s is %s", d.ID, plainURL(d.URL), d.State)
		if tries := len(d.Attempts); tries > 0 && d.Attempts[tries-1].Error != "" {
			text += ": " + d.Attempts[tries-1].Error
		}
	}
	if more := len(list) - most; more > 0 {
		text += fmt.Sprintf("; and %d more", more)
	}
	return text
}
