package mockserver_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/logtest"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// If the mock's own code panics, the request gets a response and the log an entry, at every kind of path.
func TestSurvive_requests(t *testing.T) {
	t.Parallel()
	for path, body := range map[string]string{
		"/api/v4/version": `{"message":"500 Internal Server Error"}`,
		"/-/mock/clock": `{"error":"a mistake of the mock; its log has more of it under the request's id abc"}` +
			"\n",
		"/-/nothing": `{"error":"a mistake of the mock; its log has more of it under the request's id abc"}` +
			"\n",
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			var log logtest.Buffer
			var broken atomic.Bool
			h := newUnjudged(t, func(o *mockserver.Options) {
				o.Log = slog.New(slog.NewTextHandler(&log, nil))
				o.Now = func() time.Time {
					if broken.Load() {
						panic("the clock fell from the wall")
					}
					return testNow
				}
			})
			broken.Store(true)
			r := httptest.NewRequest("GET", testBaseURL+path, nil)
			r.Header.Set("X-Request-Id", "abc")
			got := h.send(r)
			assert.Equal(t, string(got.body), body)
			assert.Equal(t, got.status, http.StatusInternalServerError)
			for _, part := range []string{
				"level=ERROR", "request_id=abc", "path=" + path,
				`mistake="the clock fell from the wall"`, "survive_test.go",
			} {
				assert.Assert(t, strings.Contains(log.String(), part), "%s is not in %s", part, log.String())
			}
			broken.Store(false)
			h.do("guest", "GET", "/version", nil).want(200)
		})
	}
}

func TestSurvive_hangsUpWhereItMust(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t)
	defer func() { assert.Equal(t, recover(), http.ErrAbortHandler) }()
	defer mockserver.Survive(h.server, httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	panic(http.ErrAbortHandler)
}

func TestSurvive_deliveries(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t, onlyCheck("http://service.example"), func(o *mockserver.Options) {
		o.Transport = roundTrip(func(*http.Request) (*http.Response, error) { panic("no paper") })
	})
	h.retitle("Lost")
	assert.Equal(t, h.deliver(), 1)
	d := h.soleDelivery()
	assert.Equal(t, d.State, gitlab.GaveUp)
	assert.Equal(t, d.Attempts[0].Error, "a mistake of the mock: no paper")
}
