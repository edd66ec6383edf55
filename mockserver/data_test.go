package mockserver_test

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/release"
)

// written are the data of a server.
func written(t *testing.T, s *mockserver.Server) string {
	t.Helper()
	var b bytes.Buffer
	assert.NilError(t, s.WriteData(&b))
	return b.String()
}

// read makes a server of data.
func read(t *testing.T, data string) (*harness, mockserver.Data) {
	t.Helper()
	h := newUnjudged(t)
	found, err := h.server.ReadData(strings.NewReader(data))
	assert.NilError(t, err)
	return h, found
}

// allRows is everything that a server has stored.
func allRows(t *testing.T, s *mockserver.Server) (rows gitlab.Rows) {
	t.Helper()
	assert.NilError(t, s.ViewState(testNow, func(tx *gitlab.Tx) error {
		rows = tx.Rows()
		return nil
	}))
	return rows
}

// What was written is read again with nothing lost: worlds, ids, clocks, releases, faults, snapshots, what waits.
func TestData_comesBack(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t, func(o *mockserver.Options) { o.Lag = mockserver.Lag{time.Minute, time.Minute} })
	s := h.server
	busy(t, s)
	assert.NilError(t, s.Freeze(testNow.Add(time.Hour)))
	_, err := s.AddFaults(fault.Plan{ID: "p", Faults: []fault.Fault{{Times: 3, Connection: fault.Reset}}})
	assert.NilError(t, err)
	_, err = s.TakeSnapshot("prepared")
	assert.NilError(t, err)
	a, err := s.AddWorld("a", mockserver.WorldOptions{
		Version: release.Of(16, 5), ExpiresAfter: time.Hour,
		Features: map[string]bool{mockserver.FlagPendingResponses: false},
	})
	assert.NilError(t, err)
	busy(t, a)
	_, err = s.AddWorld("b", mockserver.WorldOptions{Snapshot: "prepared"})
	assert.NilError(t, err)
	for i := range 5 {
		h.addWorlds(fmt.Sprint("idle-", i))
	}
	data := written(t, s)
	assert.Assert(t, len(data) < 1<<20, "worlds in which nothing happened share what they have: %d bytes", len(data))

	again, found := read(t, data)
	assert.Equal(t, found.Worlds, 7)
	assert.Assert(t, found.SavedAt.Equal(testNow))
	pairs := map[string][2]*mockserver.Server{"root": {s, again.server}}
	for _, world := range s.Worlds() {
		before, _ := s.World(world.Name)
		after, known := again.server.World(world.Name)
		assert.Assert(t, known, world.Name)
		pairs[world.Name] = [2]*mockserver.Server{before, after}
	}
	for name, pair := range pairs {
		assert.DeepEqual(t, allRows(t, pair[1]), allRows(t, pair[0]))
		assert.DeepEqual(t, pair[1].State(), pair[0].State())
		assert.DeepEqual(t, pair[1].Faults(), pair[0].Faults())
		assert.DeepEqual(t, pair[1].Features(), pair[0].Features())
		assert.DeepEqual(t, pair[1].Snapshots(), pair[0].Snapshots())
		assert.NilError(t, pair[0].Reset())
		assert.NilError(t, pair[1].Reset())
		assert.DeepEqual(t, allRows(t, pair[1]), allRows(t, pair[0]))
		assert.Equal(t, pair[1].Release().Version, pair[0].Release().Version, name)
	}
	assert.DeepEqual(t, again.server.Worlds(), s.Worlds())
	assert.NilError(t, again.server.RestoreSnapshot("prepared"))
	assert.NilError(t, s.RestoreSnapshot("prepared"))
	assert.DeepEqual(t, again.server.State(), s.State())
}

// busy lets all kinds of things happen in a world.
func busy(t *testing.T, s *mockserver.Server) {
	t.Helper()
	for i, name := range []string{"respond", "commit", "retitle", "check", "retry", "respond", "advance", "commit"} {
		hammers[name](s, i)
	}
	blow(s, "POST", apiPrefix+"/projects/6/repository/commits",
		`{"branch":"main","commit_message":"binary","actions":[`+
			`{"action":"create","file_path":"b","content":"/wCA","encoding":"base64"}]}`)
	blow(s, "PUT", apiPrefix+"/projects/6",
		`{"topics":["a","b"],"build_timeout":3600,"name":"Renamed","path":"renamed"}`)
	blow(s, "POST", apiPrefix+mergeRequestPath+"/notes", `{"body":"<b>, \u2028 & base64:x"}`)
	blow(s, "POST", apiPrefix+"/projects/6/protected_branches", `{"name":"rel/*"}`)
	blow(s, "POST", apiPrefix+"/projects/6/access_tokens", `{"name":"bot","scopes":["api"],"expires_at":"2026-12-31"}`)
	blow(s, "POST", apiPrefix+mergeRequestPath+"/approve", "")
	blow(s, "DELETE", apiPrefix+"/projects/6/external_status_checks/2", "")
}

// A reset of the root goes back to the release and the feature flags that the data have, whatever the options say.
func TestData_releaseOfTheRoot(t *testing.T) {
	t.Parallel()
	older := newUnjudged(t, func(o *mockserver.Options) {
		o.Version, o.Features = release.Of(16, 5), map[string]bool{mockserver.FlagPendingResponses: false}
	})
	again, _ := read(t, written(t, older.server))
	for _, step := range []func() error{
		func() error { return nil },
		again.server.Reset,
		func() error { return again.server.SetRelease(release.Of(17, 0), nil) },
		again.server.Reset,
	} {
		assert.NilError(t, step())
		if again.server.Release().Version == "17.0" {
			continue
		}
		assert.DeepEqual(t, again.server.Release(), older.server.Release())
		assert.DeepEqual(t, again.server.Features(), older.server.Features())
	}
	later, _ := read(t, written(t, again.server))
	assert.NilError(t, later.server.Reset())
	assert.Equal(t, later.server.Release().Version, "16.5")
	fresh, err := later.server.AddWorld("w", mockserver.WorldOptions{})
	assert.NilError(t, err)
	assert.Equal(t, fresh.Release().Version, "16.5")
}

// Fault plans, rate limits and blocked addresses that the options ask for hold beside what the data have.
func TestData_optionsHold(t *testing.T) {
	t.Parallel()
	reset := []fault.Fault{{Times: 3, Connection: fault.Reset}}
	slow := []fault.Fault{{Times: 3, Delay: fault.Period(time.Second)}}
	limits := []control.RateLimit{
		{Name: "notes_create", Requests: 5, Period: control.Duration{Duration: time.Minute}},
	}
	asking := func(o *mockserver.Options) {
		o.Faults = []fault.Plan{{ID: "mine", Faults: slow}, {Faults: reset}}
		o.RateLimits, o.BlockLocalRequests = limits, true
	}
	before := newUnjudged(t)
	_, err := before.server.AddFaults(fault.Plan{ID: "mine", Faults: reset})
	assert.NilError(t, err)
	_, err = before.server.AddFaults(fault.Plan{ID: "other", Faults: slow})
	assert.NilError(t, err)
	before.addWorlds("a")
	data := written(t, before.server)
	for range 2 { // the second time they are there already
		h := newUnjudged(t, asking)
		_, err = h.server.ReadData(strings.NewReader(data))
		assert.NilError(t, err)
		var names []string
		for _, plan := range h.server.Faults() {
			names = append(names, plan.ID)
			if plan.ID == "mine" {
				assert.Equal(t, plan.Faults[0].Delay, slow[0].Delay)
			}
		}
		assert.DeepEqual(t, names, []string{"other", "mine", "plan-1"})
		assert.Assert(t, slices.ContainsFunc(h.server.RateLimits().Limits, func(l control.RateLimit) bool {
			return l.Name == "notes_create" && l.Requests == 5
		}))
		h.view(func(tx *gitlab.Tx) { assert.Assert(t, tx.Settings().BlockLocalRequests) })
		a, _ := h.server.World("a")
		assert.Equal(t, len(a.Faults()), 0)
		data = written(t, h.server)
	}
}

// What is not whole, or not ours, is refused, and nothing is changed.
func TestData_refusals(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t)
	h.addWorlds("a")
	data := written(t, h.server)
	for name, test := range map[string]struct {
		data string
		want error
		says string
	}{
		"empty":        {"", mockserver.ErrDataDamaged, "the first line is not that of data"},
		"another file": {"users: []\n", mockserver.ErrDataDamaged, "the first line is not that of data"},
		"cut":          {data[:len(data)/2], mockserver.ErrDataDamaged, "bytes, and there were"},
		"more":         {data + "more", mockserver.ErrDataDamaged, "there are more than the "},
		"a byte": {
			strings.Replace(data, "Flight", "Fright", 1), mockserver.ErrDataDamaged, "not what was written",
		},
		"another format": {
			strings.Replace(data, `"statuschecks_data":1`, `"statuschecks_data":2`, 1), mockserver.ErrDataFormat,
			"it is 2, and this version reads 1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			into := newUnjudged(t)
			before := into.server.State()
			_, err := into.server.ReadData(strings.NewReader(test.data))
			assert.ErrorIs(t, err, test.want)
			assert.ErrorContains(t, err, test.says)
			assert.DeepEqual(t, into.server.State(), before)
			assert.Equal(t, len(into.server.Worlds()), 0)
		})
	}
}

// What has no end is read no further than it makes sense.
func TestData_endless(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t)
	head, _, _ := strings.Cut(written(t, h.server), "\n")
	for begin, says := range map[string]string{"": "the first line", head + "\n": "there are more than"} {
		_, err := h.server.ReadData(io.MultiReader(strings.NewReader(begin), endless{}))
		assert.ErrorContains(t, err, says)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// Whoever waits for a change hears of each kind.
func TestData_changes(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t)
	h.addWorlds("a")
	a, _ := h.server.World("a")
	changes := []struct {
		name string
		make func() error
	}{
		{"a request", func() error { hammers["retitle"](h.server, 1); return nil }},
		{"in a world", func() error { hammers["retitle"](a, 1); return nil }},
		{"the clock", func() error { return a.Freeze(time.Time{}) }},
		{"a snapshot", func() error { _, err := a.TakeSnapshot("s"); return err }},
		{"a new world", func() error { _, err := h.server.AddWorld("b", mockserver.WorldOptions{}); return err }},
		{"the licence", func() error { return h.server.SetLicence(control.Licence{}) }},
		{"faults", func() error {
			_, err := a.AddFaults(fault.Plan{Faults: []fault.Fault{{Connection: fault.Reset}}})
			return err
		}},
		{"one dropped", func() error { h.server.RemoveWorld("a"); return nil }},
	}
	for _, change := range changes {
		changed := h.server.Changed()
		assert.NilError(t, change.make(), change.name)
		select {
		case <-changed:
		default:
			t.Errorf("%s: nobody heard of it", change.name)
		}
	}
}

// Counts of faults are kept, also those of a call that changes nothing else, and a world begins to expire anew.
func TestData_countsAndUse(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t)
	_, err := h.server.AddFaults(fault.Plan{ID: "p", Faults: []fault.Fault{{
		Times: 1, Response: &fault.Response{Status: 503},
	}}})
	assert.NilError(t, err)
	_, err = h.server.AddWorld("a", mockserver.WorldOptions{ExpiresAfter: time.Hour})
	assert.NilError(t, err)
	changed := h.server.Changed()
	h.do("owner", "GET", "/version", nil).want(503)
	select {
	case <-changed:
	default:
		t.Error("nobody heard that a fault has happened")
	}
	data := written(t, h.server)
	later := newUnjudged(t)
	later.clock.advance(2 * time.Hour)
	_, err = later.server.ReadData(strings.NewReader(data))
	assert.NilError(t, err)
	later.do("owner", "GET", "/version", nil).want(200)
	_, known := later.server.World("a")
	assert.Assert(t, known)
	later.clock.advance(time.Hour)
	_, known = later.server.World("a")
	assert.Assert(t, !known)
}

// The seed of a world is not written anew each time that the data are.
func TestData_writesSeedsOnce(t *testing.T) {
	h := newUnjudged(t)
	for i := range 100 {
		h.addWorlds(fmt.Sprint("w", i))
	}
	first := written(t, h.server)
	var again string
	allocations := testing.AllocsPerRun(1, func() { again = written(t, h.server) })
	assert.Equal(t, again, first)
	assert.Assert(t, allocations < 10_000, "%.0f allocations", allocations)
}
