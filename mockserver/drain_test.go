package mockserver_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
)

// callsFromItsHandler are calls that a receiver must not make in its handler.
var callsFromItsHandler = map[string]func(*mockserver.Server) error{
	"deliver": func(s *mockserver.Server) error {
		_, err := s.Flush(context.Background())
		return err
	},
	"advance": func(s *mockserver.Server) error { return s.Advance(context.Background(), time.Minute) },
}

// A receiver that advances the clock in its handler waits for itself. It gets an error that says so, and no second
// delivery.
func TestDrain_fromItsOwnReceiver(t *testing.T) {
	t.Parallel()
	for name, call := range callsFromItsHandler {
		for _, runs := range []string{"run", "deliver"} {
			t.Run(name+" during "+runs, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					var s *mockserver.Server
					var told atomic.Pointer[error]
					var asked atomic.Int64
					s, _ = bubble(t, onlyCheck("http://service.example"), func(o *mockserver.Options) {
						o.Transport = roundTrip(func(*http.Request) (*http.Response, error) {
							asked.Add(1)
							err := call(s)
							told.Store(&err)
							return answerWith(http.StatusOK, ""), nil
						})
					})
					began := time.Now()
					if runs == "run" {
						defer running(t, s)()
					}
					must(t, s, "PUT", mergeRequestPath, `{"title":"Ask back"}`)
					if runs == "deliver" {
						_, err := s.Flush(t.Context())
						assert.NilError(t, err)
					}
					time.Sleep(3 * time.Second)
					synctest.Wait()
					assert.Assert(t, told.Load() != nil, "it is told nothing")
					assert.ErrorIs(t, *told.Load(), mockserver.ErrUnanswered)
					assert.ErrorContains(t, *told.Load(), "one to check 1; a receiver that calls this from its "+
						"handler waits for itself")
					assert.Equal(t, asked.Load(), int64(1))
					assert.Assert(t, time.Since(began) < 5*time.Second)
				})
			})
		}
	}
}

// Other callers may wait longer, by a deadline.
func TestDrain_waitsAsLongAsItIsTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, _ := bubble(t, onlyCheck("http://service.example"), func(o *mockserver.Options) {
			o.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
				select {
				case <-time.After(10 * time.Second):
				case <-r.Context().Done():
				}
				return answerWith(http.StatusOK, ""), nil
			})
		})
		defer running(t, s)()
		must(t, s, "PUT", mergeRequestPath, `{"title":"Slow"}`)
		synctest.Wait()
		refusal := steer(t, s, "POST", "/-/mock/deliveries/flush", "", http.StatusConflict)
		assert.Assert(t, strings.Contains(refusal, `say how long to wait, as {\"wait\":\"30s\"}`), refusal)
		steer(t, s, "POST", "/-/mock/clock/advance", `{"by":"1s","wait":"2s"}`, http.StatusConflict)
		assert.Equal(t, steer(t, s, "POST", "/-/mock/deliveries/flush", `{"wait":"30s"}`, http.StatusOK),
			`{"attempts":0,"queued":0}`+"\n")
	})
}

// A receiver that makes a change for each delivery causes deliveries without end. The call must end nevertheless.
func TestDrain_endlessDeliveries(t *testing.T) {
	t.Parallel()
	for name, call := range callsFromItsHandler {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var h *harness
			var told atomic.Int64
			h = newUnjudged(t, onlyCheck("http://service.example"), func(o *mockserver.Options) {
				o.Transport = roundTrip(func(*http.Request) (*http.Response, error) {
					h.retitle(fmt.Sprint("Told ", told.Add(1)))
					return answerWith(http.StatusOK, ""), nil
				})
			})
			h.retitle("Begin")
			err := call(h.server)
			assert.ErrorIs(t, err, mockserver.ErrEndless)
			assert.ErrorContains(t, err, "more than 5000 came up during this call; see that a service that is told "+
				"of a change does not make another")
			assert.Assert(t, told.Load() < 2*mockserver.MostNew, told.Load())
		})
	}
}
