package main

import (
	"strings"
	"testing"

	"github.com/statuschecks/statuschecks/internal/docstest"
)

// TestReference_isFresh holds that docs/reference/commands.md is what the commands say of themselves.
func TestReference_isFresh(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	writeReference(&text, newRoot(system{}))
	docstest.Fresh(t, "reference/commands.md", text.String())
}
