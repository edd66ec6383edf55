package main

import (
	"os"
	"path/filepath"
	"testing"

	"gotest.tools/v3/assert"
	is "gotest.tools/v3/assert/cmp"
)

// TestWriteWhole_namesNoDraft holds that what goes wrong with a file is not told of the draft that it is written as.
func TestWriteWhole_namesNoDraft(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	assert.NilError(t, os.Mkdir(filepath.Join(folder, "taken"), 0o700))
	for _, path := range []string{filepath.Join(folder, "none", "report.json"), filepath.Join(folder, "taken")} {
		err := writeWhole(path, []byte("{}"), forEverybody)
		assert.Check(t, err != nil)
		assert.Check(t, is.Regexp(`^(no such file or directory|is a directory)$`, err.Error()))
	}
	left, err := os.ReadDir(folder)
	assert.NilError(t, err)
	assert.Equal(t, len(left), 1, "a draft is left")
}
