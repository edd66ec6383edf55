package main

import (
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/docstest"
)

// TestReference_isFresh holds that the generated pages are what the commands, scenarios and releases say now.
func TestReference_isFresh(t *testing.T) {
	t.Parallel()
	for name, page := range map[string]func() (string, error){
		"commands.md":  func() (string, error) { return referencePage(newRoot(system{})), nil },
		"scenarios.md": cataloguePage, "versions.md": versionsPage,
	} {
		text, err := page()
		assert.NilError(t, err)
		docstest.Fresh(t, "reference/"+name, text)
	}
}
