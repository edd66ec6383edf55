package mockserver_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// hammers are the actions that run at the same time. Each call does one of them.
var hammers = map[string]func(s *mockserver.Server, n int){
	"list": func(s *mockserver.Server, _ int) {
		blow(s, "GET", apiPrefix+mergeRequestPath+"/status_checks", "")
	},
	"respond": func(s *mockserver.Server, n int) {
		status := []string{"passed", "failed", "pending"}[n%3]
		blow(s, "POST", apiPrefix+mergeRequestPath+"/status_check_responses", strings.Replace(pendingResponse,
			"pending", status, 1))
	},
	"retry": func(s *mockserver.Server, _ int) {
		blow(s, "POST", apiPrefix+mergeRequestPath+"/status_checks/1/retry", "")
	},
	"retitle": func(s *mockserver.Server, n int) {
		blow(s, "PUT", apiPrefix+mergeRequestPath, fmt.Sprintf(`{"title":"T%d"}`, n))
	},
	"check": func(s *mockserver.Server, n int) {
		blow(s, "POST", apiPrefix+"/projects/6/external_status_checks",
			fmt.Sprintf(`{"name":"c%d","external_url":"http://c%d.example"}`, n, n))
	},
	"hook": func(s *mockserver.Server, n int) {
		if n%20 == 0 { // each event makes a delivery for each of them, and Advance takes thousands, not more
			blow(s, "POST", apiPrefix+"/projects/6/hooks",
				fmt.Sprintf(`{"url":"http://h%d.example","merge_requests_events":true}`, n))
		}
	},
	"commit": func(s *mockserver.Server, n int) {
		blow(s, "POST", apiPrefix+"/projects/6/repository/commits",
			fmt.Sprintf(`{"branch":"root-main-patch-30152","commit_message":"m","actions":[{"action":"create",`+
				`"file_path":"f%d","content":""}]}`, n))
	},
	"advance": func(s *mockserver.Server, _ int) { _ = s.Advance(context.Background(), 10*time.Second) },
	"deliver": func(s *mockserver.Server, _ int) { _, _ = s.Flush(context.Background()) },
	"freeze": func(s *mockserver.Server, n int) {
		blow(s, "PUT", "/-/mock/clock", []string{`{"mode":"frozen"}`, `{"mode":"offset"}`}[n%2])
	},
	"state": func(s *mockserver.Server, _ int) { blow(s, "GET", "/-/mock/state", "") },
	"reset": func(s *mockserver.Server, n int) {
		if n%20 == 19 {
			_ = s.Reset()
		}
	},
}

func blow(s *mockserver.Server, method, path, body string) {
	r := httptest.NewRequest(method, "http://gitlab.example"+path, strings.NewReader(body))
	r.Header.Set("Private-Token", "glpat-maintainer")
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code == http.StatusInternalServerError {
		panic(fmt.Sprintf("%s %s: %s", method, path, w.Body))
	}
}

// All actions run at the same time, under the race detector. Afterwards the state must be consistent.
func TestServer_hammered(t *testing.T) {
	before := runtime.NumGoroutine()
	var sent atomic.Int64
	s, err := mockserver.New(mockserver.Options{
		Lag: mockserver.Lag{Max: 3 * time.Second},
		Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			if sent.Add(1)%5 == 0 {
				return nil, errors.New("nobody there")
			}
			return answerWith(http.StatusOK, ""), r.Context().Err()
		}),
	})
	assert.NilError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- s.Run(ctx) }()
	var wg sync.WaitGroup
	for _, hammer := range hammers {
		wg.Go(func() {
			for n := range 60 {
				hammer(s, n)
			}
		})
	}
	wg.Wait()
	blow(s, "PUT", "/-/mock/clock", `{"mode":"offset"}`)
	hammers["retitle"](s, 60) // so that there are deliveries, even if a reset came last
	assert.NilError(t, s.Advance(t.Context(), time.Hour))
	cancel()
	assert.NilError(t, <-ended)
	assert.Assert(t, sent.Load() > 0)
	holds(t, s)
	for range 100 { // goroutines end a little after their work
		if runtime.NumGoroutine() <= before {
			return
		}
		runtime.Gosched()
	}
	assert.Assert(t, runtime.NumGoroutine() <= before, "goroutines: %d before, %d after", before,
		runtime.NumGoroutine())
}

// holds checks what must be true of any state in which nothing is left to do.
func holds(t *testing.T, s *mockserver.Server) {
	t.Helper()
	assert.NilError(t, s.ViewState(s.Now(), func(tx *gitlab.Tx) error {
		assert.Equal(t, len(tx.Jobs()), 0)
		mr, err := tx.MergeRequest(6, 4)
		assert.NilError(t, err)
		var checks, responses, deliveries []int64
		for _, c := range tx.ExternalStatusChecks(6) {
			checks = append(checks, int64(c.ID))
			for _, r := range tx.Responses(mr.ID, c.ID) {
				responses = append(responses, int64(r.ID))
				assert.Assert(t, r.Status != gitlab.Pending, "a pending response outlived an hour")
			}
		}
		for _, d := range tx.Deliveries() {
			deliveries = append(deliveries, int64(d.ID))
			assert.Assert(t, d.State == gitlab.Delivered || d.State == gitlab.GaveUp, d.State)
			assert.Assert(t, slices.IsSortedFunc(d.Attempts,
				func(a, b gitlab.Attempt) int { return a.At.Compare(b.At) }))
		}
		for _, ids := range [][]int64{checks, responses, deliveries} {
			slices.Sort(ids)
			for i, id := range ids {
				assert.Equal(t, id, int64(i+1), "ids are dense: %v", ids)
			}
		}
		return nil
	}))
}
