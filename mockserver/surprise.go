package mockserver

import (
	"cmp"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/openapi"
)

// keptSurprises is how many surprises are kept. Older ones are removed.
const keptSurprises = 1000

// surprise is a request that matches no operation of the contract.
type surprise struct {
	method string
	path   string // escaped as the client sent it, without the query and what looks like a token
	at     time.Time
}

// surprises holds the newest surprises. The zero value is empty.
type surprises struct {
	mu      sync.Mutex
	list    []surprise
	dropped int64 // how many were removed
}

// surprised records a request that matches no operation.
func (s *Server) surprised(r *http.Request) {
	if s.world.surprises.add(r, s.world.clock.now()) == 1 {
		s.log.Warn("there are too many surprises, so the oldest are dropped from now on",
			slog.Int("kept", keptSurprises))
	}
	s.world.bell.ring()
}

// add records a surprise. It returns how many have been removed so far.
func (s *surprises) add(r *http.Request, at time.Time) (dropped int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.list) == keptSurprises {
		s.list = slices.Delete(s.list, 0, 1)
		s.dropped++
	}
	s.list = append(s.list, surprise{cut(r.Method), plainPath(r.URL), at})
	return s.dropped
}

// droppedSoFar is how many surprises have been removed.
func (s *surprises) droppedSoFar() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dropped
}

// longestSurprise is how much of a method or a path is kept, in bytes.
const longestSurprise = 2048

// cut returns a copy of a text, shortened if it is too long.
func cut(text string) string {
	if len(text) > longestSurprise {
		return text[:longestSurprise] + "…"
	}
	return strings.Clone(text)
}

func (s *surprises) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list, s.dropped = nil, 0
}

// all lists them, oldest first.
func (s *surprises) all() []surprise {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.list)
}

// nearestTo lists the operations of the contract that the client may have meant.
func (s *Server) nearestTo(one surprise) []string {
	return nearestOperations(s.surface().contract, one.method, strings.TrimPrefix(one.path, apiPrefix))
}

// maxNearest is how many operations are suggested for a request that matches none.
const maxNearest = 3

// nearestOperations lists the operations that a method and a path may have meant, the nearest first, each as "GET /path
// (operation)".
func nearestOperations(d *openapi.Document, method, path string) []string {
	type candidate struct {
		op       *openapi.Operation
		distance int
	}
	var candidates []candidate
	for _, op := range d.Operations() {
		distance := pathDistance(op.Path, path)
		if op.Method != method {
			distance++
		}
		if distance <= 4 {
			candidates = append(candidates, candidate{op, distance})
		}
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	var texts []string
	for _, c := range candidates[:min(len(candidates), maxNearest)] {
		if c.distance > candidates[0].distance+1 {
			break
		}
		texts = append(texts, c.op.Method+" "+c.op.Root()+c.op.Path+" ("+c.op.ID+")")
	}
	return texts
}

// pathDistance is the distance between a path and a template: 1 for a misspelt segment, 2 for a missing or superfluous
// one, and more than any limit for a different word.
func pathDistance(template, path string) int {
	want := strings.Split(strings.Trim(template, "/"), "/")
	have := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	distance := 2 * max(len(want)-len(have), len(have)-len(want))
	for i := range min(len(want), len(have)) {
		switch {
		case strings.HasPrefix(want[i], "{") || want[i] == have[i]:
		case strictyaml.Nearest(have[i], want[i:i+1]) != "":
			distance++
		default:
			distance += 10
		}
	}
	return distance
}
