package mockserver_test

import (
	"strings"
)

// graphQLBoundaries are the differences between releases that GraphQL shows.
var graphQLBoundaries = []boundary{
	{
		change: "names-refused-rules", version: "17.4", probe: createsBy(allProtected),
		before: "[]", after: "[All protected branches not allowed]",
	},
	{
		change: "all-branches-take-checks", version: "17.5", probe: createsBy(allRule),
		before: "[All branch rules not allowed]", after: "[]",
	},
	{change: "always-lists-all-branches", version: "17.9", probe: func(h *harness) string {
		h.do("maintainer", "DELETE", checksPath+"/2", nil).want(204)
		return strings.Join(h.ask("maintainer", `{ project(fullPath: "flightjs/Flight") { branchRules { nodes { `+
			`name } } } }`).
			want(200).names(), ", ")
	}, before: "main", after: "All branches, main"},
	{change: "dumps-schema", version: "18.6", probe: func(h *harness) string {
		return h.ask("", "{ __schema { queryType { name } } }").want(200).text("data.__schema.mutationType.name")
	}, before: "<nil>", after: "Mutation"},
	{change: "branch-rules-have-own-abilities", version: "19.4", probe: func(h *harness) string {
		h.do("owner", "PATCH", protectedPath+"/main", map[string]any{
			"allowed_to_unprotect": []any{map[string]any{"access_level": 60}},
		}).want(200)
		return createsBy(mainRule)(h)
	}, before: "<nil>", after: "[]"},
	{change: "hides-unknown-checks", version: "19.4", probe: func(h *harness) string {
		answer := h.ask("maintainer", destroyMutation, "input", input("branchRuleId", mainRule, "id", checkGID+"99"))
		return answer.want(200).text("data." + destroyField + ".errors")
	}, before: "[Not found]", after: "<nil>"},
}

// createsBy creates a check by a branch rule, and gives what is wrong with that.
func createsBy(rule string) func(*harness) string {
	return func(h *harness) string {
		answer := h.ask("maintainer", strings.ReplaceAll(createMutation, " hmac", ""), "input",
			newCheck(rule)).want(200)
		return answer.text("data." + createField + ".errors")
	}
}
