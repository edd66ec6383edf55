package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
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

func benchmark(b *testing.B, choose func(*worldOf) *exchange) {
	world, err := newWorld(seed.Default())
	assert.NilError(b, err)
	defer world.end()
	e := choose(world)
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		request := httptest.NewRequest(e.method, e.url, bytes.NewReader(e.body))
		request.Header.Set("Private-Token", e.token)
		if e.body != nil {
			request.Header.Set("Content-Type", "application/json")
		}
		answer := httptest.NewRecorder()
		world.mock.ServeHTTP(answer, request)
		if answer.Code != e.status {
			b.Fatalf("answered %d: %s", answer.Code, answer.Body)
		}
	}
}

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
