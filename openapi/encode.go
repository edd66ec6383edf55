package openapi

import (
	"bytes"
	"encoding/json"
	"strings"
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
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // a string always encodes
	return append(out, bytes.TrimSuffix(buffer.Bytes(), []byte("\n"))...)
}

// appendYAML writes n as block-style YAML at the given indent. A map or a list starts on a new line, anything else on
// the current one.
func (n *node) appendYAML(out []byte, indent int) []byte {
	switch {
	case n.kind == objectNode && len(n.members) > 0:
		for _, m := range n.members {
			out = appendIndent(out, indent)
			out = append(appendScalar(out, m.name), ':')
			out = m.value.appendYAMLValue(out, indent+2)
		}
		return out
	case n.kind == arrayNode && len(n.items) > 0:
		for _, item := range n.items {
			out = append(appendIndent(out, indent), '-')
			out = item.appendYAMLItem(out, indent+2)
		}
		return out
	}
	return append(n.appendYAMLScalar(out), '\n')
}

func (n *node) appendYAMLValue(out []byte, indent int) []byte {
	if len(n.members)+len(n.items) > 0 {
		return n.appendYAML(append(out, '\n'), indent)
	}
	return append(n.appendYAMLScalar(append(out, ' ')), '\n')
}

// appendYAMLItem puts the first line of a list item after its dash.
func (n *node) appendYAMLItem(out []byte, indent int) []byte {
	if len(n.members)+len(n.items) == 0 {
		return n.appendYAMLValue(out, indent)
	}
	block := n.appendYAML(nil, indent)
	out = append(out, ' ')
	return append(out, block[indent:]...)
}

func (n *node) appendYAMLScalar(out []byte) []byte {
	switch n.kind {
	case objectNode:
		return append(out, "{}"...)
	case arrayNode:
		return append(out, "[]"...)
	case stringNode:
		return appendScalar(out, n.text)
	default:
		return n.appendJSON(out)
	}
}

func appendIndent(out []byte, indent int) []byte {
	return append(out, strings.Repeat(" ", indent)...)
}

// appendScalar quotes every text that YAML might read as something else.
func appendScalar(out []byte, text string) []byte {
	if plainScalar(text) {
		return append(out, text...)
	}
	return appendQuoted(out, text)
}

const wordStart = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/_$"

func plainScalar(text string) bool {
	if text == "" || !strings.Contains(wordStart, text[:1]) || strings.HasSuffix(text, " ") {
		return false
	}
	if strings.Trim(text, wordStart+"0123456789 .-()'{}") != "" && strings.ContainsFunc(text, notPlain) {
		return false
	}
	switch strings.ToLower(text) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n":
		return false
	}
	return true
}

func notPlain(r rune) bool {
	return !strings.ContainsRune(wordStart+"0123456789 .-()'{}", r)
}
