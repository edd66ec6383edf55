package conformance

import (
	"slices"
	"testing"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"gotest.tools/v3/assert"
)

// TestReach_leavesNothingOut holds that every documented status and parameter of the operations under judgement has a
// scenario, or, if it is a status, a reason why there is none; and that no reason stands where there is one.
func TestReach_leavesNothingOut(t *testing.T) {
	t.Parallel()
	all, err := LoadCatalogue(nil)
	assert.NilError(t, err)
	unseen, err := LoadUnseen()
	assert.NilError(t, err)
	reach := ReachOf(all, unseen)
	assert.Equal(t, len(reach), 7)
	reasons := 0
	for _, row := range reach {
		assert.Assert(t, len(row.Statuses) > 5 && len(row.Parameters) > 0, row.Operation)
		for _, one := range slices.Concat(row.Statuses, row.Parameters) {
			if one.Unseen != "" {
				reasons++
			}
			switch {
			case len(one.Scenarios) == 0 && one.Unseen == "":
				t.Errorf("%s: no scenario is about %s; write one, or say why there can be none in "+
					"scenarios/unseen.yaml", row.Operation, one.Name)
			case len(one.Scenarios) > 0 && one.Unseen != "":
				t.Errorf("%s: scenarios/unseen.yaml says that there can be no scenario about %s, and there is %s",
					row.Operation, one.Name, one.Scenarios[0])
			}
		}
	}
	assert.Equal(t, reasons, len(unseen.Statuses), "scenarios/unseen.yaml speaks of a status that the contract does "+
		"not have")
	assert.Assert(t, len(unseen.Facts) > 10)
}

// TestReach_seesWhatIsMissing takes the scenarios away that are about one thing, and holds that this is noticed.
func TestReach_seesWhatIsMissing(t *testing.T) {
	t.Parallel()
	all, err := LoadCatalogue(nil)
	assert.NilError(t, err)
	for _, test := range []struct{ operation, name string }{
		{"createStatusCheckResponse", "409"},
		{"deleteExternalStatusCheck", "412"},
		{"updateExternalStatusCheck", "shared_secret"},
		{"listMergeRequestStatusChecks", "per_page"},
	} {
		rest := slices.DeleteFunc(slices.Clone(all), func(s *scenario.Scenario) bool {
			return slices.ContainsFunc(s.Steps,
				func(step scenario.Step) bool { return slices.Contains(asks(&step), test.operation+" "+test.name) })
		})
		assert.Assert(t, len(rest) < len(all), "%s %s", test.operation, test.name)
		for _, row := range ReachOf(rest, &Unseen{}) {
			for _, one := range slices.Concat(row.Statuses, row.Parameters) {
				if row.Operation == test.operation && one.Name == test.name {
					assert.Equal(t, len(one.Scenarios), 0)
				}
			}
		}
	}
}
