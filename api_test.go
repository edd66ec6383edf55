package statuschecks_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
	"gotest.tools/v3/golden"
)

// forOthers tells the packages that other modules are meant to import.
func forOthers(folder string) bool {
	return !slices.ContainsFunc([]string{
		"cmd", "bench", "dist", "proof", "hostile", "tools", "clients", "profiles", "packages", "judge", "examples",
	},
		func(f string) bool { return under(folder, f) }) && !slices.Contains(strings.Split(folder, "/"), "internal")
}

// TestAPI_changesAreSeen holds what each package exports against a file, so that a change of it shows in a review. Run
// go test . -run TestAPI -update if the change is meant, and tell of it in CHANGELOG.md.
func TestAPI_changesAreSeen(t *testing.T) {
	t.Parallel()
	var folders, files []string
	for _, s := range product(t) {
		if forOthers(s.folder) && !slices.Contains(folders, s.folder) {
			folders = append(folders, s.folder)
		}
	}
	assert.Assert(t, slices.Contains(folders, "mockserver") && slices.Contains(folders, "conformance"), folders)
	for _, folder := range folders {
		file := "api/" + strings.ReplaceAll(folder, "/", "-") + ".golden"
		files = append(files, filepath.Join("testdata", file))
		t.Run(folder, func(t *testing.T) {
			golden.Assert(t, exportsOf(t, folder), file)
		})
	}
	there, err := filepath.Glob("testdata/api/*.golden")
	assert.NilError(t, err)
	slices.Sort(files)
	assert.DeepEqual(t, there, files)
}

// exportsOf is what a package exports, in the order of the names.
func exportsOf(t *testing.T, folder string) string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	assert.NilError(t, err)
	set, declarations := token.NewFileSet(), []string{}
	for _, e := range entries {
		if e.IsDir() || !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, filepath.Join(folder, e.Name()), nil, parser.SkipObjectResolution)
		assert.NilError(t, err)
		ast.FileExports(file)
		for _, d := range file.Decls {
			if shown := withoutInsides(d); shown != nil {
				var b bytes.Buffer
				assert.NilError(t, (&printer.Config{Mode: printer.UseSpaces, Tabwidth: 4}).Fprint(&b, set, shown))
				declarations = append(declarations, b.String())
			}
		}
	}
	slices.Sort(declarations)
	return strings.Join(declarations, "\n\n") + "\n"
}

// withoutInsides is a declaration without the bodies of functions and the values of variables; nil if it is not
// exported.
func withoutInsides(d ast.Decl) ast.Decl {
	switch d := d.(type) {
	case *ast.FuncDecl:
		d.Body = nil
		if d.Recv != nil && !ast.IsExported(receiver(d.Recv.List[0].Type)) {
			return nil
		}
	case *ast.GenDecl:
		if d.Tok == token.IMPORT {
			return nil
		}
		for _, s := range d.Specs {
			if v, ok := s.(*ast.ValueSpec); ok && d.Tok == token.VAR {
				v.Values = nil
			}
		}
	}
	return d
}

// receiver is the name of a method's type.
func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
