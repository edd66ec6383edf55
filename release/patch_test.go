package release

import (
	"testing"

	"gotest.tools/v3/assert"
)

func TestParsePatch(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"18.6.6": 6, "v18.6.6-ee": 6, "18.9.0-ee": 0, "18.6.10+build": 10,
		" 16.11.2 ": 2,
	} {
		patch, known := ParsePatch(text)
		assert.Assert(t, known, text)
		assert.Equal(t, patch, want, text)
	}
	for _, text := range []string{
		"18.9", "18.9-ee", "18.9.0-pre", "18.9.0-rc42-ee", "18.9.x", "", "18.9.0.1",
		"nightly",
	} {
		_, known := ParsePatch(text)
		assert.Assert(t, !known, text)
	}
}

// TestSettled checks that the table has only releases that the contract covers.
func TestSettled(t *testing.T) {
	t.Parallel()
	for v, patch := range settled {
		assert.NilError(t, Covered(v))
		assert.Assert(t, patch > 0, "%s", v)
	}
}
