package pages

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/journal"
)

// menuItem is a page of the workbench in the menu.
type menuItem struct {
	Path, Name string
	Current    bool
}

// deskPages are the pages of the workbench, in the order of the menu.
var deskPages = []menuItem{
	{Path: "deliveries", Name: "Deliveries"},
	{Path: "journal", Name: "Journal"},
	{Path: "clock", Name: "Clock"},
	{Path: "faults", Name: "Faults"},
	{Path: "worlds", Name: "Worlds"},
	{Path: "tokens", Name: "Tokens"},
	{Path: "notes", Name: "Notes"},
}

// menu is the menu of a page.
func (p *page) menu() []menuItem {
	items := make([]menuItem, len(deskPages))
	for i, item := range deskPages {
		item.Current = p.Section == item.Path
		items[i] = item
	}
	return items
}

// showDesk shows a page of the workbench.
func (h Handler) showDesk(w http.ResponseWriter, r *http.Request, rest string, p *page) {
	p.Section, _, _ = strings.Cut(rest, "/")
	if id, ok := strings.CutPrefix(rest, "deliveries/"); ok {
		h.showDelivery(w, r, positive(id), p)
		return
	}
	var shown templ.Component
	switch rest {
	case archiveName:
		h.sendArchive(w, r)
		return
	case "deliveries":
		p.Title, shown = "Deliveries", deliveriesPage(p, h.inbox(r))
	case "journal":
		p.Title, shown = "Journal", journalPage(p, h.journal(r))
	case "clock":
		p.Title, shown = "Clock", clockPage(p, h.World.Clock())
	case "faults":
		p.Title, shown = "Faults", faultsPage(p, h.World.FaultPlans())
	case "worlds":
		p.Title, shown = "Worlds", worldsPage(p, worlds{h.World.Worlds(), h.World.Snapshots()})
	case "tokens":
		p.Title, shown = "Tokens", tokensPage(p, h.World.Tokens())
	case "notes":
		p.Title, shown = "Notes about clients", notesPage(p, h.World.Notes().Notes)
	default:
		h.showProblem(w, r, http.StatusNotFound, "The workbench has no such page.")
		return
	}
	h.render(w, r, shown)
}

type worlds struct {
	Worlds    []control.World
	Snapshots []control.Snapshot
}

// inTheLog says how many deliveries there are, whichever are shown.
func (d inbox) inTheLog() string {
	if d.Dropped == 0 {
		return fmt.Sprintf("%d in the log.", d.All)
	}
	return fmt.Sprintf("%d in the log; %d were dropped before they were sent, to make room.", d.All, d.Dropped)
}

// perPage is how many lines a page of a list has.
const perPage = 50

// pager leads from one part of a list to the others.
type pager struct {
	Page, Pages     int
	Newer, Older    string // queries; empty where there is nothing
	From, To, From0 int
}

// pagerOf makes the pager for a list of so many lines.
func pagerOf(query url.Values, lines int) pager {
	pages := max(1, (lines+perPage-1)/perPage)
	p := pager{Page: min(pages, max(1, int(positive(query.Get("page"))))), Pages: pages}
	at := func(page int) string {
		q := url.Values{}
		for name, values := range query {
			if values[0] != "" {
				q.Set(name, values[0])
			}
		}
		q.Set("page", strconv.Itoa(page))
		return "?" + q.Encode()
	}
	if p.Page > 1 {
		p.Newer = at(p.Page - 1)
	}
	if p.Page < pages {
		p.Older = at(p.Page + 1)
	}
	p.From0 = (p.Page - 1) * perPage
	p.From, p.To = min(lines, p.From0+1), min(lines, p.From0+perPage)
	return p
}

// inbox is what the list of deliveries shows.
type inbox struct {
	Inbox
	Filter DeliveryFilter
	Pager  pager
	States []control.DeliveryState
}

func (h Handler) inbox(r *http.Request) inbox {
	q := r.URL.Query()
	f := DeliveryFilter{
		Text: q.Get("text"), State: control.DeliveryState(q.Get("state")), Check: positive(q.Get("check")),
		Project: positive(q.Get("project")), MergeRequest: positive(q.Get("merge_request")), Limit: perPage,
	}
	f.Skip = (max(1, int(positive(q.Get("page")))) - 1) * perPage
	shown := h.World.Inbox(f)
	p := pagerOf(q, shown.Fitting)
	if p.From0 != f.Skip { // behind the end
		f.Skip = p.From0
		shown = h.World.Inbox(f)
	}
	return inbox{shown, f, p, []control.DeliveryState{
		control.Queued, control.Delivered, control.Blocked, control.GaveUp,
	}}
}

// showDelivery shows one delivery.
func (h Handler) showDelivery(w http.ResponseWriter, r *http.Request, id int64, p *page) {
	d, ok := h.World.Delivery(id)
	if !ok {
		h.showProblem(w, r, http.StatusNotFound, "There is no such delivery in the log; the oldest ones make room.")
		return
	}
	p.Title = "Delivery " + strconv.FormatInt(id, 10)
	h.render(w, r, deliveryPage(p, d))
}

// journalView is what the page of the journal shows.
type journalView struct {
	Entries []journal.Entry // the newest first
	Filter  journal.Filter
	Pager   pager
	Next    int64
	Dropped int64
}

// madeRoom continues a sentence with how many entries are gone.
func (v journalView) madeRoom() string {
	if v.Dropped == 0 {
		return ""
	}
	return fmt.Sprintf("; %d older ones made room", v.Dropped)
}

// journalFilter says which entries of the journal are meant.
func journalFilter(q url.Values) journal.Filter {
	return journal.Filter{
		Kind: journal.Kind(q.Get("kind")), Operation: q.Get("operation"), User: q.Get("user"), Status: q.Get("status"),
	}
}

// archiveName is the file that the journal becomes.
const archiveName = "journal.har"

// sendArchive sends the journal as an HTTP Archive. It is the control surface's, for those who follow a link: a browser
// has no control token to send.
func (h Handler) sendArchive(w http.ResponseWriter, r *http.Request) {
	text, err := json.Marshal(h.World.Archive(journalFilter(r.URL.Query())))
	if err != nil {
		panic(err) // a mistake of ours, which the server survives
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+archiveName+`"`)
	sendContent(w, r, content{http.StatusOK, "application/json", append(text, '\n')})
}

func (h Handler) journal(r *http.Request) journalView {
	q := r.URL.Query()
	f := journalFilter(q)
	all := h.World.Journal(f)
	entries := all.Entries
	p := pagerOf(q, len(entries))
	shown := slices.Clone(entries[len(entries)-p.To : len(entries)-p.From0])
	slices.Reverse(shown)
	return journalView{shown, f, p, all.Next, all.Dropped}
}
