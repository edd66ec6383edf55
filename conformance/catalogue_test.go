package conformance

import (
	"slices"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/scenarios"
)

func TestCatalogueLoads(t *testing.T) {
	t.Parallel()
	all, err := scenario.Load(scenarios.Files)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d scenarios", len(all))
	assert.Assert(t, len(all) >= 1)
}

// mergesWithoutSHA are the scenarios that are about merging without naming the commit.
var mergesWithoutSHA = []string{
	"history.merge.without-sha", "merge.sha.demanded", "merge.sha.order",
	"merge.sha.waiting", "merge.sha.new-group",
}

// TestCatalogue_mergesNameTheCommit holds that merges carry sha: since 19.2 a group can demand it, which no scenario
// about something else may trip over.
func TestCatalogue_mergesNameTheCommit(t *testing.T) {
	t.Parallel()
	all, err := LoadCatalogue(scenarios.Files)
	assert.NilError(t, err)
	for _, s := range all {
		for _, step := range s.Steps {
			if _, named := step.With["sha"]; step.Call == "mergeMergeRequest" && !named &&
				!slices.Contains(mergesWithoutSHA, s.ID) {
				t.Errorf("%s merges without sha", s.ID)
			}
		}
	}
}

// TestCatalogue_ownProjects holds that each scenario's own project has a path of its own that is not long.
func TestCatalogue_ownProjects(t *testing.T) {
	t.Parallel()
	all, err := LoadCatalogue(scenarios.Files)
	assert.NilError(t, err)
	of := map[string]string{}
	for _, s := range all {
		path := ownSlug(s.ID)
		assert.Assert(t, len(path) <= 40, path)
		assert.Equal(t, of[path], "", "%s has the same path as %s", s.ID, of[path])
		of[path] = s.ID
	}
}
