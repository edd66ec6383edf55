package mockserver

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/journal"
)

type connectionKey struct{}

// socket is what is known of a connection.
type socket struct {
	mu    sync.Mutex
	stays map[int64]*stay // by the number of the world, which may be gone already
}

// stay is a connection as one world sees it.
type stay struct {
	number   int64
	requests int
	last     time.Time // when the last response began
}

// mostStays is how many worlds one connection is remembered in. When there are more, all are forgotten.
const mostStays = 10_000

// at is the connection as a world sees it. Who calls holds the lock.
func (c *socket) at(w *world) *stay {
	known := c.stays[w.number]
	if known == nil {
		if len(c.stays) >= mostStays {
			clear(c.stays)
		}
		known = &stay{number: w.guests.nextConnection()}
		c.stays[w.number] = known
	}
	return known
}

// ConnContext counts the requests of each connection, in each world by itself, for the journal and for faults that ask
// for the n-th one. It is
// for the field of the same name of http.Server; without it nothing is known of connections.
func ConnContext(ctx context.Context, _ net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, &socket{stays: map[int64]*stay{}})
}

// guests are those whom a world has seen: how many connections, and when each caller got the last response.
type guests struct {
	mu          sync.Mutex
	connections int64
	callers     map[caller]time.Time
}

// caller tells callers apart: by user and token or, where they are not known, by address.
type caller struct{ user, token, address string }

// mostCallers is of how many callers the last response is remembered.
const mostCallers = 10_000

// last is when the last response to a caller began; now is when this one does.
func (g *guests) last(c caller, now time.Time) (time.Time, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	before, known := g.callers[c]
	if len(g.callers) >= mostCallers && !known || g.callers == nil {
		g.callers = map[caller]time.Time{}
	}
	g.callers[c] = now
	return before, known
}

func (g *guests) nextConnection() int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.connections++
	return g.connections
}

// callRecord is what is noted of a call to the API, and becomes its entry in the journal.
type callRecord struct {
	server     *Server
	request    *http.Request
	began      time.Time // on the clock of the machine
	connection *socket
	arrival    *arrival // nil where the request got nowhere
	call       *call    // nil where the front door has stopped the request
	kept       *journal.Record
	entry      *journal.Entry // that of the record
	recorded   bool

	// What lives as long as the record, so that all of it is one piece of memory. arrival and call point to it.
	arrived arrival
	called  call
	witness witness
}

// follow begins a record with the arrival of a request.
func (s *Server) follow(r *http.Request) *callRecord {
	began := s.opts.Now()
	v := &callRecord{server: s, request: r, began: began, kept: &journal.Record{Entry: journal.Entry{
		Kind: journal.Call, Method: methodOf(r), At: s.world.clock.when(began),
	}}}
	v.entry = &v.kept.Entry
	c, known := r.Context().Value(connectionKey{}).(*socket)
	if !known {
		return v
	}
	v.connection = c
	c.mu.Lock()
	defer c.mu.Unlock()
	at := c.at(s.world)
	at.requests++
	v.entry.Connection, v.entry.OnConnection = at.number, at.requests
	if !at.last.IsZero() {
		v.entry.SinceConnection = between(at.last, v.began)
	}
	return v
}

// methodOf is the method of a request as the journal keeps it.
func methodOf(r *http.Request) string {
	if i := slices.Index(railsVerbs, r.Method); i >= 0 {
		return railsVerbs[i] // the text of the request would stay in memory with its own
	}
	return cut(r.Method)
}

// realTime is an instant on the clock of the machine, and zero if it is that on the clock of the mock.
func realTime(at, shown time.Time) time.Time {
	if at = at.UTC().Truncate(time.Microsecond); at.Equal(shown) {
		return time.Time{}
	}
	return at
}

// between is how long one instant is before another, and nothing if it is not.
func between(before, after time.Time) *control.Duration {
	return &control.Duration{Duration: max(0, after.Sub(before))}
}

// answered notes what GitLab's own answer is, be it sent or not.
func (v *callRecord) answered(re *reply) {
	v.entry.Reason = oneLine(re.reason)
	v.entry.Worked = v.call != nil && v.call.op != nil && worked(re.status) && !v.call.failed
}

// worked reports whether a status says that what was asked for was done. A redirect says that it was not.
func worked(status int) bool {
	return status < http.StatusMultipleChoices || status == http.StatusNotModified
}

// end records a request to which no response was sent, if that is so.
func (v *callRecord) end() { v.record(0, nil, 0) }

// record puts the call into the journal: when the response begins, so that a client that has it finds the entry.
func (v *callRecord) record(status int, header http.Header, size int64) {
	if v.recorded {
		return
	}
	v.recorded = true
	w, now := v.server.world, v.server.opts.Now()
	if c := v.connection; c != nil {
		c.mu.Lock()
		c.at(w).last = now
		c.mu.Unlock()
	}
	e := v.entry
	who := v.tellCaller()
	v.tellNotes()
	v.tellCoverage(status, header)
	if !w.journal.Keeps() {
		return
	}
	e.Status, e.ResponseSize = status, size
	v.kept.Response = someOf(header, keptResponseHeaders)
	v.kept.Request = received(v.request.Header, keptRequestHeaders)
	e.Took.Duration = now.Sub(v.began)
	e.Real = realTime(v.began, e.At)
	e.Release = v.server.surface().name
	e.Path = plainPath(v.request.URL)
	v.tellParameters()
	if last, known := w.guests.last(who, now); known {
		e.SinceCaller = between(last, v.began)
	}
	w.journal.Keep(v.kept)
	w.bell.ring()
}

// tellCaller notes who calls, and returns what tells callers apart.
func (v *callRecord) tellCaller() caller {
	e := v.entry
	if c := v.call; c != nil && c.actor.User.ID != 0 {
		e.User, e.Token = c.actor.User.Username, c.actor.Token.Name
	} else if secret, given := v.credentials(); given {
		e.User, e.Token = v.server.ownerOf(secret)
	}
	if e.User == "" {
		e.Address = hostOnly(v.request.RemoteAddr)
	}
	return caller{e.User, e.Token, e.Address}
}

// credentials is the token that a request presents, also one that did not come far.
func (v *callRecord) credentials() (string, bool) {
	query := map[string]any{}
	if v.arrival != nil && v.arrival.query != nil {
		query = v.arrival.query
	} else if v.request.URL.RawQuery != "" {
		for name, values := range v.request.URL.Query() {
			query[name] = values[len(values)-1]
		}
	}
	return (&call{request: v.request, query: query}).credentials()
}

// witness sees when a response begins.
type witness struct {
	http.ResponseWriter
	record *callRecord
}

// WriteHeader records the call before it sends the head.
func (w *witness) WriteHeader(status int) {
	size, _ := strconv.ParseInt(w.Header().Get("Content-Length"), 10, 64)
	w.record.record(status, w.Header(), size)
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *witness) Unwrap() http.ResponseWriter { return w.ResponseWriter }
