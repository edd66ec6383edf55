package main

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gotest.tools/v3/assert"
)

// TestReference_isFresh holds that docs/reference/commands.md is what the commands say of themselves.
func TestReference_isFresh(t *testing.T) {
	t.Parallel()
	written, err := os.ReadFile("../../docs/reference/commands.md")
	assert.NilError(t, err)
	var text strings.Builder
	writeReference(&text, newRoot(system{}))
	if diff := cmp.Diff(string(written), text.String()); diff != "" {
		t.Errorf("docs/reference/commands.md is stale; run go generate ./cmd/statuschecks\n%s", diff)
	}
}
