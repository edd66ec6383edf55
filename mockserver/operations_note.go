package mockserver

import (
	"net/http"
	"slices"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

var noteOperations = map[string]operation{
	"listMergeRequestNotes":         inProject(gitlab.ReadProject, listMergeRequestNotes),
	"createMergeRequestNote":        inProject(gitlab.ReadProject, createMergeRequestNote),
	"listMergeRequestDiscussions":   inProject(gitlab.ReadProject, listMergeRequestDiscussions),
	"createMergeRequestDiscussion":  inProject(gitlab.ReadProject, createMergeRequestDiscussion),
	"resolveMergeRequestDiscussion": inProject(gitlab.ReadProject, resolveMergeRequestDiscussion),
}

// findNoteable looks up the merge request that the path names, if the caller can see merge requests.
func (c *call) findNoteable(tx *gitlab.Tx) (gitlab.MergeRequest, error) {
	mr, err := tx.MergeRequest(c.project.ID, gitlab.MergeRequestIID(c.params.number("noteable_id")))
	if err == nil && !tx.CanOn(c.actor, gitlab.ReadMergeRequest, mr) {
		err = &gitlab.Refusal{Kind: gitlab.RecordNotFound, Reason: "the caller cannot see merge requests: this " +
			"needs read_merge_request (Reporter or Planner)"}
	}
	return mr, err
}

// visibleNotes lists, by id, the notes that the caller can see.
func (c *call) visibleNotes(tx *gitlab.Tx, mr gitlab.MergeRequest) []gitlab.Note {
	internal := tx.ReadsInternalNotes(c.actor, c.project)
	return kept(tx.Notes(mr.ID), func(n gitlab.Note) bool { return internal || !n.Internal })
}

func listMergeRequestNotes(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findNoteable(tx)
	if err != nil {
		return reply{}, err
	}
	notes := c.visibleNotes(tx, mr)
	if c.params.text("activity_filter") == "only_activity" { // this GitLab writes no notes of its own
		notes = nil
	}
	notes = inOrder(c, notes, func(n gitlab.Note) int64 { return int64(n.ID) }, map[string]func(a, b gitlab.Note) int{
		"created_at": func(a, b gitlab.Note) int { return a.CreatedAt.Compare(b.CreatedAt) },
		"updated_at": func(a, b gitlab.Note) int { return a.UpdatedAt.Compare(b.UpdatedAt) },
	})
	return listed(c, tx, notes, func(n gitlab.Note) noteEntity { return presentNote(tx, mr, n) })
}

// requestedNote is the note that the parameters describe. Only owners may set its date in the past.
func (c *call) requestedNote(tx *gitlab.Tx) gitlab.Note {
	n := gitlab.Note{Body: c.params.text("body"), Internal: c.params.flag("internal") || c.params.flag("confidential")}
	if c.actor.Admin() || tx.Role(c.project, c.actor.User.ID).AccessLevel >= gitlab.Owner {
		n.CreatedAt = c.params.instant("created_at")
	}
	return n
}

func createMergeRequestNote(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findNoteable(tx)
	if err != nil {
		return reply{}, err
	}
	if err := tx.MayComment(c.actor, mr); err != nil {
		return reply{}, err
	}
	n := c.requestedNote(tx)
	commands := tx.RunCommands(c.actor, mr.ID, n.Body)
	if commands.Rest == "" && len(commands.Summary) > 0 {
		return reply{status: http.StatusAccepted, body: commandsSummary{commands.Changes, commands.Summary}}, nil
	}
	if len(commands.Summary) > 0 {
		n.Body = commands.Rest
	}
	if n, err = tx.AddNote(c.actor, mr, n); err != nil {
		return reply{}, err
	}
	e := presentNote(tx, mr, n)
	e.CommandsChanges = commands.Changes
	return created(e)
}

func listMergeRequestDiscussions(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findNoteable(tx)
	if err != nil {
		return reply{}, err
	}
	discussions := [][]gitlab.Note{}
	for _, n := range c.visibleNotes(tx, mr) {
		i := slices.IndexFunc(discussions, func(d []gitlab.Note) bool { return d[0].DiscussionID == n.DiscussionID })
		if i < 0 {
			discussions = append(discussions, []gitlab.Note{n})
			continue
		}
		discussions[i] = append(discussions[i], n)
	}
	return listed(c, tx, discussions, func(notes []gitlab.Note) discussionEntity {
		return presentDiscussion(tx, mr,
			notes)
	})
}

func createMergeRequestDiscussion(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findNoteable(tx)
	if err != nil {
		return reply{}, err
	}
	n := c.requestedNote(tx)
	n.Resolvable = true
	if n, err = tx.AddNote(c.actor, mr, n); err != nil {
		return reply{}, err
	}
	return created(presentDiscussion(tx, mr, []gitlab.Note{n}))
}

func resolveMergeRequestDiscussion(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findNoteable(tx)
	if err != nil {
		return reply{}, err
	}
	notes, err := tx.ResolveDiscussion(c.actor, mr, c.params.text("discussion_id"), c.params.flag("resolved"))
	if err != nil {
		return reply{}, err
	}
	return ok(presentDiscussion(tx, mr, notes))
}
