package graphql

import (
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
)

// Bounds of what is remembered.
const (
	mostReadings = 200
	longestText  = 16 << 10 // bytes
)

// memory keeps what was read, as clients send the same few texts again and again. It is safe for concurrent use.
type memory struct {
	mu       sync.Mutex
	readings map[string]*reading
}

func newMemory() *memory { return &memory{readings: map[string]*reading{}} }

// reading is a text that was parsed and held against the schema. It never changes.
type reading struct {
	document *document // nil if the text is none
	newer    map[*ast.Field]bool
	wrong    *Error   // why the text is no document
	invalid  []*Error // what is wrong with the document
}

// read parses and validates a text, or remembers what came of it.
func (s *Schema) read(text string) *reading {
	s.memory.mu.Lock()
	known := s.memory.readings[text]
	s.memory.mu.Unlock()
	if known != nil {
		return known
	}
	r := &reading{}
	if r.document, r.wrong = parse(text); r.wrong == nil {
		r.newer = r.document.newerThan(s)
		r.invalid = s.validate(r.document, r.newer)
	}
	if len(text) > longestText {
		return r
	}
	s.memory.mu.Lock()
	defer s.memory.mu.Unlock()
	if len(s.memory.readings) >= mostReadings {
		clear(s.memory.readings)
	}
	s.memory.readings[text] = r
	return r
}
