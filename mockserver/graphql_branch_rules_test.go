package mockserver_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
)

// Pages of branch rules are those of GitLab's finder, with its mistakes.
func TestGraphQL_pagesOfBranchRulesAreGitLabs(t *testing.T) {
	t.Parallel()
	at := func(name, id string) string {
		return base64.StdEncoding.EncodeToString([]byte(`{"name":"` + name + `","id":` + id + `}`))
	}
	for _, test := range []struct {
		protected string // beside main
		variables []any
		want      string // names, then whether there is more, then the cursor
	}{
		{"", []any{"first", 1}, "All branches|true|" + at("all_branches", "null")},
		{"", []any{"first", 1, "after", at("all_branches", "null")}, "|false|"},
		{"", []any{"first", 2}, "All branches main|true|" + at("main", "14")},
		{"", []any{"first", 2, "after", at("main", "14")}, "|false|"},
		{"", []any{"first", 3}, "All branches main|false|"},
		{"", []any{"first", 0}, "|true|"},
		{"", []any{"after", at("all_branches", "null")}, "|false|"},
		{"b a z", []any{"first", 2}, "All branches main|true|" + at("main", "14")},
		{"b a z", []any{"first", 2, "after", at("main", "14")}, "z|false|"},
		{"b a z", []any{"first", 2, "after", at("main", `"14"`)}, "z|false|"},
		{"b a z", []any{"first", 3}, "All branches main a|true|" + at("a", "16")},
		{"b a z", []any{"first", 3, "after", at("a", "16")}, "b z|false|"},
		{"b a z", []any{"first", 1, "after", at("all_branches", "null")}, "main|true|" + at("main", "14")},
		{"b a z", []any{"after", at("none", "null")}, "a b main z|false|"},
		{"b a z", []any{"first", 1, "missing", true}, "All branches|true|" + at("all_branches", "null")},
		{
			"b a z",
			[]any{"first", 2, "missing", true, "after", at("all_branches", "null")},
			"All protected branches main|true|" + at("main", "14"),
		},
		{"", []any{"after", base64.StdEncoding.EncodeToString([]byte("null"))}, "All branches main|false|"},
	} {
		h := newHarness(t)
		for name := range strings.FieldsSeq(test.protected) {
			h.do("maintainer", "POST", protectedPath, set("name", name)).want(201)
		}
		r := h.ask("maintainer", rulesQuery, test.variables...).want(200)
		at := "data.project.branchRules.pageInfo."
		end := strings.TrimPrefix(r.text(at+"endCursor"), "<nil>")
		got := strings.Join(r.names(), " ") + "|" + r.text(at+"hasNextPage") + "|" + end
		assert.Check(t, got == test.want, "%q %q\n%s\n%s", test.protected, test.variables, got, test.want)
	}
}

// Cursors that are none are refused in the words of GitLab, and not in those of this program.
func TestGraphQL_cursorsOfBranchRules(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for after, want := range map[string]string{
		"xx": "Invalid cursor: invalid base64", "e30": "Invalid cursor: invalid base64",
		"eA==": "Invalid cursor: unexpected character at line 1, column 1",
	} {
		r := h.ask("maintainer", rulesQuery, "after", after).want(200)
		assert.Equal(t, r.text("errors.0.message"), want)
	}
	for _, variables := range [][]any{
		{"first", -1}, {"first", 0, "after", "e30="}, {"after", "WzFd"}, {"after", "NQ=="}, {"after", "dHJ1ZQ=="},
	} {
		h.ask("maintainer", rulesQuery, variables...).want(500)
	}
	r := h.ask("maintainer", `{ project(fullPath: "flightjs/Flight") { branchRules { edges { cursor } } } }`)
	assert.Equal(t, r.text("data.project.branchRules.edges.1.cursor"), "Mg")
}
