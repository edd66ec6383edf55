package main

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// The benchmarks call the handler without a network, so that a profile shows the mock and little else:
//
//	go test ./bench -run '^$' -bench . -cpuprofile cpu.prof

func BenchmarkListStatuses(b *testing.B) {
	benchmark(b, func(w *worldOf) *exchange { return &w.list })
}

func BenchmarkRespond(b *testing.B) {
	benchmark(b, func(w *worldOf) *exchange { return &w.respond })
}

func BenchmarkBranchRules(b *testing.B) {
	benchmark(b, func(w *worldOf) *exchange { return &w.rules })
}

// benchmark counts what the handler costs. What net/http makes for each request counts too, as far as it is the map of
// the response's headers; the request is made once.
func benchmark(b *testing.B, choose func(*worldOf) *exchange) {
	world, err := newWorld(seed.Default())
	assert.NilError(b, err)
	defer world.end()
	e := choose(world)
	request, err := e.request(b.Context())
	assert.NilError(b, err)
	request.RemoteAddr = "127.0.0.1:1"
	body := bytes.NewReader(e.body)
	request.Body, request.ContentLength = http.NoBody, int64(len(e.body))
	if len(e.body) > 0 {
		request.Body = io.NopCloser(body)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		body.Reset(e.body)
		answer := blank{header: http.Header{}}
		world.mock.ServeHTTP(&answer, request)
		if answer.status != e.status {
			b.Fatalf("answered %d", answer.status)
		}
	}
}

// blank is a response that nobody reads.
type blank struct {
	header http.Header
	status int
}

// Header returns the headers of the response.
func (w *blank) Header() http.Header { return w.header }

// WriteHeader stores the status.
func (w *blank) WriteHeader(status int) { w.status = status }

// Write drops a part of the body.
func (w *blank) Write(p []byte) (int, error) { return len(p), nil }

// TestComparison_measures holds that what is measured works: every exchange succeeds at the mock and at the bare
// handler.
func TestComparison_measures(t *testing.T) {
	t.Parallel()
	s := settings{rounds: 1, requests: 8, connections: 2}
	rows, err := throughputRows(t.Context(), s)
	assert.NilError(t, err)
	assert.Equal(t, len(rows), 2)
	rows, err = graphQLRows(t.Context(), s)
	assert.NilError(t, err)
	assert.Equal(t, len(rows), 1)
	rows, err = overheadRows(t.Context(), s)
	assert.NilError(t, err)
	assert.Equal(t, len(rows), 3)
	s.worlds = 20
	rows, err = manyWorldRows(t.Context(), s)
	assert.NilError(t, err)
	assert.Equal(t, len(rows), 3)
	s.requests, s.mergeRequests, s.responses = 20, 50, 4
	rows, err = worldRows(t.Context(), s)
	assert.NilError(t, err)
	assert.Equal(t, len(rows), 3)
}

func TestExchange_reportsARefusal(t *testing.T) {
	t.Parallel()
	root, end, err := listen(http.NotFoundHandler())
	assert.NilError(t, err)
	defer end()
	e := exchange{method: http.MethodGet, url: root, status: http.StatusOK}
	_, err = e.send(t.Context(), newClient(1))
	assert.ErrorContains(t, err, "answered 404")
}
