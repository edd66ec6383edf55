package proof

import (
	"path/filepath"
	"testing"

	"gotest.tools/v3/assert"
	"gotest.tools/v3/golden"
)

// TestDocument_isFresh holds that docs/proof.md is what the tables say; -update writes it.
func TestDocument_isFresh(t *testing.T) {
	t.Parallel()
	reasons, err := Unkillable()
	assert.NilError(t, err)
	mutants, err := ReadMutants()
	assert.NilError(t, err)
	path, err := filepath.Abs(filepath.Join("..", "docs", "proof.md"))
	assert.NilError(t, err)
	golden.Assert(t, Document(killers(t), catalogue(t), reasons, mutants), path)
}
