package mockserver_test

import (
	"slices"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/coverage"
)

// covered is what was counted of an operation.
func (h *harness) covered(id string) coverage.Operation {
	h.t.Helper()
	all := h.server.Coverage().Operations
	i := slices.IndexFunc(all, func(o coverage.Operation) bool { return o.ID == id })
	assert.Assert(h.t, i >= 0, id)
	return all[i]
}

// countOf is how often one of the items was exercised; -1 if it is not among them.
func countOf(items []coverage.Item, name string) int {
	for _, one := range items {
		if one.Name == name {
			return one.Count
		}
	}
	return -1
}

func TestCoverage(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(o *mockserver.Options) { o.JournalSize = -1 })
	h.do("owner", "GET", "/projects/6/external_status_checks?per_page=1", nil).want(200)
	h.do("owner", "GET", "/projects/6/external_status_checks?per_page=1&page=2", nil).want(200)
	h.do("", "GET", "/projects/6/external_status_checks?nothing=1", nil).want(401)
	o := h.covered("listExternalStatusChecks")
	assert.Equal(t, o.Calls, 3)
	for name, want := range map[string]int{"200": 2, "401": 1, "404": 0} {
		assert.Equal(t, countOf(o.Statuses, name), want, name)
	}
	for name, want := range map[string]int{"per_page": 2, "page": 1, "nothing": -1, "id": -1} {
		assert.Equal(t, countOf(o.Parameters, name), want, name)
	}
	for name, want := range map[string]int{"first": 1, "further": 0, "last": 1} {
		assert.Equal(t, countOf(o.Pages, name), want, name)
	}
	assert.Equal(t, countOf(o.Headers, "Private-Token"), 2)
	assert.Equal(t, h.covered("createProject").Calls, 0)
	assert.NilError(t, h.server.Reset())
	assert.Equal(t, h.covered("listExternalStatusChecks").Calls, 3)
	for format, want := range map[string]string{
		"text": "releases: 18.9 (3)", "html": "<!doctype html>", "json": `{"format":1`,
	} {
		got := h.raw("GET", "/-/mock/coverage?format="+format, "").want(200)
		assert.Equal(t, string(got.body[:len(want)]), want)
	}
	h.server.ClearCoverage()
	assert.Equal(t, h.covered("listExternalStatusChecks").Calls, 0)
}
