package strictyaml

import (
	"strings"
	"testing"

	"gotest.tools/v3/assert"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	var left Map
	for _, nothing := range []any{nil, "", false, Map{}, []any{}, map[string]any(nil)} {
		left.Add("nothing", nothing)
	}
	assert.Equal(t, len(left), 0)
	left.Add("zero", 0)
	text := Write(Map{
		{"z", left},
		{"a", map[string]any{"two words": "it's (plain) text", "one": "/projects/{id}"}},
		{"list", []any{
			Map{{"first", int64(1)}, {"second", []any{1.0, 2.5}}},
			[]any{nil, true},
			Map{},
			[]any{},
			Raw("1e3"),
			map[string]any{"k": Map{}},
		}},
		{"quoted", []any{"a: b", "yes", "${x}", "1", "0123456789abcdef0123", "x\ny\u0001\U000e0001", ""}},
	})
	assert.Equal(t, string(text), `z:
  zero: 0
a:
  one: /projects/{id}
  two words: it's (plain) text
list:
  - first: 1
    second:
      - 1.0
      - 2.5
  -
    - null
    - true
  - {}
  - []
  - 1e3
  - k: {}
quoted:
  - "a: b"
  - "yes"
  - "${x}"
  - "1"
  - "0123456789abcdef0123"
  - "x\ny\u0001\U000e0001"
  - ""
`)
	long := strings.Repeat("word ", 200) + "end"
	assert.Equal(t, string(Write([]any{long[:999], long})), "- "+long[:999]+"\n- \""+long+"\"\n")
	assert.Equal(t, string(Write(Map{})), "{}\n")
	assert.Equal(t, string(Write("text")), "text\n")
}

// TestWrite_readBack holds that Read reads each text as it was, as a value, as an item and as a key.
func TestWrite_readBack(t *testing.T) {
	t.Parallel()
	pieces := []string{
		"a", " ", "\n", "\t", "\r", `"`, "'", ":", "#", "-", `\`, "{", "[", "|", ">", "&", "*", "!", "%", "@", "`", "?",
		",", "0", "1_0", "0x1", ".", "~", "=", "<<", "---", "...", "null", "yes", "2020-01-01", "1:30", "é", "\u0085",
		"\u2028", "\ufeff", "\x01", "\x7f", "\U0001F600", "$", "/", "(", "}",
	}
	for _, a := range pieces {
		for _, b := range pieces {
			text := Write(Map{{a + b, []any{b + a, []any{a}, Map{{b, a + b}}}}})
			root, wrong := readText(string(text))
			assert.Equal(t, wrong, "", "%s", text)
			assert.Equal(t, root.Pairs[0].Key, a+b)
			items := root.Pairs[0].Value.Items
			for i, n := range []*Node{items[0], items[1].Items[0], items[2].Get(b)} {
				assert.Equal(t, n.Kind, Text)
				assert.Equal(t, n.Text, []string{b + a, a, a + b}[i], "%s", strings.TrimSpace(string(text)))
			}
		}
	}
}
