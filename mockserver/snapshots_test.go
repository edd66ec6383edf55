package mockserver_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/expectation"
	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/mockserver/journal"
	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/release"
)

// A restored world is what it was in all that steers it, and what is made next gets the id that it would have got.
func TestSnapshots_restore(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t)
	s := h.server
	assert.NilError(t, s.Freeze(testNow.Add(time.Hour)))
	assert.NilError(t, s.SetRelease(release.Of(16, 5), map[string]bool{mockserver.FlagPendingResponses: false}))
	assert.NilError(t, s.SetLicence(control.Licence{
		Licensed: true,
		Projects: []control.ProjectLicence{{ID: 6, Licensed: true}},
	}))
	_, err := s.AddFaults(fault.Plan{ID: "once", Faults: []fault.Fault{{
		Calls: fault.Calls{Operation: "getVersion"}, Times: 1, Response: &fault.Response{Status: 503},
	}}})
	assert.NilError(t, err)
	h.do("maintainer", "PUT", mergeRequestPath, map[string]any{"title": "before"}).want(http.StatusOK)
	taken, err := s.TakeSnapshot("prepared")
	assert.NilError(t, err)
	assert.DeepEqual(t, taken, control.Snapshot{Name: "prepared", TakenAt: testNow.Add(time.Hour), Version: "16.5"})
	before, faults, features := s.State(), s.Faults(), s.Features()

	check := func() response {
		return h.do("maintainer", "POST", "/projects/6/external_status_checks",
			map[string]any{"name": "new", "external_url": "http://new.example"}).want(http.StatusCreated)
	}
	first := check()
	h.do("maintainer", "GET", "/version", nil).want(http.StatusServiceUnavailable)
	h.do("maintainer", "GET", "/nowhere", nil).want(http.StatusNotFound)
	assert.NilError(t, s.Advance(t.Context(), time.Hour))
	assert.NilError(t, s.Seed(seed.Document{}))
	assert.NilError(t, s.SetRelease(release.Newest, nil))
	assert.Equal(t, len(s.Faults()), 0)
	assert.NilError(t, s.RestoreSnapshot("prepared"))
	assert.DeepEqual(t, s.State(), before)
	assert.DeepEqual(t, s.Faults(), faults)
	assert.DeepEqual(t, s.Features(), features)
	assert.Equal(t, len(s.Surprises()), 0)
	assert.Equal(t, check().text("id"), first.text("id"))
	assert.NilError(t, s.Reset())
	assert.Equal(t, len(s.State().Projects), 1, "the seed that it was reset to came back too")
}

// A world can be made of a snapshot of the root, and is reset to that.
func TestSnapshots_worldOfOne(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t)
	h.do("maintainer", "PUT", mergeRequestPath, map[string]any{"title": "prepared"}).want(http.StatusOK)
	_, err := h.server.TakeSnapshot("prepared")
	assert.NilError(t, err)
	world, err := h.server.AddWorld("a", mockserver.WorldOptions{Snapshot: "prepared"})
	assert.NilError(t, err)
	assert.Equal(t, h.in("a", "GET", titleOf, "").text("title"), "prepared")
	h.in("a", "PUT", titleOf, `{"title":"changed"}`).want(http.StatusOK)
	assert.NilError(t, world.Reset())
	assert.Equal(t, h.in("a", "GET", titleOf, "").text("title"), "prepared")
	assert.ErrorIs(t, world.RestoreSnapshot("prepared"), mockserver.ErrNoSnapshot, "snapshots are of one world")
	_, err = h.server.AddWorld("b", mockserver.WorldOptions{Snapshot: "other"})
	assert.ErrorIs(t, err, mockserver.ErrNoSnapshot)
}

// A clock that goes is put as far ahead as it was, and not back.
func TestSnapshots_goingClock(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t)
	assert.NilError(t, h.server.Advance(t.Context(), time.Hour))
	_, err := h.server.TakeSnapshot("ahead")
	assert.NilError(t, err)
	assert.NilError(t, h.server.Reset())
	h.clock.advance(time.Minute)
	assert.NilError(t, h.server.RestoreSnapshot("ahead"))
	assert.Equal(t, h.server.Clock().Now, testNow.Add(time.Hour+time.Minute))
}

func TestSnapshots_refusals(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	_, err := h.server.TakeSnapshot("a b")
	assert.ErrorContains(t, err, `"a b" cannot be the name of a snapshot`)
	for i := range mockserver.MaxSnapshots {
		_, err := h.server.TakeSnapshot(fmt.Sprint("s", i))
		assert.NilError(t, err)
	}
	got := h.raw("POST", "/-/mock/snapshots", `{"name":"more"}`).want(http.StatusInsufficientStorage)
	assert.Equal(t, got.text("error"), "there are 100 snapshots already; remove some")
	h.raw("POST", "/-/mock/snapshots", `{"name":"s0"}`).want(http.StatusCreated)
	got = h.raw("POST", "/-/mock/snapshots/more/restore", "").want(http.StatusNotFound)
	assert.Assert(t, strings.HasPrefix(got.text("error"),
		`there is no snapshot "more"; there are those listed, and 90`))
	assert.Assert(t, h.server.RemoveSnapshot("s0") && !h.server.RemoveSnapshot("s0"))
	assert.Equal(t, len(h.server.Snapshots()), mockserver.MaxSnapshots-1)
}

// What was observed is no part of a snapshot. A restored world has seen nothing yet; what clients exercised still
// counts.
func TestSnapshots_observations(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t)
	s := h.server
	observe := func() {
		h.do("maintainer", "PUT", mergeRequestPath, map[string]any{"titel": "Misspelt"})
		h.do("maintainer", "GET", "/nowhere", nil).want(http.StatusNotFound)
	}
	_, err := s.AddExpectation(expectation.Expectation{Calls: expectation.Calls{Operation: "getVersion"}})
	assert.NilError(t, err)
	observe()
	_, err = s.TakeSnapshot("prepared")
	assert.NilError(t, err)
	observe()
	seen := len(s.Journal(journal.Filter{}).Entries)
	assert.Assert(t, seen == 4 && len(s.Notes().Notes) == 1 && len(s.Surprises()) == 2 && len(s.Expectations()) == 1)
	assert.NilError(t, s.RestoreSnapshot("prepared"))
	seen = len(s.Journal(journal.Filter{}).Entries)
	assert.Assert(t, seen+len(s.Notes().Notes)+len(s.Surprises())+len(s.Expectations()) == 0)
	assert.Equal(t, h.covered("updateMergeRequest").Calls, 2)
}
