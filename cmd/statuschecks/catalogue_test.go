package main

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gotest.tools/v3/assert"
)

// TestCatalogue_isFresh holds that docs/reference/scenarios.md is what the catalogue says.
func TestCatalogue_isFresh(t *testing.T) {
	t.Parallel()
	written, err := os.ReadFile("../../docs/reference/scenarios.md")
	assert.NilError(t, err)
	text, err := cataloguePage()
	assert.NilError(t, err)
	if diff := cmp.Diff(string(written), text); diff != "" {
		t.Errorf("docs/reference/scenarios.md is stale; run go generate ./cmd/statuschecks\n%s", diff)
	}
}
