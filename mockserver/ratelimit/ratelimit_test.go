package ratelimit_test

import (
	"strconv"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/ratelimit"
)

var noon = time.Date(2026, 2, 3, 12, 0, 0, 0, time.UTC)

// Windows are those of the clock, not of the first request, and what was refused goes on counting.
func TestCounter_windows(t *testing.T) {
	t.Parallel()
	var c ratelimit.Counter
	limit := ratelimit.Window{Name: "api", Key: "user:1", Requests: 2, Period: time.Minute}
	for i, step := range []struct {
		at        time.Duration
		observed  int
		remaining int
		exceeded  bool
	}{
		{58 * time.Second, 1, 1, false},
		{59 * time.Second, 2, 0, false},
		{59 * time.Second, 3, 0, true},
		{60 * time.Second, 1, 1, false},
		{119 * time.Second, 2, 0, false},
		{30 * time.Minute, 1, 1, false},
	} {
		w := c.Count(limit, noon.Add(step.at))
		assert.Equal(t, w.Observed, step.observed, i)
		assert.Equal(t, w.Remaining(), step.remaining, i)
		assert.Equal(t, w.Exceeded(), step.exceeded, i)
		assert.Assert(t, w.Ends.After(noon.Add(step.at)) && w.Ends.Second() == 0, w.Ends)
	}
	other := limit
	other.Key = "user:2"
	assert.Equal(t, c.Count(other, noon.Add(30*time.Minute)).Observed, 1)
	assert.Equal(t, len(c.Windows(noon.Add(30*time.Minute))), 2)
	assert.Equal(t, len(c.Windows(noon.Add(31*time.Minute))), 0)
	c.Clear()
	assert.Equal(t, len(c.Windows(noon)), 0)
}

func TestWindow_perMinute(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		requests int
		period   time.Duration
		want     int64
	}{{7200, time.Hour, 120}, {100, time.Hour, 2}, {1, 24 * time.Hour, 1}, {5, time.Second, 300}} {
		w := ratelimit.Window{Requests: test.requests, Period: test.period}
		assert.Equal(t, w.PerMinute(), test.want)
	}
}

// Many callers do not fill the memory.
func TestCounter_isBounded(t *testing.T) {
	t.Parallel()
	var c ratelimit.Counter
	for i := range 25_000 {
		c.Count(ratelimit.Window{Key: strconv.Itoa(i), Requests: 1, Period: time.Second}, noon)
	}
	assert.Assert(t, len(c.Windows(noon)) <= 10_000)
}
