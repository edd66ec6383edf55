package mockserver

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/journal"
	"github.com/statuschecks/statuschecks/openapi"
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
func someOf(header http.Header, names []string) []journal.Header {
	there := 0
	for _, name := range names {
		there += min(len(header[name]), 1)
	}
	if there == 0 {
		return nil
	}
	kept := make([]journal.Header, 0, there)
	for _, name := range names {
		if values := header[name]; len(values) > 0 {
			value := strings.Join(values, ", ")
			if name == "Link" || name == "Location" {
				value = withoutQueries(value)
			}
			kept = append(kept, journal.Header{Name: name, Value: masked(value)})
		}
	}
	return kept
}

// received are headers from outside. They are copied, or else all that came with them would stay in memory.
func received(header http.Header, names []string) []journal.Header {
	kept := someOf(header, names)
	for i := range kept {
		kept[i].Value = strings.Clone(kept[i].Value)
	}
	return kept
}

// withoutQueries is a header with URLs without what stands behind their question marks.
func withoutQueries(value string) string {
	var b strings.Builder
	b.Grow(len(value))
	for {
		before, query, found := strings.Cut(value, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteString("?")
		b.WriteString(journal.Hidden)
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
	e, query, body := v.entry, keeper{shared: true}, keeper{shared: true}
	if a := v.arrival; a != nil {
		query.given, body.given, e.RequestSize = a.query, a.form, a.size
	}
	if c := v.call; c != nil {
		body.given, body.shared = c.body, c.arrival.media.kind != jsonMedia
		if c.op != nil {
			e.Operation, e.GraphQL = c.op.ID, queriesOf(c.usages)
			if !c.isGraphQL() { // where secrets may stand in the text of a query
				query.known, body.known = c.op.Parameters(), c.op.Parameters()
			}
		}
	}
	v.kept.InQuery, v.kept.InBody = query.kept(), body.kept()
}

// keeper chooses what is kept of parameters: the names of all, and the values of those that are known and no secrets.
type keeper struct {
	given  map[string]any
	known  []openapi.Parameter
	shared bool // whether texts are parts of a longer one, which would stay in memory with them
}

func (k *keeper) kept() []journal.Parameter {
	if len(k.given) == 0 {
		return nil
	}
	kept := make([]journal.Parameter, 0, min(len(k.given), mostKept))
	for name, value := range k.given {
		if len(kept) == mostKept {
			break
		}
		i := slices.IndexFunc(k.known, func(p openapi.Parameter) bool { return p.Name == name })
		if i < 0 || strictyaml.IsSecret(name) {
			kept = append(kept, journal.Parameter{Name: shortened(name), Value: journal.Hidden})
			continue
		}
		kept = append(kept, journal.Parameter{Name: k.known[i].Name, Value: k.value(value, 1)})
	}
	return kept
}

func (k *keeper) value(value any, level int) any {
	switch v := value.(type) {
	case string:
		if text := keptText(v); k.shared || text != v {
			return strings.Clone(text)
		}
	case json.Number: // as long as the client likes
		if len(v) > longestKept {
			return shortened(string(v))
		}
		if k.shared {
			return json.Number(strings.Clone(string(v)))
		}
	case []any:
		list := make([]any, 0, min(len(v), mostKept))
		for _, item := range v[:min(len(v), mostKept)] {
			list = append(list, k.value(item, level+1))
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
				kept[shortened(name)] = k.value(item, level+1)
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
		return masked(text)
	case len(text) > longestSearched:
		return journal.Hidden
	}
	return masked(strictyaml.WithoutSecrets(text))
}

// entryOf is an attempt at a delivery as the journal has it. It began at an instant of real time.
func (d *deliverer) entryOf(delivery gitlab.Delivery, a gitlab.Attempt, began time.Time) *journal.Record {
	e := &journal.Record{Entry: journal.Entry{
		Kind: journal.Delivery, Release: d.world.state.Version().String(), Method: a.Method, URL: plainURL(a.URL),
		At: a.At, RequestSize: int64(delivery.Body.Len()), Status: a.Status, Reason: strictyaml.WithoutTokens(a.Error),
		Worked: a.Status != 0, ResponseSize: int64(len(a.ResponseBody)),
		Attempt: &journal.Attempt{
			Delivery: int64(delivery.ID), Check: int64(delivery.CheckID), Hook: int64(delivery.Hook.HookID),
			Number: len(delivery.Attempts),
		},
	}}
	e.Request = someOf(a.RequestHeader, keptRequestHeaders)
	e.Response = received(a.ResponseHeader, keptResponseHeaders)
	e.Took.Duration, e.Real = a.Duration, realTime(began, a.At)
	return e
}
