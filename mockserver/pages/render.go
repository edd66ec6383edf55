package pages

import (
	"bytes"
	"context"
	"embed"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

//go:generate go tool -modfile=../../tools/go.mod templ generate -include-version=false -log-level error

//go:embed assets
var assetFiles embed.FS

// policy lets a page load its own files and nothing else, run no script and no style that stands in the page, send
// forms only home, and make no HTML of texts.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; " +
	"trusted-types 'none'"

// page is what all pages show.
type page struct {
	Title   string
	Root    string
	World   string // its name; empty at the root
	Release string
	Path    string // of this page
	Origin  string // by which the browser reached it
	Section string // of the workbench
	Person  Person
	People  []Person
	Token   string
	Bare    bool // without a menu
	handler Handler
}

// page is an empty page for whoever is signed in.
func (h Handler) page(r *http.Request) *page {
	p := &page{
		Root: h.World.Root(), World: strings.TrimPrefix(h.World.Root(), "/worlds/"), Release: h.World.Release(),
		People: h.World.People(), handler: h,
	}
	p.Path = p.Root + r.URL.EscapedPath()
	p.Origin = h.Origin
	switch {
	case p.Origin != "":
	case r.TLS != nil:
		p.Origin = "https://" + r.Host
	default:
		p.Origin = "http://" + r.Host
	}
	if r.URL.RawQuery != "" {
		p.Path += "?" + r.URL.RawQuery
	}
	p.Person, _ = h.person(r)
	p.Token = h.token(p.Person.ID)
	return p
}

// render sends a page.
func (h Handler) render(w http.ResponseWriter, r *http.Request, shown templ.Component) {
	h.send(w, r, http.StatusOK, shown)
}

func (h Handler) send(w http.ResponseWriter, r *http.Request, status int, shown templ.Component) {
	var out bytes.Buffer
	if err := shown.Render(context.Background(), &out); err != nil {
		panic(err) // a mistake of ours, which the server survives
	}
	head := w.Header()
	head.Set("Content-Security-Policy", policy)
	head.Set("Referrer-Policy", "same-origin")
	head.Set("Cross-Origin-Opener-Policy", "same-origin")
	head.Set("X-Frame-Options", "DENY")
	sendContent(w, r, content{status, "text/html; charset=utf-8", out.Bytes()})
}

// content is what a browser gets of a world: it is not kept, and nobody else may read it.
type content struct {
	status int
	kind   string
	bytes  []byte
}

func sendContent(w http.ResponseWriter, r *http.Request, c content) {
	head := w.Header()
	head.Set("Content-Type", c.kind)
	head.Set("Cache-Control", "no-store")
	head.Set("Cross-Origin-Resource-Policy", "same-origin")
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Content-Length", strconv.Itoa(len(c.bytes)))
	w.WriteHeader(c.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(c.bytes) // nothing can be done if the browser is gone
	}
}

// showProblem shows a page that says what is wrong.
func (h Handler) showProblem(w http.ResponseWriter, r *http.Request, status int, text string) {
	p := h.page(r)
	p.Title = strconv.Itoa(status) + ": " + problemTitle(status)
	h.send(w, r, status, problemPage(p, text))
}

func problemTitle(status int) string {
	if status == http.StatusNotFound {
		return "Page not found"
	}
	return http.StatusText(status)
}

// ShowRefused shows why a request gets no page. It needs no world and shows nothing of one.
func ShowRefused(w http.ResponseWriter, r *http.Request, status int, text string) {
	h := Handler{World: nowhere{}}
	p := &page{Title: strconv.Itoa(status) + ": " + problemTitle(status), Bare: true, handler: h}
	h.send(w, r, status, problemPage(p, text))
}

// showEntry asks for the control token, and says what was wrong with the last one. It reads nothing of the request's
// body, as the caller may be anybody. back is the path to go to once the token is given.
func (h Handler) showEntry(w http.ResponseWriter, r *http.Request, back, problem string) {
	p := &page{Title: "Control token", Root: h.World.Root(), Path: back, Bare: true, handler: h}
	h.send(w, r, http.StatusUnauthorized, entryPage(p, problem))
}

// serveAsset sends a script or the style.
func serveAsset(w http.ResponseWriter, r *http.Request, name string) {
	content, err := assetFiles.ReadFile("assets/" + name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	head := w.Header()
	head.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	if strings.HasSuffix(name, ".js") {
		head.Set("Content-Type", "text/javascript; charset=utf-8")
	}
	head.Set("Cache-Control", "no-cache")
	head.Set("Cross-Origin-Resource-Policy", "same-origin")
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Content-Length", strconv.Itoa(len(content)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(content)
	}
}

// nowhere is a world without anything.
type nowhere struct{ World }

func (nowhere) Root() string { return "" }
