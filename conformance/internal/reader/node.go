package reader

import (
	"fmt"
	"strconv"

	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// scenarioFile is what a file that the suite reads may be. Its size bounds the depth of what the parser can be made to
// nest, for which the YAML library needs memory in the square of the depth.
var scenarioFile = strictyaml.Format{Noun: "scenario file", Size: 256 << 10, Depth: 100}

// Node is one value of a scenario file with its place. Scalars are read from their source text, as the YAML
// library would turn forty zeros into the number 0.
type Node struct {
	Line, Column int
	IsScalar     bool
	plain        bool   // written without quotes
	Text         string // of a scalar
	Value        any    // of a scalar: nil, bool, int64, float64 or string
	IsList       bool
	Items        []*Node
	Pairs        []Pair // of a mapping, in the file's order
}

// Pair is a key with its value.
type Pair struct {
	Key, Value *Node
}

// IsMapping tells a mapping from scalars and lists.
func (n *Node) IsMapping() bool { return !n.IsScalar && !n.IsList }

// Kind is the word for messages.
func (n *Node) Kind() string {
	switch {
	case n.IsList:
		return "a list"
	case !n.IsScalar:
		return "a mapping"
	}
	switch n.Value.(type) {
	case nil:
		return "nothing"
	case bool:
		return "a boolean"
	case int64, float64:
		return "a number"
	}
	return "text"
}

// Parse reads one YAML document. It reports to p and returns nil when there is nothing to go on with.
func Parse(data []byte, p *Problems) *Node {
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
func (p *Problems) value(from *strictyaml.Node) *Node {
	n := &Node{Line: from.Line, Column: from.Column}
	switch from.Kind {
	case strictyaml.Mapping:
		for _, one := range from.Pairs {
			key := &Node{Line: one.Line, Column: one.Column, IsScalar: true, Text: one.Key}
			n.Pairs = append(n.Pairs, Pair{Key: key, Value: p.value(one.Value)})
		}
		return n
	case strictyaml.List:
		n.IsList = true
		for _, item := range from.Items {
			n.Items = append(n.Items, p.value(item))
		}
		return n
	case strictyaml.Text:
		n.Value = from.Text
		if from.Plain && strictyaml.LongHex().MatchString(from.Text) {
			p.At(n, "%s: put quotes around what looks like a SHA, or YAML may read it as a number", from.Text)
		}
	case strictyaml.Boolean:
		n.Value = from.IsTrue()
	}
	n.IsScalar, n.plain, n.Text = true, from.Plain, from.Text
	if from.Kind == strictyaml.Number {
		p.number(n)
	}
	return n
}

var (
	wholeText  = lazy.Regexp(`^-?(0|[1-9][0-9]*)$`)
	brokenText = lazy.Regexp(`^-?(0|[1-9][0-9]*)\.[0-9]+$`)
)

// number takes plain decimal numbers only: YAML's other spellings (010, 0x1f, 12e3, 1_000) are where SHAs and
// versions get lost.
func (p *Problems) number(n *Node) {
	var err error
	switch {
	case wholeText().MatchString(n.Text):
		var whole int64
		whole, err = strconv.ParseInt(n.Text, 10, 64)
		n.Value = whole
	case brokenText().MatchString(n.Text):
		var broken float64
		broken, err = strconv.ParseFloat(n.Text, 64)
		n.Value = broken
	default:
		err = fmt.Errorf("not a plain decimal number")
	}
	if err != nil {
		p.At(n, "%s: put quotes around it if text is meant (a SHA, a version); a number is written in plain decimals",
			n.Text)
		n.Value = n.Text
	}
}

// Plain is the node as nil, bool, int64, float64, string, []any or map[string]any.
func (n *Node) Plain() any {
	switch {
	case n.IsScalar:
		return n.Value
	case n.IsList:
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			list[i] = item.Plain()
		}
		return list
	}
	object := make(map[string]any, len(n.Pairs))
	for _, p := range n.Pairs {
		object[p.Key.Text] = p.Value.Plain()
	}
	return object
}

// Get is the value under a key, nil when the key is absent.
func (n *Node) Get(key string) *Node {
	for _, p := range n.Pairs {
		if p.Key.Text == key {
			return p.Value
		}
	}
	return nil
}
