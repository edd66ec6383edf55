package mockserver_test

import (
	"context"
	"maps"
	"math"
	"net/http"
	"slices"
	"testing"
	"time"

	"gotest.tools/v3/assert"
	"pgregory.net/rapid"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// A world that is exported and planted again is the same, whatever has happened in it.
func TestExport_roundTrips(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t, func(o *mockserver.Options) { o.Lag = mockserver.Lag{time.Minute, time.Minute} })
	assert.NilError(t, h.server.Freeze(testNow.Add(time.Hour)))
	for _, step := range []func(){
		func() {},
		func() {
			h.update(func(tx *gitlab.Tx) error {
				settings := tx.Settings()
				settings.RateLimits[1] = gitlab.RateLimit{Requests: 500, Period: time.Minute}
				tx.SetSettings(settings)
				return nil
			})
		},
		func() { busy(t, h.server) },
		func() {
			for _, coverage := range []float64{50, 12.5, -1} {
				say(h, "success", "coverage", coverage).want(http.StatusCreated)
			}
			h.do("developer", "POST", "/projects/6/labels", map[string]any{
				"name": "low", "color": "red", "priority": 0,
			}).want(http.StatusCreated)
			h.update(putOnTrain)
		},
		func() {
			h.do("maintainer", "POST", "/projects/6/hooks", map[string]any{
				"url": "http://hook.example", "merge_requests_events": true, "push_events": false, "token": "sesame",
			}).want(http.StatusCreated)
			h.do("maintainer", "PUT", "/projects/6", map[string]any{
				"topics": []string{"base64:", "1"}, "build_timeout": math.MinInt64,
			}).want(http.StatusOK)
		},
		func() { assert.NilError(t, h.server.Advance(context.Background(), time.Hour)) },
		func() { hammers["check"](h.server, 77) },
	} {
		step()
		text := h.raw("GET", "/-/mock/seed", "").want(http.StatusOK).body
		d, err := seed.Parse("export", text)
		assert.NilError(t, err)
		into := newUnjudged(t, func(o *mockserver.Options) {
			o.Seed, o.Lag = &d, mockserver.Lag{time.Minute, time.Minute}
		})
		assert.NilError(t, into.server.Freeze(h.server.Clock().Now))
		assert.Equal(t, string(into.server.Export().YAML()), string(text))
		assert.DeepEqual(t, into.server.State(), h.server.State())
		for _, path := range []string{
			"/projects/6", mergeRequestPath, mergeRequestPath + "/status_checks", mergeRequestPath + "/approvals",
			mergeRequestPath + "/notes", mergeRequestPath + "/pipelines", "/projects/6/labels",
			"/projects/6/merge_trains", "/projects/6/protected_branches", "/projects/6/repository/branches",
			"/projects/6/hooks",
		} {
			assert.Equal(t, string(into.do("maintainer", "GET", path, nil).body),
				string(h.do("maintainer", "GET", path, nil).body))
		}
	}
}

// Whatever happens in a world, its export makes the same world again.
func TestExport_property(t *testing.T) {
	t.Parallel()
	names := slices.Sorted(maps.Keys(hammers))
	rapid.Check(t, func(r *rapid.T) {
		h := newUnjudged(t, func(o *mockserver.Options) { o.Lag = mockserver.Lag{time.Minute, time.Minute} })
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, 20*len(names)), 1, 15).Draw(r, "steps") {
			hammers[names[n%len(names)]](h.server, n)
		}
		assert.NilError(r, h.server.Freeze(time.Time{}))
		text := h.server.Export().YAML()
		d, err := seed.Parse("export", text)
		assert.NilError(r, err)
		into := newUnjudged(t, func(o *mockserver.Options) {
			o.Seed, o.Lag = &d, mockserver.Lag{time.Minute, time.Minute}
		})
		assert.NilError(r, into.server.Freeze(h.server.Clock().Now))
		assert.Equal(r, string(into.server.Export().YAML()), string(text))
		assert.DeepEqual(r, allRows(t, into.server), allRows(t, h.server))
	})
}

// What POST /-/mock/seed says of the world is the same for an export as for the seed that it came from.
func TestExport_isCountedWhenItIsPlanted(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t)
	export := string(h.raw("GET", "/-/mock/seed", "").want(http.StatusOK).body)
	h.raw("POST", "/-/mock/seed", export).wantBody(http.StatusOK,
		`{"users":8,"groups":1,"projects":1,"merge_requests":1,"external_status_checks":2}`+"\n")
}
