package mockserver

import (
	"cmp"
	"slices"

	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// look runs f on the present state, after the jobs that are due.
func (s *Server) look(f func(*gitlab.Tx)) {
	s.world.settle()
	_ = s.world.state.View(s.world.clock.now(), func(tx *gitlab.Tx) error {
		f(tx)
		return nil
	})
}

// change runs f in a transaction. If f returns an error, nothing changes.
func (s *Server) change(f func(*gitlab.Tx) error) error {
	return s.world.state.Update(s.world.clock.now(), f)
}

// State returns what is in the world, without its secrets. Server.Export has all of it, pipelines and labels too.
func (s *Server) State() (state control.State) {
	clock := s.Clock()
	s.look(func(tx *gitlab.Tx) {
		settings := tx.Settings()
		state = control.State{
			Version: tx.Version().String(), BaseURL: s.world.state.BaseURL(), Clock: clock, Licence: presentLicence(tx),
			Settings: control.Settings{
				BlockLocalRequests: settings.BlockLocalRequests, DenyOutbound: settings.DenyOutbound,
				Writing: presentWriting(tx),
			},
			Jobs: presentAll(tx.Jobs(), presentJob), Deliveries: presentAll(tx.Deliveries(), summariseDelivery),
			Dropped: control.Dropped{
				Deliveries: tx.DroppedDeliveries(), AuditEvents: tx.DroppedAuditEvents(),
				Surprises: s.world.surprises.droppedSoFar(),
			},
		}
		addPeople(tx, &state)
		addPlaces(tx, &state)
		for _, p := range tx.Projects() {
			addWork(tx, p, &state)
		}
	})
	state.Groups, state.Projects, state.Users = notNull(state.Groups), notNull(state.Projects), notNull(state.Users)
	state.Tokens = byNumber(state.Tokens, func(t control.Token) int64 { return t.ID })
	state.Protected = byNumber(state.Protected, func(b control.ProtectedBranch) int64 { return b.ID })
	state.Checks = byNumber(state.Checks, func(c control.ExternalStatusCheck) int64 { return c.ID })
	state.MergeRequests = byNumber(state.MergeRequests, func(m control.MergeRequest) int64 { return m.ID })
	state.Responses = byNumber(state.Responses, func(r control.Response) int64 { return r.ID })
	state.Notes = byNumber(state.Notes, func(n control.Note) int64 { return n.ID })
	return state
}

// byNumber sorts a list by id. The result is never nil.
func byNumber[T any](list []T, id func(T) int64) []T {
	slices.SortFunc(list, func(a, b T) int { return cmp.Compare(id(a), id(b)) })
	return notNull(list)
}

// notNull returns a list that is written as [] if it is empty.
func notNull[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// numbersOf converts ids to plain numbers.
func numbersOf[ID ~int64](ids []ID) []int64 {
	return presentAll(ids, func(id ID) int64 { return int64(id) })
}

func addPeople(tx *gitlab.Tx, state *control.State) {
	add := func(tokens []gitlab.Token) {
		for _, t := range tokens {
			state.Tokens = append(state.Tokens, presentTokenRow(tx, t))
		}
	}
	for _, u := range tx.Users() {
		state.Users = append(state.Users, control.User{
			ID: int64(u.ID), Username: u.Username, Name: u.Name, Email: u.Email, Admin: u.Admin, External: u.External,
			Bot: u.Bot, Blocked: u.Blocked, CreatedAt: u.CreatedAt,
		})
		add(tx.UserTokens(u.ID))
	}
	for _, p := range tx.Projects() {
		add(tx.ProjectTokens(p.ID))
	}
}

func presentTokenRow(tx *gitlab.Tx, t gitlab.Token) control.Token {
	return control.Token{
		ID: int64(t.ID), Kind: string(t.Kind), UserID: int64(t.UserID), ProjectID: int64(t.ProjectID), Name: t.Name,
		Scopes: t.Scopes, Active: t.Active(tx.Now), Revoked: t.Revoked, ExpiresOn: orNull(t.ExpiresOn),
		LastUsedAt: orNull(t.LastUsedAt),
	}
}

func presentMembers(members []gitlab.Member) []control.Member {
	return presentAll(members, func(m gitlab.Member) control.Member {
		shown := control.Member{UserID: int64(m.UserID), AccessLevel: int(m.AccessLevel)}
		for _, a := range m.Abilities {
			shown.Abilities = append(shown.Abilities, string(a))
		}
		return shown
	})
}

func addPlaces(tx *gitlab.Tx, state *control.State) {
	for _, n := range tx.Namespaces() {
		if n.Kind == gitlab.GroupNamespace {
			state.Groups = append(state.Groups, control.Group{
				ID: int64(n.ID), FullPath: n.FullPath, Name: n.Name, Visibility: string(n.Visibility),
				Members: presentMembers(tx.GroupMembers(n.ID)),
			})
		}
		for _, b := range tx.ProtectedBranches(gitlab.Project{NamespaceID: n.ID}) {
			if b.NamespaceID == n.ID {
				state.Protected = append(state.Protected, presentProtectedRow(b))
			}
		}
	}
	for _, p := range tx.Projects() {
		state.Projects = append(state.Projects, control.Project{
			ID: int64(p.ID), FullPath: p.FullPath, Name: p.Name, Visibility: string(p.Visibility),
			DefaultBranch: p.DefaultBranch, Archived: p.Archived, Licensed: tx.Licensed(p), CreatedAt: p.CreatedAt,
			Members: presentMembers(tx.ProjectMembers(p.ID)),
			Branches: presentAll(tx.Branches(p.ID),
				func(b gitlab.Branch) control.Branch { return presentBranchRow(tx, b) }),
			RequirePassingStatusChecks: p.RequirePassingStatusChecks,
		})
		for _, b := range tx.ProtectedBranches(p) {
			if b.ProjectID == p.ID {
				state.Protected = append(state.Protected, presentProtectedRow(b))
			}
		}
	}
}

func presentProtectedRow(b gitlab.ProtectedBranch) control.ProtectedBranch {
	return control.ProtectedBranch{
		ID: int64(b.ID), ProjectID: int64(b.ProjectID), GroupID: int64(b.NamespaceID), Name: b.Name,
	}
}

func presentBranchRow(tx *gitlab.Tx, b gitlab.Branch) control.Branch {
	tip, _ := tx.Commit(b.ProjectID, b.SHA)
	return control.Branch{
		Name: b.Name, SHA: b.SHA, Files: sortedKeys(tip.Tree),
		Commits: presentAll(tx.History(b.ProjectID, b.SHA), func(c gitlab.Commit) string { return c.SHA }),
	}
}

// addWork adds the checks and the merge requests of a project.
func addWork(tx *gitlab.Tx, p gitlab.Project, state *control.State) {
	checks := tx.ExternalStatusChecks(p.ID)
	for _, c := range checks {
		state.Checks = append(state.Checks, control.ExternalStatusCheck{
			ID: int64(c.ID), ProjectID: int64(c.ProjectID), Name: c.Name, ExternalURL: c.ExternalURL, HMAC: c.HMAC(),
			ProtectedBranchIDs: numbersOf(c.ProtectedBranchIDs), CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt,
		})
	}
	for _, mr := range tx.MergeRequests(p.ID) {
		state.MergeRequests = append(state.MergeRequests, presentMergeRequestRow(tx, mr))
		for _, c := range checks {
			for _, r := range tx.Responses(mr.ID, c.ID) {
				state.Responses = append(state.Responses, control.Response{
					ID: int64(r.ID), MergeRequestID: int64(r.MergeRequestID), CheckID: int64(r.CheckID), SHA: r.SHA,
					Status: string(r.Status), CreatedAt: r.CreatedAt, RetriedAt: orNull(r.RetriedAt),
				})
			}
		}
		for _, n := range tx.Notes(mr.ID) {
			state.Notes = append(state.Notes, control.Note{
				ID: int64(n.ID), MergeRequestID: int64(n.MergeRequestID), DiscussionID: n.DiscussionID,
				AuthorID: int64(n.AuthorID), Body: n.Body, Resolved: n.Resolved,
			})
		}
	}
}

func presentMergeRequestRow(tx *gitlab.Tx, mr gitlab.MergeRequest) control.MergeRequest {
	return control.MergeRequest{
		ID: int64(mr.ID), IID: int64(mr.IID), ProjectID: int64(mr.ProjectID),
		SourceProjectID: int64(mr.SourceProjectID), Title: mr.Title, State: string(mr.State),
		SourceBranch: mr.SourceBranch, TargetBranch: mr.TargetBranch, SHA: mr.HeadSHA,
		DetailedMergeStatus: tx.DetailedMergeStatus(mr), AuthorID: int64(mr.AuthorID),
		AssigneeIDs: numbersOf(mr.AssigneeIDs), CreatedAt: mr.CreatedAt, UpdatedAt: mr.UpdatedAt,
		ApprovedBy: presentAll(mr.Approvals, func(a gitlab.Approval) int64 { return int64(a.UserID) }),
	}
}

func summariseDelivery(d gitlab.Delivery) control.DeliverySummary {
	return control.DeliverySummary{
		ID: int64(d.ID), CheckID: int64(d.CheckID), Action: d.Action, State: control.DeliveryState(d.State), Due: d.Due,
		Attempts: len(d.Attempts),
	}
}
