// Package statuschecks_test checks the rules for the whole repository: which package may import which, how long code
// may be, where the clock may be read, and whether the documents are true.
package statuschecks_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"gotest.tools/v3/assert"
)

const module = "github.com/statuschecks/statuschecks"

// source is one Go file of the product's module.
type source struct {
	file   string // path from the root, with slashes
	folder string // its package's path from the root
	isTest bool
	text   string
	syntax *ast.File
	set    *token.FileSet
}

// place is a position in the file, for messages.
func (s *source) place(p token.Pos) string {
	return fmt.Sprintf("%s:%d", s.file, s.line(p))
}

func (s *source) line(p token.Pos) int { return s.set.Position(p).Line }

// lines counts the lines from a position to another.
func (s *source) lines(from, to token.Pos) int {
	return s.line(to) - s.line(from) + 1
}

// imports are the paths that the file imports: those of this module without the module's path, and the others.
func (s *source) imports() (ours, others []string) {
	for _, spec := range s.syntax.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		if below, isOurs := strings.CutPrefix(p, module+"/"); isOurs {
			ours = append(ours, below)
		} else {
			others = append(others, p)
		}
	}
	return ours, others
}

var parsed = sync.OnceValues(parseAll)

// sources are all Go files of the module.
func sources(t *testing.T) []*source {
	t.Helper()
	all, err := parsed()
	assert.NilError(t, err)
	assert.Assert(t, len(all) > 50, "only %d Go files were found", len(all))
	return all
}

// product are the files that are built into the program.
func product(t *testing.T) []*source {
	t.Helper()
	var found []*source
	for _, s := range sources(t) {
		if !s.isTest {
			found = append(found, s)
		}
	}
	return found
}

func parseAll() ([]*source, error) {
	var all []*source
	set := token.NewFileSet()
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if entry.IsDir() {
			if name != "." && (strings.HasPrefix(path.Base(name), ".") || isOtherModule(name)) {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		syntax, err := parser.ParseFile(set, name, text, parser.ParseComments)
		if err != nil {
			return err
		}
		all = append(all, &source{
			file: name, folder: path.Dir(name), isTest: strings.HasSuffix(name, "_test.go"),
			text: string(text), syntax: syntax, set: set,
		})
		return nil
	})
	return all, err
}

// isOtherModule tells a folder that belongs to another module, or to no module.
func isOtherModule(folder string) bool {
	return folder == "tools" || folder == "bin" || path.Base(folder) == "testdata" ||
		slices.Contains([]string{
			"clients/client-go", "examples/client-go", "clients/gitbeaker", "clients/contract-tools", "dist/image",
			"clients/matrix/client-go-1", "clients/matrix/client-go-2",
		}, folder)
}

// under tells whether a path is a folder or lies below it.
func under(p, folder string) bool { return p == folder || strings.HasPrefix(p, folder+"/") }
