package main

import (
	"path/filepath"
	"testing"

	"gotest.tools/v3/assert"
)

// TestNewRunID holds that runs which start in the same instant have names and ledgers of their own.
func TestNewRunID(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	seen := map[string]bool{}
	for range 1000 {
		id := newRunID()
		assert.Equal(t, len(id), 12, id)
		path, err := newVerifyOptions().ledgerOf(id)
		assert.NilError(t, err)
		assert.Equal(t, filepath.Base(path), id+".ledger")
		assert.Assert(t, !seen[path], "%s is there twice", path)
		seen[path] = true
	}
}
