package openapi

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/statuschecks/statuschecks/release"
)

// FuzzLoad searches for input that makes the loader, or anything that uses a loaded document, panic. A loaded document
// must stay the same when it is written as YAML and read again.
func FuzzLoad(f *testing.F) {
	files, err := filepath.Glob("testdata/load/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, "testdata/small.yaml") {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		document, err := Load("fuzz.yaml", text)
		if err != nil {
			return
		}
		for _, o := range document.At(release.Reference).Operations() {
			o.Parameters()
			o.CheckParameters(map[string]any{})
			o.CheckResponse(200, nil, []byte("{}"))
		}
		pruned, err := document.At(release.Reference).YAML()
		if err != nil {
			t.Fatal(err)
		}
		want, err := document.At(release.Reference).JSON()
		if err != nil {
			t.Fatal(err)
		}
		found := newProblems("again", nil)
		again := parseYAML(pruned, found)
		if err := found.err(); err != nil {
			t.Fatalf("the document cannot be read again: %v\n%s", err, pruned)
		}
		if got := again.appendJSON(nil); string(got) != string(want) {
			t.Fatalf("the document changed:\n%s\n%s", want, got)
		}
	})
}
