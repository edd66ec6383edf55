package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
	"gotest.tools/v3/assert/cmp"
)

func TestReadBounded(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": "", "1234": "1234", "12345": "", strings.Repeat("1", 9000): ""} {
		data, err := readBounded(strings.NewReader(text), 4)
		assert.Equal(t, string(data), want)
		if len(text) > 4 {
			assert.ErrorIs(t, err, errLargeFile)
		} else {
			assert.NilError(t, err)
		}
	}
}

// TestReadFile_alone holds that no file that a person names is read without a bound: some have no end.
func TestReadFile_alone(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	assert.NilError(t, err)
	assert.Assert(t, len(files) > 20)
	for _, name := range files {
		text, err := os.ReadFile(name)
		assert.NilError(t, err)
		if strings.HasSuffix(name, "_test.go") || name == "publish.go" { // which reads ordinary files alone, its own
			continue
		}
		assert.Assert(t, !cmp.Contains(string(text), "os.ReadFile(")().Success(), "%s: use readFile", name)
		assert.Assert(t, !cmp.Contains(string(text), "io.ReadAll(os.")().Success(), "%s: use readBounded", name)
	}
}
