package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"github.com/statuschecks/statuschecks/openapi/internal/index"
)

// scanner builds nodes from JSON.
type scanner struct {
	index.Scanner
	lean bool // leave out what only people read
}

// forPeople are the members that no check uses.
var forPeople = map[string]bool{
	"description": true, "summary": true, "example": true, "examples": true, "x-source": true, "x-notes": true,
	"callbacks": true,
}

// maxDepth is the maximum nesting of documents and of examples.
const maxDepth = 100

// parseJSON reads one whole JSON value.
func parseJSON(data []byte) (*node, error) {
	return parse(&scanner{Scanner: index.Scanner{Data: data}})
}

// parseLean reads one JSON value without the members that only people read.
func parseLean(data []byte, skip ...string) (*node, error) {
	return parse(&scanner{Scanner: index.Scanner{Data: data}, lean: true}, skip...)
}

func parse(s *scanner, skip ...string) (*node, error) {
	value, err := s.value(0, false, skip...)
	if err != nil {
		return nil, err
	}
	if s.Blank(); s.At != len(s.Data) {
		return nil, fmt.Errorf("unexpected text after the value at byte %d", s.At)
	}
	return value, nil
}

// value reads the next value. In a named map the keys are names, not keywords.
func (s *scanner) value(depth int, named bool, skip ...string) (*node, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("more than %d levels of nesting", maxDepth)
	}
	switch s.Peek() {
	case '{':
		n := &node{kind: objectNode}
		return n, s.Each(func(name string) error {
			if s.lean && !named && forPeople[name] || slices.Contains(skip, name) {
				_, err := s.Raw()
				return err
			}
			value, err := s.value(depth+1, !named && namedMaps[name])
			n.members = append(n.members, member{name: name, value: value})
			return err
		})
	case '[':
		return s.array(depth)
	case '"':
		text, err := s.Str()
		return &node{kind: stringNode, text: text}, err
	}
	return s.literal()
}

func (s *scanner) array(depth int) (*node, error) {
	n := &node{kind: arrayNode}
	s.Take('[')
	if s.Take(']') {
		return n, nil
	}
	for {
		item, err := s.value(depth+1, false)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
		if s.Take(',') {
			continue
		}
		if s.Take(']') {
			return n, nil
		}
		return nil, index.ErrTruncated
	}
}

func (s *scanner) literal() (*node, error) {
	start := s.At
	raw, err := s.Raw()
	if err != nil {
		return nil, err
	}
	switch text := string(bytes.TrimSpace(raw)); text {
	case "null":
		return &node{kind: nullNode}, nil
	case "true", "false":
		return &node{kind: boolNode, text: text}, nil
	default:
		if _, err := strconv.ParseFloat(text, 64); err != nil || !json.Valid([]byte(text)) {
			return nil, fmt.Errorf("a value was expected at byte %d", start)
		}
		return &node{kind: numberNode, text: text}, nil
	}
}
