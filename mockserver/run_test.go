package mockserver_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// must sends a JSON request as the default world's maintainer, and fails the test unless it succeeds.
func must(t *testing.T, s *mockserver.Server, method, path, body string) string {
	t.Helper()
	r := httptest.NewRequest(method, "http://gitlab.example"+apiPrefix+path, strings.NewReader(body))
	r.Header.Set("Private-Token", "glpat-maintainer")
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	assert.Assert(t, w.Code < 300, "%s %s: %d %s", method, path, w.Code, w.Body)
	return w.Body.String()
}

// bubble makes a server whose time is that of the bubble, and counts what it delivers.
func bubble(t *testing.T, mutate ...func(*mockserver.Options)) (*mockserver.Server, *atomic.Int64) {
	t.Helper()
	sent := &atomic.Int64{}
	opts := mockserver.Options{Now: time.Now, Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		sent.Add(1)
		return answerWith(http.StatusOK, ""), nil
	})}
	for _, m := range mutate {
		m(&opts)
	}
	s, err := mockserver.New(opts)
	assert.NilError(t, err)
	return s, sent
}

// running lets a server run until the function that it returns is called, which waits for the end.
func running(t *testing.T, s *mockserver.Server) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- s.Run(ctx) }()
	return func() {
		t.Helper()
		cancel()
		assert.NilError(t, <-done)
	}
}

const pendingResponse = `{"external_status_check_id":1,"sha":"141be9714669a4c1ccaa013c6a7f3e462ff2a40f",` +
	`"status":"pending"}`

// statusOf is what the state holds for check 1, jobs that nobody ran not counted.
func statusOf(t *testing.T, s *mockserver.Server) (status gitlab.Status) {
	t.Helper()
	assert.NilError(t, s.ViewState(s.Now(), func(tx *gitlab.Tx) error {
		mr, err := tx.MergeRequest(6, 4)
		status = tx.StatusOf(mr, 1)
		return err
	}))
	return status
}

func TestRun_timesOutAtItsInstant(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, _ := bubble(t)
		defer running(t, s)()
		must(t, s, "POST", mergeRequestPath+"/status_check_responses", pendingResponse)
		time.Sleep(gitlab.TimeoutInterval)
		synctest.Wait()
		assert.Equal(t, statusOf(t, s), gitlab.Pending, "exactly two minutes old is not too old")
		time.Sleep(time.Microsecond)
		synctest.Wait()
		assert.Equal(t, statusOf(t, s), gitlab.Failed)
	})
}

func TestRun_deliversAsSoonAsItIsDue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, sent := bubble(t, func(o *mockserver.Options) {
			o.Lag = mockserver.Lag{Min: 300 * time.Millisecond, Max: 300 * time.Millisecond}
		})
		defer running(t, s)()
		must(t, s, "PUT", mergeRequestPath, `{"title":"Later"}`)
		time.Sleep(299 * time.Millisecond)
		synctest.Wait()
		assert.Equal(t, sent.Load(), int64(0))
		time.Sleep(time.Millisecond)
		synctest.Wait()
		assert.Equal(t, sent.Load(), int64(2))
	})
}

func TestRun_triesAgainByItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tried := atomic.Int64{}
		s, _ := bubble(t, onlyCheck("http://service.example"), func(o *mockserver.Options) {
			o.Transport = roundTrip(func(*http.Request) (*http.Response, error) {
				tried.Add(1)
				return nil, errors.New("nobody there")
			})
		})
		defer running(t, s)()
		must(t, s, "PUT", mergeRequestPath, `{"title":"Again"}`)
		for _, step := range []struct {
			after time.Duration
			tries int64
		}{{0, 1}, {15 * time.Second, 2}, {16 * time.Second, 3}, {31 * time.Second, 4}, {24 * time.Hour, 4}} {
			time.Sleep(step.after)
			synctest.Wait()
			assert.Equal(t, tried.Load(), step.tries)
		}
	})
}

func TestRun_waitsWhileTheClockStands(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, _ := bubble(t)
		defer running(t, s)()
		steer(t, s, "PUT", "/-/mock/clock", `{"mode":"frozen"}`, http.StatusOK)
		must(t, s, "POST", mergeRequestPath+"/status_check_responses", pendingResponse)
		time.Sleep(time.Hour)
		synctest.Wait()
		assert.Equal(t, statusOf(t, s), gitlab.Pending)
		steer(t, s, "PUT", "/-/mock/clock", `{"mode":"offset"}`, http.StatusOK)
		time.Sleep(gitlab.TimeoutInterval)
		synctest.Wait()
		assert.Equal(t, statusOf(t, s), gitlab.Pending)
		time.Sleep(time.Second)
		synctest.Wait()
		assert.Equal(t, statusOf(t, s), gitlab.Failed, "a clock that goes again is noticed")
	})
}

// steer sends a request to the control surface.
func steer(t *testing.T, s *mockserver.Server, method, path, body string, status int) string {
	t.Helper()
	r := httptest.NewRequest(method, "http://gitlab.example"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	assert.Equal(t, w.Code, status, "%s", w.Body)
	return w.Body.String()
}

// The bubble fails the test if a goroutine is left.
func TestRun_leavesNothingBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, _ := bubble(t, func(o *mockserver.Options) {
			o.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
				<-r.Context().Done()
				return nil, r.Context().Err()
			})
		})
		stop := running(t, s)
		must(t, s, "PUT", mergeRequestPath, `{"title":"Interrupted"}`)
		synctest.Wait()
		stop()
		assert.NilError(t, s.ViewState(time.Now(), func(tx *gitlab.Tx) error {
			for _, d := range tx.Deliveries() {
				assert.Equal(t, d.State, gitlab.Queued)
				assert.Equal(t, len(d.Attempts), 0)
			}
			assert.Equal(t, len(tx.Deliveries()), 2)
			return nil
		}))
		running(t, s)() // and it can be run again
	})
}

func TestRun_onlyOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, _ := bubble(t)
		defer running(t, s)()
		synctest.Wait()
		assert.Error(t, s.Run(t.Context()), "mockserver: this server is running already; call Run once")
	})
}

func TestAdvance_everythingInItsOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var s *mockserver.Server
		var at []time.Duration
		began := time.Now()
		s, _ = bubble(t, onlyCheck("http://service.example"), func(o *mockserver.Options) {
			o.Lag = mockserver.Lag{Min: time.Second, Max: time.Second}
			o.Transport = roundTrip(func(*http.Request) (*http.Response, error) {
				at = append(at, s.Now().Sub(began))
				return nil, errors.New("nobody there")
			})
		})
		must(t, s, "POST", mergeRequestPath+"/status_check_responses", pendingResponse)
		must(t, s, "PUT", mergeRequestPath, `{"title":"Forward"}`)
		assert.NilError(t, s.Advance(t.Context(), time.Minute))
		assert.DeepEqual(t, at, []time.Duration{time.Second, 16 * time.Second, 32 * time.Second})
		assert.Equal(t, statusOf(t, s), gitlab.Pending)
		assert.NilError(t, s.AdvanceTo(t.Context(), began.Add(gitlab.TimeoutInterval+time.Microsecond)))
		assert.Equal(t, len(at), 4)
		assert.Equal(t, at[3], 63*time.Second)
		assert.Equal(t, statusOf(t, s), gitlab.Failed)
		assert.Equal(t, time.Since(began), time.Duration(0), "no real time passed")
		assert.Equal(t, s.Now(), began.Add(gitlab.TimeoutInterval+time.Microsecond).UTC())

		assert.NilError(t, s.AdvanceTo(t.Context(), began), "what is past is past")
		assert.Equal(t, s.Now(), began.Add(gitlab.TimeoutInterval+time.Microsecond).UTC())
		time.Sleep(time.Second)
		assert.Equal(t, s.Now(), began.Add(gitlab.TimeoutInterval+time.Second+time.Microsecond).UTC(),
			"the clock goes on, ahead")
	})
}

// What a job brings about is dated with the instant at which the job was due, not with that to which the clock was put.
func TestAdvance_jobsRunAtTheirOwnInstants(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(o *mockserver.Options) { o.Lag = mockserver.Lag{Min: time.Second, Max: time.Second} })
	h.do("developer", "POST", "/projects/6/repository/branches?branch=feature&ref=main", nil).want(http.StatusCreated)
	mr := h.do("developer", "POST", "/projects/6/merge_requests", map[string]string{
		"source_branch": "feature",
		"target_branch": "main", "title": "New",
	}).want(http.StatusCreated)
	assert.NilError(t, h.server.Advance(t.Context(), time.Hour))
	got := h.do("developer", "GET", "/projects/6/merge_requests/"+mr.text("iid"), nil).want(http.StatusOK)
	assert.Equal(t, got.text("prepared_at"), "2026-02-03T10:00:01.000Z")
	assert.Equal(t, h.server.Now(), testNow.Add(time.Hour))
}

// TestAdvance_whileTheClockGoesOn holds that what becomes due after all was done and before the clock is read again is
// done as well: here each reading of the clock takes a second.
func TestAdvance_whileTheClockGoesOn(t *testing.T) {
	t.Parallel()
	var readings atomic.Int64
	s, _ := bubble(t, func(o *mockserver.Options) {
		o.Now = func() time.Time {
			return time.Date(2026, 2, 3, 10, 0, 0, 0, time.UTC).Add(time.Duration(readings.Add(1)) * time.Second)
		}
	})
	for range 30 {
		must(t, s, "POST", "/projects/6/merge_requests/4/status_check_responses", pendingResponse)
	}
	assert.NilError(t, s.Advance(t.Context(), 10*time.Minute))
	assert.Equal(t, statusOf(t, s), gitlab.Failed)
}

func TestAdvance_neverBack(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	assert.Error(t, h.server.Advance(t.Context(), -time.Second), "mockserver: time cannot be advanced by -1s: it "+
		"only goes forward; set the clock to put it back")
}

func TestAdvance_endsWithItsContext(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.ErrorIs(t, h.server.Advance(ctx, time.Second), context.Canceled)
}

func TestAdvance_besideRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, sent := bubble(t, func(o *mockserver.Options) {
			o.Lag = mockserver.Lag{Min: 10 * time.Second, Max: 10 * time.Second}
		})
		defer running(t, s)()
		must(t, s, "PUT", mergeRequestPath, `{"title":"Twice?"}`)
		assert.NilError(t, s.Advance(t.Context(), time.Minute))
		assert.Equal(t, sent.Load(), int64(2), "nothing is sent twice, and nothing is waited for in vain")
	})
}

func TestAdvance_stopsWhenTheWorldIsReset(t *testing.T) {
	t.Parallel()
	var h *harness
	h = newHarness(t, onlyCheck("http://service.example"), func(o *mockserver.Options) {
		o.Transport = roundTrip(func(*http.Request) (*http.Response, error) {
			return nil, errors.Join(h.server.Reset(), errors.New("reset"))
		})
	})
	h.retitle("Reset")
	assert.ErrorIs(t, h.server.Advance(t.Context(), time.Hour), mockserver.ErrReset)
	assert.Equal(t, h.server.Now(), testNow)
}

func TestReset(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	before := h.raw("GET", "/-/mock/state", "").body
	h.retitle("Changed")
	h.do("", "GET", "/nowhere", nil).want(http.StatusNotFound)
	assert.NilError(t, h.server.Advance(t.Context(), time.Hour))
	assert.Assert(t, string(h.raw("GET", "/-/mock/state", "").body) != string(before))
	assert.NilError(t, h.server.Reset())
	assert.Equal(t, string(h.raw("GET", "/-/mock/state", "").body), string(before))
	assert.Equal(t, string(h.raw("GET", "/-/mock/surprises", "").body), "[]\n")
}

// TestBaseURL_ofFirstRequest holds that links lead where the first request of a world came in, when no address was
// given.
func TestBaseURL_ofFirstRequest(t *testing.T) {
	t.Parallel()
	s, err := mockserver.New(mockserver.Options{})
	assert.NilError(t, err)
	ask := func(host string) string {
		r := httptest.NewRequest(http.MethodGet, "http://"+host+apiPrefix+"/user", nil)
		r.Header.Set("Private-Token", "glpat-developer")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		var user struct {
			WebURL string `json:"web_url"`
		}
		assert.NilError(t, json.Unmarshal(w.Body.Bytes(), &user))
		return user.WebURL
	}
	healthy := httptest.NewRecorder()
	s.ServeHTTP(healthy, httptest.NewRequest(http.MethodGet, "http://probe.example/-/health", nil))
	assert.Equal(t, healthy.Code, http.StatusOK)
	assert.Equal(t, ask("mock.example:8929"), "http://mock.example:8929/developer")
	assert.Equal(t, ask("elsewhere.example"), "http://mock.example:8929/developer", "an instance has one address")
}
