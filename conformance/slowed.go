package conformance

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// slowdown is how long a target has had the run wait in all, and tells of each wait.
type slowdown struct {
	mu    sync.Mutex
	tell  func(length time.Duration) // may be nil
	until time.Time
	total time.Duration
}

const (
	// longestSlow is how long a target may have the run wait in all, waits side by side counted once.
	longestSlow = 15 * time.Minute

	// worthTelling is the shortest wait that people are told of.
	worthTelling = 3 * time.Second
)

// startAgain forgets what was waited for so far.
func (s *slowdown) startAgain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.total = 0
}

// by takes note of a wait that begins now.
func (s *slowdown) by(length time.Duration, now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	end, from := now.Add(length), now
	if s.until.After(from) {
		from = s.until
	}
	more := end.Sub(from)
	if more <= 0 {
		return nil
	}
	if s.total+more > longestSlow {
		return fmt.Errorf("asks for more waiting than %s in all: it, or a proxy before it, limits requests. The run "+
			"was ended; begin it again with a lower --rate, or raise the limit there", longestSlow)
	}
	s.until, s.total = end, s.total+more
	if s.tell != nil && more >= worthTelling {
		s.tell(length)
	}
	return nil
}

// retryAfter is how long a 429 asks to wait, at most two minutes; without a word it doubles from one second.
func retryAfter(header http.Header, now time.Time, attempt int) time.Duration {
	const longest = 2 * time.Minute
	asked := header.Get("Retry-After")
	if seconds, err := strconv.Atoi(asked); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, int(longest/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(asked); err == nil {
		return min(max(at.Sub(now), 0), longest)
	}
	return min(time.Second<<attempt, longest)
}
