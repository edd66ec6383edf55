package statuschecks_test

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
)

// mayCompareReleases are the files that compare releases of GitLab, each for a reason. Everybody else asks the history
// for a change by its name, or the contract for what a release has.
var mayCompareReleases = map[string]string{
	"mockserver/internal/gitlab/behaviour.go": "the history itself",
	"mockserver/internal/graphql/schema.go":   "cuts the schema of GraphQL down to a release",
	"mockserver/internal/graphql/query.go":    "a query says which release its fields need",
	"release/version.go":                      "what the order of releases is, and which are covered",
	"openapi/period.go":                       "finds with which releases the contract changes",
	"openapi/internal/index/index.go":         "finds with which releases the contract changes",
	"openapi/prune.go":                        "cuts the contract down to a release",
	"openapi/source.go":                       "finds the operations that a release has",
	"openapi/epochs.go":                       "finds the releases in which an operation changes",
	"openapi/checker.go":                      "a period must not end before it begins",
	"conformance/negative.go": "a scenario made from the contract is about the releases that have the " +
		"rule",
	"conformance/release.go": "tells targets that are older or newer than what is known; leaves out scenarios about " +
		"other releases than the target's",
	"cmd/statuschecks/proxy.go":       "tells a GitLab that is newer than what is known",
	"conformance/scenario/patches.go": "a period must not end before it begins",
}

// releaseWords are what a release is called in the code.
var releaseWords = []string{
	"Since", "Until", "Gone", "Oldest", "Newest", "Reference", "Version", "version", "release",
	"since", "until", "known", "v",
}

func TestReleases_areComparedInTheHistoryOnly(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, s := range product(t) {
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			what := releaseComparison(n)
			if what == "" {
				return true
			}
			if mayCompareReleases[s.file] == "" {
				t.Errorf("%s %s; give what changed a name in mockserver/internal/gitlab/history.go and ask tx.Has "+
					"for it", s.place(n.Pos()), what)
			}
			used[s.file] = true
			return true
		})
	}
	for file, reason := range mayCompareReleases {
		if !used[file] {
			t.Errorf("%s (%s) compares no releases; take it from mayCompareReleases", file, reason)
		}
	}
}

// releaseComparison says how a piece of code compares releases, or nothing if it does not.
func releaseComparison(n ast.Node) string {
	switch n := n.(type) {
	case *ast.CallExpr:
		method, ok := n.Fun.(*ast.SelectorExpr)
		if ok && slices.Contains([]string{"Compare", "Within"}, method.Sel.Name) &&
			(isRelease(method.X) || slices.ContainsFunc(n.Args, isRelease)) {
			return "compares releases"
		}
	case *ast.SelectorExpr:
		if n.Sel.Name == "Major" || n.Sel.Name == "Minor" {
			return "looks into a release"
		}
	case *ast.BinaryExpr:
		ordered := []token.Token{token.EQL, token.NEQ, token.LSS, token.GTR, token.LEQ, token.GEQ}
		if slices.Contains(ordered, n.Op) && (isNamedRelease(n.X) || isNamedRelease(n.Y)) {
			return "compares with one release"
		}
	}
	return ""
}

// isRelease tells an expression that is called like a release.
func isRelease(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return slices.Contains(releaseWords, e.Name)
	case *ast.SelectorExpr:
		return slices.Contains(releaseWords, e.Sel.Name)
	}
	return false
}

// isNamedRelease tells release.Oldest and its like, and releases written out; an empty one says that there is none.
func isNamedRelease(e ast.Expr) bool {
	if p, ok := e.(*ast.ParenExpr); ok {
		e = p.X
	}
	if call, ok := e.(*ast.CallExpr); ok && qualified(call.Fun) == "release.Of" {
		return true
	}
	if literal, ok := e.(*ast.CompositeLit); ok {
		return qualified(literal.Type) == "release.Version" && len(literal.Elts) > 0
	}
	return slices.Contains([]string{"release.Oldest", "release.Newest", "release.Reference"}, qualified(e))
}

// TestHistory_isAsked holds that something depends on each change of the history: code that asks for it by name.
func TestHistory_isAsked(t *testing.T) {
	t.Parallel()
	names, mentions := map[string]bool{}, map[string]int{}
	for _, s := range product(t) {
		isHistory := strings.HasPrefix(s.file, "mockserver/internal/gitlab/history")
		declares := isHistory || s.file == "mockserver/internal/gitlab/change.go"
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && isHistory {
					if literal, isRow := n.Value.(*ast.CompositeLit); isRow && literal.Type == nil {
						names[key.Name] = true
					}
				}
			case *ast.Ident:
				if !declares {
					mentions[n.Name]++
				}
			}
			return true
		})
	}
	assert.Equal(t, len(names), len(mockserver.History()))
	for name := range names {
		if mentions[name] == 0 {
			t.Errorf("nothing asks for %s; a change that nothing asks for is not in the mock", name)
		}
	}
}
