package gitlab

import (
	"fmt"
	"slices"
	"time"
)

// DetailedMergeStatus says in one word whether a merge request can be merged and, if not, the first thing that stands in the way.
//
// Source: app/services/merge_requests/mergeability/detailed_merge_status_service.rb, ee/app/models/ee/merge_request.rb.
func (tx *Tx) DetailedMergeStatus(mr MergeRequest) string {
	if mr.State == Opened || mr.PreparedAt.IsZero() {
		switch {
		case mr.MergeStatus == PreparingStatus:
			return "preparing"
		case mr.MergeStatus == Checking:
			return "checking"
		case mr.MergeStatus == Unchecked:
			return "unchecked"
		}
	}
	p, _ := tx.Project(mr.ProjectID)
	for _, check := range mergeabilityChecks {
		if check.fails(tx, p, mr) {
			return check.status
		}
	}
	return "mergeable"
}

const statusChecksMustPass = "status_checks_must_pass"

// mergeabilityChecks stand in the order in which GitLab asks them.
var mergeabilityChecks = []struct {
	status string
	fails  func(*Tx, Project, MergeRequest) bool
}{
	{"not_approved", func(tx *Tx, p Project, mr MergeRequest) bool { return tx.ApprovalsLeft(mr) > 0 }},
	{statusChecksMustPass, func(tx *Tx, p Project, mr MergeRequest) bool { return tx.blockedByStatusChecks(p, mr) }},
	{"not_open", func(tx *Tx, p Project, mr MergeRequest) bool { return mr.State != Opened }},
	{"draft_status", func(tx *Tx, p Project, mr MergeRequest) bool { return mr.Draft() }},
	{"commits_status", func(tx *Tx, p Project, mr MergeRequest) bool { return !tx.hasCommits(mr) }},
	{"discussions_not_resolved", func(tx *Tx, p Project, mr MergeRequest) bool {
		return p.RequireResolvedDiscussions && !tx.DiscussionsResolved(mr.ID)
	}},
	{"ci_must_pass", func(tx *Tx, p Project, mr MergeRequest) bool { return p.RequireSucceededPipeline }},
	{"conflict", func(tx *Tx, p Project, mr MergeRequest) bool { return mr.MergeStatus == CannotBeMerged }},
	{"need_rebase", func(tx *Tx, p Project, mr MergeRequest) bool { return p.MergeMethod == "ff" && tx.diverged(mr) }},
}

func (tx *Tx) hasCommits(mr MergeRequest) bool {
	_, ok := tx.Branch(mr.SourceProjectID, mr.SourceBranch)
	return ok && mr.HeadSHA != mr.BaseSHA
}

func (tx *Tx) diverged(mr MergeRequest) bool {
	target, _ := tx.Branch(mr.ProjectID, mr.TargetBranch)
	return target.SHA != mr.BaseSHA
}

// blockedByStatusChecks says whether the project wants all applicable checks passed and one is not.
func (tx *Tx) blockedByStatusChecks(p Project, mr MergeRequest) bool {
	return tx.Licensed(p) && p.RequirePassingStatusChecks && slices.ContainsFunc(tx.ApplicableChecks(mr), func(c ExternalStatusCheck) bool {
		return tx.StatusOf(mr, c.ID) != Passed
	})
}

// ApprovalsLeft counts the approvals that are still required.
func (tx *Tx) ApprovalsLeft(mr MergeRequest) int {
	p, _ := tx.Project(mr.ProjectID)
	return max(0, p.ApprovalsRequired-len(mr.Approvals))
}

// RecheckMergeability asks for a new look at whether git can merge, if the last one is out of date. Reading a merge request does so for
// those who may update it.
func (tx *Tx) RecheckMergeability(id MergeRequestID) {
	mr, ok := tx.mergeRequestByID(id)
	if ok && mr.State == Opened && mr.MergeStatus == Unchecked {
		mr.MergeStatus = Checking
		insert(tx, mergeRequestTable, mr)
		tx.enqueue(Job{Kind: CheckMergeability, MergeRequestID: mr.ID, Hops: 1})
	}
}

// checkMergeability tries the merge.
func (tx *Tx) checkMergeability(j Job) {
	mr, ok := tx.mergeRequestByID(j.MergeRequestID)
	if !ok || mr.State != Opened {
		return
	}
	mr.MergeStatus = CanBeMerged
	if _, conflicts := tx.tryMerge(mr); len(conflicts) > 0 || !tx.hasCommits(mr) {
		mr.MergeStatus = CannotBeMerged
	}
	insert(tx, mergeRequestTable, mr)
}

func (tx *Tx) tryMerge(mr MergeRequest) (map[string]string, []string) {
	target, _ := tx.Resolve(mr.ProjectID, mr.TargetBranch)
	source, _ := tx.Commit(mr.SourceProjectID, mr.HeadSHA)
	base, _ := tx.MergeBase(mr.ProjectID, target.SHA, source.SHA)
	return mergeTrees(base.Tree, target.Tree, source.Tree)
}

// MergeOptions is what a merge asks for.
type MergeOptions struct {
	SHA                string // must be the head, unless empty
	Squash             *bool
	RemoveSourceBranch *bool
	AutoMerge          bool // wait for what is not ready yet
	Message            string
}

// Merge merges a merge request, or plans it with AutoMerge. It refuses, in this order: Unauthorized without the right to merge,
// MethodNotAllowed if it is not mergeable, StaleSHA, Unprocessable for a conflict.
//
// Source: lib/api/merge_requests.rb.
func (tx *Tx) Merge(a Actor, mr MergeRequest, o MergeOptions) (MergeRequest, error) {
	if !tx.CanOn(a, AcceptMergeRequest, mr) {
		return mr, refuse(Unauthorized, "merging needs the right to merge into %q", mr.TargetBranch)
	}
	mr = tx.settleMergeability(mr)
	status := tx.DetailedMergeStatus(mr)
	waits := o.AutoMerge && slices.Contains([]string{statusChecksMustPass, "not_approved", "draft_status", "discussions_not_resolved", "ci_must_pass"}, status)
	if status == "conflict" {
		return mr, refuseText(Unprocessable, "Branch cannot be merged", "source and target changed the same files in different ways")
	}
	if status != "mergeable" && !waits {
		return mr, refuse(MethodNotAllowed, "detailed_merge_status is %s", status)
	}
	if o.SHA != "" && o.SHA != mr.HeadSHA {
		return mr, refuseText(StaleSHA, mr.HeadSHA, "sha is not the head of the source branch")
	}
	if o.Squash != nil {
		mr.Squash = *o.Squash
	}
	if o.RemoveSourceBranch != nil {
		mr.ShouldRemoveSourceBranch = ChoiceOf(*o.RemoveSourceBranch)
	}
	if waits {
		mr.AutoMerge, mr.AutoMergeUserID, mr.UpdatedAt = true, a.User.ID, tx.Now
		insert(tx, mergeRequestTable, mr)
		return mr, nil
	}
	return tx.merge(a, mr, o.Message), nil
}

// settleMergeability looks at once if nobody has looked since the last change.
func (tx *Tx) settleMergeability(mr MergeRequest) MergeRequest {
	if mr.MergeStatus == Unchecked || mr.MergeStatus == Checking {
		tx.checkMergeability(Job{MergeRequestID: mr.ID})
		mr, _ = tx.mergeRequestByID(mr.ID)
	}
	return mr
}

func (tx *Tx) merge(a Actor, mr MergeRequest, message string) MergeRequest {
	p, _ := tx.Project(mr.ProjectID)
	target, _ := tx.Branch(p.ID, mr.TargetBranch)
	tree, _ := tx.tryMerge(mr)
	if message == "" {
		message = fmt.Sprintf("Merge branch '%s' into '%s'\n\n%s\n\nSee merge request %s!%d", mr.SourceBranch, mr.TargetBranch, mr.Title, p.FullPath, mr.IID)
	}
	c := Commit{ProjectID: p.ID, ParentSHAs: []string{target.SHA, mr.HeadSHA}, Message: message, AuthorName: a.User.Name, AuthorEmail: a.User.Email, CreatedAt: tx.Now, Tree: tree}
	if mr.Squash {
		c.ParentSHAs, c.Message = c.ParentSHAs[:1], mr.Title
	}
	tx.insertCommit(&c)
	if mr.Squash {
		mr.SquashCommitSHA = c.SHA
	} else {
		mr.MergeCommitSHA = c.SHA
	}
	before := mr
	mr.State, mr.MergedAt, mr.MergeUserID, mr.UpdatedAt, mr.AutoMerge = Merged, tx.Now, a.User.ID, tx.Now, false
	mr.MergeStatus = CanBeMerged
	insert(tx, mergeRequestTable, mr)
	tx.moveBranch(a, p, mr.TargetBranch, c.SHA)
	if b, ok := tx.Branch(mr.SourceProjectID, mr.SourceBranch); ok && mr.removesSourceBranch() {
		tx.DeleteBranch(a, p, b)
	}
	tx.fire(MergeRequestEvent{MergeRequest: mr, User: a.User, Action: "merge", Changes: stateChanges(before, mr)})
	return mr
}

// removesSourceBranch says whether merging deletes the source branch: what the one who merges chose counts before what others did.
func (m MergeRequest) removesSourceBranch() bool {
	return m.ShouldRemoveSourceBranch == Yes || (m.ShouldRemoveSourceBranch == Unset && m.RemoveSourceBranch == Yes)
}

// reconsiderAutoMerge looks again at a merge request that waits to be merged.
func (tx *Tx) reconsiderAutoMerge(mr MergeRequest) {
	if mr.AutoMerge && mr.State == Opened {
		tx.enqueue(Job{Kind: ProcessAutoMerge, MergeRequestID: mr.ID, Hops: 1})
	}
}

func (tx *Tx) reconsiderAutoMerges(p ProjectID) {
	for _, mr := range tx.MergeRequests(p) {
		tx.reconsiderAutoMerge(mr)
	}
}

func (tx *Tx) processAutoMerge(j Job) {
	mr, ok := tx.mergeRequestByID(j.MergeRequestID)
	if !ok || !mr.AutoMerge || mr.State != Opened {
		return
	}
	u, _ := tx.User(mr.AutoMergeUserID)
	if mr = tx.settleMergeability(mr); tx.DetailedMergeStatus(mr) == "mergeable" {
		tx.merge(Actor{User: u}, mr, "")
	}
}

// refreshDiff makes the diff of a merge request from the present tips of its branches.
func (tx *Tx) refreshDiff(mr MergeRequest) MergeRequest {
	target, _ := tx.Branch(mr.ProjectID, mr.TargetBranch)
	base, _ := tx.MergeBase(mr.ProjectID, target.SHA, mr.HeadSHA)
	mr.BaseSHA, mr.StartSHA, mr.MergeStatus = base.SHA, target.SHA, Unchecked
	head, _ := tx.Commit(mr.SourceProjectID, mr.HeadSHA)
	mr.ChangedFiles = len(changedPaths(base.Tree, head.Tree))
	return mr
}

// prepare is the after-create job: it makes the diff and tells the external services that the merge request is open.
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
	mr.PreparedAt, mr.MergeStatus = tx.Now, Checking
	insert(tx, mergeRequestTable, mr)
	u, _ := tx.User(j.UserID)
	changes := []AttributeChange{{"merge_status", PreparingStatus, Checking}, {"prepared_at", time.Time{}, mr.PreparedAt}}
	tx.fire(MergeRequestEvent{MergeRequest: mr, User: u, Action: "open", Changes: changes})
	tx.enqueue(Job{Kind: CheckMergeability, MergeRequestID: mr.ID, Hops: 1})
}

// PrepareNow makes the diff of a seeded merge request without telling anybody.
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

// refresh follows a push: it moves the heads of the branch's open merge requests, closes those whose source is gone, and marks those
// into the branch to be checked again.
//
// Source: app/services/merge_requests/refresh_service.rb, refresh/web_hooks_service.rb.
func (tx *Tx) refresh(j Job) {
	u, _ := tx.User(j.UserID)
	for _, mr := range tx.OpenFrom(j.ProjectID, j.Branch) {
		tx.refreshSource(u, mr, j)
	}
	for _, mr := range all(tx, mergeRequestTable, "target", key(j.ProjectID, j.Branch)) {
		if mr.MergeStatus == CanBeMerged || mr.MergeStatus == CannotBeMerged {
			mr.MergeStatus = Unchecked
			insert(tx, mergeRequestTable, mr)
		}
		if src, ok := tx.Branch(j.ProjectID, j.Branch); ok && tx.contains(j.ProjectID, src.SHA, mr.HeadSHA) && mr.HeadSHA != mr.BaseSHA {
			tx.markMerged(u, mr, src.SHA)
		}
	}
}

// contains says whether a commit can be reached from another.
func (tx *Tx) contains(p ProjectID, from, sha string) bool {
	return slices.ContainsFunc(tx.History(p, from), func(c Commit) bool { return c.SHA == sha })
}

// markMerged records that somebody merged with git itself.
func (tx *Tx) markMerged(u User, mr MergeRequest, sha string) {
	before := mr
	mr.State, mr.MergedAt, mr.MergeUserID, mr.UpdatedAt, mr.MergeCommitSHA, mr.AutoMerge = Merged, tx.Now, u.ID, tx.Now, sha, false
	insert(tx, mergeRequestTable, mr)
	tx.fire(MergeRequestEvent{MergeRequest: mr, User: u, Action: "merge", Changes: stateChanges(before, mr)})
}

func (tx *Tx) refreshSource(u User, mr MergeRequest, j Job) {
	if j.NewSHA == "" { // deleted: the event of the push, then that of the closing
		tx.fire(MergeRequestEvent{MergeRequest: mr, User: u, Action: "update", OldSHA: j.OldSHA})
		before := mr
		mr = tx.closed(mr, u.ID)
		insert(tx, mergeRequestTable, mr)
		tx.fire(MergeRequestEvent{MergeRequest: mr, User: u, Action: "close", Changes: stateChanges(before, mr)})
		return
	}
	mr.HeadSHA = j.NewSHA
	mr = tx.refreshDiff(mr)
	mr.UpdatedAt = tx.Now
	p, _ := tx.Project(mr.ProjectID)
	reset := p.ApprovalsReset && len(mr.Approvals) > 0
	wasApproved := reset && tx.ApprovalsLeft(mr) == 0
	if reset {
		mr.Approvals = nil
	}
	insert(tx, mergeRequestTable, mr)
	tx.fire(MergeRequestEvent{MergeRequest: mr, User: u, Action: "update", OldSHA: j.OldSHA})
	if reset {
		tx.fire(MergeRequestEvent{MergeRequest: mr, User: u, Action: unapprovalAction(wasApproved && tx.ApprovalsLeft(mr) > 0), SystemAction: "approvals_reset_on_push"})
	}
}

func unapprovalAction(lost bool) string {
	if lost {
		return "unapproved"
	}
	return "unapproval"
}
