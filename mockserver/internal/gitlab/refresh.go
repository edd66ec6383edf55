package gitlab

import (
	"slices"
	"time"

	"github.com/statuschecks/statuschecks/internal/lazy"
)

// refreshDiff makes the diff of a merge request from the present heads of its branches. The target project gets the
// commits of the source project, and keeps them.
func (tx *Tx) refreshDiff(mr MergeRequest) MergeRequest {
	tx.FetchCommits(mr.SourceProjectID, mr.ProjectID, mr.HeadSHA)
	target, _ := tx.Branch(mr.ProjectID, mr.TargetBranch)
	base, _ := tx.MergeBase(mr.ProjectID, target.SHA, mr.HeadSHA)
	mr.BaseSHA, mr.StartSHA, mr.MergeStatus = base.SHA, target.SHA, mr.MergeStatus.unchecked()
	head, _ := tx.Commit(mr.ProjectID, mr.HeadSHA)
	mr.ChangedFiles = len(diffFiles(base.Tree, head.Tree, gitalySimilarity))
	return tx.withHeadPipeline(mr.withDiffOf(mr.HeadSHA))
}

// prepare is the after-create job. It makes the diff and notifies the external services that the merge request is open.
//
// Source: app/services/merge_requests/after_create_service.rb.
func (tx *Tx) prepare(j Job) {
	mr, ok := tx.mergeRequestByID(j.MergeRequestID)
	if !ok || !mr.PreparedAt.IsZero() {
		return
	}
	if b, ok := tx.Branch(mr.SourceProjectID, mr.SourceBranch); ok {
		mr.HeadSHA = b.SHA
	}
	mr = tx.refreshDiff(mr)
	before := mr
	mr.PreparedAt, mr.UpdatedAt, mr.MergeStatus = tx.Now, tx.Now, Checking
	insert(tx, mergeRequestTable, mr)
	u, _ := tx.User(j.UserID)
	told, changed := mr, AttributeChange{"merge_status", PreparingStatus, Checking}
	if tx.Has(OpensWhilePreparing) {
		told.MergeStatus, changed = PreparingStatus, AttributeChange{"merge_status", Unchecked, PreparingStatus}
	}
	changes := []AttributeChange{
		changed,
		{"updated_at", before.UpdatedAt, mr.UpdatedAt},
		{"prepared_at", time.Time{}, mr.PreparedAt},
	}
	tx.fire(MergeRequestEvent{MergeRequest: told, User: u, Action: "open", Changes: changes})
	tx.enqueue(Job{Kind: CheckMergeability, MergeRequestID: mr.ID, Hops: 1})
}

// PrepareNow makes the diff of a seeded merge request without notifying any service.
func (tx *Tx) PrepareNow(mr MergeRequest) MergeRequest {
	mr = tx.refreshDiff(mr)
	if mr.PreparedAt.IsZero() {
		mr.PreparedAt = mr.CreatedAt
	}
	mr.MergeStatus = CanBeMerged
	if _, conflicts := tx.tryMerge(mr); len(conflicts) > 0 {
		mr.MergeStatus = CannotBeMerged
	}
	insert(tx, mergeRequestTable, mr)
	return mr
}

// refresh is the job after a push to a branch. Among the merge requests into the branch, it finds those that were
// merged with git itself, and lets the others be checked again. For the open merge requests from the branch, it moves
// the heads or, if the branch is gone, closes them. It looks at the branch as it is now, because the jobs of several
// pushes may run in any order.
//
// Source: app/services/merge_requests/refresh_service.rb, refresh/web_hooks_service.rb.
func (tx *Tx) refresh(j Job) {
	u, _ := tx.User(j.UserID)
	b, exists := tx.Branch(j.ProjectID, j.Branch)
	if exists {
		tx.findMerged(u, b)
	}
	for _, mr := range all(tx, mergeRequestTable, "target", key(j.ProjectID, j.Branch)) {
		if mr.MergeStatus != PreparingStatus {
			mr.MergeStatus = mr.MergeStatus.unchecked()
			insert(tx, mergeRequestTable, mr)
		}
	}
	for _, mr := range tx.OpenFrom(j.ProjectID, j.Branch) {
		if exists {
			tx.refreshSource(u, mr, b.SHA, j.OldSHA)
		} else {
			tx.closeWithoutSource(u, mr, j.OldSHA)
		}
	}
}

// findMerged finds the merge requests whose heads are now in their target branch.
func (tx *Tx) findMerged(u User, b Branch) {
	into := all(tx, mergeRequestTable, "target", key(b.ProjectID, b.Name))
	if len(into) == 0 {
		return
	}
	reached := map[string]bool{}
	for _, c := range tx.History(b.ProjectID, b.SHA) {
		reached[c.SHA] = true
	}
	for _, mr := range into {
		if reached[mr.HeadSHA] && mr.HeadSHA != mr.BaseSHA { // one without a diff is empty; it was not merged
			tx.markMerged(u, mr, b.SHA)
		}
	}
}

// contains reports whether one commit can be reached from another.
func (tx *Tx) contains(p ProjectID, from, sha string) bool {
	return slices.ContainsFunc(tx.History(p, from), func(c Commit) bool { return c.SHA == sha })
}

// markMerged records that somebody merged with git itself.
func (tx *Tx) markMerged(u User, mr MergeRequest, sha string) {
	before := mr
	mr.State, mr.MergedAt, mr.MergeUserID, mr.UpdatedAt, mr.MergeCommitSHA, mr.AutoMerge = Merged, tx.Now, u.ID, tx.Now,
		sha, false
	mr.MergeStatus = CanBeMerged
	mr = tx.leaveTrain(mr)
	insert(tx, mergeRequestTable, mr)
	tx.fire(MergeRequestEvent{MergeRequest: mr, User: u, Action: "merge", Changes: stateChanges(before, mr)})
}

// closeWithoutSource closes a merge request whose source branch is gone. Services hear only of that. If who deleted the
// branch may not close it, it stays open, and they hear of the push.
//
// Source: app/services/merge_requests/{refresh,close}_service.rb, refresh/web_hooks_service.rb.
func (tx *Tx) closeWithoutSource(u User, mr MergeRequest, oldSHA string) {
	if !tx.CanOn(Actor{User: u}, UpdateMergeRequest, mr) {
		tx.fire(MergeRequestEvent{MergeRequest: mr, User: u, Action: "update", OldSHA: oldSHA})
		return
	}
	before := mr
	mr = tx.closed(mr, u.ID)
	insert(tx, mergeRequestTable, mr)
	tx.fire(MergeRequestEvent{MergeRequest: mr, User: u, Action: "close", Changes: stateChanges(before, mr)})
}

// refreshSource moves the head of a merge request. It cancels an auto-merge that was set for another head.
func (tx *Tx) refreshSource(u User, mr MergeRequest, head, oldSHA string) {
	if mr.HeadSHA != head {
		mr = tx.abortAutoMerge(mr)
	}
	before := mr
	mr.HeadSHA = head
	mr = tx.refreshDiff(mr)
	mr.UpdatedAt = tx.Now
	if tx.pushesDraft(mr, before.HeadSHA) {
		mr.Title = "Draft: " + mr.Title
	}
	p, _ := tx.Project(mr.ProjectID)
	reset := p.ApprovalsReset && len(mr.Approvals) > 0 && !tx.samePatch(before, mr)
	wasApproved := reset && tx.Approved(mr)
	if reset {
		mr = mr.withoutApprovals(func(UserID) bool { return true })
	}
	insert(tx, mergeRequestTable, mr)
	tx.fire(MergeRequestEvent{MergeRequest: mr, User: u, Action: "update", OldSHA: oldSHA})
	if reset && tx.Has(AnnouncesApprovalResets) {
		tx.fire(MergeRequestEvent{
			MergeRequest: mr, User: u, Action: unapprovalAction(wasApproved && !tx.Approved(mr)),
			SystemAction: "approvals_reset_on_push",
		})
	}
}

// draftCommit is the title of a commit that says that more is to come.
//
// Source: app/models/commit.rb, lib/gitlab/regex.rb.
var draftCommit = lazy.Regexp(`^\s*(?i:\[draft\]|\(draft\)|draft:)|(?:fixup!|squash!)\s`)

// pushesDraft reports whether the commits of a merge request since an earlier head make a draft of it, which it is not
// yet.
//
// Source: app/services/merge_requests/refresh_service.rb.
func (tx *Tx) pushesDraft(mr MergeRequest, since string) bool {
	known := map[string]bool{}
	tx.walk(mr.ProjectID, mr.BaseSHA, known)
	tx.walk(mr.ProjectID, since, known)
	return !mr.Draft() && slices.ContainsFunc(tx.walk(mr.ProjectID, mr.HeadSHA, known), func(c Commit) bool {
		return draftCommit().MatchString(c.Title())
	})
}

func unapprovalAction(lost bool) string {
	if lost {
		return "unapproved"
	}
	return "unapproval"
}
