package openapi

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// documentFormat limits a document's size and depth.
var documentFormat = strictyaml.Format{Noun: "contract", Size: maxSource, Depth: maxDepth}

// parseYAML reads one YAML document. It accepts only what JSON can express, and none of YAML's features that hide text:
// no anchors, aliases, merges or tags.
func parseYAML(data []byte, found *problems) *node {
	root := strictyaml.Read(found.Problems, data, documentFormat)
	if root == nil {
		return nil
	}
	if root.Kind == strictyaml.Empty && root.Place == (strictyaml.Place{}) {
		found.add(1, 1, "the file is empty; a contract is expected")
		return nil
	}
	return found.nodeOf(root)
}

// nodeOf converts a node that was read.
func (p *problems) nodeOf(from *strictyaml.Node) *node {
	n := &node{line: from.Line, column: from.Column, text: from.Text}
	switch from.Kind {
	case strictyaml.Mapping:
		n.kind = objectNode
		for _, pair := range from.Pairs {
			n.members = append(n.members, member{
				name: pair.Key, value: p.nodeOf(pair.Value), line: pair.Line, column: pair.Column,
			})
		}
	case strictyaml.List:
		n.kind = arrayNode
		for _, item := range from.Items {
			n.items = append(n.items, p.nodeOf(item))
		}
	case strictyaml.Text:
		n.kind = stringNode
	case strictyaml.Boolean:
		n.kind, n.text = boolNode, strings.ToLower(from.Text)
	case strictyaml.Number:
		p.number(n)
	case strictyaml.Empty:
		n.kind, n.text = nullNode, ""
	default:
		n.unread = true
	}
	return n
}

// number accepts a number only as JSON writes it.
func (p *problems) number(n *node) {
	n.kind = numberNode
	value, err := strconv.ParseFloat(n.text, 64)
	switch {
	case math.IsInf(value, 0) || math.IsNaN(value):
		n.text, n.unread = "0", true
		p.at(n, "this number is out of range")
	case err != nil || !json.Valid([]byte(n.text)):
		n.unread = true
		p.at(n, "write the number %s as plain decimal digits, or quote it", n.text)
	}
}
