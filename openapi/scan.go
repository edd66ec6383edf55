package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"
)

// The scanner reads JSON without building Go maps. It keeps the order of keys and can skip a value without looking into
// it. So it indexes a document of some hundred kilobytes in well under a millisecond.
type scanner struct {
	data []byte
	at   int
	lean bool // leave out what only people read
}

// forPeople are the members that no check uses.
var forPeople = map[string]bool{
	"description": true, "summary": true, "example": true, "examples": true, "x-source": true, "x-notes": true,
	"callbacks": true,
}

var errTruncated = errors.New("the document ends in the middle of a value")

// maxDepth is the maximum nesting of documents and of examples.
const maxDepth = 100

func (s *scanner) blank() {
	for s.at < len(s.data) {
		switch s.data[s.at] {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return
		}
	}
}

func (s *scanner) peek() byte {
	s.blank()
	if s.at >= len(s.data) {
		return 0
	}
	return s.data[s.at]
}

func (s *scanner) take(want byte) bool {
	if s.peek() != want {
		return false
	}
	s.at++
	return true
}

// raw returns the bytes of the next value and skips it.
func (s *scanner) raw() ([]byte, error) {
	s.blank()
	start := s.at
	depth := 0
	for s.at < len(s.data) {
		switch c := s.data[s.at]; c {
		case '"':
			if err := s.skipString(); err != nil {
				return nil, err
			}
		case '{', '[':
			depth++
			s.at++
		case '}', ']':
			if depth == 0 {
				return s.data[start:s.at], nil
			}
			depth--
			s.at++
		case ',':
			if depth == 0 {
				return s.data[start:s.at], nil
			}
			s.at++
			continue
		default:
			s.at++
			continue
		}
		if depth == 0 {
			return s.data[start:s.at], nil
		}
	}
	if depth > 0 || start == s.at {
		return nil, errTruncated
	}
	return s.data[start:s.at], nil
}

func (s *scanner) skipString() error {
	s.at++
	for {
		stop := bytes.IndexAny(s.data[s.at:], `"\`)
		if stop < 0 {
			return errTruncated
		}
		s.at += stop
		if s.data[s.at] == '"' {
			s.at++
			return nil
		}
		s.at += 2
		if s.at > len(s.data) {
			return errTruncated
		}
	}
}

func (s *scanner) str() (string, error) {
	if s.peek() != '"' {
		return "", fmt.Errorf("a string was expected at byte %d", s.at)
	}
	start := s.at
	if err := s.skipString(); err != nil {
		return "", err
	}
	quoted := s.data[start:s.at]
	if bytes.IndexByte(quoted, '\\') < 0 && utf8.Valid(quoted) {
		return string(quoted[1 : len(quoted)-1]), nil
	}
	var text string
	if err := json.Unmarshal(quoted, &text); err != nil {
		return "", fmt.Errorf("string at byte %d: %w", start, err)
	}
	return text, nil
}

// each calls visit for the members of an object; visit must consume the value.
func (s *scanner) each(visit func(name string) error) error {
	if !s.take('{') {
		return fmt.Errorf("a map was expected at byte %d", s.at)
	}
	if s.take('}') {
		return nil
	}
	for {
		name, err := s.str()
		if err != nil {
			return err
		}
		if !s.take(':') {
			return fmt.Errorf("a colon was expected at byte %d", s.at)
		}
		if err := visit(name); err != nil {
			return err
		}
		if s.take(',') {
			continue
		}
		if s.take('}') {
			return nil
		}
		return errTruncated
	}
}

// parseJSON reads one whole JSON value.
func parseJSON(data []byte) (*node, error) {
	return parse(&scanner{data: data})
}

// parseLean reads one JSON value without the members that only people read.
func parseLean(data []byte, skip ...string) (*node, error) {
	return parse(&scanner{data: data, lean: true}, skip...)
}

func parse(s *scanner, skip ...string) (*node, error) {
	value, err := s.value(0, false, skip...)
	if err != nil {
		return nil, err
	}
	if s.blank(); s.at != len(s.data) {
		return nil, fmt.Errorf("unexpected text after the value at byte %d", s.at)
	}
	return value, nil
}

// value reads the next value. In a named map the keys are names, not keywords.
func (s *scanner) value(depth int, named bool, skip ...string) (*node, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("more than %d levels of nesting", maxDepth)
	}
	switch s.peek() {
	case '{':
		n := &node{kind: objectNode}
		return n, s.each(func(name string) error {
			if s.lean && !named && forPeople[name] || slices.Contains(skip, name) {
				_, err := s.raw()
				return err
			}
			value, err := s.value(depth+1, !named && namedMaps[name])
			n.members = append(n.members, member{name: name, value: value})
			return err
		})
	case '[':
		return s.array(depth)
	case '"':
		text, err := s.str()
		return &node{kind: stringNode, text: text}, err
	}
	return s.literal()
}

func (s *scanner) array(depth int) (*node, error) {
	n := &node{kind: arrayNode}
	s.take('[')
	if s.take(']') {
		return n, nil
	}
	for {
		item, err := s.value(depth+1, false)
		if err != nil {
			return nil, err
		}
		n.items = append(n.items, item)
		if s.take(',') {
			continue
		}
		if s.take(']') {
			return n, nil
		}
		return nil, errTruncated
	}
}

func (s *scanner) literal() (*node, error) {
	start := s.at
	raw, err := s.raw()
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
