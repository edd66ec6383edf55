package mockserver

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/pages"
)

// desk shows the world of a server to the pages.
type desk struct{ *Server }

// pages serves the pages of the world.
func (s *Server) pages() pages.Handler {
	return pages.Handler{World: desk{s}, Key: s.family.key, ControlToken: s.opts.ControlToken}
}

// servePage shows a page to those who may reach the control surface.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request) {
	if err := s.guard(r); err != nil {
		pages.ShowRefused(w, r, http.StatusForbidden, err.Error())
		return
	}
	if !pages.TakesAsset(r) && !s.rootIsHeld(w, r) {
		return
	}
	h := s.pages()
	if isApart(r) {
		h.Origin = strings.TrimSuffix(s.world.state.BaseURL(), s.relativeRoot())
	} else {
		s.adoptBaseURL(r)
	}
	s.world.settle()
	h.ServeHTTP(w, r)
}

type apartKey struct{}

// isApart says whether a request came to the control surface's own address.
func isApart(r *http.Request) bool { return r.Context().Value(apartKey{}) != nil }

// servePagesApart serves the pages at the control surface's own address, and what their scripts call of the API. It
// reports false for every other request.
func (s *Server) servePagesApart(w http.ResponseWriter, r *http.Request) bool {
	r = r.WithContext(context.WithValue(r.Context(), apartKey{}, true))
	switch {
	case pages.Takes(r):
		s.servePage(w, r)
	case pages.MayCall(r) && strings.HasPrefix(r.URL.Path, "/api/"):
		s.identify(w.Header(), r)
		s.serveAPI(w, r)
	default:
		return false
	}
	return true
}

// visitor is the user who is signed in on the page whose script calls; 0 for every other request.
func (s *Server) visitor(r *http.Request) gitlab.UserID {
	if s.control == nil && !isApart(r) {
		return 0
	}
	user, ok := s.pages().SignedIn(r)
	if !ok || s.guard(r) != nil {
		return 0
	}
	return gitlab.UserID(user)
}

func (d desk) Root() string    { return d.relativeRoot() }
func (d desk) Release() string { return d.surface().name }

// People are the users who can sign in. A maintainer comes first.
func (d desk) People() (people []pages.Person) {
	var first gitlab.UserID
	d.look(func(tx *gitlab.Tx) {
		first = maintainer(tx)
		for _, u := range tx.Users() {
			if !u.Bot && !u.Blocked {
				people = append(people, pages.Person{ID: int64(u.ID), Username: u.Username, Name: u.Name})
			}
		}
	})
	slices.SortStableFunc(people, func(a, b pages.Person) int {
		return cmp.Compare(rank(a, first), rank(b, first))
	})
	return people
}

func rank(p pages.Person, first gitlab.UserID) int {
	if p.ID == int64(first) {
		return 0
	}
	return 1
}

// maintainer is the member of a project who may change its checks with the lowest role that lets him, in the first
// project that has one.
func maintainer(tx *gitlab.Tx) gitlab.UserID {
	for _, p := range tx.Projects() {
		members := tx.AllProjectMembers(p)
		slices.SortStableFunc(members, func(a, b gitlab.Member) int {
			return cmp.Compare(a.AccessLevel, b.AccessLevel)
		})
		for _, m := range members {
			u, _ := tx.User(m.UserID)
			if !u.Bot && !u.Blocked && m.AccessLevel >= gitlab.Maintainer {
				return u.ID
			}
		}
	}
	return 0
}

func (d desk) Operation(id string) string {
	shown := d.surface()
	op := shown.contract.Operation(id)
	if op == nil {
		return ""
	}
	return d.relativeRoot() + op.Root() + op.Path
}

func actorOf(tx *gitlab.Tx, person int64) gitlab.Actor {
	u, _ := tx.User(gitlab.UserID(person))
	return gitlab.Actor{User: u}
}

func (d desk) Projects(person int64) (list []pages.Project) {
	d.look(func(tx *gitlab.Tx) {
		a := actorOf(tx, person)
		for _, p := range tx.Projects() {
			if tx.Can(a, gitlab.ReadProject, p) {
				list = append(list, projectOnPage(tx, a, p))
			}
		}
	})
	return list
}

func projectOnPage(tx *gitlab.Tx, a gitlab.Actor, p gitlab.Project) pages.Project {
	shown := pages.Project{
		ID: int64(p.ID), Path: p.FullPath, Name: p.Name,
		Manages: tx.Can(a, gitlab.ManageMergeRequestSettings, p),
	}
	if !tx.Can(a, gitlab.ReadMergeRequest, p) {
		return shown
	}
	for _, mr := range tx.MergeRequests(p.ID) {
		shown.MergeRequests = append(shown.MergeRequests, pages.MergeRequestLink{
			Project: p.FullPath, IID: int64(mr.IID), Title: mr.Title, State: string(mr.State),
			Source: sourceOnPage(tx, mr), Target: mr.TargetBranch,
		})
	}
	return shown
}

// sourceOnPage is the source branch of a merge request, behind the project if that is another one.
//
// Source: app/helpers/merge_requests_helper.rb, app/models/merge_request.rb (source_project_path).
func sourceOnPage(tx *gitlab.Tx, mr gitlab.MergeRequest) string {
	if mr.SourceProjectID == mr.ProjectID {
		return mr.SourceBranch
	}
	source, there := tx.Project(mr.SourceProjectID)
	if !there {
		return "(removed):" + mr.SourceBranch
	}
	return source.FullPath + ":" + mr.SourceBranch
}

// visibleProject finds a project that a person has an ability in.
func visibleProject(tx *gitlab.Tx, a gitlab.Actor, path string, ability gitlab.Ability) (gitlab.Project, bool) {
	p, _, found := tx.ProjectByPath(path)
	return p, found && tx.Can(a, gitlab.ReadProject, p) && tx.Can(a, ability, p)
}

func (d desk) Settings(path string, person int64) (shown pages.Settings, found bool) {
	d.look(func(tx *gitlab.Tx) {
		a := actorOf(tx, person)
		var p gitlab.Project
		if p, found = visibleProject(tx, a, path, gitlab.ManageMergeRequestSettings); !found {
			return
		}
		shown = pages.Settings{
			Project: projectOnPage(tx, a, p), Licensed: tx.Licensed(p), Secrets: tx.Has(gitlab.SharedSecrets),
			Rules:   hasRulePage(tx),
			HasGate: tx.MergeGate(p), Gate: pages.Requirement(p.RequirePassingStatusChecks),
		}
		for _, c := range tx.ExternalStatusChecks(p.ID) {
			check := pages.StatusCheck{ID: int64(c.ID), Name: c.Name, URL: c.ExternalURL, HMAC: c.HMAC()}
			for _, id := range c.ProtectedBranchIDs {
				if b, there := tx.ProtectedBranch(id); there {
					check.Branches = append(check.Branches, pages.Branch{ID: int64(b.ID), Name: b.Name})
				}
			}
			shown.Checks = append(shown.Checks, check)
		}
	})
	return shown, found
}

func (d desk) RequireStatusChecks(path string, person int64, required pages.Requirement) error {
	value := bool(required)
	return d.change(func(tx *gitlab.Tx) error {
		a := actorOf(tx, person)
		p, found := visibleProject(tx, a, path, gitlab.ManageMergeRequestSettings)
		if !found {
			return refused(http.StatusForbidden, "%q cannot change the settings of %q", a.User.Username, path)
		}
		_, err := tx.EditProject(a, p, gitlab.ProjectChange{RequirePassingStatusChecks: &value})
		return err
	})
}
