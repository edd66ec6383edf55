package openapi

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
	"gotest.tools/v3/golden"
)

// Each file under testdata/load has several errors. All of them are reported at once, each with its place.
func TestLoadErrors(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/load/*.yaml")
	assert.NilError(t, err)
	assert.Assert(t, len(files) >= 10)
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			assert.NilError(t, err)
			document, err := Load(name, text)
			assert.Assert(t, document == nil && err != nil)
			assert.Assert(t, strings.HasPrefix(err.Error(), name+":"), err)
			golden.Assert(t, err.Error()+"\n", filepath.Join("load", strings.TrimSuffix(name, ".yaml")+".golden"))
		})
	}
}

func TestLoadRefusesTooMuch(t *testing.T) {
	t.Parallel()
	_, err := Load("big.yaml", make([]byte, maxSource+1))
	assert.ErrorContains(t, err, "big.yaml: the file is larger than 8 MiB")
	_, err = Load("deep.yaml", []byte("openapi: "+strings.Repeat("[", 150)+strings.Repeat("]", 150)))
	assert.ErrorContains(t, err, "levels deep")
}

func TestLoadReadsJSON(t *testing.T) {
	t.Parallel()
	text, err := GitLab().JSON()
	assert.NilError(t, err)
	loaded, err := Load("gitlab.json", text)
	assert.NilError(t, err)
	assert.DeepEqual(t, ids(loaded), ids(GitLab()))
}

// Text that YAML could read as something else must stay text.
func TestYAMLKeepsTexts(t *testing.T) {
	t.Parallel()
	texts := []string{
		"", " ", "null", "Yes", "on", "~", "16.5", "0x10", "1e3", "0000000000000000000000000000000000000000", "141be97",
		"a: b", "a #b", "- x", "[x]", "{x}", "*a", "&a", "!a", "|", ">", "'", `"`, "a\nb", "a\tb", "é", "\u2028", "a ",
		" a",
		"2026-01-31", "2026-01-31T09:00:00Z", "<<", "=", "@a", "`a", "%a", "a,b", "?", "-", ":", "a:", "true ", "\\",
		"'a'", "a{b",
	}
	list := &node{kind: arrayNode}
	names := &node{kind: objectNode}
	for _, text := range texts {
		list.items = append(list.items, &node{kind: stringNode, text: text})
		if text != "" {
			names.members = append(names.members, member{name: text, value: &node{kind: stringNode, text: text}})
		}
	}
	root := &node{kind: objectNode, members: []member{
		{name: "list", value: list},
		{name: "names", value: names},
		{name: "nested", value: &node{kind: arrayNode, items: []*node{
			list,
			{kind: objectNode},
			{kind: arrayNode},
			names,
		}}},
	}}
	text := root.yaml()
	found := newProblems("x", text)
	back := parseYAML(text, found)
	assert.NilError(t, found.err())
	assert.Equal(t, string(back.appendJSON(nil)), string(root.appendJSON(nil)))
}
