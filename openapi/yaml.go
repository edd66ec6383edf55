package openapi

import (
	"fmt"
	"math"
	"strconv"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// yamlReader turns a YAML syntax tree into nodes and collects what is wrong.
type yamlReader struct {
	problems *problems
}

// parseYAML reads one YAML document. Only what JSON can say is accepted, and of
// YAML's conveniences none that hide text: no anchors, aliases, merges or tags.
func parseYAML(data []byte, found *problems) (root *node) {
	defer func() {
		if caught := recover(); caught != nil {
			found.add(1, 1, "this is not YAML that can be read")
			root = nil
		}
	}()
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		found.addYAML(err)
		return nil
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		found.add(1, 1, "exactly one YAML document is expected")
		return nil
	}
	r := &yamlReader{problems: found}
	return r.read(file.Docs[0].Body, 0)
}

func place(t *token.Token) (line, column int) {
	if t == nil || t.Position == nil {
		return 1, 1
	}
	return t.Position.Line, t.Position.Column
}

func (r *yamlReader) read(value ast.Node, depth int) *node {
	n := &node{}
	n.line, n.column = place(value.GetToken())
	if depth > maxDepth {
		n.unread = true
		r.problems.add(n.line, n.column, "more than %d levels of nesting", maxDepth)
		return n
	}
	switch v := value.(type) {
	case *ast.MappingNode:
		n.kind = objectNode
		if len(v.Values) > 0 {
			n.line, n.column = place(v.Values[0].Key.GetToken())
		}
		for _, pair := range v.Values {
			r.addPair(n, pair, depth)
		}
	case *ast.MappingValueNode:
		n.kind = objectNode
		n.line, n.column = place(v.Key.GetToken())
		r.addPair(n, v, depth)
	case *ast.SequenceNode:
		n.kind = arrayNode
		for _, item := range v.Values {
			n.items = append(n.items, r.read(item, depth+1))
		}
	default:
		r.scalar(n, value)
	}
	return n
}

func (r *yamlReader) addPair(n *node, pair *ast.MappingValueNode, depth int) {
	line, column := place(pair.Key.GetToken())
	name, ok := keyText(pair.Key)
	if !ok {
		r.problems.add(line, column, "a key must be plain text; YAML merges and complex keys are not read")
		return
	}
	if n.get(name) != nil {
		r.problems.add(line, column, "%q is written twice in the same map", name)
		return
	}
	n.members = append(n.members, member{name: name, value: r.read(pair.Value, depth+1), line: line, column: column})
}

// keyText accepts numbers as keys too, since status codes are often unquoted.
func keyText(key ast.MapKeyNode) (string, bool) {
	switch k := key.(type) {
	case *ast.StringNode:
		return k.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		return k.GetToken().Value, true
	}
	return "", false
}

func (r *yamlReader) scalar(n *node, value ast.Node) {
	switch v := value.(type) {
	case *ast.StringNode:
		n.kind, n.text = stringNode, v.Value
	case *ast.LiteralNode:
		n.kind, n.text = stringNode, v.Value.Value
	case *ast.NullNode:
		n.kind = nullNode
	case *ast.BoolNode:
		n.kind, n.text = boolNode, strconv.FormatBool(v.Value)
	case *ast.IntegerNode:
		n.kind, n.text = numberNode, fmt.Sprint(v.Value)
		if v.Token.Value != n.text {
			r.problems.add(n.line, n.column, "write the number %s as plain decimal digits, or quote it", v.Token.Value)
		}
	case *ast.FloatNode:
		n.kind, n.text = numberNode, strconv.FormatFloat(v.Value, 'g', -1, 64)
		if math.IsInf(v.Value, 0) || math.IsNaN(v.Value) {
			n.text, n.unread = "0", true
			r.problems.add(n.line, n.column, "this number is out of range")
		}
	default:
		n.unread = true
		r.problems.add(n.line, n.column, "%s is not read here; write the value out", value.Type())
	}
}
