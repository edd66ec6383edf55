package mockserver

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxSeedSize bounds a seed's text, in bytes.
const maxSeedSize = 16 << 20

// seedNode is one value of a seed's text. Scalars keep their text as it was written: YAML would make a number of a SHA.
type seedNode struct {
	place place
	kind  nodeKind
	text  string
	items []*seedNode
	pairs []seedPair
}

type seedPair struct {
	key   string
	place place
	value *seedNode
}

// nodeKind is what a value was written as; its words are for messages.
type nodeKind string

const (
	textNode    nodeKind = "text"
	numberNode  nodeKind = "a number"
	booleanNode nodeKind = "true or false"
	emptyNode   nodeKind = "nothing"
	listNode    nodeKind = "a list"
	mappingNode nodeKind = "a mapping"
)

// parseSeedText reads one YAML document; JSON is YAML too. It returns nil, having reported why, if there is nothing to go on with.
func parseSeedText(data []byte, report func(place, string, ...any)) (root *seedNode) {
	switch {
	case len(data) > maxSeedSize:
		report(place{}, "the text is larger than %d MiB", maxSeedSize>>20)
		return nil
	case !utf8.Valid(data):
		report(place{}, "the text is not UTF-8")
		return nil
	}
	if line := nestsTooDeep(data); line > 0 {
		report(place{line, 1}, "nested more than %d deep", maxSeedDepth)
		return nil
	}
	defer func() {
		if recover() != nil { // the YAML library panics on some malformed texts
			report(place{}, "the text is not YAML")
			root = nil
		}
	}()
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		reportSyntax(err, report)
		return nil
	}
	var bodies []ast.Node
	for _, doc := range file.Docs {
		if doc.Body != nil && doc.Body.Type() != ast.CommentType {
			bodies = append(bodies, doc.Body)
		}
	}
	switch len(bodies) {
	case 0:
		return &seedNode{kind: mappingNode}
	case 1:
		return (&nodeReader{report: report}).read(bodies[0])
	}
	report(placeOf(bodies[1]), "a second YAML document; a seed is one")
	return nil
}

// nestsTooDeep gives the first line that may nest too deeply, 0 when none does. It counts brackets wherever they stand, be it in text, and what
// leads a line: the time that the YAML library takes grows with the square of the depth.
func nestsTooDeep(data []byte) int {
	const leads, widest = " -?\t", 16 * maxSeedDepth // columns
	line, open, lead, leading := 1, 0, 0, true
	for _, c := range data {
		switch c {
		case '\n':
			line, lead, leading = line+1, 0, true
			continue
		case '[', '{':
			open++
		case ']', '}':
			open = max(0, open-1)
		}
		leading = leading && strings.IndexByte(leads, c) >= 0
		if leading {
			lead++
		}
		if open > maxSeedDepth || lead > widest {
			return line
		}
	}
	return 0
}

func reportSyntax(err error, report func(place, string, ...any)) {
	var positioned yaml.Error
	if errors.As(err, &positioned) && positioned.GetToken() != nil && positioned.GetToken().Position != nil {
		p := positioned.GetToken().Position
		report(place{p.Line, p.Column}, "not YAML: %s", positioned.GetMessage())
		return
	}
	report(place{}, "not YAML: %s", strings.Split(err.Error(), "\n")[0])
}

func placeOf(n ast.Node) place {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return place{t.Position.Line, t.Position.Column}
	}
	return place{}
}

// nodeReader makes seedNodes of the library's.
type nodeReader struct {
	report func(place, string, ...any)
	depth  int
}

// maxSeedDepth is how deep values may lie within each other; the deepest key of a seed lies at 8.
const maxSeedDepth = 32

func (r *nodeReader) read(from ast.Node) *seedNode {
	n := &seedNode{place: placeOf(from)}
	if r.depth++; r.depth > maxSeedDepth {
		r.report(n.place, "nested more than %d deep", maxSeedDepth)
		return n
	}
	defer func() { r.depth-- }()
	switch from := from.(type) {
	case *ast.MappingNode:
		n.kind = mappingNode
		for _, v := range from.Values {
			r.pair(n, v)
		}
	case *ast.MappingValueNode:
		n.kind = mappingNode
		r.pair(n, from)
	case *ast.SequenceNode:
		n.kind = listNode
		for _, v := range from.Values {
			n.items = append(n.items, r.read(v))
		}
	default:
		r.scalar(n, from)
	}
	if n.kind == mappingNode && len(n.pairs) > 0 {
		n.place = n.pairs[0].place // the library says where the first colon is
	}
	return n
}

func (r *nodeReader) pair(n *seedNode, from *ast.MappingValueNode) {
	at := placeOf(from.Key)
	var name string
	switch k := from.Key.(type) {
	case *ast.StringNode:
		name = k.Value
	case *ast.MergeKeyNode:
		r.report(at, "merge keys (<<) are not part of the format")
		return
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		name = from.Key.GetToken().Value
	default:
		r.report(at, "a key must be plain text")
		return
	}
	for _, other := range n.pairs {
		if other.key == name {
			r.report(at, "%q stands here twice, first in line %d", name, other.place.line)
			return
		}
	}
	n.pairs = append(n.pairs, seedPair{name, at, r.read(from.Value)})
}

func (r *nodeReader) scalar(n *seedNode, from ast.Node) {
	switch from := from.(type) {
	case *ast.StringNode:
		n.kind, n.text = textNode, from.Value
	case *ast.LiteralNode:
		n.kind = textNode
		if from.Value != nil {
			n.text = from.Value.Value
		}
	case *ast.NullNode:
		n.kind = emptyNode
	case *ast.BoolNode:
		n.kind, n.text = booleanNode, fmt.Sprint(from.Value)
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		n.kind, n.text = numberNode, from.GetToken().Value
	case *ast.AnchorNode, *ast.AliasNode:
		r.report(n.place, "anchors and aliases (& and *) are not part of the format")
	case *ast.TagNode:
		r.report(n.place, "tags (!) are not part of the format")
	default:
		r.report(n.place, "%s is not part of the format", strings.ToLower(from.Type().String()))
	}
}

// wholeNumber is how numbers are written here: no signs, no other bases, no underscores.
var wholeNumber = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)
