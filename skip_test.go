package statuschecks_test

import (
	"go/ast"
	"slices"
	"testing"
)

// maySkip are the functions of tests that skip for another reason than a tool that is missing.
var maySkip = map[string]string{
	"mockserver/bind_test.go FuzzBind":                    "an input that is no request",
	"proof/whole_test.go onlyWhole":                       "it takes minutes",
	"proof/proof_test.go TestDefects_areCaught":           "another run does it without the race detector",
	"conformance/mock_test.go repeats":                    "another test does the same",
	"conformance/apart_test.go TestReleases_areToldApart": "make releases-apart runs it",
	"conformance/traffic_test.go TestTraffic_isRecorded":  "it writes a file, if it is told to",
}

// TestSkips_areForTools holds that a test which lacks a tool asks package tooltest for it, so that it fails in CI.
func TestSkips_areForTools(t *testing.T) {
	t.Parallel()
	skipping := []string{"Skip", "Skipf", "SkipNow"}
	met := map[string]bool{}
	for _, s := range sources(t) {
		if s.folder == "internal/tooltest" {
			continue
		}
		eachFunction(s, func(name string, body ast.Node) {
			ast.Inspect(body, func(n ast.Node) bool {
				call, isCall := n.(*ast.CallExpr)
				if !isCall {
					return true
				}
				selector, isSelector := call.Fun.(*ast.SelectorExpr)
				if !isSelector || !s.isTest || !slices.Contains(skipping, selector.Sel.Name) {
					return true
				}
				met[s.file+" "+name] = true
				if maySkip[s.file+" "+name] == "" {
					t.Errorf("%s: %s skips: a test that needs a tool asks package tooltest; another reason "+
						"stands in maySkip", s.place(n.Pos()), name)
				}
				return true
			})
		})
	}
	for place := range maySkip {
		if !met[place] {
			t.Errorf("maySkip: %s skips nothing", place)
		}
	}
}
