// Package docstest reads the documents under docs/ for the tests that check them.
package docstest

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Page returns the text of a document. The name is relative to docs/.
func Page(t testing.TB, name string) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		text, err := os.ReadFile(filepath.Join(folder, "docs", name))
		if err == nil {
			return string(text)
		}
		if folder == filepath.Dir(folder) {
			t.Fatalf("there is no docs/%s in this folder or above it", name)
		}
		folder = filepath.Dir(folder)
	}
}

// Block is a fenced block of a document. Its kind is what stands behind the fence.
type Block struct{ Kind, Text string }

var fence = regexp.MustCompile("(?ms)^```([a-z ]+)\n(.*?)^```$")

// Blocks returns the fenced blocks of a document in their order: those of one kind, or all if the kind is empty.
func Blocks(t testing.TB, name, kind string) []Block {
	t.Helper()
	var blocks []Block
	for _, m := range fence.FindAllStringSubmatch(Page(t, name), -1) {
		if kind == "" || kind == m[1] {
			blocks = append(blocks, Block{m[1], m[2]})
		}
	}
	return blocks
}

// Fresh fails the test if a generated document does not have this text.
func Fresh(t testing.TB, name, text string) {
	t.Helper()
	if diff := cmp.Diff(Page(t, name), text); diff != "" {
		t.Errorf("docs/%s is stale; run go generate ./...\n%s", name, diff)
	}
}
