package mockserver

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // for the page
	"encoding/base64"
	"html/template"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/statuschecks/statuschecks/openapi"
)

var (
	//go:embed page/index.html.tmpl
	indexTemplate string
	//go:embed page/index.css
	indexStyle string
)

// indexPage is the template of the page, and the content security policy that allows its own style and nothing else.
var indexPage = sync.OnceValues(func() (*template.Template, error) {
	return template.New("index").
		Funcs(template.FuncMap{"style": func() template.CSS { return template.CSS(indexStyle) }}).Parse(indexTemplate)
})

var indexPolicy = sync.OnceValue(func() string {
	sum := sha256.Sum256([]byte(indexStyle))
	return "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; style-src 'sha256-" +
		base64.StdEncoding.EncodeToString(sum[:]) + "'"
})

// index is the content of the pages at the addresses that serve prints: what the server is, and what it offers.
type index struct {
	About    string         `json:"about"`
	Version  string         `json:"gitlab_version"`
	API      string         `json:"api,omitempty"`
	Control  string         `json:"control,omitempty"`
	Guarded  bool           `json:"control_asks_for_token"`
	Sections []indexSection `json:"sections"`
}

type indexSection struct {
	Name       string           `json:"name"`
	Operations []indexOperation `json:"operations"`
}

type indexOperation struct {
	ID      string `json:"operation"`
	Method  string `json:"method"`
	Path    string `json:"path"`
	Summary string `json:"summary"`
	Link    bool   `json:"-"` // a browser can open it as it is
}

// isIndex reports whether a request is for the index of the server, at its root or at the root of its API.
func isIndex(r *http.Request, path string) bool {
	return isRead(r.Method) && (path == "/" || path == "" || strings.TrimSuffix(path, "/") == apiPrefix)
}

// isControlIndex reports whether a request is for the index of the control surface.
func isControlIndex(r *http.Request) bool {
	return isRead(r.Method) && strings.TrimSuffix(r.URL.EscapedPath(), "/") == strings.TrimSuffix(controlPrefix, "/")
}

// index returns the index of the API and, if it has the same address, of the control surface.
func (s *Server) index(r *http.Request) *index {
	shown := s.surface()
	i := &index{
		About:   "A mock of GitLab's External Status Checks API and what is around it, made by statuschecks",
		Version: shown.version.String(), API: reachedBy(r) + apiPrefix,
		Sections: []indexSection{{"API", indexOperations(shown.contract, s.relativeRoot(), false)}},
	}
	if s.control != nil {
		i.addControl(s, r)
	}
	return i
}

// controlIndex returns the index of the control surface alone.
func (s *Server) controlIndex(r *http.Request) *index {
	i := &index{
		About:   "The control surface of a mock of GitLab, made by statuschecks",
		Version: s.surface().version.String(),
	}
	i.addControl(s, r)
	return i
}

// serveIndex shows the index of the control surface to everybody who may reach it, even without its token.
func (c *controlSurface) serveIndex(w http.ResponseWriter, r *http.Request) {
	if err := c.server.guard(r); err != nil {
		writeControl(w, r, problemReply(err))
		return
	}
	writeIndex(w, r, c.server.controlIndex(r))
}

func (i *index) addControl(s *Server, r *http.Request) {
	prefix := strings.TrimSuffix(controlPrefix, "/")
	i.Control, i.Guarded = reachedBy(r)+prefix, s.opts.ControlToken != ""
	i.Sections = append(i.Sections, indexSection{"Control surface", indexOperations(openapi.Control(), s.relativeRoot(),
		!i.Guarded)})
}

// indexOperations lists the operations of a contract, below the root of a world. Those that take nothing may be
// followed, if they need no token.
func indexOperations(d *openapi.Document, root string, open bool) []indexOperation {
	var list []indexOperation
	for _, o := range d.Operations() {
		follow := open && o.Method == http.MethodGet && !strings.Contains(o.Path, "{")
		list = append(list, indexOperation{
			ID: o.ID, Method: o.Method, Path: root + o.Root() + o.Path, Summary: o.Summary,
			Link: follow,
		})
	}
	return list
}

// writeIndex sends an index: a page to browsers, JSON to programs.
func writeIndex(w http.ResponseWriter, r *http.Request, i *index) {
	h := w.Header()
	h.Set("Vary", "Origin, Accept")
	h.Set("Cache-Control", "no-store")
	body, kind := append(encodeJSON(i), '\n'), "application/json"
	if wantsPage(r.Header.Values("Accept")) {
		page, err := indexPage()
		var out bytes.Buffer
		if err == nil {
			err = page.Execute(&out, i)
		}
		if err == nil { // otherwise JSON is sent
			body, kind = out.Bytes(), "text/html; charset=utf-8"
			h.Set("Content-Security-Policy", indexPolicy())
			h.Set("Referrer-Policy", "no-referrer")
		}
	}
	h.Set("Content-Type", kind)
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
