package gitlab

import (
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/internal/lazy"
)

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
	texts, internal := []string{mr.Title, mr.Description}, []string{}
	for _, n := range tx.Notes(mr.ID) {
		switch {
		case !n.Internal:
			texts = append(texts, n.Body)
		case tx.ReadsInternalNotes(a, p):
			internal = append(internal, n.Body)
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
	for _, id := range slices.Concat(ids, []UserID{mr.AuthorID}, told, tx.mentioned(a, texts)) {
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
	texts := []string{mr.Title, mr.Description}
	for _, n := range tx.Notes(mr.ID) {
		if n.AuthorID == a.User.ID {
			return true
		}
		if !n.Internal || tx.ReadsInternalNotes(a, p) {
			texts = append(texts, n.Body)
		}
	}
	return mr.involves(a.User.ID) || slices.Contains(mr.ReviewerIDs, a.User.ID) ||
		slices.Contains(tx.mentioned(a, texts), a.User.ID)
}

// ReadsInternalNotes reports whether an actor sees internal comments in a project.
//
// Source: app/policies/project_policy.rb (read_internal_note).
func (tx *Tx) ReadsInternalNotes(a Actor, p Project) bool {
	return a.Admin() || tx.Role(p, a.User.ID).AccessLevel >= Planner
}

// mentioned are the users that texts name, in their order, and then the members of the groups that they name and that
// the actor sees.
func (tx *Tx) mentioned(a Actor, texts []string) []UserID {
	var users, members []UserID
	for _, text := range texts {
		for _, path := range mentions(text) {
			if u, ok := tx.UserByUsername(path); ok {
				users = append(users, u.ID)
			}
			if n, ok := tx.NamespaceByPath(path); ok && n.Kind != UserNamespace && tx.CanOnGroup(a, ReadGroup, n) {
				for _, m := range tx.GroupMembers(n.ID) {
					members = append(members, m.UserID)
				}
			}
		}
	}
	return append(users, members...)
}

// mention is the path of a user or a group behind an @, which does not follow a letter, a digit or a backslash. A full
// stop at the end is not part of the path.
//
// Source: app/models/user.rb (reference_pattern), lib/gitlab/path_regex.rb.
var mention = lazy.Regexp(`(?:^|[^\w\\])@((?:(?:[\w.][\w.-]*[\w-]|\w)/)*(?:[\w.][\w.-]*[\w-]|\w))`)

// notRead are the parts of Markdown in which nobody is named: code and the texts of links.
var notRead = lazy.Regexp("(?ms)^ {0,3}```.*?(?:^ {0,3}```|\\z)|^ {0,3}~~~.*?(?:^ {0,3}~~~|\\z)" +
	"|``.+?``|`[^`]+`|\\[[^\\]]*\\]\\([^)]*\\)")

// mentions are the paths that a text names behind an @.
func mentions(text string) []string {
	if !strings.Contains(text, "@") {
		return nil
	}
	var paths []string
	for _, found := range mention().FindAllStringSubmatch(notRead().ReplaceAllString(text, "` `"), -1) {
		paths = append(paths, found[1])
	}
	return paths
}
