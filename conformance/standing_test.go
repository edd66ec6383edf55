package conformance

import (
	"slices"
	"testing"
	"testing/fstest"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/openapi"
)

// TestOperations_eachHasOneStanding holds that the list names each operation of the contract once, and judges
// just those that are about status checks.
func TestOperations_eachHasOneStanding(t *testing.T) {
	t.Parallel()
	list, err := operationsByStanding()
	assert.NilError(t, err)
	named := map[string]int{}
	for _, id := range slices.Concat(list.Judged, list.Needed) {
		named[id]++
	}
	for _, lacking := range []map[string]string{list.Telling, list.Helping} {
		for id := range lacking {
			named[id]++
		}
	}
	for _, op := range openapi.GitLab().Operations() {
		assert.Check(t, named[op.ID] == 1, "%s stands %d times in scenarios/operations.yaml", op.ID, named[op.ID])
		assert.Check(t, slices.Contains(list.Judged, op.ID) == aboutStatusChecks(op), op.ID)
		delete(named, op.ID)
	}
	assert.Equal(t, len(named), 0, "the contract has no %v", named)
	for id, lacking := range list.Helping {
		assert.Check(t, lacking != "", "say what a server lacks that is without %s", id)
	}
}

// TestWeigh holds what becomes of a step that does not go as expected, by the standing of its operation.
func TestWeigh(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		call, orSkip string
		status       int
		outcome      Outcome
		reason       string
	}{
		"judged":  {call: "retryStatusCheck", status: 404, outcome: Failed},
		"telling": {call: "getMergeRequest", status: 404, outcome: Failed},
		"telling, may be lacking": {
			call: "listProjectAuditEvents", status: 404, outcome: Skipped,
			reason: "the target lacks an audit log of projects: it answered 404 to listProjectAuditEvents",
		},
		"telling, there but wrong": {call: "listProjectAuditEvents", status: 200, outcome: Failed},
		"needed":                   {call: "updateMergeRequest", status: 400, outcome: Errored},
		"helping, lacking": {
			call: "addSpentTime", status: 501, outcome: Skipped,
			reason: "the target lacks time tracking: it answered 501 to addSpentTime",
		},
		"helping, otherwise": {call: "addSpentTime", status: 200, outcome: Differed},
		"said by the step": {
			call: "getMergeRequest", orSkip: "no conflicts", status: 200, outcome: Skipped,
			reason: "no conflicts",
		},
		"said by a step of the seven": {
			call: "retryStatusCheck", orSkip: "no retries", status: 404, outcome: Skipped,
			reason: "no retries",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failure := (&execution{}).weigh(&scenario.Step{Call: test.call, OrSkip: test.orSkip},
				&mishap{outcome: Failed, exchange: &exchange{Exchange: Exchange{Status: test.status}}})
			assert.Equal(t, failure.outcome, test.outcome)
			assert.Equal(t, failure.reason, test.reason)
			assert.Equal(t, outcome(scenario.Must, failure), test.outcome)
		})
	}
}

// TestSkipped_asItCannotBeMade holds that a scenario is left out whose fixture needs what a server may lack, and leaves
// no verdict open; and that one stays an error whose fixture needs what no server may lack.
func TestSkipped_asItCannotBeMade(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		given, refused string
		outcome        Outcome
		reason         string
	}{
		"forks": {
			given: "merge_request: {fork: true}", refused: "POST /fork", outcome: Skipped,
			reason: "the target lacks forks: it answered 501 to forkProject",
		},
		"commits": {given: "merge_request: {}", refused: "POST /commits", outcome: Errored},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newFakeGitLab()
			g.handle("POST /api/v4/projects/{id}/fork", g.createProject)
			g.refuse = map[string]int{test.refused: 501}
			text := head("list.one") + "isolation: project\ngiven:\n  " + test.given +
				"\nsteps:\n  - call: getMergeRequest\n"
			options, _ := optionsFor(g, fstest.MapFS{"list/one.yaml": {Data: []byte(text)}})
			report, err := Run(t.Context(), options.Target, options.RunOptions)
			assert.NilError(t, err)
			result := report.Scenarios[0]
			assert.Equal(t, result.Outcome, test.outcome)
			assert.Equal(t, result.Reason, test.reason)
			assert.Equal(t, result.Moot, test.outcome == Skipped)
		})
	}
}

// TestSkippedOnTheWay holds that a scenario which is left out by a step says why, and leaves no verdict open.
func TestSkippedOnTheWay(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	text := head("list.one") + "given:\n  merge_request: {}\nsteps:\n  - call: getMergeRequest\n    or_skip: it " +
		"counts no likes\n    expect: {status: 200, body: {upvotes: 17}}\n"
	options, _ := optionsFor(g, fstest.MapFS{"list/one.yaml": {Data: []byte(text)}})
	report, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.NilError(t, err)
	result := report.Scenarios[0]
	assert.Equal(t, result.Outcome, Skipped)
	assert.Equal(t, result.Reason, "it counts no likes")
	assert.Assert(t, result.Moot && result.Failure == nil && len(result.Before) == 0)
	assert.Equal(t, report.Verdict, Conformant)
}
