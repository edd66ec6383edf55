// Package strictyaml reads YAML files that people write. It is strict, and reports each problem with its position and
// the line, without the secrets in that line. It reads JSON as well, because JSON is YAML.
package strictyaml

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Format describes a kind of file and its limits.
type Format struct {
	Noun  string // such as "scenario file", for messages
	Size  int    // the largest size in bytes
	Depth int    // how deeply values may be nested
}

// Place is a line and a column, both counted from 1. The zero value means no place.
type Place struct{ Line, Column int }

// Kind is the kind of a value. The constants are worded for messages.
type Kind string

// The kinds of values. A value with an empty kind could not be read, and that was reported.
const (
	Text    Kind = "text"
	Number  Kind = "a number"
	Boolean Kind = "a boolean"
	Empty   Kind = "nothing"
	List    Kind = "a list"
	Mapping Kind = "a mapping"
)

// Node is one value of a file. A scalar keeps its text as it was written, because YAML would turn a SHA of digits into
// a number.
type Node struct {
	Place
	Kind  Kind
	Text  string // of a scalar
	Plain bool   // of a scalar: written without quotes
	Items []*Node
	Pairs []Pair // of a mapping, in the file's order
}

// Pair is a key of a mapping with its value.
type Pair struct {
	Key string
	Place
	Value *Node
}

// IsScalar reports whether the value is neither a list nor a mapping.
func (n *Node) IsScalar() bool { return n.Kind != List && n.Kind != Mapping }

// Get returns the value of a key, or nil if the key is absent.
func (n *Node) Get(key string) *Node {
	for i := range n.Pairs {
		if n.Pairs[i].Key == key {
			return n.Pairs[i].Value
		}
	}
	return nil
}

// Read reads the only document of a file. If it returns nil, the file could not be read, and p has the reason. An empty
// file is a Node of kind Empty without a place.
func Read(p *Problems, data []byte, format Format) (root *Node) {
	data = withoutMark(data)
	switch {
	case len(data) > format.Size:
		p.Add(Place{}, "the file is larger than %s", size(format.Size))
		return nil
	case !utf8.Valid(data):
		p.Add(Place{}, "the file is not UTF-8 text")
		return nil
	}
	if line := tooDeep(data, format.Depth); line > 0 {
		p.Add(Place{line, 1}, "the file nests more than %d levels deep", format.Depth)
		return nil
	}
	defer func() {
		if cause := recover(); cause != nil { // the YAML library panics on some malformed texts
			p.Add(Place{}, "the file is not YAML")
			root = nil
		}
	}()
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		p.addSyntax(err)
		return nil
	}
	var bodies []ast.Node
	for _, document := range file.Docs {
		if document.Body != nil && document.Body.Type() != ast.CommentType {
			bodies = append(bodies, document.Body)
		}
	}
	switch len(bodies) {
	case 0:
		return &Node{Kind: Empty}
	case 1:
		p.isRead = true
		return (&reader{p: p, most: format.Depth}).read(bodies[0])
	}
	p.Add(placeOf(bodies[1]), "a second YAML document; a %s holds one", format.Noun)
	return nil
}

// withoutMark removes the byte-order mark that some editors put at the start of a text.
func withoutMark(data []byte) []byte { return bytes.TrimPrefix(data, []byte("\ufeff")) }

func size(n int) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d KiB", n>>10)
}

// tooDeep returns the first line that may be nested too deeply; 0 if there is none. It counts brackets everywhere, even
// in text, and indentation, because the YAML library's running time grows with the square of the depth.
func tooDeep(data []byte, most int) int {
	const leads = " -?\t"
	line, open, lead, keys, leading := 1, 0, 0, 0, true
	for i, c := range data {
		switch c {
		case '\n':
			line, lead, keys, leading = line+1, 0, 0, true
			continue
		case '[', '{':
			open++
		case ']', '}':
			open, keys = max(0, open-1), 0
		case ',':
			keys = 0
		case ':':
			if i+1 < len(data) && data[i+1] == ' ' {
				keys++
			}
		}
		leading = leading && strings.IndexByte(leads, c) >= 0
		if leading {
			lead++
		}
		if open > most || lead > 16*most || keys > 4*most {
			return line
		}
	}
	return 0
}

func (p *Problems) addSyntax(err error) {
	var positioned yaml.Error
	if errors.As(err, &positioned) && positioned.GetToken() != nil && positioned.GetToken().Position != nil {
		at := positioned.GetToken().Position
		p.Add(Place{at.Line, at.Column}, "not YAML: %s", positioned.GetMessage())
		return
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	p.Add(Place{}, "not YAML: %s", first)
}

func placeOf(n ast.Node) Place {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return Place{t.Position.Line, t.Position.Column}
	}
	return Place{}
}

// reader turns the nodes of the library into Nodes.
type reader struct {
	p      *Problems
	depth  int
	most   int
	secret int   // how many of the keys above are keys of secrets
	key    Place // the nearest of the keys above
	hidden Place // the key below which everything was hidden last
}

func (r *reader) read(from ast.Node) *Node {
	n := &Node{Place: placeOf(from)}
	if r.depth++; r.depth > r.most {
		r.p.Add(n.Place, "the file nests more than %d levels deep", r.most)
		r.p.isRead = false
		return n
	}
	defer func() { r.depth-- }()
	switch from := from.(type) {
	case *ast.MappingNode:
		r.mapping(n, from.Values)
	case *ast.MappingValueNode:
		r.mapping(n, []*ast.MappingValueNode{from})
	case *ast.SequenceNode:
		n.Kind = List
		for _, v := range from.Values {
			n.Items = append(n.Items, r.read(v))
		}
	default:
		r.scalar(n, from)
		r.keepSecret(n)
	}
	return n
}

// keepSecret hides all lines of a scalar that is a secret.
func (r *reader) keepSecret(n *Node) {
	if r.secret == 0 || n.Kind == Empty {
		return
	}
	r.p.Hide(n.Place)
	if r.hidden != r.key && (n.Line > len(r.p.lines) || !strings.Contains(r.p.lines[n.Line-1], n.Text)) {
		r.p.hideBelow(r.key)
		r.hidden = r.key
	}
}

func (r *reader) mapping(n *Node, pairs []*ast.MappingValueNode) {
	n.Kind = Mapping
	first := make(map[string]int, len(pairs)) // lines of keys
	for _, from := range pairs {
		at := placeOf(from.Key)
		name, ok := r.name(from.Key, at)
		if !ok {
			continue
		}
		pair := Pair{Key: name, Place: at}
		if line, again := first[name]; again {
			r.p.Add(at, "%q stands here twice, first in line %d", name, line)
			if r.secret > 0 || IsSecret(name) {
				r.p.HideAfter(pair)
			}
			continue
		}
		first[name] = at.Line
		pair.Value = r.below(pair, from.Value)
		n.Pairs = append(n.Pairs, pair)
	}
	if len(n.Pairs) > 0 {
		n.Place = n.Pairs[0].Place // the library says where the first colon is
	}
}

// below reads the value of a key.
func (r *reader) below(key Pair, from ast.Node) *Node {
	before := *r
	r.key = key.Place
	if IsSecret(key.Key) {
		r.secret++
	}
	n := r.read(from)
	r.key, r.secret = before.key, before.secret
	return n
}

func (r *reader) name(from ast.MapKeyNode, at Place) (string, bool) {
	switch k := from.(type) {
	case *ast.StringNode:
		return k.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode, *ast.InfinityNode, *ast.NanNode:
		return from.GetToken().Value, true
	case *ast.MergeKeyNode:
		r.p.Add(at, "merge keys (<<) are not part of the format")
	default:
		r.p.Add(at, "a key must be plain text")
	}
	return "", false
}

func (r *reader) scalar(n *Node, from ast.Node) {
	switch from := from.(type) {
	case *ast.StringNode:
		n.Kind, n.Text = Text, from.Value
		quote := from.GetToken().Type
		n.Plain = quote != token.SingleQuoteType && quote != token.DoubleQuoteType
	case *ast.LiteralNode:
		n.Kind = Text
		if from.Value != nil {
			n.Text = from.Value.Value
		}
	case *ast.NullNode:
		n.Kind, n.Plain = Empty, true
	case *ast.BoolNode:
		n.Kind, n.Plain, n.Text = Boolean, true, from.GetToken().Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		n.Kind, n.Plain, n.Text = Number, true, from.GetToken().Value
	case *ast.AnchorNode, *ast.AliasNode:
		r.p.Add(n.Place, "anchors and aliases (& and *) are not part of the format")
	case *ast.TagNode:
		r.p.Add(n.Place, "tags (!) are not part of the format")
	default:
		r.p.Add(n.Place, "%s is not part of the format", strings.ToLower(from.Type().String()))
	}
}

// IsTrue reports whether a boolean is true.
func (n *Node) IsTrue() bool { return n.Kind == Boolean && strings.EqualFold(n.Text, "true") }
