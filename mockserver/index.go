package mockserver

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/pages"
	"github.com/statuschecks/statuschecks/openapi"
)

// isIndex reports whether a request is for the index of the server, at its root or at the root of its API.
func isIndex(r *http.Request, path string) bool {
	return isRead(r.Method) && (path == "/" || path == "" || strings.TrimSuffix(path, "/") == apiPrefix)
}

// isControlIndex reports whether a request is for the index of the control surface.
func isControlIndex(r *http.Request) bool {
	return isRead(r.Method) && strings.TrimSuffix(r.URL.EscapedPath(), "/") == strings.TrimSuffix(controlPrefix, "/")
}

// index returns the index of the API and, if it has the same address, of the control surface.
func (s *Server) index(r *http.Request) *pages.Index {
	shown := s.surface()
	i := &pages.Index{
		About:   "A mock of GitLab's External Status Checks API and what is around it, made by statuschecks",
		Version: shown.version.String(), API: reachedBy(r) + apiPrefix,
		Sections: []pages.IndexSection{{
			Name: "API", Operations: indexOperations(shown.contract, s.relativeRoot(), false),
		}},
	}
	if s.control != nil {
		addControl(i, s, r)
	}
	return i
}

// controlIndex returns the index of the control surface alone.
func (s *Server) controlIndex(r *http.Request) *pages.Index {
	i := &pages.Index{
		About:   "The control surface of a mock of GitLab, made by statuschecks",
		Version: s.surface().version.String(),
	}
	addControl(i, s, r)
	return i
}

// serveIndex shows the index of the control surface to everybody who may reach it, even without its token.
func (c *controlSurface) serveIndex(w http.ResponseWriter, r *http.Request) {
	if err := c.server.guard(r); err != nil {
		writeControl(w, r, problemReply(err))
		return
	}
	if r.URL.Path == "/" && wantsPage(r.Header.Values("Accept")) {
		c.server.pages().ShowStart(w, r, c.server.controlIndex(r))
		return
	}
	c.server.writeIndex(w, r, c.server.controlIndex(r))
}

func addControl(i *pages.Index, s *Server, r *http.Request) {
	prefix := strings.TrimSuffix(controlPrefix, "/")
	i.Control, i.Guarded = reachedBy(r)+prefix, s.opts.ControlToken != ""
	i.Sections = append(i.Sections, pages.IndexSection{
		Name: "Control surface", Operations: indexOperations(openapi.Control(), s.relativeRoot(), !i.Guarded),
	})
}

// indexOperations lists the operations of a contract, below the root of a world. Those that take nothing may be
// followed, if they need no token.
func indexOperations(d *openapi.Document, root string, open bool) []pages.IndexOperation {
	var list []pages.IndexOperation
	for _, o := range d.Operations() {
		follow := open && o.Method == http.MethodGet && !strings.Contains(o.Path, "{")
		list = append(list, pages.IndexOperation{
			ID: o.ID, Method: o.Method, Path: root + o.Root() + o.Path, Summary: o.Summary,
			Link: follow,
		})
	}
	return list
}

// writeIndex sends an index: a page to browsers, JSON to programs.
func (s *Server) writeIndex(w http.ResponseWriter, r *http.Request, i *pages.Index) {
	h := w.Header()
	h.Set("Vary", "Origin, Accept")
	h.Set("Cache-Control", "no-store")
	if wantsPage(r.Header.Values("Accept")) {
		if s.control != nil && r.URL.Path == "/" && s.guard(r) == nil {
			s.pages().ShowStart(w, r, i)
			return
		}
		s.pages().ShowIndex(w, r, i)
		return
	}
	body := append(encodeJSON(i), '\n')
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // nothing can be done if the client is gone
	}
}

// wantsPage reports whether a caller prefers HTML to JSON. Most programs accept anything, which does not mean that they
// want a page.
func wantsPage(accept []string) bool {
	best := map[string]float64{}
	for item := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		kind, parameters, err := mime.ParseMediaType(item)
		if err != nil {
			continue
		}
		quality := 1.0
		if text, given := parameters["q"]; given {
			quality, _ = strconv.ParseFloat(text, 64) // a malformed quality counts as 0
		}
		best[kind] = max(best[kind], quality)
	}
	page := max(best["text/html"], best["application/xhtml+xml"])
	return page > 0 && page >= best["application/json"]
}
