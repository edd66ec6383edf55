package statuschecks_test

import (
	"go/ast"
	"strings"
	"testing"
)

// The longest that code may be, in lines. Tables of tests are data and may be longer than code.
const (
	longestFunction     = 70
	longestFile         = 500
	longestTestFunction = 150
	longestTestFile     = 900
)

func TestBudgets_functions(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if ast.IsGenerated(s.syntax) {
			continue
		}
		budget := longestFunction
		if s.isTest {
			budget = longestTestFunction
		}
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
		if ast.IsGenerated(s.syntax) {
			continue
		}
		budget := longestFile
		if s.isTest {
			budget = longestTestFile
		}
		if n := s.lines(s.syntax.FileStart, s.syntax.FileEnd) - 1; n > budget {
			t.Errorf("%s:%d: the file is %d lines, more than %d; split it by what it is about", s.file, n, n, budget)
		}
	}
}

func TestBudgets_parameters(t *testing.T) {
	t.Parallel()
	const most = 6
	for _, s := range product(t) {
		for _, declaration := range s.syntax.Decls {
			if f, ok := declaration.(*ast.FuncDecl); ok && f.Type.Params.NumFields() > most {
				t.Errorf("%s: %s takes %d parameters, more than %d; give them a struct", s.place(f.Pos()), f.Name.Name, f.Type.Params.NumFields(), most)
			}
		}
	}
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
			t.Errorf("the package in %s has %d package comments (%s); it wants exactly one", folder, len(files), strings.Join(files, ", "))
		}
	}
}

// TestNames_sayWhatIsInside holds that no file or package is called after nothing in particular.
func TestNames_sayWhatIsInside(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		for _, name := range []string{s.syntax.Name.Name, strings.TrimSuffix(s.file[strings.LastIndex(s.file, "/")+1:], ".go")} {
			switch strings.TrimSuffix(name, "_test") {
			case "util", "utils", "common", "helper", "helpers", "types", "base", "misc", "shared":
				t.Errorf("%s: %q says nothing about what is inside", s.file, name)
			}
		}
	}
}
