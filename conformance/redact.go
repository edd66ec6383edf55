package conformance

import (
	"cmp"
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// secrets replaces what must not be seen by a name, wherever it stands: in requests, answers, errors and reports.
type secrets struct {
	mu       sync.RWMutex
	names    map[string]string
	replacer *strings.Replacer
}

// minSecret is the shortest text that is replaced; anything shorter would tear ordinary words apart.
const minSecret = 6

func newSecrets() *secrets {
	return &secrets{names: map[string]string{}, replacer: strings.NewReplacer()}
}

// add makes a text secret under a name such as "$TOKEN_DEVELOPER".
func (s *secrets) add(secret, name string) {
	if len(strings.TrimSpace(secret)) < minSecret {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, spelling := range spellings(secret) {
		if _, known := s.names[spelling]; !known {
			s.names[spelling] = name
		}
	}
	longest := slices.SortedFunc(func(yield func(string) bool) {
		for text := range s.names {
			if !yield(text) {
				return
			}
		}
	}, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) })
	pairs := make([]string, 0, 2*len(longest))
	for _, text := range longest {
		pairs = append(pairs, text, s.names[text])
	}
	s.replacer = strings.NewReplacer(pairs...)
}

// spellings are the ways a secret can stand in URLs, JSON and XML.
func spellings(secret string) []string {
	escaped, _ := json.Marshal(secret)
	plainly := quoted(secret)
	all := []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret),
		string(escaped[1 : len(escaped)-1]), plainly[1 : len(plainly)-1],
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// redact replaces every secret in a text.
func (s *secrets) redact(text string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.replacer.Replace(text)
}
