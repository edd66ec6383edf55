package mockserver

import (
	"context"
	"fmt"

	"github.com/statuschecks/statuschecks/mockserver/control"
)

// Await returns when happened returns true. It calls happened at once, and again each time that the world or its clock
// changes or a surprise is recorded. It does not advance the clock itself. Happened may call the methods of Server that
// read the state. The error is that of ctx.
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

// AwaitDeliveries returns the deliveries that got a response, oldest first, as soon as there are at least n of them. It
// sends nothing itself: Run does that, or somebody who calls Flush. If ctx ends first, the error also says what
// happened to the other deliveries.
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

// fates says what happened to the deliveries that got no response. If there are many, it names only the first.
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
