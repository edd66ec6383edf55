package mockserver

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

func (k *controlCall) getClock() (reply, error) { return ok(k.server.Clock()) }

// setClock changes the mode of the clock. This alone does nothing else, but Run notices it.
func (k *controlCall) setClock() (reply, error) {
	var given struct {
		Mode   control.ClockMode `json:"mode"`
		Now    *time.Time        `json:"now"`
		Offset *string           `json:"offset"`
	}
	if err := k.decode(&given); err != nil {
		return reply{}, err
	}
	if given.Now != nil && given.Mode != control.FrozenClock {
		return reply{}, refused(http.StatusBadRequest, "now goes with mode frozen; a clock of mode %s shows its own "+
			"time", given.Mode)
	}
	if given.Offset != nil && given.Mode != control.OffsetClock {
		return reply{}, refused(http.StatusBadRequest, "offset goes with mode offset, not with %s", given.Mode)
	}
	c := control.Clock{Mode: given.Mode}
	if given.Now != nil {
		if err := gitlab.CheckInstant(*given.Now); err != nil { // the zero instant too, which to SetClock is none
			return reply{}, refused(http.StatusBadRequest, "now: %s", err)
		}
		c.Now = *given.Now
	}
	c.Offset.Duration = k.world.clock.now().Sub(k.server.opts.Now()) // it goes on from where it is
	if given.Offset != nil {
		var err error
		if c.Offset.Duration, err = time.ParseDuration(*given.Offset); err != nil {
			return reply{}, refused(http.StatusBadRequest, "offset is not a duration as 2m1s, at most some 290 years")
		}
	}
	if err := k.server.SetClock(c); err != nil {
		return reply{}, refused(http.StatusBadRequest, "%s", err)
	}
	return ok(k.server.Clock())
}

// advanceClock responds when everything that became due has happened.
func (k *controlCall) advanceClock() (reply, error) {
	var given struct {
		By   *string    `json:"by"`
		To   *time.Time `json:"to"`
		Wait string     `json:"wait"`
	}
	if err := k.decode(&given); err != nil {
		return reply{}, err
	}
	to, err := target(k.world.clock.now(), given.By, given.To)
	if err != nil {
		return reply{}, err
	}
	ctx, done, err := k.patiently(given.Wait)
	if err != nil {
		return reply{}, err
	}
	defer done()
	if err := k.server.AdvanceTo(ctx, to); err != nil {
		return reply{}, notFinished(err)
	}
	return ok(k.server.Clock())
}

// target returns the time to which the clock is to be advanced.
func target(now time.Time, by *string, to *time.Time) (at time.Time, err error) {
	switch {
	case (by == nil) == (to == nil):
		return at, refused(http.StatusBadRequest, "give by, a duration, or to, an instant: one of them")
	case to != nil && to.Before(now):
		return at, refused(http.StatusBadRequest, "to is past; time only goes forward: set the clock to put it back")
	case to != nil:
		at = to.UTC()
	default:
		d, err := time.ParseDuration(*by)
		if err != nil {
			return at, refused(http.StatusBadRequest, "by is not a duration as 2m1s, at most some 290 years")
		}
		at = now.Add(d)
	}
	if err := gitlab.CheckInstant(at); err != nil {
		return at, refused(http.StatusBadRequest, "this leads to %s: %s", at.Format(time.RFC3339), err)
	}
	return at, nil
}

// longestWait is the longest time that a caller can ask a call to wait.
const longestWait = 10 * time.Minute

// patiently returns the context of a call. The call waits for deliveries of others as long as the caller asked for or,
// by default, as long as Flush does.
func (k *controlCall) patiently(wait string) (context.Context, context.CancelFunc, error) {
	ctx := k.request.Context()
	if wait == "" {
		ctx, done := context.WithCancel(ctx)
		return ctx, done, nil
	}
	d, err := time.ParseDuration(wait)
	if err != nil || d <= 0 || d > longestWait {
		return nil, nil, refused(http.StatusBadRequest, "wait must be a duration as 20s, at most %s", longestWait)
	}
	ctx, done := context.WithTimeout(ctx, d)
	return ctx, done, nil
}

// decodePatiently decodes a body that can say how long to wait, and returns the context for it.
func (k *controlCall) decodePatiently(into any, wait *string) (context.Context, context.CancelFunc, error) {
	if err := k.decode(into); err != nil {
		return nil, nil, err
	}
	return k.patiently(*wait)
}

// notFinished describes why a call that sends deliveries ended early.
func notFinished(err error) error {
	switch {
	case errors.Is(err, ErrReset):
		return refused(http.StatusConflict, "the world was reset while time was advanced")
	case errors.Is(err, ErrUnanswered):
		return refused(http.StatusConflict, "%s, as {\"wait\":\"30s\"}", err)
	case errors.Is(err, ErrEndless):
		return refused(http.StatusConflict, "%s", err)
	case errors.Is(err, context.DeadlineExceeded):
		return refused(http.StatusConflict, "the time that wait gives was over before all had happened; give more")
	}
	return err
}
