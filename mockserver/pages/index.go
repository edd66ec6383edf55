package pages

import "net/http"

// Index says what a server is, and what it offers.
type Index struct {
	About    string         `json:"about"`
	Version  string         `json:"gitlab_version"`
	API      string         `json:"api,omitempty"`
	Control  string         `json:"control,omitempty"`
	Guarded  bool           `json:"control_asks_for_token"`
	Sections []IndexSection `json:"sections"`
}

// IndexSection is a part of what a server offers.
type IndexSection struct {
	Name       string           `json:"name"`
	Operations []IndexOperation `json:"operations"`
}

// IndexOperation is an operation that a server offers.
type IndexOperation struct {
	ID      string `json:"operation"`
	Method  string `json:"method"`
	Path    string `json:"path"`
	Summary string `json:"summary"`
	Link    bool   `json:"-"` // a browser can open it as it is
}

// start is what the first page shows.
type start struct {
	Index    *Index
	Projects []Project // nil on a page that shows the index alone
}

// ShowIndex shows what a server offers, to everybody.
func (h Handler) ShowIndex(w http.ResponseWriter, r *http.Request, i *Index) {
	p := &page{Root: h.World.Root(), Release: i.Version, Bare: true, handler: h}
	p.Title = "Control surface"
	if i.API != "" {
		p.Title = "Operations"
	}
	h.render(w, r, startPage(p, start{Index: i}))
}

// ShowStart shows the page at which everything begins. Without the control token that is the index.
func (h Handler) ShowStart(w http.ResponseWriter, r *http.Request, i *Index) {
	if !h.admitted(r) {
		h.ShowIndex(w, r, i)
		return
	}
	p := h.page(r)
	p.Title = "Start"
	h.render(w, r, startPage(p, start{i, h.World.Projects(p.Person.ID)}))
}
