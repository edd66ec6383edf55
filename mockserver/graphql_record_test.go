package mockserver_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/coverage"
	"github.com/statuschecks/statuschecks/mockserver/journal"
)

// The journal has what a call to GraphQL asks for, and no value that it brings.
func TestGraphQL_journal(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.ask("maintainer", createMutation, "input", newCheck(mainRule, "sharedSecret", "hush")).want(http.StatusOK)
	e := h.last()
	assert.Equal(t, e.Operation, askGraphQL)
	assert.DeepEqual(t, e.GraphQL, []journal.GraphQLQuery{{
		Kind: "mutation", Name: "createStatusCheck", Fields: []string{"branchRuleExternalStatusCheckCreate"},
	}})
	assert.DeepEqual(t, e.Body, map[string]any{"query": "…", "variables": "…"})
	assert.Assert(t, e.Worked && e.User == "maintainer", "%+v", e)
	h.post("guest", `[{"query":"{ currentUser { username } project(fullPath: \"x\") { id } ...F } `+
		`fragment F on Query { metadata { version } }"},{"query":"{ nothing }"},{"query":"{"}]`).want(http.StatusOK)
	e = h.last()
	assert.DeepEqual(t, e.GraphQL, []journal.GraphQLQuery{
		{Kind: "query", Fields: []string{"currentUser", "project", "metadata"}},
		{Kind: "query", Fields: []string{"nothing"}},
		{},
	})
	assert.Assert(t, !e.Worked)
}

// What GitLab takes in silence is noted, and refused by a strict mock before anything is done.
func TestGraphQL_notes(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	body := map[string]any{
		"query":         `query q { project(fullPath: "flightjs/Flight") { mergeRequest(iid: "4") { mergeStatus } } }`,
		"operationname": "q", "variables": map[string]any{"path": "hush"},
	}
	h.post("maintainer", body).want(http.StatusOK)
	h.post("maintainer", body).want(http.StatusOK)
	var told []string
	for _, n := range h.server.Notes().Notes {
		assert.Equal(t, n.Operation, askGraphQL)
		assert.Equal(t, n.Count, 2)
		assert.Assert(t, !strings.Contains(n.Message, "hush"))
		told = append(told, string(n.Kind)+" "+n.Message)
	}
	assert.DeepEqual(t, told, []string{
		string(control.NoteUnknownParameter) + " operationname is not a parameter of postGraphQL, " +
			"and GitLab ignores it",
		string(control.NoteUnknownParameter) + " variables.path is not a variable of the query q, " +
			"and GitLab ignores it",
		string(control.NoteDeprecated) + " MergeRequest.mergeStatus is deprecated in the schema: This was renamed. " +
			"Please use `MergeRequest.mergeStatusEnum`. Deprecated in GitLab 14.0.",
	})

	strict := newUnjudged(t, func(o *mockserver.Options) { o.Strict = true })
	refused := strict.ask("maintainer", createMutation, "input", newCheck(mainRule), "more", 1)
	refused.want(http.StatusBadRequest)
	assert.Assert(t, strings.Contains(string(refused.body), "variables.more is not a variable"), "%s", refused.body)
	strict.ask("maintainer", createMutation, "input", newCheck(mainRule)).want(http.StatusOK)
}

// Coverage counts the fields that queries begin with, beside those that there are.
func TestGraphQL_coverage(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.ask("maintainer", "{ currentUser { username } }").want(http.StatusOK)
	h.ask("maintainer", "{ nothing }").want(http.StatusOK)
	covered := h.covered(askGraphQL)
	assert.Equal(t, covered.Calls, 2)
	for _, want := range []coverage.Item{
		{Name: "query", Count: 2, Documented: true},
		{Name: "query.currentUser", Count: 1, Documented: true},
		{Name: "query.nothing", Count: 1},
		{Name: "mutation.branchRuleExternalStatusCheckDestroy", Documented: true},
	} {
		assert.Assert(t, slices.Contains(covered.Parameters, want), "%v is not in %v", want, covered.Parameters)
	}
}
