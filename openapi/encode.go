package openapi

import (
	"github.com/statuschecks/statuschecks/internal/orderedjson"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// appendJSON writes n as compact JSON and keeps the order of keys.
func (n *node) appendJSON(out []byte) []byte {
	switch n.kind {
	case objectNode:
		out = append(out, '{')
		for i, m := range n.members {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(appendQuoted(out, m.name), ':')
			out = m.value.appendJSON(out)
		}
		return append(out, '}')
	case arrayNode:
		out = append(out, '[')
		for i, item := range n.items {
			if i > 0 {
				out = append(out, ',')
			}
			out = item.appendJSON(out)
		}
		return append(out, ']')
	case stringNode:
		return appendQuoted(out, n.text)
	case nullNode:
		return append(out, "null"...)
	default:
		return append(out, n.text...)
	}
}

func appendQuoted(out []byte, text string) []byte {
	if isPlain(text) {
		return append(append(append(out, '"'), text...), '"')
	}
	quoted, _ := orderedjson.Encode(text) // a string always encodes
	return append(out, quoted...)
}

// yaml writes n as YAML.
func (n *node) yaml() []byte { return strictyaml.Write(n.value()) }

// value is n as strictyaml writes it.
func (n *node) value() any {
	switch n.kind {
	case objectNode:
		m := make(strictyaml.Map, len(n.members))
		for i, one := range n.members {
			m[i] = strictyaml.Entry{Key: one.name, Value: one.value.value()}
		}
		return m
	case arrayNode:
		list := make([]any, len(n.items))
		for i, item := range n.items {
			list[i] = item.value()
		}
		return list
	case stringNode:
		return n.text
	case nullNode:
		return nil
	}
	return strictyaml.Raw(n.text)
}

// isPlain reports whether JSON writes a text as it is.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
