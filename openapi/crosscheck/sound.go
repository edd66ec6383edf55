package crosscheck

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"sync"
)

// soundAnswers are the responses of an operation in which nothing was wrong. Who waits for something gets the same
// response many times, and it needs no second look.
type soundAnswers struct {
	mu   sync.Mutex
	sums map[[sha256.Size]byte]struct{}
}

// mostSound is how many responses of an operation are remembered. When there are more, all are forgotten.
const mostSound = 1000

// sumOf is the sum of all that a verdict depends on: whether there is a body, the status, the headers that the contract
// declares, and the body.
func sumOf(method string, status int, declared http.Header, body []byte) [sha256.Size]byte {
	sum := sha256.New()
	fmt.Fprintf(sum, "%t %d %q\n", method == http.MethodHead, status, declared)
	_, _ = sum.Write(body) // never fails
	return [sha256.Size]byte(sum.Sum(nil))
}

func (s *soundAnswers) has(sum [sha256.Size]byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, known := s.sums[sum]
	return known
}

func (s *soundAnswers) add(sum [sha256.Size]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sums == nil || len(s.sums) >= mostSound {
		s.sums = map[[sha256.Size]byte]struct{}{}
	}
	s.sums[sum] = struct{}{}
}
