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

// Journal returns what happened, the oldest first. It has the entries that fit into its size.
func (s *Server) Journal(f journal.Filter) journal.Page { return s.world.journal.Page(f) }

// ClearJournal removes all entries of the journal.
func (s *Server) ClearJournal() {
	s.world.journal.Clear()
	s.world.bell.ring()
}

// Archive returns the journal as an HTTP Archive (HAR).
func (s *Server) Archive(f journal.Filter) journal.HAR {
	return journal.Archive(s.Journal(f).Entries, s.world.state.BaseURL(), s.surface().name)
}

// usualPage is the default number of entries on a page.
const usualPage = 100

// journalFilter returns the filter that the query describes.
func (k *controlCall) journalFilter() journal.Filter {
	query := k.request.URL.Query()
	return journal.Filter{
		Kind: journal.Kind(query.Get("kind")), Operation: query.Get("operation"), User: query.Get("user"),
		Status: query.Get("status"), Since: k.number("since"), Limit: int(k.number("limit")),
	}
}

// listJournal responds with a page, or with a stream of all entries as they happen.
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

// followJournal sends each entry as an event, until the client goes, or the world is dropped or handed
// over to another process.
func (k *controlCall) followJournal(w http.ResponseWriter, f journal.Filter) {
	w.Header().Set("Content-Type", eventStream)
	w.WriteHeader(http.StatusOK)
	flusher := http.NewResponseController(w)
	_ = flusher.SetWriteDeadline(time.Time{}) // where there is one; a stream has no end
	f.Limit = usualPage
	for {
		changed, leaves := k.world.bell.listen(), k.server.leaves()
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
		case <-k.server.ended():
			return
		case <-leaves:
			return
		}
	}
}

func (k *controlCall) clearJournal() (reply, error) {
	k.server.ClearJournal()
	return noContent()
}

// exportJournal responds with an HTTP Archive that a browser saves as a file.
func (k *controlCall) exportJournal() (reply, error) {
	return reply{
		status: http.StatusOK, body: k.server.Archive(k.journalFilter()),
		header: http.Header{"Content-Disposition": {`attachment; filename="journal.har"`}},
	}, nil
}
