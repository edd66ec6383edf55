package seed

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/openapi"
)

// Rows take each word that the state knows, so that what is exported can be read again, and the contract of the control
// surface has all kinds of jobs.
func TestRows_takeAllWords(t *testing.T) {
	t.Parallel()
	words := wordsOf(t, "../internal/gitlab")
	for kind, taken := range rowWords {
		for _, word := range words[kind.Name()] {
			if word == "" || word == string(gitlab.Locked) { // not written, and never in a state that is at rest
				continue
			}
			assert.Check(t, slices.Contains(taken, word), "rows do not take %q for a %s", word, kind.Name())
		}
	}
	contract, err := openapi.Control().YAML()
	assert.NilError(t, err)
	assert.Assert(t, len(words["JobKind"]) > 10)
	for _, word := range words["JobKind"] {
		assert.Check(t, strings.Contains(string(contract), word), "openapi/control.yaml has no job %s", word)
	}
}

// wordsOf finds the constants of a package that have a type and a text, by their types.
func wordsOf(t *testing.T, folder string) map[string][]string {
	t.Helper()
	words := map[string][]string{}
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	assert.NilError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		assert.NilError(t, err)
		parsed, err := parser.ParseFile(token.NewFileSet(), file, text, 0)
		assert.NilError(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, _ := n.(*ast.ValueSpec)
			if spec == nil || len(spec.Values) != 1 {
				return true
			}
			kind, named := spec.Type.(*ast.Ident)
			value, literal := spec.Values[0].(*ast.BasicLit)
			if named && literal && value.Kind == token.STRING {
				word, err := strconv.Unquote(value.Value)
				assert.NilError(t, err)
				words[kind.Name] = append(words[kind.Name], word)
			}
			return true
		})
	}
	return words
}
