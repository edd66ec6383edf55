// Package pages shows a mock in a browser: the pages of GitLab that have to do with external status checks, at GitLab's
// own addresses, and a workbench below /-/desk/. Pages are made by the server, so that they can be read without
// JavaScript. Their scripts call GitLab's API and the control surface, as the person who is signed in.
package pages

import (
	"net/http"
	"strconv"
	"strings"
)

// Handler serves the pages of a world.
type Handler struct {
	World        World
	Key          Key
	ControlToken string // what a caller must give once; empty means that everybody may see the pages
	Origin       string // of the API, if it is not that of the pages
}

// deskPrefix is where the workbench lies: below a path that GitLab keeps for itself.
const deskPrefix = "/-/desk/"

// place is where a request leads.
type place struct {
	project string // full path; empty in the workbench
	rest    string // behind the project and /-/, or behind /-/desk/
}

// placeOf reads a path below the root of the world.
func placeOf(path string) (place, bool) {
	if rest, ok := strings.CutPrefix(path, deskPrefix); ok {
		return place{"", strings.TrimSuffix(rest, "/")}, true
	}
	project, rest, ok := strings.Cut(strings.Trim(path, "/"), "/-/")
	if !ok || !strings.Contains(project, "/") || strings.HasPrefix(project, "api/") { // or a file's path in the API
		return place{}, false
	}
	known := strings.HasPrefix(rest, "settings/") || rest == "merge_requests" ||
		strings.HasPrefix(rest, "merge_requests/")
	return place{project, rest}, known
}

// Takes says whether a request is for a page, by its path alone.
func Takes(r *http.Request) bool {
	_, ok := placeOf(r.URL.Path)
	return ok && !r.URL.Query().Has("go-get") // which asks for another page of GitLab
}

// TakesAsset says whether a request is for a script, a style or an image of the pages, which tell nothing of a world.
func TakesAsset(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, deskPrefix+"assets/") }

// ServeHTTP shows a page or takes a form. The caller has ruled out requests of other origins.
func (h Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, largestForm)
	where, _ := placeOf(r.URL.Path)
	if name, ok := strings.CutPrefix(where.rest, "assets/"); ok && where.project == "" {
		serveAsset(w, r, name)
		return
	}
	switch {
	case where == place{"", "entry"} && r.Method == http.MethodPost:
		h.enter(w, r)
	case !h.admitted(r):
		h.showEntry(w, r, h.placeToEnter(r), "")
	case r.Method == http.MethodPost:
		h.takeForm(w, r, where)
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		h.show(w, r, where)
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		h.showProblem(w, r, http.StatusMethodNotAllowed, "Pages are read, and take forms.")
	}
}

// show finds the page for a place.
func (h Handler) show(w http.ResponseWriter, r *http.Request, where place) {
	p := h.page(r)
	if where.project != "" {
		h.showProject(w, r, where, p)
		return
	}
	h.showDesk(w, r, where.rest, p)
}

// showProject shows a page of a project.
func (h Handler) showProject(w http.ResponseWriter, r *http.Request, where place, p *page) {
	switch {
	case strings.HasPrefix(where.rest, "merge_requests/"):
		h.showMergeRequest(w, r, where, p)
		return
	case where.rest == "settings/repository", where.rest == "settings/repository/branch_rules":
		h.showBranchRules(w, r, where, p)
		return
	case where.rest == "merge_requests":
		for _, project := range h.World.Projects(p.Person.ID) {
			if strings.EqualFold(project.Path, where.project) {
				p.Title = "Merge requests · " + project.Path
				h.render(w, r, mergeRequestsPage(p, project))
				return
			}
		}
	case where.rest == "settings/merge_requests":
		if settings, ok := h.World.Settings(where.project, p.Person.ID); ok {
			p.Title = "Merge requests · Settings · " + settings.Project.Path
			h.render(w, r, settingsPage(p, settings))
			return
		}
	}
	h.notFound(w, r)
}

// largestForm is how many bytes a form has at most. Nothing longer is read of anybody.
const largestForm = 64 << 10

// takeForm does what a form asks for.
func (h Handler) takeForm(w http.ResponseWriter, r *http.Request, where place) {
	person, there := h.person(r)
	if !there || !h.knows(r.PostFormValue(tokenField), person.ID) {
		h.showProblem(w, r, http.StatusUnprocessableEntity, "The form is too old, or not one of this page: the mock "+
			"was started again, or somebody else was signed in. Open the page again.")
		return
	}
	switch {
	case where == place{"", "session"}:
		h.signIn(w, r, person)
	case where.rest == "settings/merge_requests" && where.project != "":
		required := Requirement(r.PostFormValue("project[only_allow_merge_if_all_status_checks_passed]") == "1")
		if err := h.World.RequireStatusChecks(where.project, person.ID, required); err != nil {
			h.showProblem(w, r, http.StatusForbidden, err.Error())
			return
		}
		h.back(w, r)
	default:
		h.showProblem(w, r, http.StatusNotFound, "No form is taken here.")
	}
}

// notFound is what GitLab shows for what is not there and for what somebody may not see.
func (h Handler) notFound(w http.ResponseWriter, r *http.Request) {
	h.showProblem(w, r, http.StatusNotFound, "The resource that you are attempting to access does not exist or you "+
		"don't have the necessary permissions to view it.")
}

// positive is the number that a text holds; 0 if it holds none.
func positive(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
