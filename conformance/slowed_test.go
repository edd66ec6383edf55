package conformance

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

// TestSlowed holds that waits side by side count once, that people are told of those worth it, and that there is an
// end.
func TestSlowed(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC)
	var told []time.Duration
	s := slowdown{tell: func(length time.Duration) { told = append(told, length) }}
	assert.NilError(t, s.by(time.Second, start))
	assert.NilError(t, s.by(2*time.Minute, start.Add(time.Second)))
	assert.NilError(t, s.by(2*time.Minute, start.Add(2*time.Second)), "beside the other, and a second longer")
	assert.DeepEqual(t, told, []time.Duration{2 * time.Minute})
	assert.Equal(t, s.total, 2*time.Minute+2*time.Second)
	at := start
	for range 6 {
		at = at.Add(time.Hour)
		assert.NilError(t, s.by(2*time.Minute, at))
	}
	assert.ErrorContains(t, s.by(2*time.Minute, at.Add(time.Hour)), "asks for more waiting than 15m0s in all")
	s.startAgain()
	assert.NilError(t, s.by(2*time.Minute, at.Add(time.Hour)))
}

// TestRetryAfter holds that no number of seconds is too large to be understood.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC)
	for asked, want := range map[string]time.Duration{
		"": 2 * time.Second, "soon": 2 * time.Second, "-1": 2 * time.Second, "0": 0, "3": 3 * time.Second,
		"120": 2 * time.Minute, "121": 2 * time.Minute, "10000000000": 2 * time.Minute,
		"Sat, 31 Jan 2026 09:00:05 GMT": 5 * time.Second, "Sat, 31 Jan 2026 08:00:00 GMT": 0,
	} {
		assert.Equal(t, retryAfter(http.Header{"Retry-After": {asked}}, now, 1), want, asked)
	}
}

// TestRun_askedToWaitForEver holds that a server that always asks to wait ends the run, and that each wait is told.
func TestRun_askedToWaitForEver(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	waits := 0
	g.broken = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/status_checks") {
			return false
		}
		w.Header().Set("Retry-After", "86400")
		answer429(w)
		return true
	}
	options, clock := optionsFor(g, manyScenarios(10, pendingList))
	options.Slowed = func(length time.Duration) {
		waits++
		assert.Equal(t, length, 2*time.Minute)
	}
	_, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.ErrorContains(t, err, "http://gitlab.test asks for more waiting than 15m0s in all: it, or a proxy before "+
		"it, limits requests.")
	var trouble *TargetError
	assert.Assert(t, errors.As(err, &trouble))
	assert.Equal(t, waits, 7)
	assert.Assert(t, clock.all < 20*time.Minute, "%s", clock.all)
	assert.DeepEqual(t, g.standing(), []string(nil))
}
