package mockserver_test

import (
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/coverage"
	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/release"
)

// callsOf is how often a report says that an operation was called.
func callsOf(r coverage.Report, id string) int {
	for _, op := range r.Operations {
		if op.ID == id {
			return op.Calls
		}
	}
	return -1
}

// What clients did counts in whatever world they did it, also if it was dropped.
func TestTotals(t *testing.T) {
	t.Parallel()
	plan := func(id string) fault.Plan {
		return fault.Plan{ID: id, Faults: []fault.Fault{{
			Calls: fault.Calls{Operation: "getVersion"}, Times: 1, Response: &fault.Response{Status: 503},
		}}}
	}
	h := newUnjudged(t, onlyCheck("http://127.0.0.1:1/hook"), func(o *mockserver.Options) {
		o.Faults = []fault.Plan{plan("everywhere")}
	})
	assert.Equal(t, callsOf(h.server.Totals().Coverage, "getVersion"), 0)
	h.addWorlds("a", "b")
	_, err := h.server.AddWorld("old", mockserver.WorldOptions{Version: release.Of(15, 6)})
	assert.NilError(t, err)
	b, _ := h.server.World("b")
	_, err = b.AddFaults(plan("unused"))
	assert.NilError(t, err)
	h.in("a", "GET", apiPrefix+"/version", "").want(503)
	h.in("old", "GET", apiPrefix+"/version", "").want(503)
	for _, world := range []string{"a", "b"} {
		h.in(world, "PUT", titleOf, `{"title":"Another","titel":"x"}`).want(200)
	}
	for _, drop := range []string{"", "a", "b"} {
		assert.Assert(t, drop == "" || h.server.RemoveWorld(drop))
		totals := h.server.Totals()
		assert.Equal(t, len(totals.Notes), 1)
		assert.Equal(t, totals.Notes[0].Count, 2)
		assert.Equal(t, totals.Undelivered, 2)
		assert.Equal(t, callsOf(totals.Coverage, "updateMergeRequest"), 2)
		assert.Equal(t, callsOf(totals.Coverage, "listProjects"), 0)
		assert.Equal(t, len(totals.Coverage.Releases), 1, "what was told by a fault has no operation")
		assert.Equal(t, len(totals.UnusedFaults), 1)
		assert.Equal(t, totals.UnusedFaults[0].ID, "unused")
	}
}
