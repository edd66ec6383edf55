package mockserver

import (
	"sync"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/control"
)

// clock is the time of a world.
type clock struct {
	real func() time.Time

	mu     sync.Mutex
	mode   control.ClockMode
	offset time.Duration
	at     time.Time // while it is frozen
}

func newClock(real func() time.Time) *clock { return &clock{real: real, mode: control.RealClock} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.nowLocked()
}

func (c *clock) nowLocked() time.Time { return c.whenLocked(c.real()) }

// when is what the clock shows at an instant of real time.
func (c *clock) when(real time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.whenLocked(real)
}

func (c *clock) whenLocked(real time.Time) time.Time {
	if c.mode == control.FrozenClock {
		return c.at
	}
	return real.Add(c.offset).UTC().Truncate(time.Microsecond)
}

// set changes the mode of the clock. Freezing at the zero time freezes it at the present time.
func (c *clock) set(mode control.ClockMode, at time.Time, offset time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.nowLocked()
	switch mode {
	case control.RealClock:
		c.offset = 0
	case control.OffsetClock:
		c.offset = offset
	case control.FrozenClock:
		c.at = at.UTC().Truncate(time.Microsecond)
		if at.IsZero() {
			c.at = now
		}
	}
	c.mode = mode
}

// advanceTo moves the clock forward to an instant. It never moves it back.
func (c *clock) advanceTo(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ahead := at.Sub(c.nowLocked())
	if ahead <= 0 {
		return
	}
	if c.mode == control.FrozenClock {
		c.at = at.UTC().Truncate(time.Microsecond)
		return
	}
	c.mode = control.OffsetClock
	c.offset += ahead
}

// show returns the mode of the clock, its time and its offset.
func (c *clock) show() (mode control.ClockMode, now time.Time, offset time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.mode, c.nowLocked(), c.offset
}
