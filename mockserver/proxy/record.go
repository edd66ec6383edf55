package proxy

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/statuschecks/statuschecks/internal/orderedjson"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/journal"
)

// record writes exchanges as a HAR while they come. It writes nothing after an error, and nothing behind its end.
type record struct {
	to            io.Writer // nil for no HAR
	root, release string

	mu     sync.Mutex
	begun  bool
	ended  bool
	failed error
}

// add writes an exchange with the body of its response, if that is JSON of an operation that the contract knows.
func (r *record) add(seen *mockserver.Witnessed, body []byte) {
	if r.to == nil {
		return
	}
	entry := journal.Archive([]journal.Entry{seen.Entry}, r.root, r.release).Log.Entries[0]
	if seen.Operation != nil && strings.Contains(entry.Response.Content.MimeType, "json") {
		entry.Response.Content.Text = plainBody(body)
	}
	text, err := json.Marshal(entry)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return
	}
	r.begin()
	if r.failed == nil && err != nil {
		r.failed = err
	}
	r.write(string(text))
}

// begin writes what is before an entry. Who calls holds the lock.
func (r *record) begin() {
	if r.begun {
		r.write(",\n")
		return
	}
	r.begun = true
	head, err := json.Marshal(journal.Archive(nil, r.root, r.release).Log.Creator)
	if r.failed == nil {
		r.failed = err
	}
	r.write(fmt.Sprintf(`{"log":{"version":"1.2","creator":%s,"entries":[`+"\n", head))
}

func (r *record) write(text string) {
	if r.failed == nil {
		_, r.failed = io.WriteString(r.to, text)
	}
}

// close writes the end.
func (r *record) close() error {
	if r.to == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.begun {
		r.begin()
	}
	r.write("\n]}}\n")
	r.ended = true
	return r.failed
}

// plainBody is JSON without secrets; nothing if it is none.
func plainBody(body []byte) string {
	value, err := orderedjson.Parse(body, nil)
	if err != nil {
		return ""
	}
	text, err := orderedjson.Encode(plainValue(value))
	if err != nil {
		return ""
	}
	return string(text)
}

func plainValue(value any) any {
	switch v := value.(type) {
	case string:
		return strictyaml.WithoutTokens(strictyaml.WithoutSecrets(v))
	case []any:
		for i := range v {
			v[i] = plainValue(v[i])
		}
	case *orderedjson.Object:
		for _, name := range v.Keys {
			if strictyaml.IsSecret(name) && v.Members[name] != nil {
				v.Members[name] = journal.Hidden
				continue
			}
			v.Members[name] = plainValue(v.Members[name])
		}
	}
	return value
}
