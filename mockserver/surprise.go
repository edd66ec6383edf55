package mockserver

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// keptSurprises is how many surprises are kept; older ones make room.
const keptSurprises = 1000

// surprise is a request that no operation stands for.
type surprise struct {
	method string
	path   string // escaped as it came, without the query
	at     time.Time
}

// surprises are the newest of them. The zero value is empty.
type surprises struct {
	mu   sync.Mutex
	list []surprise
}

func (s *surprises) add(r *http.Request, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.list) == keptSurprises {
		s.list = slices.Delete(s.list, 0, 1)
	}
	s.list = append(s.list, surprise{r.Method, r.URL.EscapedPath(), at})
}

func (s *surprises) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = nil
}

// all lists them, oldest first.
func (s *surprises) all() []surprise {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.list)
}
