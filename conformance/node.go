package conformance

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// scenarioFile is what a file that the suite reads may be. Its size bounds the depth of what the parser can be made to
// nest, for which the YAML library needs memory in the square of the depth.
var scenarioFile = strictyaml.Format{Noun: "scenario file", Size: 256 << 10, Depth: 100}

// node is one value of a scenario file with its place. Scalars are read from their source text, as the YAML
// library would turn forty zeros into the number 0.
type node struct {
	line, column int
	scalar       bool
	plain        bool   // written without quotes
	text         string // of a scalar
	value        any    // of a scalar: nil, bool, int64, float64 or string
	list         bool
	items        []*node
	pairs        []pair // of a mapping, in the file's order
}

type pair struct {
	key, value *node
}

func (n *node) mapping() bool { return !n.scalar && !n.list }

// kind is the word for messages.
func (n *node) kind() string {
	switch {
	case n.list:
		return "a list"
	case !n.scalar:
		return "a mapping"
	}
	switch n.value.(type) {
	case nil:
		return "nothing"
	case bool:
		return "a boolean"
	case int64, float64:
		return "a number"
	}
	return "text"
}

// parse reads one YAML document. It reports to p and returns nil when there is nothing to go on with.
func parse(data []byte, p *problems) *node {
	root := strictyaml.Read(p.Problems, data, scenarioFile)
	switch {
	case root == nil || len(p.List) > 0: // what could not be read is missing, of which no more is to be said
		return nil
	case root.Place == strictyaml.Place{}:
		p.add(0, 0, "the file is empty")
		return nil
	}
	return p.value(root)
}

// value gives a node its values: numbers are plain decimals, and text that looks like a SHA is quoted.
func (p *problems) value(from *strictyaml.Node) *node {
	n := &node{line: from.Line, column: from.Column}
	switch from.Kind {
	case strictyaml.Mapping:
		for _, one := range from.Pairs {
			key := &node{line: one.Line, column: one.Column, scalar: true, text: one.Key}
			n.pairs = append(n.pairs, pair{key: key, value: p.value(one.Value)})
		}
		return n
	case strictyaml.List:
		n.list = true
		for _, item := range from.Items {
			n.items = append(n.items, p.value(item))
		}
		return n
	case strictyaml.Text:
		n.value = from.Text
		if from.Plain && longHex.MatchString(from.Text) {
			p.at(n, "%s: put quotes around what looks like a SHA, or YAML may read it as a number", from.Text)
		}
	case strictyaml.Boolean:
		n.value = from.IsTrue()
	}
	n.scalar, n.plain, n.text = true, from.Plain, from.Text
	if from.Kind == strictyaml.Number {
		p.number(n)
	}
	return n
}

var (
	longHex    = regexp.MustCompile(`^([0-9a-fA-F]{20,}|[0-9]+[eE][0-9]+)$`)
	wholeText  = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	brokenText = regexp.MustCompile(`^-?(0|[1-9][0-9]*)\.[0-9]+$`)
)

// number takes plain decimal numbers only: YAML's other spellings (010, 0x1f, 12e3, 1_000) are where SHAs and
// versions get lost.
func (p *problems) number(n *node) {
	var err error
	switch {
	case wholeText.MatchString(n.text):
		var whole int64
		whole, err = strconv.ParseInt(n.text, 10, 64)
		n.value = whole
	case brokenText.MatchString(n.text):
		var broken float64
		broken, err = strconv.ParseFloat(n.text, 64)
		n.value = broken
	default:
		err = fmt.Errorf("not a plain decimal number")
	}
	if err != nil {
		p.at(n, "%s: put quotes around it if text is meant (a SHA, a version); a number is written in plain decimals",
			n.text)
		n.value = n.text
	}
}

// plainValue is the node as nil, bool, int64, float64, string, []any or map[string]any.
func (n *node) plainValue() any {
	switch {
	case n.scalar:
		return n.value
	case n.list:
		list := make([]any, len(n.items))
		for i, item := range n.items {
			list[i] = item.plainValue()
		}
		return list
	}
	object := make(map[string]any, len(n.pairs))
	for _, p := range n.pairs {
		object[p.key.text] = p.value.plainValue()
	}
	return object
}

// get is the value under a key, nil when the key is absent.
func (n *node) get(key string) *node {
	for _, p := range n.pairs {
		if p.key.text == key {
			return p.value
		}
	}
	return nil
}
