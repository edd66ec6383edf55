package mockserver

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/journal"
)

// The headers that the journal keeps.
var (
	keptRequestHeaders  = []string{"Accept", "Content-Type", "If-None-Match", "Origin", "User-Agent"}
	keptResponseHeaders = []string{
		"Content-Type", "Etag", "Link", "Location", "Ratelimit-Limit", "Ratelimit-Name", "Ratelimit-Observed",
		"Ratelimit-Remaining", "Ratelimit-Reset", "Ratelimit-Resettime", "Retry-After", "Www-Authenticate",
		"X-Next-Page", "X-Page", "X-Per-Page", "X-Prev-Page", "X-Total", "X-Total-Pages",
	}
)

// What the journal keeps of values at most: bytes of a text, items of a list, and levels; and the bytes of a text in
// which it looks for secrets.
const (
	longestKept     = 200
	longestSearched = 64 << 10
	mostKept        = 50
	deepestKept     = 4
)

// someOf are headers by their names. What stands behind the question mark of a URL is left out.
func someOf(header http.Header, names []string) map[string]string {
	there := 0
	for _, name := range names {
		there += min(len(header[name]), 1)
	}
	if there == 0 {
		return nil
	}
	kept := make(map[string]string, there)
	for _, name := range names {
		if values := header[name]; len(values) > 0 {
			value := strings.Join(values, ", ")
			if name == "Link" || name == "Location" {
				value = withoutQueries(value)
			}
			kept[name] = masked(value)
		}
	}
	return kept
}

// received are headers from outside. They are copied, or else all that came with them would stay in memory.
func received(headers map[string]string) map[string]string {
	for name, value := range headers {
		headers[name] = strings.Clone(value)
	}
	return headers
}

// withoutQueries is a header with URLs without what stands behind their question marks.
func withoutQueries(value string) string {
	var b strings.Builder
	for {
		before, query, found := strings.Cut(value, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteString("?" + journal.Hidden)
		value = strings.TrimLeftFunc(query, inQuery)
	}
}

// inQuery reports whether a character can be part of a query in a header.
func inQuery(r rune) bool { return r != '>' && !unicode.IsSpace(r) }

// masked is a text as the journal keeps it, without what looks like a token.
func masked(text string) string {
	if len(text) > longestKept {
		text = strings.ToValidUTF8(text[:longestKept], "") + journal.Hidden
	}
	return strictyaml.WithoutTokens(text)
}

// shortened is a text from outside as the journal keeps it. It is a copy, or else a whole body would stay in memory.
func shortened(text string) string { return strings.Clone(masked(text)) }

// plainPath is the path of a call without a query and without what looks like a token.
func plainPath(u *url.URL) string { return cut(strictyaml.WithoutTokens(u.EscapedPath())) }

// tellParameters notes the operation and what it was given.
func (v *callRecord) tellParameters() {
	e, query, body := v.entry, map[string]any(nil), map[string]any(nil)
	known := map[string]bool{}
	if c := v.call; c != nil && c.op != nil {
		e.Operation, e.GraphQL = c.op.ID, queriesOf(c.usages)
		for _, p := range c.op.Parameters() {
			known[p.Name] = !c.isGraphQL() // where secrets may stand in the text of a query
		}
	}
	if a := v.arrival; a != nil {
		query, body, e.RequestSize = a.query, a.form, a.size
	}
	if v.call != nil {
		body = v.call.body
	}
	e.Query, e.Body = keptOf(query, known), keptOf(body, known)
}

// keptOf is what is kept of parameters: the names of all, and the values of those that are known and no secrets.
func keptOf(given map[string]any, known map[string]bool) map[string]any {
	if len(given) == 0 {
		return nil
	}
	kept := make(map[string]any, min(len(given), mostKept))
	for name, value := range given {
		if len(kept) == mostKept {
			break
		}
		if !known[name] || strictyaml.IsSecret(name) {
			kept[shortened(name)] = journal.Hidden
			continue
		}
		kept[name] = keptValue(value, 1)
	}
	return kept
}

func keptValue(value any, level int) any {
	switch v := value.(type) {
	case string:
		return keptText(v)
	case json.Number: // as long as the client likes
		if len(v) > longestKept {
			return shortened(string(v))
		}
		return json.Number(strings.Clone(string(v)))
	case []any:
		list := make([]any, 0, min(len(v), mostKept))
		for _, item := range v[:min(len(v), mostKept)] {
			list = append(list, keptValue(item, level+1))
		}
		return list
	case map[string]any:
		if level > deepestKept {
			return journal.Hidden
		}
		kept := map[string]any{}
		for name, item := range v {
			if strictyaml.IsSecret(name) {
				item = journal.Hidden
			}
			if len(kept) < mostKept {
				kept[shortened(name)] = keptValue(item, level+1)
			}
		}
		return kept
	}
	return value
}

// keptText is what is kept of a value that is a text. Where a URL ends is known only when all of the text is read, so
// a text that is too long for that is left out if there may be a URL in it.
func keptText(text string) string {
	switch {
	case !strings.Contains(text, "://"):
		return shortened(text)
	case len(text) > longestSearched:
		return journal.Hidden
	}
	return shortened(strictyaml.WithoutSecrets(text))
}

// entryOf is an attempt at a delivery as the journal has it. It began at an instant of real time.
func (d *deliverer) entryOf(delivery gitlab.Delivery, a gitlab.Attempt, began time.Time) *journal.Entry {
	e := &journal.Entry{
		Kind: journal.Delivery, Release: d.world.state.Version().String(), Method: a.Method, URL: plainURL(a.URL),
		At: a.At, RequestSize: int64(delivery.Body.Len()), Status: a.Status, Reason: strictyaml.WithoutTokens(a.Error),
		RequestHeaders: someOf(a.RequestHeader, keptRequestHeaders), Worked: a.Status != 0,
		ResponseHeaders: received(someOf(a.ResponseHeader, keptResponseHeaders)),
		ResponseSize:    int64(len(a.ResponseBody)),
		Attempt: &journal.Attempt{
			Delivery: int64(delivery.ID), Check: int64(delivery.CheckID), Hook: int64(delivery.Hook.HookID),
			Number: len(delivery.Attempts),
		},
	}
	e.Took.Duration, e.Real = a.Duration, realTime(began, a.At)
	return e
}
