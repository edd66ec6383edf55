package mockserver

import "github.com/statuschecks/statuschecks/mockserver/internal/gitlab"

// noteEntity is a comment.
//
// Source: lib/api/entities/note.rb.
type noteEntity struct {
	ID           gitlab.NoteID         `json:"id"`
	Type         *string               `json:"type"`
	Body         string                `json:"body"`
	Attachment   *string               `json:"attachment"`
	Author       *userBasic            `json:"author"`
	CreatedAt    *timestamp            `json:"created_at"`
	UpdatedAt    *timestamp            `json:"updated_at"`
	System       bool                  `json:"system"`
	NoteableID   gitlab.MergeRequestID `json:"noteable_id"`
	NoteableType string                `json:"noteable_type"`
	ProjectID    gitlab.ProjectID      `json:"project_id"`
	Resolvable   bool                  `json:"resolvable"`
	*noteResolution
	Confidential bool `json:"confidential"`
	Internal     bool `json:"internal"`
	*importedEntity
	NoteableIID     gitlab.MergeRequestIID `json:"noteable_iid"`
	CommandsChanges map[string]any         `json:"commands_changes"`
}

// noteResolution holds the keys that only comments in threads have.
type noteResolution struct {
	Resolved   bool       `json:"resolved"`
	ResolvedBy *userBasic `json:"resolved_by"`
	ResolvedAt *timestamp `json:"resolved_at"`
}

func presentNote(tx *gitlab.Tx, mr gitlab.MergeRequest, n gitlab.Note) noteEntity {
	e := noteEntity{
		ID: n.ID, Body: n.Body, Author: presentUser(tx, n.AuthorID), CreatedAt: newTimestamp(n.CreatedAt),
		UpdatedAt:  newTimestamp(n.UpdatedAt),
		NoteableID: mr.ID, NoteableType: "MergeRequest", ProjectID: mr.ProjectID, Resolvable: n.Resolvable,
		Confidential: n.Internal,
		Internal:     n.Internal, importedEntity: presentImported(tx), NoteableIID: mr.IID,
		CommandsChanges: map[string]any{},
	}
	if n.Resolvable {
		kind := "DiscussionNote"
		e.Type = &kind
		e.noteResolution = &noteResolution{n.Resolved, presentUser(tx, n.ResolvedByID), newTimestamp(n.ResolvedAt)}
	}
	return e
}

// discussionEntity is a thread, or a single comment.
//
// Source: lib/api/entities/discussion.rb.
type discussionEntity struct {
	ID             string       `json:"id"`
	IndividualNote bool         `json:"individual_note"`
	Notes          []noteEntity `json:"notes"`
}

func presentDiscussion(tx *gitlab.Tx, mr gitlab.MergeRequest, notes []gitlab.Note) discussionEntity {
	return discussionEntity{
		ID: notes[0].DiscussionID, IndividualNote: !notes[0].Resolvable,
		Notes: presentAll(notes, func(n gitlab.Note) noteEntity { return presentNote(tx, mr, n) }),
	}
}

// commandsSummary is the response to a comment that consists only of commands.
type commandsSummary struct {
	CommandsChanges map[string]any `json:"commands_changes"`
	Summary         []string       `json:"summary"`
}

// importedEntity says whether something came from elsewhere, which nothing here does.
type importedEntity struct {
	Imported     bool   `json:"imported"`
	ImportedFrom string `json:"imported_from"`
}

// presentImported is what the release says of where something came from.
func presentImported(tx *gitlab.Tx) *importedEntity {
	if !tx.Has(gitlab.ShowsImports) {
		return nil
	}
	return &importedEntity{ImportedFrom: "none"}
}
