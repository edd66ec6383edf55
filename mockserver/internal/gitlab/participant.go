package gitlab

import "slices"

// Participants lists who takes part in a merge request, as an actor sees it: its reviewers, its assignees, the authors
// of the comments that the actor sees, its author, and who is named in these comments, in the title and in the
// description. Who is named in an internal comment must be able to read it, and everybody must see the project. Nobody
// stands there twice.
//
// Source: app/models/concerns/participable.rb, app/models/concerns/issuable.rb, app/models/merge_request.rb,
// app/models/note.rb, lib/banzai/reference_parser/user_parser.rb.
func (tx *Tx) Participants(a Actor, mr MergeRequest) []User {
	p, _ := tx.Project(mr.ProjectID)
	ids := slices.Concat(mr.ReviewerIDs, mr.AssigneeIDs)
	names, internal := namesOf(mr), []string{}
	for _, n := range tx.Notes(mr.ID) {
		switch {
		case !n.Internal:
			names = append(names, mentions(n.Body)...)
		case tx.ReadsInternalNotes(a, p):
			internal = append(internal, mentions(n.Body)...)
		default:
			continue
		}
		ids = append(ids, n.AuthorID)
	}
	told := slices.DeleteFunc(tx.mentioned(a, internal), func(id UserID) bool {
		u, _ := tx.User(id)
		return !tx.ReadsInternalNotes(Actor{User: u}, p)
	})
	users, seen := []User{}, map[UserID]bool{}
	for _, id := range slices.Concat(ids, []UserID{mr.AuthorID}, told, tx.mentioned(a, names)) {
		if u, ok := tx.User(id); ok && !seen[id] && tx.Can(Actor{User: u}, ReadProject, p) {
			users = append(users, u)
		}
		seen[id] = true
	}
	return users
}

// Participates reports whether an actor takes part in a merge request and so is subscribed to it.
func (tx *Tx) Participates(a Actor, mr MergeRequest) bool {
	p, _ := tx.Project(mr.ProjectID)
	names := namesOf(mr)
	for _, n := range tx.Notes(mr.ID) {
		if n.AuthorID == a.User.ID {
			return true
		}
		if !n.Internal || tx.ReadsInternalNotes(a, p) {
			names = append(names, mentions(n.Body)...)
		}
	}
	return mr.involves(a.User.ID) || slices.Contains(mr.ReviewerIDs, a.User.ID) ||
		slices.Contains(tx.mentioned(a, names), a.User.ID)
}

// ReadsInternalNotes reports whether an actor sees internal comments in a project.
//
// Source: app/policies/project_policy.rb (read_internal_note).
func (tx *Tx) ReadsInternalNotes(a Actor, p Project) bool {
	return a.Admin() || tx.Role(p, a.User.ID).AccessLevel >= Planner
}
