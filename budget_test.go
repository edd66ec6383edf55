package statuschecks_test

import (
	"go/ast"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"gotest.tools/v3/assert"
)

// The longest that code may be, in lines. Tables of tests are data and may be longer than code.
const (
	longestFunction     = 70
	longestFile         = 500
	longestTestFunction = 220
	longestTestFile     = 1000
	widestLine          = 120 // columns, a tab being four
)

// budget returns how long a part of a file may be.
func (s *source) budget(inProduct, inTests int) int {
	switch {
	case ast.IsGenerated(s.syntax):
		return math.MaxInt
	case s.isTest:
		return inTests
	}
	return inProduct
}

func TestBudgets_functions(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		budget := s.budget(longestFunction, longestTestFunction)
		for _, declaration := range s.syntax.Decls {
			f, ok := declaration.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := s.lines(f.Pos(), f.End()); n > budget {
				t.Errorf("%s: %s is %d lines, more than %d; split it", s.place(f.Pos()), f.Name.Name, n, budget)
			}
		}
	}
}

func TestBudgets_files(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		budget := s.budget(longestFile, longestTestFile)
		if n := s.lines(s.syntax.FileStart, s.syntax.FileEnd) - 1; n > budget {
			t.Errorf("%s:%d: the file is %d lines, more than %d; split it by what it is about", s.file, n, n, budget)
		}
	}
}

// TestBudgets_lines leaves out lines within texts of several lines, which are files of their own.
func TestBudgets_lines(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if ast.IsGenerated(s.syntax) {
			continue
		}
		text := map[int]bool{}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && strings.Contains(l.Value, "\n") {
				for line := s.line(l.Pos()); line <= s.line(l.End()); line++ {
					text[line] = true
				}
			}
			return true
		})
		for i, line := range strings.Split(s.text, "\n") {
			n := utf8.RuneCountInString(line) + 3*strings.Count(line, "\t")
			if n > widestLine && !text[i+1] && !strings.Contains(line, "//nolint:") {
				t.Errorf("%s:%d: the line has %d columns, more than %d", s.file, i+1, n, widestLine)
			}
		}
	}
}

// switches are the functions that take a bool already. Do not add to them: two functions, or a type with two names, say
// at the call what is meant.
var switches = map[string]int{
	"cmd/statuschecks/listen.go":                  1,
	"cmd/statuschecks/release_notes.go":           1,
	"cmd/statuschecks/verify_target_file.go":      1,
	"cmd/statuschecks/versions.go":                1,
	"conformance/deletion.go":                     1,
	"conformance/explore_model.go":                3,
	"conformance/explore_report.go":               1,
	"conformance/fixture.go":                      1,
	"conformance/normalise.go":                    3,
	"conformance/plan.go":                         2,
	"conformance/receive.go":                      1,
	"conformance/report_text.go":                  1,
	"conformance/target.go":                       1,
	"mockserver/deliver_wait.go":                  1,
	"mockserver/entity_group.go":                  1,
	"mockserver/entity_member.go":                 1,
	"mockserver/entity_project_settings.go":       1,
	"mockserver/entity_status_check.go":           1,
	"mockserver/index.go":                         1,
	"mockserver/internal/gitlab/ability.go":       1,
	"mockserver/internal/gitlab/choice.go":        1,
	"mockserver/internal/gitlab/delivery.go":      1,
	"mockserver/internal/gitlab/feature.go":       1,
	"mockserver/internal/gitlab/group.go":         2,
	"mockserver/internal/gitlab/note.go":          2,
	"mockserver/internal/gitlab/project_rules.go": 4,
	"mockserver/internal/gitlab/quick_action.go":  1,
	"mockserver/internal/gitlab/refresh.go":       1,
	"mockserver/internal/gitlab/response.go":      1,
	"mockserver/internal/gitlab/user.go":          1,
	"openapi/crosscheck/crosscheck.go":            2,
	"openapi/difference.go":                       1,
	"openapi/openapitest/drift.go":                1,
	"openapi/parameter.go":                        1,
	"openapi/plain.go":                            2,
	"openapi/scan.go":                             1,
	"openapi/trim.go":                             1,
	"proof/defects_history.go":                    1,
}

func TestBudgets_parameters(t *testing.T) {
	t.Parallel()
	const most = 5
	seen := map[string]int{}
	for _, s := range product(t) {
		for _, declaration := range s.syntax.Decls {
			f, ok := declaration.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := f.Type.Params.NumFields(); n > most {
				t.Errorf("%s: %s takes %d parameters, more than %d; give them a struct", s.place(f.Pos()), f.Name.Name,
					n, most)
			}
			for _, parameter := range f.Type.Params.List {
				if kind, ok := parameter.Type.(*ast.Ident); ok && kind.Name == "bool" {
					seen[s.file] += len(parameter.Names)
				}
			}
		}
	}
	assert.DeepEqual(t, seen, switches)
}

func TestPackages_haveOneComment(t *testing.T) {
	t.Parallel()
	comments := map[string][]string{}
	for _, s := range sources(t) {
		if s.isTest && s.folder != "." {
			continue
		}
		if _, seen := comments[s.folder]; !seen {
			comments[s.folder] = nil
		}
		if s.syntax.Doc != nil {
			comments[s.folder] = append(comments[s.folder], s.file)
		}
	}
	for folder, files := range comments {
		if len(files) != 1 {
			t.Errorf("the package in %s has %d package comments (%s); it wants exactly one", folder, len(files),
				strings.Join(files, ", "))
		}
	}
}

// TestNames_sayWhatIsInside holds that no file or package is called after nothing in particular.
func TestNames_sayWhatIsInside(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		for _, name := range []string{s.syntax.Name.Name, strings.TrimSuffix(s.file[strings.LastIndex(s.file, "/")+1:],
			".go")} {
			switch strings.TrimSuffix(name, "_test") {
			case "util", "utils", "common", "helper", "helpers", "types", "base", "misc", "shared":
				t.Errorf("%s: %q says nothing about what is inside", s.file, name)
			}
		}
	}
}
