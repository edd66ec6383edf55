package mockserver

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// faultHeader names the plan that a response comes of.
const faultHeader = "X-Mock-Fault"

type connectionKey struct{}

// ConnContext counts the requests of each connection, for faults that ask for the n-th one. It is for the field of the
// same name of http.Server; without it no request is the n-th of its connection.
func ConnContext(ctx context.Context, _ net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, new(atomic.Int64))
}

// AddFaults puts a plan in force, after those that are. The error says what is wrong with the plan.
func (s *Server) AddFaults(p fault.Plan) (fault.State, error) { return s.world.addFaults(p) }

// Faults are the plans in force, the oldest first, with what became of them.
func (s *Server) Faults() []fault.State { return s.world.faults.List() }

// RemoveFaults takes a plan out of force. It reports whether there was one of that name.
func (s *Server) RemoveFaults(id string) bool { return s.world.faults.Remove(id) }

// ResetFaults lets a plan begin anew. It reports whether there is one of that name.
func (s *Server) ResetFaults(id string) bool { return s.world.faults.Reset(id) }

// serveAPI lets the fault happen to a request that a plan has chosen, if one has.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	count, counted := r.Context().Value(connectionKey{}).(*atomic.Int64)
	nth := 0
	if counted {
		nth = int(count.Add(1))
	}
	if !s.world.faults.Active() {
		s.serveSoundly(w, r)
		return
	}
	name, f := s.world.faults.Choose(s.faultCall(r, nth))
	if name == "" {
		s.serveSoundly(w, r)
		return
	}
	s.serveFaulty(w, r, name, &f)
}

// faultCall is a request as plans look at it.
func (s *Server) faultCall(r *http.Request, nth int) fault.Call {
	below := strings.TrimPrefix(r.URL.EscapedPath(), apiPrefix)
	query := map[string]any{}
	for name, values := range r.URL.Query() {
		query[name] = values[len(values)-1]
	}
	c := fault.Call{Method: r.Method, Path: below, OnConnection: nth, At: s.world.clock.now()}
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	if m, found := s.surface().routes.find(method, below); found {
		c.Operation, c.Project = m.op.ID, m.path["id"]
	} else if r.URL.Path == graphQLPath() {
		c.Operation = graphQLOperation
	}
	if page, isText := query["page"].(string); isText {
		c.Page, _ = strconv.Atoi(page)
	}
	if secret, given := (&call{request: r, query: query}).credentials(); given {
		c.User = s.ownerOf(secret)
	}
	return c
}

// ownerOf is the username of the owner of a token; empty if it is not known.
func (s *Server) ownerOf(secret string) (username string) {
	_ = s.world.state.View(s.world.clock.now(), func(tx *gitlab.Tx) error {
		if t, known := tx.TokenBySecret(secret); known {
			u, _ := tx.User(t.UserID)
			username = u.Username
		}
		return nil
	})
	return username
}

// held is a response that is not sent yet.
type held struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header are the headers of the response.
func (h *held) Header() http.Header { return h.header }

// WriteHeader keeps the status.
func (h *held) WriteHeader(status int) { h.status = status }

// Write keeps a piece of the body.
func (h *held) Write(p []byte) (int, error) { return h.body.Write(p) }

// serveFaulty lets a fault happen to a request.
func (s *Server) serveFaulty(w http.ResponseWriter, r *http.Request, name string, f *fault.Fault) {
	h := &held{header: w.Header(), status: http.StatusOK}
	first := h.header.Clone()
	works := f.Response == nil && f.Connection != fault.Reset && f.Connection != fault.Close
	if f.After {
		s.serveSoundly(h, r)
	}
	if !rest(r.Context(), time.Duration(f.Delay)) {
		panic(http.ErrAbortHandler) // the client is gone
	}
	if works && !f.After {
		s.serveSoundly(h, r)
	}
	if f.Response != nil {
		h.replace(f.Response, first)
	}
	if f.IDsAsText {
		h.setBody(textIDs(h.body.Bytes()))
	}
	now := s.world.clock.now()
	for name, value := range f.Headers.Set {
		h.header.Set(name, atAnswerTime(value, now))
	}
	for _, name := range f.Headers.Drop {
		h.header.Del(name)
	}
	h.header.Set(faultHeader, name)
	send(w, r, h, f)
}

// rest waits in real time, as the client does. It reports whether the client is still there.
func rest(ctx context.Context, length time.Duration) bool {
	if length <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(length)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// replace puts another response in the place of the real one. First are the headers that each response has.
func (h *held) replace(by *fault.Response, first http.Header) {
	clear(h.header)
	h.status = by.Status
	kind, text := by.Type, by.Text
	if by.Text == "" {
		var usual string
		usual, text = bodyOf(by)
		if kind == "" {
			kind = usual
		}
	} else if kind == "" {
		kind = "text/plain"
	}
	if by.Body == fault.BodyNginx {
		h.header.Set("Server", "nginx")
	} else {
		for name, values := range first {
			h.header[name] = values
		}
	}
	if kind != "" {
		h.header.Set("Content-Type", kind)
	}
	h.setBody([]byte(text))
}

func (h *held) setBody(body []byte) {
	body = bytes.Clone(body)
	h.body.Reset()
	_, _ = h.body.Write(body)
	if len(body) > 0 || h.status != http.StatusNoContent {
		h.header.Set("Content-Length", strconv.Itoa(len(body)))
	}
}

// bodyOf is a body with its type.
func bodyOf(r *fault.Response) (kind, text string) {
	if r.Status == http.StatusNoContent || r.Status == http.StatusNotModified {
		return "", ""
	}
	line := strconv.Itoa(r.Status) + " " + phraseOf(r)
	switch r.Body {
	case fault.BodyNginx:
		return "text/html", "<html>\r\n<head><title>" + line + "</title></head>\r\n<body>\r\n<center><h1>" + line +
			"</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
	case fault.BodyLogin:
		return "text/html; charset=utf-8", "<!DOCTYPE html>\n<html><head><title>Sign in · GitLab</title></head>" +
			"<body><form action=\"/users/sign_in\" method=\"post\"></form></body></html>\n"
	case fault.BodyEmpty:
		return "", ""
	case fault.BodyNull:
		return "application/json", "null"
	}
	return "application/json", `{"message":"` + line + `"}`
}

func phraseOf(r *fault.Response) string {
	if r.Reason != "" {
		return r.Reason
	}
	return http.StatusText(r.Status)
}

// idMember is a member of an object in compact JSON that holds an id.
var idMember = regexp.MustCompile(`"((?:[a-z_]+_)?i?id)":(\d+)`)

func textIDs(body []byte) []byte { return idMember.ReplaceAll(body, []byte(`"$1":"$2"`)) }

// computed is what stands in a header for a time.
var computed = regexp.MustCompile(`\$\{(epoch|date)([+-]\d{1,9})?\}`)

// atAnswerTime fills in a header's value.
func atAnswerTime(value string, now time.Time) string {
	return computed.ReplaceAllStringFunc(value, func(text string) string {
		parts := computed.FindStringSubmatch(text)
		seconds, _ := strconv.Atoi(parts[2])
		at := now.Add(time.Duration(seconds) * time.Second)
		if parts[1] == "date" {
			return at.UTC().Format(http.TimeFormat)
		}
		return strconv.FormatInt(at.Unix(), 10)
	})
}
