package mockserver

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

var mergeRequestOperations = map[string]operation{
	"listMergeRequests":        open(inProject(gitlab.ReadMergeRequest, listMergeRequests)),
	"createMergeRequest":       inProject(gitlab.ReadProject, createMergeRequest),
	"getMergeRequest":          open(inProject(gitlab.ReadProject, getMergeRequest)),
	"updateMergeRequest":       inProject(gitlab.ReadProject, updateMergeRequest),
	"deleteMergeRequest":       inProject(gitlab.ReadProject, deleteMergeRequest),
	"mergeMergeRequest":        inProject(gitlab.ReadProject, mergeMergeRequest),
	"approveMergeRequest":      inProject(gitlab.ReadProject, approveMergeRequest),
	"unapproveMergeRequest":    inProject(gitlab.ReadProject, unapproveMergeRequest),
	"getMergeRequestApprovals": open(inProject(gitlab.ReadProject, getMergeRequestApprovals)),
	"addSpentTime":             inProject(gitlab.ReadProject, addSpentTime),

	"listMergeRequestParticipants": open(inProject(gitlab.ReadProject, listMergeRequestParticipants)),
}

func listMergeRequests(c *call, tx *gitlab.Tx) (reply, error) {
	if err := c.checkFilters(tx); err != nil {
		return reply{}, err
	}
	found := kept(tx.MergeRequests(c.project.ID), func(mr gitlab.MergeRequest) bool {
		return c.choosesMergeRequest(tx, mr)
	})
	found = inOrder(c, found, func(mr gitlab.MergeRequest) int64 { return int64(mr.ID) },
		map[string]func(a, b gitlab.MergeRequest) int{
			"created_at": func(a, b gitlab.MergeRequest) int { return a.CreatedAt.Compare(b.CreatedAt) },
			"updated_at": func(a, b gitlab.MergeRequest) int { return a.UpdatedAt.Compare(b.UpdatedAt) },
			"merged_at":  func(a, b gitlab.MergeRequest) int { return a.MergedAt.Compare(b.MergedAt) },
			"title":      func(a, b gitlab.MergeRequest) int { return compareNames(a.Title, b.Title) },
		})
	if c.params.text("view") == "simple" {
		return listed(c, tx, found,
			func(mr gitlab.MergeRequest) simpleMergeRequest { return presentSimpleMergeRequest(tx, c.project, mr) })
	}
	return listed(c, tx, found, func(mr gitlab.MergeRequest) mergeRequestBasic {
		e := presentMergeRequestBasic(tx, mr)
		if c.params.flag("with_labels_details") {
			e.Labels = presentLabels(tx, c.project.ID, mr.Labels)
		}
		return e
	})
}

// choosesMergeRequest reports whether a merge request passes the filters in the request.
func (c *call) choosesMergeRequest(tx *gitlab.Tx, mr gitlab.MergeRequest) bool {
	p := c.params
	state, wip := p.text("state"), p.text("wip")
	switch {
	case p.has("iids") && !slices.Contains(p.numbers("iids"), int64(mr.IID)), state != "all" &&
		state != string(mr.State):
		return false
	case p.text("source_branch") != "" && p.text("source_branch") != mr.SourceBranch, p.text("target_branch") != "" &&
		p.text("target_branch") != mr.TargetBranch:
		return false
	case !mentions(p.text("search"), mr.Title, mr.Description), wip != "" && (wip == "yes") != mr.Draft(),
		!c.hasLabels(tx, mr, p.texts("labels")):
		return false
	case p.number("source_project_id") != 0 && p.number("source_project_id") != int64(mr.SourceProjectID),
		!c.inScope(mr), !p.hasPeople(tx, mr), !c.inMilestone(tx, mr), c.negated().excludes(c, tx, mr):
		return false
	}
	return p.within(mr.CreatedAt, "created_after", "created_before") && p.within(mr.UpdatedAt, "updated_after",
		"updated_before")
}

// inScope reports whether a merge request is in the requested scope for the caller.
func (c *call) inScope(mr gitlab.MergeRequest) bool {
	me := c.actor.User.ID
	switch strings.ReplaceAll(c.params.text("scope"), "-", "_") {
	case "created_by_me":
		return mr.AuthorID == me
	case "assigned_to_me":
		return slices.Contains(mr.AssigneeIDs, me)
	case "reviews_for_me":
		return slices.Contains(mr.ReviewerIDs, me)
	}
	return true
}

// findReadable looks up the merge request that the path names, for callers who may read merge requests.
func (c *call) findReadable(tx *gitlab.Tx) (gitlab.MergeRequest, error) {
	mr, err := c.findMergeRequest(tx)
	if err == nil && !tx.CanOn(c.actor, gitlab.ReadMergeRequest, mr) {
		err = denied("reading a merge request needs %s (Reporter or Planner)", gitlab.ReadMergeRequest)
	}
	return mr, err
}

func createMergeRequest(c *call, tx *gitlab.Tx) (reply, error) {
	p, target := c.params, c.project
	if id := gitlab.ProjectID(p.number("target_project_id")); id != 0 {
		target, _ = tx.Project(id)
		target.ID = id
	}
	mr := gitlab.MergeRequest{
		ProjectID: target.ID, Title: p.text("title"),
		Description: p.text("description"), SourceBranch: p.text("source_branch"),
		TargetBranch: p.text("target_branch"),
		Labels:       p.titles("labels"), AssigneeIDs: value(c.users(tx, target, "assignee_id", "assignee_ids")),
		ReviewerIDs: value(c.users(tx, target, "", "reviewer_ids")), MilestoneID: value(c.newMilestone()),
		RemoveSourceBranch: gitlab.Chosen(p.flagIf("remove_source_branch")), Squash: c.wantsSquash(target),
		AllowCollaboration: value(c.collaboration()), MergeAfter: value(p.mergeAfter()),
	}
	mr, err := tx.CreateMergeRequest(c.actor, c.project, mr)
	if err != nil {
		return reply{}, err
	}
	e := presentMergeRequest(tx, &c.actor, mr)
	e.Reference = referenceFrom(c.project, target, mr)
	e.References.Relative = e.Reference
	if !tx.Can(c.actor, gitlab.ReadPipeline, c.project) {
		e.HeadPipeline = nil
	}
	return created(e)
}

// referenceFrom is how a text in one project names a merge request of another.
//
// Source: app/models/project.rb (to_reference_base).
func referenceFrom(from, target gitlab.Project, mr gitlab.MergeRequest) string {
	short := "!" + strconv.FormatInt(int64(mr.IID), 10)
	switch {
	case from.NamespaceID != target.NamespaceID:
		return target.FullPath + short
	case from.ID != target.ID:
		return target.Path + short
	}
	return short
}

// collaboration is whether those who can merge may push to the source branch; nil if the request does not say.
func (c *call) collaboration() *bool {
	if allow := c.params.flagIf("allow_collaboration"); allow != nil {
		return allow
	}
	return c.params.flagIf("allow_maintainer_to_push")
}

// wantsSquash reports whether the commits are to be squashed, by the parameter or by the project's default.
func (c *call) wantsSquash(target gitlab.Project) bool {
	if squash := c.params.flagIf("squash"); squash != nil {
		return *squash
	}
	return target.SquashOption == "always" || target.SquashOption == "default_on"
}

// titles returns labels without blank ones.
func (p params) titles(name string) []string {
	var titles []string
	for _, title := range p.texts(name) {
		if title != "" {
			titles = append(titles, title)
		}
	}
	return titles
}

// users lists the users whom one of two parameters names and who can see a project. It is nil if neither was given.
// The list takes precedence over the single id, and 0 stands for nobody.
func (c *call) users(tx *gitlab.Tx, p gitlab.Project, one, list string) *[]gitlab.UserID {
	ids := c.params.numbers(list)
	if !c.params.has(list) {
		if !c.params.has(one) {
			return nil
		}
		ids = []int64{c.params.number(one)}
	}
	users := []gitlab.UserID{}
	for _, id := range ids {
		u, found := tx.User(gitlab.UserID(id))
		if found && tx.Can(gitlab.Actor{User: u}, gitlab.ReadProject, p) && !slices.Contains(users, u.ID) {
			users = append(users, u.ID)
		}
	}
	return &users
}

// value returns what a pointer points to, or the zero value for nil.
func value[T any](p *T) T {
	if p == nil {
		var none T
		return none
	}
	return *p
}

func getMergeRequest(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findReadable(tx)
	if err != nil {
		return reply{}, err
	}
	c.recheckFor(tx, mr)
	e := presentMergeRequest(tx, &c.actor, mr)
	first := tx.FirstContribution(mr)
	e.FirstContribution = &first
	if c.params.flag("render_html") {
		title, description := titleHTML(mr.Title), descriptionHTML(mr.Description)
		e.TitleHTML, e.DescriptionHTML = &title, &description
	}
	if c.params.flag("include_rebase_in_progress") {
		e.RebaseInProgress = new(bool)
	}
	if c.params.flag("include_diverged_commits_count") {
		diverged := tx.DivergedCommits(mr)
		e.DivergedCommitsCount = &diverged
	}
	return ok(e)
}

// recheckFor lets the mergeability be checked again after the merge request was shown, if the caller may change it.
func (c *call) recheckFor(tx *gitlab.Tx, mr gitlab.MergeRequest) {
	if tx.CanOn(c.actor, gitlab.UpdateMergeRequest, mr) {
		c.recheck = mr.ID
	}
}

func listMergeRequestParticipants(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findReadable(tx)
	if err != nil {
		return reply{}, err
	}
	return listed(c, tx, tx.Participants(c.actor, mr), func(u gitlab.User) userBasic { return *presentUser(tx, u.ID) })
}

func updateMergeRequest(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findMergeRequest(tx)
	if err != nil {
		return reply{}, err
	}
	p := c.params
	mr, err = tx.UpdateMergeRequest(c.actor, mr, gitlab.MergeRequestUpdate{
		Title: p.chosen("title"), Description: p.textIf("description"), TargetBranch: p.chosen("target_branch"),
		Labels: c.newLabels(), MilestoneID: c.newMilestone(),
		AssigneeIDs: c.users(tx, c.project, "assignee_id", "assignee_ids"),
		ReviewerIDs: c.users(tx, c.project, "", "reviewer_ids"), AllowCollaboration: c.collaboration(),
		Squash:             p.flagIf("squash"),
		RemoveSourceBranch: p.flagIf("remove_source_branch"), DiscussionLocked: p.flagIf("discussion_locked"),
		StateEvent: p.text("state_event"), MergeAfter: p.mergeAfter(),
	})
	return c.mergeRequestOr(err, tx, mr)
}

// mergeAfter is when the merge request can be merged, the zero time for at any time; nil if the request does not say.
func (p params) mergeAfter() *time.Time {
	if !p.has("merge_after") {
		return nil
	}
	at := p.instant("merge_after")
	if gitlab.CheckInstant(at) != nil {
		at = time.Time{}
	}
	return &at
}

// mergeRequestOr responds with a merge request after a change, or with the refusal of the change.
func (c *call) mergeRequestOr(err error, tx *gitlab.Tx, mr gitlab.MergeRequest) (reply, error) {
	if err != nil {
		return reply{}, err
	}
	return ok(presentMergeRequest(tx, &c.actor, mr))
}

// deleteMergeRequest deletes a merge request. It is not found by a caller who cannot see merge requests.
func deleteMergeRequest(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findMergeRequest(tx)
	if err != nil {
		return reply{}, err
	}
	if !tx.CanOn(c.actor, gitlab.ReadMergeRequest, mr) {
		return reply{}, &gitlab.Refusal{Kind: gitlab.RecordNotFound, Reason: "the caller cannot see merge requests " +
			"of the project"}
	}
	if !tx.CanOn(c.actor, gitlab.DestroyMergeRequest, mr) {
		return reply{}, denied("deleting a merge request needs %s (Owner, and a project that is not archived)",
			gitlab.DestroyMergeRequest)
	}
	if err := c.unmodified(mr.UpdatedAt); err != nil {
		return reply{}, err
	}
	tx.DestroyMergeRequest(c.project, mr)
	return noContent()
}

// newMilestone is the milestone that the request names; nil if it names none, and 0 if there is to be none.
func (c *call) newMilestone() *gitlab.MilestoneID {
	if !c.params.has("milestone_id") {
		return nil
	}
	id := gitlab.MilestoneID(c.params.number("milestone_id"))
	return &id
}

// newLabels is what the request does with the labels of a merge request; nil if it leaves them.
func (c *call) newLabels() *gitlab.LabelChange {
	p := c.params
	if !p.has("labels") && !p.has("add_labels") && !p.has("remove_labels") {
		return nil
	}
	change := gitlab.LabelChange{Add: p.titles("add_labels"), Remove: p.titles("remove_labels")}
	if p.has("labels") {
		labels := p.titles("labels")
		change.Set = &labels
	}
	return &change
}

func mergeMergeRequest(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findMergeRequest(tx)
	if err != nil {
		return reply{}, err
	}
	p := c.params
	mr, err = tx.Merge(c.actor, mr, gitlab.MergeOptions{
		SHA: p.text("sha"), Squash: p.flag("squash"), RemoveSourceBranch: p.flagIf("should_remove_source_branch"),
		AutoMerge: p.flag("auto_merge") || p.flag("merge_when_pipeline_succeeds"),
		Message:   p.text("merge_commit_message"), SquashMessage: p.text("squash_commit_message"),
	})
	return c.mergeRequestOr(err, tx, mr)
}

func approveMergeRequest(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findMergeRequest(tx)
	if err != nil {
		return reply{}, err
	}
	if mr, err = tx.Approve(c.actor, mr, c.params.text("sha")); err != nil {
		return reply{}, err
	}
	return created(presentApprovals(tx, c.actor, mr))
}

func unapproveMergeRequest(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findMergeRequest(tx)
	if err != nil {
		return reply{}, err
	}
	if mr, err = tx.Unapprove(c.actor, mr); err != nil {
		return reply{}, err
	}
	return created(presentApprovals(tx, c.actor, mr))
}

func getMergeRequestApprovals(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findReadable(tx)
	if err != nil {
		return reply{}, err
	}
	return ok(presentApprovals(tx, c.actor, mr))
}

// addSpentTime adds the time in a text. A text without a time adds none.
func addSpentTime(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findMergeRequest(tx)
	if err != nil {
		return reply{}, err
	}
	seconds, _ := gitlab.ParseSpentTime(c.params.text("duration"))
	if mr, err = tx.AddSpentTime(c.actor, mr, seconds); err != nil {
		return reply{}, err
	}
	return created(presentTimeStats(mr))
}
