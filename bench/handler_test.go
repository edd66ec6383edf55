package main

import (
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

func benchmark(b *testing.B, choose func(*worldOf) *exchange) {
	world, err := newWorld(seed.Default())
	assert.NilError(b, err)
	defer world.end()
	e := choose(world)
	call, err := repeat(b.Context(), world.mock, e)
	assert.NilError(b, err)
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		if status := call(); status != e.status {
			b.Fatalf("answered %d", status)
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
	assert.Equal(t, len(rows), 3)
	rows, err = allocationRows(t.Context(), s)
	assert.NilError(t, err)
	assert.Equal(t, len(rows), 2)
	rows, err = crowdRows(t.Context(), s)
	assert.NilError(t, err)
	assert.Equal(t, len(rows), 1)
	rows, err = deliveryRows(t.Context(), s)
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
	assert.Equal(t, len(rows), 4)
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
