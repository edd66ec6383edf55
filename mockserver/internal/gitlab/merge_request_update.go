package gitlab

import (
	"errors"
	"slices"
	"time"
)

// AttributeChange is the value of one attribute before and after, as a delivery shows it. Labels appear by title, users
// by id.
type AttributeChange struct {
	Name              string
	Previous, Current any
}

type (
	// MergeParams stands for what a merge request had in this attribute.
	MergeParams MergeRequest
	// Reviewers stands for what a merge request had in this attribute.
	Reviewers MergeRequest
)

// MergeRequestUpdate is what an update sets. A nil field is not changed. StateEvent is "", "close" or "reopen".
type MergeRequestUpdate struct {
	Title, Description, TargetBranch *string
	Labels                           *LabelChange
	MilestoneID                      *MilestoneID // 0 means none; an id that the project does not have changes nothing
	AssigneeIDs, ReviewerIDs         *[]UserID
	Squash, RemoveSourceBranch       *bool
	DiscussionLocked                 *bool
	MergeAfter                       *time.Time // the zero time means at any time
	AllowCollaboration               *bool      // only for a merge request from a fork
	StateEvent                       string

	labels *[]string // that Labels leads to
}

// UpdateMergeRequest changes a merge request and notifies the external services, even if nothing really changed.
// Closing and reopening come before all other changes and have a delivery of their own. It refuses with Forbidden
// without update_merge_request, and as CreateMergeRequest does for what does not fit.
//
// Source: app/services/issuable_base_service.rb, app/services/merge_requests/{update,close,reopen}_service.rb.
func (tx *Tx) UpdateMergeRequest(a Actor, mr MergeRequest, u MergeRequestUpdate) (MergeRequest, error) {
	if !tx.CanOn(a, UpdateMergeRequest, mr) {
		return mr, refuse(Forbidden, "updating a merge request needs %s (Developer, author or assignee)",
			UpdateMergeRequest)
	}
	u = tx.allowedUpdate(a, mr, u)
	if err := tx.validateUpdate(a, mr, u); err != nil {
		return mr, err
	}
	mr = tx.applyStateEvent(a, mr, u.StateEvent)
	before := mr
	mr, changes := u.apply(mr, a, tx.Now)
	if u.MergeAfter != nil {
		mr.MergeAfter = *u.MergeAfter
		tx.awaitMergeTime(mr)
	}
	if mr.TargetBranch != before.TargetBranch {
		mr = tx.forNewTarget(mr)
		tx.enqueue(Job{Kind: CheckMergeability, MergeRequestID: mr.ID, Hops: 1})
	}
	insert(tx, mergeRequestTable, mr)
	tx.fire(MergeRequestEvent{MergeRequest: mr, User: a.User, Action: "update", Changes: changes})
	if before.Draft() && !mr.Draft() {
		tx.reconsiderAutoMerge(mr)
	}
	return mr, nil
}

// forNewTarget is what another target branch makes of a merge request: it waits no longer for auto-merge, and may lose
// its approvals, which nobody is told of.
//
// Source: app/services/merge_requests/update_service.rb, ee/app/services/ee/merge_requests/update_service.rb.
func (tx *Tx) forNewTarget(mr MergeRequest) MergeRequest {
	mr = tx.refreshDiff(tx.abortAutoMerge(mr))
	if p, _ := tx.Project(mr.ProjectID); p.ApprovalsReset && tx.Has(TargetsResetApprovals) {
		mr = mr.withoutApprovals(func(UserID) bool { return true })
	}
	return mr
}

// allowedUpdate leaves out what the actor may not set, and finds out which labels there will be. It also leaves out a
// milestone that the project does not have.
//
// Source: app/services/issuable_base_service.rb, app/services/issuable/callbacks/{labels,milestone}.rb,
// app/services/merge_requests/base_service.rb.
func (tx *Tx) allowedUpdate(a Actor, mr MergeRequest, u MergeRequestUpdate) MergeRequestUpdate {
	if !tx.CanOn(a, AdminMergeRequest, mr) {
		u.Labels, u.MilestoneID, u.AssigneeIDs, u.ReviewerIDs, u.DiscussionLocked = nil, nil, nil, nil, nil
	}
	if u.Labels != nil {
		labels := tx.changedLabels(a, mr, *u.Labels)
		u.labels = &labels
	}
	if source, ok := tx.Project(mr.SourceProjectID); !ok || !tx.mayCollaborate(mr) || !tx.Can(a, PushCode, source) {
		u.AllowCollaboration = nil
	}
	if u.MilestoneID != nil && *u.MilestoneID != 0 {
		if _, err := tx.MilestoneOf(mr.ProjectID, *u.MilestoneID); err != nil {
			u.MilestoneID = nil
		}
	}
	return u
}

func (tx *Tx) validateUpdate(a Actor, before MergeRequest, u MergeRequestUpdate) error {
	mr, _ := u.apply(before, a, tx.Now)
	if mr.TargetBranch == before.TargetBranch && mr.Title == before.Title {
		return nil
	}
	err := tx.validateBranches(mr)
	var r *Refusal
	if errors.As(err, &r) && len(r.Messages) == 1 && r.Messages[0] == sourceBranchIsGone(before.SourceBranch) {
		return nil // a problem that existed before does not prevent a change
	}
	return err
}

// apply sets the fields that an update names. It sets the time of the update only if something changed.
//
// Source: app/services/issuable_base_service.rb, app/services/issuable/callbacks/description.rb. GitLab 14 counts a new
// title as an edit, too.
func (u MergeRequestUpdate) apply(mr MergeRequest, a Actor, now time.Time) (MergeRequest, []AttributeChange) {
	before := mr
	var changes []AttributeChange
	note := func(name string, previous, current any) {
		changes = append(changes, AttributeChange{name, previous, current})
	}
	if u.Description != nil && *u.Description != mr.Description {
		note("description", mr.Description, *u.Description)
		mr.Description = *u.Description
	}
	if u.Title != nil && *u.Title != mr.Title {
		note("title", mr.Title, *u.Title)
		mr.Title = *u.Title
		if mr.Draft() != before.Draft() {
			note("draft", before.Draft(), mr.Draft())
		}
	}
	if u.TargetBranch != nil && *u.TargetBranch != mr.TargetBranch {
		note("target_branch", mr.TargetBranch, *u.TargetBranch)
		mr.TargetBranch = *u.TargetBranch
	}
	if u.MilestoneID != nil && *u.MilestoneID != mr.MilestoneID {
		note("milestone_id", mr.MilestoneID, *u.MilestoneID)
		mr.MilestoneID = *u.MilestoneID
	}
	changes = append(changes, u.applyLists(&mr)...)
	changes = append(changes, u.applyFlags(&mr)...)
	if mr.UpdatedByID != a.User.ID {
		note("updated_by_id", mr.UpdatedByID, a.User.ID)
		mr.UpdatedByID = a.User.ID
	}
	if len(changes) == 0 {
		return mr, nil
	}
	if mr.Description != before.Description {
		note("last_edited_at", mr.EditedAt, now)
		note("last_edited_by_id", mr.EditedByID, a.User.ID)
		mr.EditedAt, mr.EditedByID = now, a.User.ID
	}
	note("updated_at", mr.UpdatedAt, now)
	mr.UpdatedAt = now
	return mr, changes
}

func (u MergeRequestUpdate) applyLists(mr *MergeRequest) []AttributeChange {
	var changes []AttributeChange
	if u.labels != nil && !sameLabels(*u.labels, mr.Labels) {
		changes = append(changes, AttributeChange{"labels", mr.Labels, *u.labels})
		mr.Labels = *u.labels
	}
	if u.AssigneeIDs != nil && !slices.Equal(*u.AssigneeIDs, mr.AssigneeIDs) {
		changes = append(changes, AttributeChange{"assignees", mr.AssigneeIDs, *u.AssigneeIDs})
		mr.AssigneeIDs = *u.AssigneeIDs
	}
	if u.ReviewerIDs != nil && !slices.Equal(*u.ReviewerIDs, mr.ReviewerIDs) {
		before := *mr
		mr.ReviewerIDs = *u.ReviewerIDs
		mr.UnapprovedIDs = slices.DeleteFunc(slices.Clone(mr.UnapprovedIDs),
			func(u UserID) bool { return !mr.reviewedBy(u) })
		changes = append(changes, AttributeChange{"reviewers", Reviewers(before), Reviewers(*mr)})
	}
	return changes
}

func (u MergeRequestUpdate) applyFlags(mr *MergeRequest) []AttributeChange {
	var changes []AttributeChange
	set := func(name string, to *bool, flag *Choice) {
		if c := Chosen(to); c != Unset && c != *flag {
			changes = append(changes, AttributeChange{name, *flag, c})
			*flag = c
		}
	}
	set("discussion_locked", u.DiscussionLocked, &mr.DiscussionLocked)
	if c := Chosen(u.RemoveSourceBranch); c != Unset && c != mr.RemoveSourceBranch {
		before := *mr
		mr.RemoveSourceBranch = c
		changes = append(changes, AttributeChange{"merge_params", MergeParams(before), MergeParams(*mr)})
	}
	if allows := u.AllowCollaboration; allows != nil && *allows != mr.AllowCollaboration {
		changes = append(changes, AttributeChange{"allow_maintainer_to_push", mr.AllowCollaboration, *allows})
		mr.AllowCollaboration = *allows
	}
	if u.Squash != nil && *u.Squash != mr.Squash {
		changes = append(changes, AttributeChange{"squash", mr.Squash, *u.Squash})
		mr.Squash = *u.Squash
	}
	return changes
}

// applyStateEvent closes or reopens the merge request. This has a delivery of its own, before that of the update. The
// one about reopening is sent before GitLab looks at what was pushed in the meantime.
//
// Source: app/services/merge_requests/{close,reopen}_service.rb.
func (tx *Tx) applyStateEvent(a Actor, mr MergeRequest, event string) MergeRequest {
	before := mr
	reopens := event == "reopen" && mr.State == Closed && tx.hasSource(mr)
	switch {
	case event == "close" && mr.State == Opened:
		mr = tx.closed(mr, a.User.ID)
	case reopens:
		mr.State, mr.ClosedByID, mr.ClosedAt, mr.UpdatedAt = Opened, 0, time.Time{}, tx.Now
	default:
		return mr
	}
	insert(tx, mergeRequestTable, mr)
	tx.fire(MergeRequestEvent{MergeRequest: mr, User: a.User, Action: event, Changes: stateChanges(before, mr)})
	if !reopens {
		return mr
	}
	if b, ok := tx.Branch(mr.SourceProjectID, mr.SourceBranch); ok && b.SHA != mr.HeadSHA {
		mr.HeadSHA = b.SHA
		mr = tx.refreshDiff(mr)
	}
	mr.MergeStatus = mr.MergeStatus.unchecked()
	insert(tx, mergeRequestTable, mr)
	tx.enqueue(Job{Kind: CheckMergeability, MergeRequestID: mr.ID, Hops: 1})
	return mr
}

// stateChanges lists the attributes that closing, reopening and merging change.
func stateChanges(before, after MergeRequest) []AttributeChange {
	return []AttributeChange{{"state_id", before.State.ID(), after.State.ID()}, {
		"updated_at", before.UpdatedAt,
		after.UpdatedAt,
	}}
}

func (tx *Tx) closed(mr MergeRequest, by UserID) MergeRequest {
	if tx.rides(mr) {
		mr = tx.abortAutoMerge(mr)
	}
	mr.State, mr.ClosedByID, mr.ClosedAt, mr.UpdatedAt, mr.AutoMerge = Closed, by, tx.Now, tx.Now, false
	return mr
}
