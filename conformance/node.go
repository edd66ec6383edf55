package conformance

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// maxFileSize bounds a scenario file, and with it the depth of what the parser can be made to nest.
const maxFileSize = 256 << 10

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
func parse(data []byte, p *problems) (root *node) {
	if len(data) > maxFileSize {
		p.add(0, 0, "the file is larger than %d KiB", maxFileSize>>10)
		return nil
	}
	if !utf8.Valid(data) {
		p.add(0, 0, "the file is not UTF-8 text")
		return nil
	}
	if line := tooDeep(data); line > 0 {
		p.add(line, 1, "the file nests more than %d levels deep", maxNesting)
		return nil
	}
	defer func() {
		if cause := recover(); cause != nil { // the YAML library panics on some malformed input
			p.add(0, 0, "the file is not YAML: %v", cause)
			root = nil
		}
	}()
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		syntaxProblem(err, p)
		return nil
	}
	var bodies []ast.Node
	for _, doc := range file.Docs {
		if doc.Body != nil {
			bodies = append(bodies, doc.Body)
		}
	}
	switch len(bodies) {
	case 0:
		p.add(0, 0, "the file is empty")
		return nil
	case 1:
		return (&converter{p: p}).convert(bodies[0])
	}
	position := bodies[1].GetToken().Position
	p.add(position.Line, position.Column, "a second YAML document; a scenario file holds one")
	return nil
}

// maxNesting bounds lists and mappings within each other: the YAML library needs memory in the square of the depth.
const maxNesting = 100

// tooDeep gives the first line that may nest too deeply, 0 when none does. It counts brackets wherever they stand and
// what leads a line, so it errs to the safe side.
func tooDeep(data []byte) int {
	open := 0
	for i, line := range strings.Split(string(data), "\n") {
		lead := strings.IndexFunc(line, func(r rune) bool { return !strings.ContainsRune(" -?\t", r) })
		if lead < 0 {
			lead = len(line)
		}
		open += strings.Count(line, "[") + strings.Count(line, "{")
		if lead > 2*maxNesting || open > maxNesting || strings.Count(line, ": ") > 4*maxNesting {
			return i + 1
		}
		open = max(0, open-strings.Count(line, "]")-strings.Count(line, "}"))
	}
	return 0
}

func syntaxProblem(err error, p *problems) {
	var positioned yaml.Error
	if errors.As(err, &positioned) && positioned.GetToken() != nil && positioned.GetToken().Position != nil {
		position := positioned.GetToken().Position
		p.add(position.Line, position.Column, "not YAML: %s", positioned.GetMessage())
		return
	}
	p.add(0, 0, "not YAML: %s", strings.Split(err.Error(), "\n")[0])
}

type converter struct {
	p *problems
}

func (c *converter) convert(from ast.Node) *node {
	n := &node{}
	if tk := from.GetToken(); tk != nil && tk.Position != nil {
		n.line, n.column = tk.Position.Line, tk.Position.Column
	}
	switch from := from.(type) {
	case *ast.MappingNode:
		for _, value := range from.Values {
			c.pair(n, value)
		}
		n.begin()
	case *ast.MappingValueNode:
		c.pair(n, from)
		n.begin()
	case *ast.SequenceNode:
		n.list = true
		for _, value := range from.Values {
			n.items = append(n.items, c.convert(value))
		}
	default:
		n.scalar = true
		c.scalar(n, from)
	}
	return n
}

// begin moves a mapping's place to its first key; the library says where the first colon is.
func (n *node) begin() {
	if len(n.pairs) > 0 {
		n.line, n.column = n.pairs[0].key.line, n.pairs[0].key.column
	}
}

func (c *converter) pair(n *node, from *ast.MappingValueNode) {
	key := &node{scalar: true}
	if tk := from.Key.GetToken(); tk != nil && tk.Position != nil {
		key.line, key.column = tk.Position.Line, tk.Position.Column
	}
	switch k := from.Key.(type) {
	case *ast.StringNode:
		key.text = k.Value
	case *ast.MergeKeyNode:
		c.p.at(key, "merge keys (<<) are not part of the format")
		return
	case *ast.MappingKeyNode:
		c.p.at(key, "a key must be plain text")
		return
	default:
		key.text = from.Key.GetToken().Value
	}
	for _, other := range n.pairs {
		if other.key.text == key.text {
			c.p.at(key, "%q stands here twice", key.text)
			return
		}
	}
	n.pairs = append(n.pairs, pair{key: key, value: c.convert(from.Value)})
}

func (c *converter) scalar(n *node, from ast.Node) {
	switch from := from.(type) {
	case *ast.StringNode:
		n.text, n.value = from.Value, from.Value
		quote := from.GetToken().Type
		n.plain = quote != token.SingleQuoteType && quote != token.DoubleQuoteType
		if n.plain && longHex.MatchString(n.text) {
			c.p.at(n, "%s: put quotes around what looks like a SHA, or YAML may read it as a number", n.text)
		}
	case *ast.LiteralNode:
		if from.Value != nil {
			n.text = from.Value.Value
		}
		n.value = n.text
	case *ast.NullNode:
		n.plain = true
	case *ast.BoolNode:
		n.plain, n.text, n.value = true, from.GetToken().Value, from.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		n.plain, n.text = true, from.GetToken().Value
		c.number(n)
	case *ast.AnchorNode, *ast.AliasNode:
		c.p.at(n, "anchors and aliases (& and *) are not part of the format")
	case *ast.TagNode:
		c.p.at(n, "tags (!) are not part of the format")
	default:
		c.p.at(n, "%s is not part of the format", strings.ToLower(from.Type().String()))
	}
}

var (
	longHex    = regexp.MustCompile(`^([0-9a-fA-F]{20,}|[0-9]+[eE][0-9]+)$`)
	wholeText  = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	brokenText = regexp.MustCompile(`^-?(0|[1-9][0-9]*)\.[0-9]+$`)
)

// number takes plain decimal numbers only: YAML's other spellings (010, 0x1f, 12e3, 1_000) are where SHAs and
// versions get lost.
func (c *converter) number(n *node) {
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
		c.p.at(n, "%s: put quotes around it if text is meant (a SHA, a version); a number is written in plain decimals", n.text)
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
