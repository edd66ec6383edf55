package mockserver

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// faultHeader is the header that names the plan which changed a response.
const faultHeader = "X-Mock-Fault"

// listensForAll says why the listener cannot stop listening; nothing if it can.
func (s *Server) listensForAll() string {
	switch {
	case s.opts.StopListening == nil:
		return "the mock cannot stop listening: it was made without Options.StopListening"
	case s.place != nil || s.family.count() > 0:
		return "several worlds share the address; use a mock without worlds beside the root"
	}
	return ""
}

// mayDeafen says whether a plan is in force that lets nothing listen at the address of the mock.
func (w *world) mayDeafen() bool {
	return w.faults.Active() &&
		slices.ContainsFunc(w.faults.List(), func(p fault.State) bool { return deafens(p.Plan) })
}

func deafens(p fault.Plan) bool {
	return slices.ContainsFunc(p.Faults, func(f fault.Fault) bool { return f.Connection == fault.NothingListens })
}

// errDeaf is why no world is made while nothing may listen for a time.
var errDeaf = errors.New("a fault plan with nothing_listens is active, and would affect all worlds; remove it " +
	"first")

// AddFaults activates a plan. Plans that are active already come first. The error lists the problems of the plan.
func (s *Server) AddFaults(p fault.Plan) (fault.State, error) { return s.world.addFaults(p) }

// Faults returns the active plans and how often their faults happened, the oldest first.
func (s *Server) Faults() []fault.State { return s.world.faults.List() }

// UnusedFaults returns the plans with a fault that happened less often than its limit, or never where it has none.
// [fault.State.Missing] says which.
func (s *Server) UnusedFaults() (unused []fault.State) {
	for _, state := range s.Faults() {
		if !state.UsedUp {
			unused = append(unused, state)
		}
	}
	return unused
}

// RemoveFaults deactivates a plan. It reports whether a plan with that name existed.
func (s *Server) RemoveFaults(id string) bool {
	defer s.world.stir()
	return s.world.faults.Remove(id)
}

// ResetFaults starts a plan again from the beginning. It reports whether a plan with that name exists.
func (s *Server) ResetFaults(id string) bool {
	defer s.world.stir()
	return s.world.faults.Reset(id)
}

// serveAPI applies a fault if a plan has chosen the request. Otherwise it responds as GitLab does.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	if !s.rootIsHeld(w, r) {
		return
	}
	v := s.follow(r)
	v.witness = witness{w, v}
	w = &v.witness
	defer v.end()
	defer s.survive(w, r)
	if !s.world.faults.Active() {
		s.serveSoundly(w, r, v)
		return
	}
	name, f := s.world.faults.Choose(s.faultCall(r, v.entry.OnConnection))
	s.changed() // the counts
	if name == "" {
		s.serveSoundly(w, r, v)
		return
	}
	v.entry.Fault = name
	s.serveFaulty(w, v, &f)
}

// faultCall describes a request in the form that plans look at, as far as they do.
func (s *Server) faultCall(r *http.Request, nth int) fault.Call {
	below, asked := strings.TrimPrefix(r.URL.EscapedPath(), apiPrefix), s.world.faults.Asks()
	c := fault.Call{Method: r.Method, Path: below, OnConnection: nth, At: s.world.clock.now()}
	if asked.Operation != "" || asked.Project != "" || asked.Role != "" {
		s.placeFaultCall(&c, r)
	}
	var query map[string]any
	if r.URL.RawQuery != "" {
		query = map[string]any{}
		for name, values := range r.URL.Query() {
			query[name] = values[len(values)-1]
		}
	}
	c.Page = pageNumber(query["page"])
	secret, given := (&call{request: r, query: query}).credentials()
	if !given || asked.User == "" && asked.Role == "" {
		return c
	}
	_ = s.world.state.View(c.At, func(tx *gitlab.Tx) error {
		if t, known := tx.TokenBySecret(secret); known {
			u, _ := tx.User(t.UserID)
			c.User = u.Username
			if asked.Role != "" {
				c.Role = roleIn(tx, u, c.Project)
			}
		}
		return nil
	})
	return c
}

// placeFaultCall notes which operation a request is for, and which project.
func (s *Server) placeFaultCall(c *fault.Call, r *http.Request) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	if m, found := s.surface().routes.find(method, c.Path); found {
		c.Operation, c.Project = m.op.ID, m.path["id"]
	} else if r.URL.Path == graphQLPath() {
		c.Operation = graphQLOperation
	}
}

// ownerOf returns the username of a token's owner and the name of the token. Both are empty if the token is unknown.
func (s *Server) ownerOf(secret string) (username, name string) {
	_ = s.world.state.View(s.world.clock.now(), func(tx *gitlab.Tx) error {
		if t, known := tx.TokenBySecret(secret); known {
			u, _ := tx.User(t.UserID)
			username, name = u.Username, t.Name
		}
		return nil
	})
	return username, name
}

// held is a response that was not sent yet.
type held struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header returns the headers of the response.
func (h *held) Header() http.Header { return h.header }

// WriteHeader stores the status.
func (h *held) WriteHeader(status int) { h.status = status }

// Write stores a part of the body.
func (h *held) Write(p []byte) (int, error) { return h.body.Write(p) }

// serveFaulty responds to a request with a fault.
func (s *Server) serveFaulty(w http.ResponseWriter, v *callRecord, f *fault.Fault) {
	r := v.request
	h := &held{header: w.Header(), status: http.StatusOK}
	first := h.header.Clone()
	works := f.Response == nil && f.Answers()
	if f.After {
		s.serveSoundly(h, r, v)
	}
	if !rest(r.Context(), time.Duration(f.Delay)) {
		panic(http.ErrAbortHandler) // the client is gone
	}
	if works && !f.After {
		s.serveSoundly(h, r, v)
	}
	if f.Response != nil {
		h.replace(f.Response, first)
	}
	h.reshape(r, f)
	now := s.world.clock.now()
	for name, value := range f.Headers.Set {
		h.header.Set(name, atAnswerTime(strings.ReplaceAll(value, "${path}", r.URL.EscapedPath()), now))
	}
	for _, name := range f.Headers.Drop {
		h.header.Del(name)
	}
	h.header.Set(faultHeader, v.entry.Fault)
	if f.Answers() {
		v.record(h.status, h.header, int64(h.body.Len()))
	} else {
		v.end()
	}
	if f.Connection == fault.NothingListens {
		s.opts.StopListening(time.Duration(f.Down))
	}
	send(w, r, h, f)
}

// rest waits in real time. It reports whether the client is still connected.
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

// replace replaces the real response. The headers that every response has come first.
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

// bodyOf returns a body and its content type.
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

// idMember matches a member of an object in compact JSON that holds an id.
var idMember = lazy.Regexp(`"((?:[a-z_]+_)?i?id)":(\d+)`)

func textIDs(body []byte) []byte { return idMember().ReplaceAll(body, []byte(`"$1":"$2"`)) }

// computed is a placeholder in a header's value that stands for a time.
var computed = lazy.Regexp(`\$\{(epoch|date)([+-]\d{1,9})?\}`)

// atAnswerTime replaces the placeholders in a header's value.
func atAnswerTime(value string, now time.Time) string {
	return computed().ReplaceAllStringFunc(value, func(text string) string {
		parts := computed().FindStringSubmatch(text)
		seconds, _ := strconv.Atoi(parts[2])
		at := now.Add(time.Duration(seconds) * time.Second)
		if parts[1] == "date" {
			return at.UTC().Format(http.TimeFormat)
		}
		return strconv.FormatInt(at.Unix(), 10)
	})
}
