// Package ratelimit counts requests in fixed windows, which are aligned to multiples of their period since 1970, as
// GitLab's are. It reads no clock.
package ratelimit

import (
	"cmp"
	"slices"
	"sync"
	"time"
)

// Window is the present window of a limit for one caller.
type Window struct {
	Name     string // of the limit
	Key      string // of the caller
	Requests int    // allowed in the period
	Period   time.Duration
	Observed int       // counted so far
	Ends     time.Time // when the next window begins
}

// Exceeded reports whether there were more requests than are allowed.
func (w Window) Exceeded() bool { return w.Observed > w.Requests }

// Remaining is how many more requests are allowed.
func (w Window) Remaining() int { return max(0, w.Requests-w.Observed) }

// PerMinute is the limit for a minute, rounded up.
func (w Window) PerMinute() int64 {
	seconds := int64(w.Period / time.Second)
	return (int64(w.Requests)*60 + seconds - 1) / seconds
}

// Counter counts requests. The zero value has counted none. It is safe for concurrent use.
type Counter struct {
	mu      sync.Mutex
	windows map[counted]*Window
}

type counted struct{ name, key string }

// mostWindows is how many windows are kept before those that have ended are thrown away.
const mostWindows = 10_000

// Count counts a request at an instant. Name, Key, Requests and Period of w say for which limit and caller; the result
// is the window with this request in it.
func (c *Counter) Count(w Window, at time.Time) Window {
	c.mu.Lock()
	defer c.mu.Unlock()
	seconds := int64(w.Period / time.Second)
	w.Ends = time.Unix((at.Unix()/seconds+1)*seconds, 0).UTC()
	known := c.windows[counted{w.Name, w.Key}]
	if known != nil && known.Ends.Equal(w.Ends) && known.Period == w.Period {
		w.Observed = known.Observed
	}
	w.Observed++
	if known == nil && len(c.windows) >= mostWindows {
		c.forget(at)
	}
	if c.windows == nil {
		c.windows = map[counted]*Window{}
	}
	c.windows[counted{w.Name, w.Key}] = &w
	return w
}

// forget throws windows away that have ended, or all if none has.
func (c *Counter) forget(at time.Time) {
	for key, w := range c.windows {
		if !w.Ends.After(at) {
			delete(c.windows, key)
		}
	}
	if len(c.windows) >= mostWindows {
		clear(c.windows)
	}
}

// Clear forgets everything that was counted.
func (c *Counter) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.windows = nil
}

// Windows are those that have not ended, in the order of their names and callers.
func (c *Counter) Windows(at time.Time) []Window {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := []Window{}
	for _, w := range c.windows {
		if w.Ends.After(at) {
			list = append(list, *w)
		}
	}
	slices.SortFunc(list, func(a, b Window) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Key, b.Key))
	})
	return list
}
