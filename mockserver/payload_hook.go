package mockserver

import (
	"fmt"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// noCommit stands in the data of a push for a branch that is not there.
var noCommit = strings.Repeat("0", 40)

// toldCommits is how many commits a push tells of. The others are only counted.
const toldCommits = 20

// pushEvent is the payload of a delivery to a webhook about a push.
//
// Source: lib/gitlab/data_builder/push.rb.
type pushEvent struct {
	ObjectKind        string           `json:"object_kind"`
	EventName         string           `json:"event_name"`
	Before            string           `json:"before"`
	After             string           `json:"after"`
	Ref               string           `json:"ref"`
	RefProtected      bool             `json:"ref_protected"`
	CheckoutSHA       *string          `json:"checkout_sha"`
	Message           *string          `json:"message"`
	UserID            gitlab.UserID    `json:"user_id"`
	UserName          string           `json:"user_name"`
	UserUsername      string           `json:"user_username"`
	UserEmail         *string          `json:"user_email"`
	UserAvatar        string           `json:"user_avatar"`
	ProjectID         gitlab.ProjectID `json:"project_id"`
	Project           eventProject     `json:"project"`
	Commits           []pushedCommit   `json:"commits"`
	TotalCommitsCount int              `json:"total_commits_count"`
	PushOptions       struct{}         `json:"push_options"`
	Repository        pushRepository   `json:"repository"`
}

// pushedCommit is a commit with the paths of the files that it changed.
type pushedCommit struct {
	eventCommit
	Added    []string `json:"added"`
	Modified []string `json:"modified"`
	Removed  []string `json:"removed"`
}

type pushRepository struct {
	eventRepository
	GitHTTPURL      string `json:"git_http_url"`
	GitSSHURL       string `json:"git_ssh_url"`
	VisibilityLevel int    `json:"visibility_level"`
}

// pushPayload renders the payload of deliveries about a push. Its commits are in the order in which they were made.
func pushPayload(tx *gitlab.Tx, e gitlab.PushEvent) []byte {
	p := presentEventProject(tx, e.Project)
	event := pushEvent{
		ObjectKind: "push", EventName: "push", Before: shaOrNone(e.Before), After: shaOrNone(e.After),
		Ref: "refs/heads/" + e.Branch, RefProtected: e.Protected, CheckoutSHA: orNull(e.After),
		UserID: e.User.ID, UserName: e.User.Name, UserUsername: e.User.Username, UserEmail: orNull(e.User.PublicEmail),
		UserAvatar: avatarURL(tx, e.User.Email), ProjectID: e.Project.ID, Project: p, Commits: []pushedCommit{},
		TotalCommitsCount: len(e.Commits),
		Repository: pushRepository{
			eventRepository{p.Name, p.URL, p.Description, p.Homepage}, p.GitHTTPURL, p.GitSSHURL, p.VisibilityLevel,
		},
	}
	for _, c := range e.Commits[:min(len(e.Commits), toldCommits)] {
		event.Commits = append(event.Commits, presentPushedCommit(tx, e.Project, c))
	}
	if !e.NewestFirst {
		slices.Reverse(event.Commits)
	}
	if e.Tag != "" {
		event.ObjectKind, event.EventName, event.CheckoutSHA = "tag_push", "tag_push", nil
		event.Ref = "refs/tags/" + e.Tag
	}
	return encodeJSON(event)
}

func shaOrNone(sha string) string {
	if sha == "" {
		return noCommit
	}
	return sha
}

func presentPushedCommit(tx *gitlab.Tx, p gitlab.Project, c gitlab.Commit) pushedCommit {
	added, modified, removed := tx.FilesOf(c)
	return pushedCommit{commitInEvent(tx, p, c), added, modified, removed}
}

// noteEvent is the payload of a delivery to a webhook about a comment on a merge request.
//
// Source: lib/gitlab/data_builder/note.rb.
type noteEvent struct {
	ObjectKind       string           `json:"object_kind"`
	EventType        string           `json:"event_type"`
	User             eventUser        `json:"user"`
	ProjectID        gitlab.ProjectID `json:"project_id"`
	Project          eventProject     `json:"project"`
	ObjectAttributes noteAttributes   `json:"object_attributes"`
	Repository       eventRepository  `json:"repository"`
	MergeRequest     eventAttributes  `json:"merge_request"`
}

// noteAttributes are the object_attributes of an event about a comment.
//
// Source: lib/gitlab/hook_data/note_builder.rb.
type noteAttributes struct {
	Attachment       *string               `json:"attachment"`
	AuthorID         gitlab.UserID         `json:"author_id"`
	ChangePosition   *string               `json:"change_position"`
	CommitID         *string               `json:"commit_id"`
	CreatedAt        *rubyTime             `json:"created_at"`
	DiscussionID     string                `json:"discussion_id"`
	ID               gitlab.NoteID         `json:"id"`
	Internal         bool                  `json:"internal"`
	LineCode         *string               `json:"line_code"`
	Note             string                `json:"note"`
	NoteableID       gitlab.MergeRequestID `json:"noteable_id"`
	NoteableType     string                `json:"noteable_type"`
	OriginalPosition *string               `json:"original_position"`
	Position         *string               `json:"position"`
	ProjectID        gitlab.ProjectID      `json:"project_id"`
	ResolvedAt       *rubyTime             `json:"resolved_at"`
	ResolvedByID     *gitlab.UserID        `json:"resolved_by_id"`
	ResolvedByPush   *bool                 `json:"resolved_by_push"`
	STDiff           *string               `json:"st_diff"`
	System           bool                  `json:"system"`
	Type             *string               `json:"type"`
	UpdatedAt        *rubyTime             `json:"updated_at"`
	UpdatedByID      *gitlab.UserID        `json:"updated_by_id"`
	Description      string                `json:"description"`
	URL              string                `json:"url"`
	Action           string                `json:"action,omitempty"`
}

// notePayload renders the payload of deliveries about a comment.
func notePayload(tx *gitlab.Tx, e gitlab.NoteEvent) []byte {
	p, _ := tx.Project(e.MergeRequest.ProjectID)
	shown, n := presentEventProject(tx, p), e.Note
	kind := "note"
	if n.Internal {
		kind = "confidential_note"
	}
	a := noteAttributes{
		AuthorID: n.AuthorID, CreatedAt: newRubyTime(n.CreatedAt), DiscussionID: n.DiscussionID, ID: n.ID,
		Internal: n.Internal, Note: n.Body, NoteableID: e.MergeRequest.ID, NoteableType: "MergeRequest",
		ProjectID: p.ID, ResolvedAt: newRubyTime(n.ResolvedAt), ResolvedByID: orNull(n.ResolvedByID),
		UpdatedAt: newRubyTime(n.UpdatedAt), Description: absoluteImages(tx, p, n.Body),
		URL: fmt.Sprintf("%s#note_%d", mergeRequestURL(tx, p, e.MergeRequest), n.ID),
	}
	if n.Resolvable {
		a.Type = orNull("DiscussionNote")
	}
	if tx.Has(gitlab.NotesHaveActions) {
		a.Action = "create"
	}
	return encodeJSON(noteEvent{
		ObjectKind: "note", EventType: kind, User: presentEventUser(tx, e.User), ProjectID: p.ID, Project: shown,
		ObjectAttributes: a,
		Repository:       eventRepository{shown.Name, shown.URL, shown.Description, shown.Homepage},
		MergeRequest:     presentEventAttributes(tx, gitlab.MergeRequestEvent{MergeRequest: e.MergeRequest}, p),
	})
}
