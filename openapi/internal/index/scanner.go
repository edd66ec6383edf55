package index

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Scanner reads JSON without building Go maps. It keeps the order of keys and can skip a value without looking into it.
type Scanner struct {
	Data []byte
	At   int // the number of bytes that were read
}

// ErrTruncated says that the JSON ends too early.
var ErrTruncated = errors.New("the document ends in the middle of a value")

// Blank skips white space.
func (s *Scanner) Blank() {
	for s.At < len(s.Data) {
		switch s.Data[s.At] {
		case ' ', '\t', '\n', '\r':
			s.At++
		default:
			return
		}
	}
}

// Peek returns the first byte of what comes next, or 0 at the end.
func (s *Scanner) Peek() byte {
	s.Blank()
	if s.At >= len(s.Data) {
		return 0
	}
	return s.Data[s.At]
}

// Take skips a character if it comes next.
func (s *Scanner) Take(want byte) bool {
	if s.Peek() != want {
		return false
	}
	s.At++
	return true
}

// Raw returns the bytes of the next value and skips it.
func (s *Scanner) Raw() ([]byte, error) {
	s.Blank()
	start := s.At
	depth := 0
	for s.At < len(s.Data) {
		switch c := s.Data[s.At]; c {
		case '"':
			if err := s.skipString(); err != nil {
				return nil, err
			}
		case '{', '[':
			depth++
			s.At++
		case '}', ']':
			if depth == 0 {
				return s.Data[start:s.At], nil
			}
			depth--
			s.At++
		case ',':
			if depth == 0 {
				return s.Data[start:s.At], nil
			}
			s.At++
			continue
		default:
			s.At++
			continue
		}
		if depth == 0 {
			return s.Data[start:s.At], nil
		}
	}
	if depth > 0 || start == s.At {
		return nil, ErrTruncated
	}
	return s.Data[start:s.At], nil
}

func (s *Scanner) skipString() error {
	s.At++
	for {
		stop := bytes.IndexAny(s.Data[s.At:], `"\`)
		if stop < 0 {
			return ErrTruncated
		}
		s.At += stop
		if s.Data[s.At] == '"' {
			s.At++
			return nil
		}
		s.At += 2
		if s.At > len(s.Data) {
			return ErrTruncated
		}
	}
}

// Str reads a string.
func (s *Scanner) Str() (string, error) {
	if s.Peek() != '"' {
		return "", fmt.Errorf("a string was expected at byte %d", s.At)
	}
	start := s.At
	if err := s.skipString(); err != nil {
		return "", err
	}
	quoted := s.Data[start:s.At]
	if bytes.IndexByte(quoted, '\\') < 0 && utf8.Valid(quoted) {
		return string(quoted[1 : len(quoted)-1]), nil
	}
	var text string
	if err := json.Unmarshal(quoted, &text); err != nil {
		return "", fmt.Errorf("string at byte %d: %w", start, err)
	}
	return text, nil
}

// Each calls visit for the members of an object; visit must consume the value.
func (s *Scanner) Each(visit func(name string) error) error {
	if !s.Take('{') {
		return fmt.Errorf("a map was expected at byte %d", s.At)
	}
	if s.Take('}') {
		return nil
	}
	for {
		name, err := s.Str()
		if err != nil {
			return err
		}
		if !s.Take(':') {
			return fmt.Errorf("a colon was expected at byte %d", s.At)
		}
		if err := visit(name); err != nil {
			return err
		}
		if s.Take(',') {
			continue
		}
		if s.Take('}') {
			return nil
		}
		return ErrTruncated
	}
}
