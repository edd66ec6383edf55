package strictyaml

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"
	is "gotest.tools/v3/assert/cmp"
)

var format = Format{Noun: "test file", Size: 1 << 20, Depth: 20}

// readText reads a text and returns its problems.
func readText(text string) (*Node, string) {
	p := NewProblems("f.yaml", []byte(text))
	root := Read(p, []byte(text), format)
	return root, Join(p.Sorted(), "")
}

func TestRead_keepsTextAndPlaces(t *testing.T) {
	t.Parallel()
	root, wrong := readText("a: 010\nb:\n  - \"x\"\n  - {c: Yes, 200: true}\nd: |\n  two\n  lines\n")
	assert.Equal(t, wrong, "")
	assert.Equal(t, root.Place, Place{1, 1})
	a := root.Get("a")
	assert.DeepEqual(t, *a, Node{Place: Place{1, 4}, Kind: Number, Text: "010", Plain: true})
	items := root.Get("b").Items
	assert.DeepEqual(t, *items[0], Node{Place: Place{3, 5}, Kind: Text, Text: "x"})
	assert.Equal(t, items[1].Pairs[1].Key, "200")
	assert.Assert(t, items[1].Get("200").IsTrue() && !items[1].Get("c").IsTrue())
	assert.Equal(t, root.Get("d").Text, "two\nlines\n")
	assert.Assert(t, root.Get("e") == nil)
}

func TestRead_takesAByteOrderMark(t *testing.T) {
	t.Parallel()
	root, wrong := readText("\ufeffa: 1\nb: *x\n")
	assert.Equal(t, root.Get("a").Text, "1")
	assert.Equal(t, root.Place, Place{1, 1})
	assert.Assert(t, is.Contains(wrong, "f.yaml:2:4: anchors and aliases (& and *) are not part of the format\n    "+
		"2 | b: *x\n      |    ^"))
}

func TestRead_refuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a: 1\na: 2":                         `f.yaml:2:1: "a" stands here twice, first in line 1`,
		"a: !!str 1":                         "tags (!) are not part of the format",
		"a: {<<: {b: 1}}":                    "merge keys (<<) are not part of the format",
		"? a\n: 1":                           "a key must be plain text",
		"a: [1":                              "f.yaml:1:4: not YAML",
		"a: 1\n---\nb: 1":                    "a second YAML document; a test file holds one",
		"a: \xff":                            "f.yaml: the file is not UTF-8 text",
		strings.Repeat("x", 1<<20+1):         "f.yaml: the file is larger than 1 MiB",
		strings.Repeat("[", 21):              "f.yaml:1:1: the file nests more than 20 levels deep",
		"a: 1\n" + strings.Repeat("- ", 200): "f.yaml:2:1: the file nests more than 20 levels deep",
	} {
		_, wrong := readText(text)
		assert.Check(t, is.Contains(wrong, want), "%.40q", text)
	}
}

// TestLine_hidesSecrets checks that no excerpt has anything that may be a secret.
func TestLine_hidesSecrets(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	for name, text := range map[string]string{
		"in a line":            "token: hunter2",
		"quoted":               `"shared_secret": "hunter2"`,
		"in a list":            "tokens: [a, {name: hunter2}]",
		"below":                "tokens:\n  - name: x\n    value: hunter2",
		"a block":              "password: |\n  hunter2\n  more",
		"several lines":        "password: \"one\n  hunter2\"",
		"a URL":                "url: https://me:hunter2@example.org/x",
		"a name in a URL":      "url: https://hunter2@example.org/x",
		"a parameter":          "url: https://example.org/x?a=1&private_token=hunter2&b=2",
		"a key":                "api_key: hunter2",
		"no YAML, a key":       "a: [1\napiKey: hunter2",
		"a key in a URL":       "url: https://example.org/x?a=1&api_key=hunter2&b=2",
		"an encoded parameter": "path: /files/a%3Fprivate_token=hunter2",
		"all of it encoded":    "path: /files/a%3fb%3Dc%26private_token%3Dhunter2",
		"no YAML":              "a: [1\ntoken: hunter2",
		"no YAML, below":       "tokens:\n  - name: x\n    value: hunter2\nb: [",
		"no YAML, in JSON":     `{"token": "hunter2"`,
		"too deep to be read":  "token: [[[[[[[[[[[[[[[[[[[[[[hunter2",
		"twice":                "token: a\ntoken: hunter2",
		"twice, a block":       "token: a\ntoken: |\n  hunter2",
		"an anchor":            "token: &x hunter2",
		"in an unreadable key": "token: {? [a] : hunter2}",
	} {
		p := NewProblems("f.yaml", []byte(text))
		Read(p, []byte(text), format)
		for line := range strings.Split(text, "\n") {
			assert.Check(t, !strings.Contains(p.Line(line+1), secret), "%s: line %d is %q", name, line+1,
				p.Line(line+1))
		}
	}
}

func TestLine_hidesNothingElse(t *testing.T) {
	t.Parallel()
	text := "name: x\ntoken: {env: NAME}\nurl: https://example.org/a@b?page=2\nsecrets_of_life: 42"
	p := NewProblems("f.yaml", []byte(text))
	Read(p, []byte(text), format)
	for i, want := range []string{
		"name: x", "token: {env: …", "url: https://example.org/a@b?page=2",
		"secrets_of_life: 42",
	} {
		assert.Equal(t, p.Line(i+1), want)
	}
	assert.Equal(t, p.Line(0), "")
	assert.Equal(t, p.Line(9), "")
}

func TestJoin_showsFiftyAtMost(t *testing.T) {
	t.Parallel()
	p := NewProblems("f.yaml", nil)
	for i := range 62 {
		p.Add(Place{i + 1, 1}, "wrong %d", i)
	}
	text := Join(p.Sorted(), " in f.yaml")
	assert.Assert(t, strings.Contains(text, "wrong 49\nand 12 more\n62 problems in f.yaml"), text)
	assert.Equal(t, len(Texts(p.List[:50])), 50)
	assert.Equal(t, Join(p.List[:1], " in f.yaml"), "f.yaml:1:1: wrong 0")
}

func TestProblem_cutsLongLines(t *testing.T) {
	t.Parallel()
	line := strings.Repeat("a", 300) + "!" + strings.Repeat("b", 300)
	text := Problem{File: "f", Place: Place{1, 301}, Message: "here", Line: line}.String()
	lines := strings.Split(text, "\n")
	assert.Assert(t, len([]rune(lines[1])) < 180, lines[1])
	at := len([]rune(lines[2])) - 1
	assert.Equal(t, string([]rune(lines[1])[at]), "!")
}

// users is a text with n users, each with an error.
func users(n int, between string) []byte {
	var b strings.Builder
	b.WriteString("users: [")
	for i := range n {
		fmt.Fprintf(&b, "{username: u%d, name: \"U %d\", token: *x}%s", i, i, between)
	}
	b.WriteString("]\n")
	return []byte(b.String())
}

// TestRead_takesNoLongerForOneLine checks that the time depends on the size of a text, not on the number of its lines.
func TestRead_takesNoLongerForOneLine(t *testing.T) {
	t.Parallel()
	least := func(between string) time.Duration {
		data, best := users(4000, between), time.Hour
		for range 3 {
			begun := time.Now()
			p := NewProblems("f.yaml", data)
			assert.Assert(t, Read(p, data, format) != nil)
			found := p.Sorted()
			assert.Equal(t, len(found), 4000)
			_ = Join(found, "")
			best = min(best, time.Since(begun))
		}
		return best
	}
	manyLines, oneLine := least(",\n"), least(", ")
	t.Logf("%s in many lines, %s in one", manyLines, oneLine)
	assert.Assert(t, oneLine < 4*manyLines, "%s in one line, %s in many", oneLine, manyLines)
}
