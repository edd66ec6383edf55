package mockserver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/journal"
)

// Journal is what happened, the oldest first, as far as it fits and is kept still.
func (s *Server) Journal(f journal.Filter) journal.Page { return s.world.journal.Page(f) }

// ClearJournal lets the journal forget everything.
func (s *Server) ClearJournal() {
	s.world.journal.Clear()
	s.world.bell.ring()
}

// Archive is what happened as an HTTP Archive.
func (s *Server) Archive(f journal.Filter) journal.HAR {
	return journal.Archive(s.Journal(f).Entries, s.world.state.BaseURL(), s.surface().name)
}

// usualPage is how many entries a page has of which nothing is said.
const usualPage = 100

// journalFilter is what the query asks for.
func (k *controlCall) journalFilter() journal.Filter {
	query := k.request.URL.Query()
	return journal.Filter{
		Kind: journal.Kind(query.Get("kind")), Operation: query.Get("operation"), User: query.Get("user"),
		Status: query.Get("status"), Since: k.number("since"), Limit: int(k.number("limit")),
	}
}

// listJournal answers with a page, or with everything as it happens.
func (k *controlCall) listJournal() (reply, error) {
	f := k.journalFilter()
	if !strings.Contains(k.request.Header.Get("Accept"), eventStream) {
		if !k.has("limit") {
			f.Limit = usualPage
		}
		return ok(k.server.Journal(f))
	}
	if last, err := strconv.ParseInt(k.request.Header.Get("Last-Event-Id"), 10, 64); err == nil {
		f.Since = last + 1
	}
	return reply{status: http.StatusOK, stream: func(w http.ResponseWriter) { k.followJournal(w, f) }}, nil
}

const eventStream = "text/event-stream"

// followJournal sends each entry as an event, until the client goes.
func (k *controlCall) followJournal(w http.ResponseWriter, f journal.Filter) {
	w.Header().Set("Content-Type", eventStream)
	w.WriteHeader(http.StatusOK)
	flusher := http.NewResponseController(w)
	_ = flusher.SetWriteDeadline(time.Time{}) // where there is one; a stream has no end
	f.Limit = usualPage
	for {
		changed := k.world.bell.listen()
		page := k.server.Journal(f)
		for i := range page.Entries {
			data, _ := json.Marshal(&page.Entries[i])
			if _, err := fmt.Fprintf(w, "id: %d\nevent: %s\ndata: %s\n\n", page.Entries[i].Number,
				page.Entries[i].Kind, data); err != nil {
				return
			}
		}
		f.Since = page.Next
		if page.More {
			continue
		}
		if err := flusher.Flush(); err != nil {
			return
		}
		select {
		case <-changed:
		case <-k.request.Context().Done():
			return
		}
	}
}

func (k *controlCall) clearJournal() (reply, error) {
	k.server.ClearJournal()
	return noContent()
}

// exportJournal answers with an HTTP Archive, to be saved as a file.
func (k *controlCall) exportJournal() (reply, error) {
	return reply{
		status: http.StatusOK, body: k.server.Archive(k.journalFilter()),
		header: http.Header{"Content-Disposition": {`attachment; filename="journal.har"`}},
	}, nil
}
