package main

import (
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/docstest"
)

// TestCatalogue_isFresh holds that docs/reference/scenarios.md is what the catalogue says.
func TestCatalogue_isFresh(t *testing.T) {
	t.Parallel()
	text, err := cataloguePage()
	assert.NilError(t, err)
	docstest.Fresh(t, "reference/scenarios.md", text)
}
