package gitlab

import (
	"crypto/sha1"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Note is a comment on a merge request. Notes of one discussion share its id.
type Note struct {
	ID             NoteID
	MergeRequestID MergeRequestID
	DiscussionID   string // 40 hexadecimal digits
	AuthorID       UserID
	Body           string
	Internal       bool // shown only to members with the Planner role or higher
	Resolvable     bool
	Resolved       bool
	ResolvedByID   UserID
	ResolvedAt     time.Time
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

var noteTable = newTable([]index[Note]{
	{"id", func(n Note) string { return key(n.ID) }},
	{"merge_request", func(n Note) string { return key(n.MergeRequestID) }},
})

// Notes lists the comments on a merge request by id.
func (tx *Tx) Notes(mr MergeRequestID) []Note {
	return all(tx, noteTable, "merge_request", key(mr))
}

// CountNotes counts the comments on a merge request.
func (tx *Tx) CountNotes(mr MergeRequestID) int {
	count := 0
	each(tx, noteTable, "merge_request", key(mr), func(Note) bool {
		count++
		return true
	})
	return count
}

// Discussion lists the notes of one discussion by id.
func (tx *Tx) Discussion(mr MergeRequestID, id string) []Note {
	return slices.DeleteFunc(tx.Notes(mr), func(n Note) bool { return n.DiscussionID != id })
}

// MayComment refuses with Forbidden if the actor may not comment on a merge request or, when its discussion is locked,
// is not a member of the project.
func (tx *Tx) MayComment(a Actor, mr MergeRequest) error {
	p, _ := tx.Project(mr.ProjectID)
	if !tx.Can(a, CreateNote, p) && !mr.involves(a.User.ID) {
		return refuse(Forbidden, "commenting needs %s", CreateNote)
	}
	if mr.DiscussionLocked == Yes && !a.Admin() && !tx.Role(p, a.User.ID).Member() {
		return refuse(Forbidden, "the discussion is locked to members of the project")
	}
	return nil
}

// Comment adds a note. With resolvable it begins a thread. A comment alone does not notify the services of
// checks, only webhooks.
func (tx *Tx) Comment(a Actor, mr MergeRequest, body string, resolvable bool) (Note, error) {
	return tx.AddNote(a, mr, Note{Body: body, Resolvable: resolvable})
}

// AddNote stores a note as it is, and sets its number and dates. It refuses as MayComment does, and with BadRequest for
// a blank note.
//
// Source: app/services/notes/create_service.rb.
func (tx *Tx) AddNote(a Actor, mr MergeRequest, n Note) (Note, error) {
	if err := tx.MayComment(a, mr); err != nil {
		return Note{}, err
	}
	if strings.TrimSpace(n.Body) == "" {
		return Note{}, refuseText(BadRequest, `Note {:note=>["can't be blank"]}`, "the body is blank")
	}
	id := NoteID(tx.next(noteSequence))
	n.ID, n.MergeRequestID, n.AuthorID = id, mr.ID, a.User.ID
	if n.CreatedAt.IsZero() {
		n.CreatedAt = tx.Now
	}
	n.UpdatedAt = n.CreatedAt
	n.DiscussionID = fmt.Sprintf("%x", sha1.Sum(fmt.Appendf(nil, "discussion %d", id)))
	insert(tx, noteTable, n)
	tx.fireNote(NoteEvent{Note: n, MergeRequest: mr, User: a.User})
	return n, nil
}

// ResolveDiscussion resolves a thread, or opens it again. When the last open thread is resolved, GitLab notifies the
// external services.
//
// Source: app/services/merge_requests/resolved_discussion_notification_service.rb.
func (tx *Tx) ResolveDiscussion(a Actor, mr MergeRequest, id string, resolved bool) ([]Note, error) {
	notes := tx.Discussion(mr.ID, id)
	if len(notes) == 0 {
		return nil, refuseText(NotFound, "Discussion", "the merge request has no discussion %q", id)
	}
	if !tx.CanOn(a, UpdateMergeRequest, mr) && notes[0].AuthorID != a.User.ID {
		return nil, refuse(Forbidden, "resolving a thread needs %s", UpdateMergeRequest)
	}
	before := tx.DiscussionsResolved(mr.ID)
	for i, n := range notes {
		if n.Resolvable {
			n.Resolved, n.ResolvedByID, n.ResolvedAt, n.UpdatedAt = resolved, a.User.ID, tx.Now, tx.Now
			if !resolved {
				n.ResolvedByID, n.ResolvedAt = 0, time.Time{}
			}
			insert(tx, noteTable, n)
			notes[i] = n
		}
	}
	if !before && tx.DiscussionsResolved(mr.ID) {
		tx.fire(MergeRequestEvent{MergeRequest: mr, User: a.User, Action: "update"})
		tx.reconsiderAutoMerge(mr)
	}
	return notes, nil
}

// DiscussionsResolved reports whether a merge request has no open thread.
func (tx *Tx) DiscussionsResolved(mr MergeRequestID) bool {
	return !slices.ContainsFunc(tx.Notes(mr), func(n Note) bool { return n.Resolvable && !n.Resolved })
}
