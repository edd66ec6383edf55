package conformance

import (
	"cmp"
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// secrets replaces what must not be seen by a name, wherever it stands: in requests, answers, errors and reports.
type secrets struct {
	mu       sync.RWMutex
	names    map[string]string
	longest  []string // the spellings, the longest first
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
		if _, known := s.names[spelling]; known {
			continue
		}
		s.names[spelling] = name
		at, _ := slices.BinarySearchFunc(s.longest, spelling, longestFirst)
		s.longest = slices.Insert(s.longest, at, spelling)
	}
	pairs := make([]string, 0, 2*len(s.longest))
	for _, text := range s.longest {
		pairs = append(pairs, text, s.names[text])
	}
	s.replacer = strings.NewReplacer(pairs...)
}

func longestFirst(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) }

// spellings are the ways a secret can stand in URLs, JSON and XML.
func spellings(secret string) []string {
	escaped, _ := json.Marshal(secret)
	plainly := jsonvalue.Quoted(secret)
	all := []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret),
		string(escaped[1 : len(escaped)-1]), plainly[1 : len(plainly)-1],
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// redact replaces every secret in a text, and masks who a URL names.
func (s *secrets) redact(text string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return strictyaml.MaskURLs(s.replacer.Replace(text))
}

// piece is a part of a text: as it is, or the name of a secret that stood there.
type piece struct {
	text     string
	isSecret bool
}

// split cuts a text at its secrets, so that nothing in the text can pass for the name of one.
func (s *secrets) split(text string) []piece {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var pieces []piece
	from := 0
	for at := 0; at < len(text); {
		found := slices.IndexFunc(s.longest, func(secret string) bool { return strings.HasPrefix(text[at:], secret) })
		if found < 0 {
			at++
			continue
		}
		if from < at {
			pieces = append(pieces, piece{text: strictyaml.MaskURLs(text[from:at])})
		}
		secret := s.longest[found]
		pieces = append(pieces, piece{s.names[secret], true})
		at += len(secret)
		from = at
	}
	if from < len(text) || text == "" {
		pieces = append(pieces, piece{text: strictyaml.MaskURLs(text[from:])})
	}
	return pieces
}
