package mocktest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/expectation"
	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/mockserver/journal"
	"github.com/statuschecks/statuschecks/mockserver/mocktest"
	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/release"
)

// closing sends the request that closes the merge request of the default world.
func closing(t *testing.T, gitlab *mocktest.Server) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut,
		gitlab.URL+"/api/v4/projects/6/merge_requests/4?state_event=close", nil)
	assert.NilError(t, err)
	r.Header.Set("Private-Token", seed.DeveloperToken)
	response, err := http.DefaultClient.Do(r)
	assert.NilError(t, err)
	assert.NilError(t, response.Body.Close())
	return response
}

// A webhook arrives by itself, and the test waits for it without polling.
func TestNewServer_delivers(t *testing.T) {
	t.Parallel()
	var heard atomic.Int64
	service := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { heard.Add(1) }))
	defer service.Close()
	world := seed.Default()
	world.Projects[0].ExternalStatusChecks = []seed.ExternalStatusCheck{{Name: "QA", ExternalURL: service.URL}}
	world.Projects[0].MergeRequests[0].Responses = nil
	gitlab := mocktest.NewServer(t, mockserver.Options{Seed: &world})
	assert.Equal(t, closing(t, gitlab).StatusCode, http.StatusOK)
	deliveries, err := gitlab.AwaitDeliveries(t.Context(), 1)
	assert.NilError(t, err)
	assert.Equal(t, deliveries[0].URL, service.URL)
	assert.Assert(t, heard.Load() > 0)
}

// told is a testing.TB that keeps what is logged to it.
type told struct {
	testing.TB

	mu     sync.Mutex
	log    strings.Builder
	failed string
}

func (r *told) Output() io.Writer { return r }

func (r *told) Write(text []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.Write(text)
}

func (r *told) Fatalf(format string, args ...any) {
	r.failed = fmt.Sprintf(format, args...)
	panic(r)
}

func TestNewServer_logsToTheTest(t *testing.T) {
	t.Parallel()
	tb := &told{TB: t}
	gitlab := mocktest.NewServer(tb, mockserver.Options{Transport: answering{}})
	closing(t, gitlab)
	_, err := gitlab.AwaitDeliveries(t.Context(), 1)
	assert.NilError(t, err)
	_, err = gitlab.Flush(t.Context()) // the response is logged a moment later
	assert.NilError(t, err)
	tb.mu.Lock()
	defer tb.mu.Unlock()
	assert.Assert(t, strings.Contains(tb.log.String(), "msg=delivered"), tb.log.String())
}

// answering is a service that accepts everything.
type answering struct{}

func (answering) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
}

// When its test has ended, a mock is closed.
func TestNewServer_closesWithTheTest(t *testing.T) {
	t.Parallel()
	var gitlab *mocktest.Server
	assert.Assert(t, t.Run("the test", func(t *testing.T) {
		gitlab = mocktest.NewServer(t, mockserver.Options{})
		assert.Equal(t, closing(t, gitlab).StatusCode, http.StatusOK)
	}))
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, gitlab.URL, nil)
	assert.NilError(t, err)
	_, err = http.DefaultClient.Do(r) //nolint:bodyclose // there is none
	assert.ErrorContains(t, err, "refused")
	assert.NilError(t, gitlab.Run(canceled(t)), "it runs still")
}

func canceled(t *testing.T) context.Context {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	return ctx
}

func TestNewServer_failsTheTest(t *testing.T) {
	t.Parallel()
	tb := &told{TB: t}
	defer func() {
		assert.Equal(t, recover(), any(tb))
		assert.ErrorContains(t, errors.New(tb.failed), "mocktest: the contract covers GitLab")
	}()
	mocktest.NewServer(tb, mockserver.Options{Version: release.Of(12, 0)})
}

// Tests share a server, each in a world of its own, which is gone with its test.
func TestNewWorld(t *testing.T) {
	t.Parallel()
	gitlab := mocktest.NewServer(t, mockserver.Options{Transport: answering{}})
	assert.Assert(t, t.Run("one test/of some", func(t *testing.T) {
		first, second := gitlab.NewWorld(t, mockserver.WorldOptions{}), gitlab.NewWorld(t, mockserver.WorldOptions{})
		assert.Equal(t, first.URL, gitlab.URL+"/worlds/TestNewWorld-one_test-of_some-1")
		assert.Assert(t, first.Name != second.Name)
		closing(t, &mocktest.Server{URL: first.URL})
		_, err := first.AwaitDeliveries(t.Context(), 1)
		assert.NilError(t, err)
		assert.Equal(t, second.State().MergeRequests[0].State, "opened")
		assert.Equal(t, len(gitlab.Worlds()), 2)
	}))
	assert.Equal(t, len(gitlab.Worlds()), 0)
}

func TestNewWorld_failsTheTest(t *testing.T) {
	t.Parallel()
	gitlab, tb := mocktest.NewServer(t, mockserver.Options{}), &told{TB: t}
	defer func() {
		assert.Equal(t, recover(), any(tb))
		assert.ErrorContains(t, errors.New(tb.failed), "mocktest: the contract covers GitLab")
	}()
	gitlab.NewWorld(tb, mockserver.WorldOptions{Version: release.Of(12, 0)})
}

// ending is a test that keeps what it fails for, and ends when it is told to.
type ending struct {
	testing.TB

	failed   string
	cleanups []func()
}

func (e *ending) Errorf(format string, args ...any) { e.failed += fmt.Sprintf(format, args...) + "\n" }

func (e *ending) Cleanup(f func()) { e.cleanups = append(e.cleanups, f) }

// A test in which clients do something else than is expected fails at its end, and says what.
func TestServer_Expect(t *testing.T) {
	t.Parallel()
	gitlab := mocktest.NewServer(t, mockserver.Options{Transport: answering{}})
	tb, once := &ending{TB: t}, 1
	gitlab.Expect(tb, expectation.Expectation{Calls: expectation.Calls{Operation: "updateMergeRequest"}, Times: &once})
	gitlab.Expect(tb, expectation.Expectation{ID: "another", Calls: expectation.Calls{Status: "500"}})
	closing(t, gitlab)
	for _, f := range tb.cleanups {
		f()
	}
	entry := gitlab.Journal(journal.Filter{Kind: journal.Call}).Entries[0] // a delivery may be there before it
	assert.Assert(t, strings.HasPrefix(tb.failed, fmt.Sprintf("mocktest: expectation another: the API with the "+
		"status 500 was called never, and at least 1 call was expected\n  near it is call %d, PUT "+
		"/api/v4/projects/6/merge_requests/4 (200): the status is 200, not 500\n", entry.Number)), tb.failed)
	tb.failed = ""
	gitlab.CheckExpectations(tb)
	assert.Assert(t, strings.HasPrefix(tb.failed, "mocktest: expectation another: "), tb.failed)
	assert.Equal(t, entry.Connection, int64(1))
}

// An expectation that a reset has removed is not taken for one that was met.
func TestServer_Expect_reset(t *testing.T) {
	t.Parallel()
	gitlab := mocktest.NewServer(t, mockserver.Options{Transport: answering{}})
	tb := &ending{TB: t}
	gitlab.Expect(tb, expectation.Expectation{ID: "mine", Calls: expectation.Calls{Status: "500"}})
	assert.NilError(t, gitlab.Reset())
	for _, f := range tb.cleanups {
		f()
	}
	assert.Assert(t, strings.HasPrefix(tb.failed, "mocktest: the expectation mine is gone before"), tb.failed)
}

// What happened before the journal was cleared is not taken for what did not happen.
func TestServer_Expect_clearedJournal(t *testing.T) {
	t.Parallel()
	gitlab := mocktest.NewServer(t, mockserver.Options{Transport: answering{}})
	never := 0
	updates := expectation.Calls{Operation: "updateMergeRequest"}
	before := &ending{TB: t}
	gitlab.Expect(before, expectation.Expectation{Calls: updates, AtMost: &never})
	closing(t, gitlab)
	gitlab.ClearJournal()
	after := &ending{TB: t}
	gitlab.Expect(after, expectation.Expectation{Calls: updates, AtMost: &never})
	for _, f := range append(before.cleanups, after.cleanups...) {
		f()
	}
	assert.Assert(t, strings.Contains(before.failed, "the journal has lost calls that count"), before.failed)
	assert.Equal(t, after.failed, "")
}

// A test in which a fault did not happen as often as it was to fails, and says which one.
func TestServer_CheckFaults(t *testing.T) {
	t.Parallel()
	gitlab := mocktest.NewServer(t, mockserver.Options{Transport: answering{}})
	updates := fault.Calls{Operation: "updateMergeRequest"}
	_, err := gitlab.AddFaults(fault.Plan{ID: "mine", Faults: []fault.Fault{
		{Calls: updates, Times: 2, IDsAsText: true},
		{Calls: updates, Headers: fault.Headers{Drop: []string{"Etag"}}, First: 2},
		{Deliveries: &fault.Deliveries{Attempt: 2}, Delivery: fault.Lost},
		{Calls: updates, First: 2, Times: 1, StaleETag: true},
	}})
	assert.NilError(t, err)
	closing(t, gitlab)
	tb := &ending{TB: t}
	gitlab.CheckFaults(tb)
	assert.Equal(t, tb.failed, "mocktest: the fault plan mine was not used up: fault 1 of 4 happened 1 of 2 times; "+
		"calls that fit it: 1; fault 2 of 4 happened never; calls that fit it: 1; fault 3 of 4 happened never; "+
		"deliveries that fit it: 0; fault 4 of 4 happened never; calls that fit it: 1\n")
	assert.Assert(t, gitlab.RemoveFaults("mine"))
	tb.failed = ""
	gitlab.CheckFaults(tb)
	assert.Equal(t, tb.failed, "")
}
