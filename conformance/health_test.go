package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"gotest.tools/v3/assert"
)

// silent lets so many requests through and then answers none until its context ends, as a server that hangs does.
type silent struct {
	http.RoundTripper
	after int64
	seen  atomic.Int64
	lost  atomic.Int64
}

func (s *silent) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.seen.Add(1) <= s.after {
		return s.RoundTripper.RoundTrip(r)
	}
	s.lost.Add(1)
	return nil, fmt.Errorf("%s %s: %w", r.Method, r.URL, context.DeadlineExceeded)
}

func manyScenarios(n int, steps string) fstest.MapFS {
	files := fstest.MapFS{}
	for i := range n {
		files[fmt.Sprintf("list/s%d.yaml", i)] = &fstest.MapFile{Data: []byte(head(fmt.Sprintf("list.s%d", i)) + steps)}
	}
	return files
}

// TestRun_targetFallsSilent holds that a target which stops answering is given up soon, with no verdict, and that the
// ledger tells what it holds.
func TestRun_targetFallsSilent(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	options, _ := optionsFor(g, manyScenarios(60, pendingList))
	hanging := &silent{RoundTripper: options.Transport, after: 40}
	options.Transport, options.Ledger = hanging, filepath.Join(t.TempDir(), "run.ledger")
	_, err := Run(t.Context(), options.Target, options.RunOptions)
	var trouble *TargetError
	assert.Assert(t, errors.As(err, &trouble), "%v", err)
	assert.Equal(t, trouble.Kind, Unreachable)
	assert.Equal(t, ExitCode(err), ExitNotJudged)
	assert.Assert(t, strings.HasPrefix(err.Error(), "http://gitlab.test stopped answering after 40 answers: "+
		"gitlab.test did not answer in time."), err.Error())
	assert.Assert(t, strings.Contains(err.Error(), "still there; the ledger "+options.Ledger+" names them"),
		err.Error())
	assert.Assert(t, hanging.lost.Load() < 10, "%d requests were sent into the silence", hanging.lost.Load())

	cleaned, err := CleanUp(t.Context(), Target{Token: g.token, Transport: InProcess(g)}, options.Ledger,
		RunOptions{Clock: options.Clock, Wait: options.Wait})
	assert.NilError(t, err)
	assert.Assert(t, len(cleaned.Removed) >= 1)
	assert.DeepEqual(t, g.standing(), []string(nil))
	_, err = os.Stat(options.Ledger)
	assert.Assert(t, errors.Is(err, os.ErrNotExist))
}

// TestRun_neverAnswers holds that a target that is silent from the first is no mystery either.
func TestRun_neverAnswers(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	options, _ := optionsFor(g, manyScenarios(1, pendingList))
	options.Transport = &silent{RoundTripper: options.Transport}
	_, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.ErrorContains(t, err, "gitlab.test did not answer in time")
	assert.Equal(t, ExitCode(err), ExitNotJudged)
}

// TestRun_overloadedTarget holds that what a proxy says is never taken for what the API says.
func TestRun_overloadedTarget(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 502, 503, 504} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			g := newFakeGitLab()
			g.broken = func(w http.ResponseWriter, r *http.Request) bool {
				if strings.HasSuffix(r.URL.Path, "/status_checks") && strings.Contains(r.Header.Get("User-Agent"),
					"list.s1") {
					w.Header().Set("Content-Type", "text/html")
					w.WriteHeader(status)
					return true
				}
				return false
			}
			options, _ := optionsFor(g, manyScenarios(2, pendingList))
			report, err := Run(t.Context(), options.Target, options.RunOptions)
			assert.NilError(t, err)
			assert.Equal(t, report.Verdict, NotJudged)
			assert.Equal(t, report.Totals["errored"], 1)
			assert.Equal(t, report.Totals["failed"], 0)
			assert.ErrorContains(t, errors.New(report.Scenarios[1].Failure.Message),
				fmt.Sprintf("the answer %d says nothing about the API", status))
			claimFile(t, report)
		})
	}
}

// brokenAfter answers in place of the target from the request with this number on, and counts the requests.
func (g *fakeGitLab) brokenAfter(requests int64, answer func(w http.ResponseWriter)) *atomic.Int64 {
	var seen atomic.Int64
	g.broken = func(w http.ResponseWriter, _ *http.Request) bool {
		if seen.Add(1) < requests {
			return false
		}
		answer(w)
		return true
	}
	return &seen
}

// TestRun_targetGoesDown holds that a run ends when a proxy answers everything in the target's place.
func TestRun_targetGoesDown(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	seen := g.brokenAfter(40, func(w http.ResponseWriter) { w.WriteHeader(502) })
	options, _ := optionsFor(g, manyScenarios(60, pendingList))
	_, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.ErrorContains(t, err, "http://gitlab.test answered the last 25 requests with 502: it, or a proxy before "+
		"it, is overloaded or down.")
	assert.Equal(t, ExitCode(err), ExitNotJudged)
	assert.Assert(t, seen.Load() < 80, "%d requests", seen.Load())
}

// TestRun_tokenLapses holds that 401 to everybody is no verdict about the API.
func TestRun_tokenLapses(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	g.brokenAfter(20, func(w http.ResponseWriter) {
		writeJSON(w, 401, map[string]any{"message": "401 Unauthorized"})
	})
	options, _ := optionsFor(g, manyScenarios(10, pendingList))
	_, err := Run(t.Context(), options.Target, options.RunOptions)
	var trouble *TargetError
	assert.Assert(t, errors.As(err, &trouble), "%v", err)
	assert.Equal(t, trouble.Kind, BadToken)
	assert.ErrorContains(t, err, "took the token when the run began and does not any more")
}

// TestRun_serverForgets holds that a server which is started anew without its data is told as that.
func TestRun_serverForgets(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	var seen atomic.Int64
	g.broken = func(http.ResponseWriter, *http.Request) bool {
		if seen.Add(1) == 30 {
			g.mu.Lock()
			defer g.mu.Unlock()
			clear(g.projects)
		}
		return false
	}
	options, _ := optionsFor(g, manyScenarios(10, pendingList))
	_, err := Run(t.Context(), options.Target, options.RunOptions)
	var trouble *TargetError
	assert.Assert(t, errors.As(err, &trouble), "%v", err)
	assert.Equal(t, trouble.Kind, LostData)
	assert.ErrorContains(t, err, "has lost the project root/statuschecks-r1-shared-private during the run")
	assert.Equal(t, ExitCode(err), ExitNotJudged)
}

// TestRun_signInPageComes holds that a page which takes every request in the middle of a run is no verdict.
func TestRun_signInPageComes(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	g.brokenAfter(30, func(w http.ResponseWriter) {
		w.Header().Set("Location", "/users/sign_in")
		w.WriteHeader(http.StatusFound)
	})
	options, _ := optionsFor(g, manyScenarios(10, pendingList))
	_, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.ErrorContains(t, err, "the server answered when the run began and does not any more: http://gitlab.test "+
		"answered GET /user with 302 and sends elsewhere, to /users/sign_in.")
	assert.Equal(t, ExitCode(err), ExitNotJudged)
}

// lossyTransport carries out a request and loses its answer.
type lossyTransport struct {
	http.RoundTripper
	when func(*http.Request) bool
}

func (l lossyTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := l.RoundTripper.RoundTrip(r)
	if err == nil && l.when(r) {
		return nil, errors.New("connection reset by peer")
	}
	return response, err
}

// TestRun_lostAnswer holds that a project is removed that was made although nobody heard so, and no other.
func TestRun_lostAnswer(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	g.projects["99"] = &fakeProject{id: 99, path: "root/statuschecks-r0-shared-private"}
	options, _ := optionsFor(g, fstest.MapFS{
		"list/one.yaml": {Data: []byte(head("list.one") + pendingList)},
		"list/own.yaml": {Data: []byte(head("list.own") + "isolation: project" + pendingList)},
	})
	made := 0
	options.Transport = lossyTransport{options.Transport, func(r *http.Request) bool {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/api/v4/projects") {
			made++
		}
		return made == 2 && r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/api/v4/projects")
	}}
	report, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.NilError(t, err)
	assert.Equal(t, report.Totals["errored"], 1)
	assert.Equal(t, made, 2)
	assert.DeepEqual(t, report.Remaining, []string(nil))
	assert.DeepEqual(t, g.standing(), []string{"root/statuschecks-r0-shared-private"})
}
