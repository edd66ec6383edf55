package proof

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
	"gotest.tools/v3/golden"
)

// TestDocument_isFresh holds that docs/reference/proof.md is what the tables say; -update writes it.
func TestDocument_isFresh(t *testing.T) {
	t.Parallel()
	reasons, err := Unkillable()
	assert.NilError(t, err)
	mutants, err := ReadMutants()
	assert.NilError(t, err)
	path, err := filepath.Abs(filepath.Join("..", "docs", "reference", "proof.md"))
	assert.NilError(t, err)
	golden.Assert(t, Document(killers(t), catalogue(t), reasons, mutants), path)
}

// TestMutants_areReviewed holds that the list of survivors is whole, and about files that there are.
func TestMutants_areReviewed(t *testing.T) {
	t.Parallel()
	m, err := ReadMutants()
	assert.NilError(t, err)
	lived := 0
	for _, s := range m.Survivors {
		lived += s.Count
		assert.Assert(t, s.Count > 0 && s.Change != "" && strings.HasSuffix(s.Because, "."), "%+v", s)
		file, _, _ := strings.Cut(s.At, ",")
		assert.Assert(t, slices.Contains(m.Files, file), "%s is not among the files that were changed", file)
	}
	assert.Equal(t, lived, m.Lived)
	assert.Assert(t, m.Killed > 0)
	for _, file := range m.Files {
		_, err := os.Stat(filepath.Join("..", filepath.FromSlash(m.Package), file))
		assert.NilError(t, err)
	}
}
