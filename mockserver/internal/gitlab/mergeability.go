package gitlab

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// DetailedMergeStatus says in one word whether a merge request can be merged and, if not, what the first obstacle is.
//
// Source: app/services/merge_requests/mergeability/detailed_merge_status_service.rb, ee/app/models/ee/merge_request.rb.
func (tx *Tx) DetailedMergeStatus(mr MergeRequest) string {
	switch mr.MergeStatus {
	case PreparingStatus, Checking, Rechecking, Unchecked:
		return strings.TrimPrefix(string(mr.MergeStatus), "cannot_be_merged_re")
	}
	p, _ := tx.Project(mr.ProjectID)
	for _, status := range tx.mergeabilityOrder() {
		if status != ciMustPass && obstacles[status](tx, p, mr) {
			return status
		}
	}
	switch {
	case !tx.ciObstacle(p, mr):
		return mergeable
	case tx.ciInProgress(mr):
		return "ci_still_running"
	}
	return ciMustPass
}

// Values of DetailedMergeStatus that are needed elsewhere.
const (
	mergeable            = "mergeable"
	statusChecksMustPass = "status_checks_must_pass"
	ciMustPass           = "ci_must_pass" // looked at when there is no other obstacle
)

// obstacles maps the word for each obstacle to a function that reports whether it prevents merging.
var obstacles = map[string]func(*Tx, Project, MergeRequest) bool{
	"not_approved":       func(tx *Tx, p Project, mr MergeRequest) bool { return !tx.Approved(mr) },
	statusChecksMustPass: func(tx *Tx, p Project, mr MergeRequest) bool { return tx.blockedByStatusChecks(p, mr) },
	"not_open":           func(tx *Tx, p Project, mr MergeRequest) bool { return mr.State != Opened },
	"merge_time":         func(tx *Tx, _ Project, mr MergeRequest) bool { return mr.MergeAfter.After(tx.Now) },
	"draft_status":       func(tx *Tx, p Project, mr MergeRequest) bool { return mr.Draft() },
	"commits_status":     func(tx *Tx, p Project, mr MergeRequest) bool { return !tx.hasCommits(mr) },
	"discussions_not_resolved": func(tx *Tx, p Project, mr MergeRequest) bool {
		return p.RequireResolvedDiscussions && !tx.DiscussionsResolved(mr.ID)
	},
	ciMustPass: func(tx *Tx, p Project, mr MergeRequest) bool { return tx.ciObstacle(p, mr) },
	"conflict": func(tx *Tx, p Project, mr MergeRequest) bool { return mr.MergeStatus != CanBeMerged },
	"need_rebase": func(tx *Tx, p Project, mr MergeRequest) bool {
		return p.MergeMethod != "merge" &&
			tx.diverged(mr)
	},
}

// The two orders in which GitLab looks at obstacles: in earlier releases those of the Enterprise Edition first, in
// later ones the cheapest first.
var (
	editionOrder = []string{
		"not_approved", statusChecksMustPass, "not_open", "merge_time", "draft_status", "commits_status",
		"discussions_not_resolved", ciMustPass, "conflict", "need_rebase",
	}
	costOrder = []string{
		"not_open", "merge_time", "draft_status", "commits_status", statusChecksMustPass,
		"discussions_not_resolved", ciMustPass, "not_approved", "conflict", "need_rebase",
	}
)

func (tx *Tx) mergeabilityOrder() []string {
	if tx.Has(OrdersChecksByCost) {
		return costOrder
	}
	return editionOrder
}

func (tx *Tx) hasCommits(mr MergeRequest) bool {
	_, ok := tx.Branch(mr.SourceProjectID, mr.SourceBranch)
	return ok && mr.HeadSHA != mr.BaseSHA
}

func (tx *Tx) diverged(mr MergeRequest) bool {
	target, _ := tx.Branch(mr.ProjectID, mr.TargetBranch)
	return target.SHA != mr.BaseSHA
}

// blockedByStatusChecks reports whether the project requires all applicable checks to pass and one has not passed.
func (tx *Tx) blockedByStatusChecks(p Project, mr MergeRequest) bool {
	return tx.MergeGate(p) && p.RequirePassingStatusChecks && slices.ContainsFunc(tx.ApplicableChecks(mr),
		func(c ExternalStatusCheck) bool {
			return tx.StatusOf(mr, c.ID) != Passed
		})
}

// RecheckMergeability starts a new check of whether git can merge, if the last result is out of date. GitLab does this
// when somebody reads a merge request who may update it.
func (tx *Tx) RecheckMergeability(id MergeRequestID) {
	mr, ok := tx.mergeRequestByID(id)
	if !ok {
		return
	}
	if mr.MergeStatus, ok = mr.MergeStatus.checking(); ok {
		insert(tx, mergeRequestTable, mr)
		tx.enqueue(Job{Kind: CheckMergeability, MergeRequestID: mr.ID, Hops: 1})
	}
}

// checkMergeability tries the merge.
func (tx *Tx) checkMergeability(j Job) {
	mr, ok := tx.mergeRequestByID(j.MergeRequestID)
	if !ok || mr.State == Merged {
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
	source, _ := tx.Commit(mr.ProjectID, mr.HeadSHA)
	base, _ := tx.MergeBase(mr.ProjectID, target.SHA, source.SHA)
	return mergeTrees(base.Tree, target.Tree, source.Tree)
}

// MergeOptions are the parameters of a merge.
type MergeOptions struct {
	SHA                string // must be the head, unless empty
	Squash             bool   // that it is not asked for leaves what the merge request says
	RemoveSourceBranch *bool
	AutoMerge          bool // wait until the merge request is ready
	Message            string
	SquashMessage      string // used instead of Message where commits are squashed
}

func (o MergeOptions) message(mr MergeRequest) string {
	if mr.Squash && o.SquashMessage != "" {
		return o.SquashMessage
	}
	return o.Message
}

// Merge merges a merge request or, with AutoMerge, schedules the merge. It refuses, in this order: BadValue if the
// commit must be named and is not, Unauthorized without the right to merge, Unprocessable if nothing but a conflict or
// the need of a rebase is in the way, MethodNotAllowed for any other obstacle and for auto-merge that has nothing to
// wait for, StaleSHA. Where the pipeline has succeeded, auto-merge means now, and any obstacle is Unprocessable.
//
// Source: lib/api/merge_requests.rb, app/models/merge_request.rb (mergeable?); the same order in 14.5.2, where 406
// stands for 422.
func (tx *Tx) Merge(a Actor, mr MergeRequest, o MergeOptions) (MergeRequest, error) {
	if p, _ := tx.Project(mr.ProjectID); strings.TrimSpace(o.SHA) == "" && tx.RequiresSHA(p.NamespaceID) {
		return mr, refuseText(BadValue, "SHA must be provided when merging",
			"the instance or a group requires sha, which is missing or blank")
	}
	if !tx.CanOn(a, AcceptMergeRequest, mr) {
		return mr, refuse(Unauthorized, "merging needs the right to merge into %q", mr.TargetBranch)
	}
	passed := o.AutoMerge && tx.ciSucceeded(mr)
	if !o.AutoMerge || passed || !tx.Has(AutoMergeAwaitsChecks) { // auto-merge does not look at the branches anew
		mr = tx.settleMergeability(mr)
	}
	status := tx.DetailedMergeStatus(mr)
	waits := o.AutoMerge && tx.TakesAutoMerge(mr)
	cannot := refuseText(Unprocessable, "Branch cannot be merged", "detailed_merge_status is %s", status)
	switch {
	case o.AutoMerge && !waits && !passed:
		return mr, refuse(MethodNotAllowed, "auto-merge cannot wait: detailed_merge_status is %s", status)
	case !waits && (tx.onlyGitRefuses(mr, status) || passed && status != mergeable):
		return mr, cannot
	case !waits && status != mergeable:
		return mr, refuse(MethodNotAllowed, "detailed_merge_status is %s", status)
	case o.SHA != "" && o.SHA != mr.HeadSHA:
		return mr, refuseText(StaleSHA, mr.HeadSHA, "sha is not the head of the source branch")
	case waits && passed:
		return mr, cannot
	}
	if o.Squash {
		mr.Squash = true
	}
	if o.RemoveSourceBranch != nil {
		mr.ShouldRemoveSourceBranch = ChoiceOf(*o.RemoveSourceBranch)
	}
	if waits {
		mr.AutoMerge, mr.AutoMergeUserID, mr.UpdatedAt = true, a.User.ID, tx.Now
		mr.AutoMergeParams = AutoMergeParams{mr.HeadSHA, o.Message, o.SquashMessage}
		insert(tx, mergeRequestTable, mr)
		tx.awaitMergeTime(mr)
		return mr, nil
	}
	return tx.merge(a, mr, o.message(mr)), nil
}

// onlyGitRefuses reports whether nothing but the state of the branches is in the way of a merge. GitLab looks at that
// last, after the pipeline.
func (tx *Tx) onlyGitRefuses(mr MergeRequest, status string) bool {
	p, _ := tx.Project(mr.ProjectID)
	return (status == "conflict" || status == "need_rebase") && !tx.ciObstacle(p, mr)
}

// settleMergeability checks at once whether git can merge, if nobody has since the last change.
func (tx *Tx) settleMergeability(mr MergeRequest) MergeRequest {
	if mr.MergeStatus.outdated() {
		tx.checkMergeability(Job{MergeRequestID: mr.ID})
		mr, _ = tx.mergeRequestByID(mr.ID)
	}
	return mr
}

func (tx *Tx) merge(a Actor, mr MergeRequest, message string) MergeRequest {
	p, _ := tx.Project(mr.ProjectID)
	before, _ := tx.mergeRequestByID(mr.ID)
	mr, tip := tx.mergeCommits(a, p, mr, message)
	mr.State, mr.MergedAt, mr.MergeUserID, mr.UpdatedAt, mr.AutoMerge = Merged, tx.Now, a.User.ID, tx.Now, false
	mr.MergeStatus = CanBeMerged
	mr = tx.leaveTrain(mr)
	insert(tx, mergeRequestTable, mr)
	tx.moveBranch(a, p, mr.TargetBranch, tip)
	if b, ok := tx.Branch(mr.SourceProjectID, mr.SourceBranch); ok && mr.removesSourceBranch() {
		source, _ := tx.Project(mr.SourceProjectID)
		tx.DeleteBranch(a, source, b)
	}
	told := mr // the choice for this merge is stored only after the delivery
	told.ShouldRemoveSourceBranch = before.ShouldRemoveSourceBranch
	before.State = Locked // the state during the merge
	tx.fire(MergeRequestEvent{MergeRequest: told, User: a.User, Action: "merge", Changes: stateChanges(before, mr)})
	return mr
}

// mergeCommits makes the commits of a merge by the project's merge method. It returns the new tip of the target branch.
// The tip is the head of the source branch, or the commit that it was squashed into. Unless the project merges by
// fast-forward only, a merge commit of the target branch and that commit follows.
func (tx *Tx) mergeCommits(a Actor, p Project, mr MergeRequest, message string) (MergeRequest, string) {
	target, _ := tx.Branch(p.ID, mr.TargetBranch)
	tree, _ := tx.tryMerge(mr)
	tip := mr.HeadSHA
	commit := func(message string, tree map[string]string, parents ...string) string {
		c := Commit{
			ProjectID: p.ID, ParentSHAs: parents, Message: message, AuthorName: a.User.Name,
			AuthorEmail: a.User.Email, CreatedAt: tx.Now, Tree: tree,
		}
		tx.insertCommit(&c)
		return c.SHA
	}
	if mr.SquashesInto(p) {
		head, _ := tx.Commit(mr.ProjectID, mr.HeadSHA)
		tip = commit(mr.Title, head.Tree, mr.BaseSHA)
		mr.SquashCommitSHA = tip
	}
	if p.MergeMethod == "ff" {
		return mr, tip
	}
	if message == "" {
		message = fmt.Sprintf("Merge branch '%s' into '%s'\n\n%s\n\nSee merge request %s!%d", mr.SourceBranch,
			mr.TargetBranch, mr.Title, p.FullPath, mr.IID)
	}
	mr.MergeCommitSHA = commit(message, tree, target.SHA, tip)
	return mr, mr.MergeCommitSHA
}

// removesSourceBranch reports whether merging deletes the source branch. The choice of the user who merges takes
// precedence over the choice of others.
func (m MergeRequest) removesSourceBranch() bool {
	return m.ShouldRemoveSourceBranch == Yes || (m.ShouldRemoveSourceBranch == Unset && m.RemoveSourceBranch == Yes)
}

// reconsiderAutoMerge looks again at a merge request that waits for auto-merge, and merges it if it is ready.
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
	if !ok || !mr.AutoMerge || mr.State != Opened || tx.rides(mr) {
		return
	}
	u, _ := tx.User(mr.AutoMergeUserID)
	if !tx.CanOn(Actor{User: u}, AcceptMergeRequest, mr) { // MergeService would refuse it
		return
	}
	if (tx.hasCI(mr) || !tx.Has(AutoMergeAwaitsChecks)) && !tx.ciSucceeded(mr) {
		return
	}
	if mr = tx.settleMergeability(mr); tx.DetailedMergeStatus(mr) == mergeable {
		o := MergeOptions{
			Message:       mr.AutoMergeParams.CommitMessage,
			SquashMessage: mr.AutoMergeParams.SquashCommitMessage,
		}
		tx.merge(Actor{User: u}, mr, o.message(mr))
	}
}

// awaitMergeTime looks again at a merge request that waits for auto-merge when it can be merged. GitLab looks once a
// minute.
//
// Source: app/workers/merge_requests/process_scheduled_merge_worker.rb.
func (tx *Tx) awaitMergeTime(mr MergeRequest) {
	if !mr.AutoMerge || mr.MergeAfter.IsZero() {
		return
	}
	at := tx.Now
	if mr.MergeAfter.After(at) {
		at = mr.MergeAfter
	}
	tx.enqueueAt(at.Add(time.Minute-time.Nanosecond).Truncate(time.Minute), Job{
		Kind: ProcessAutoMerge, MergeRequestID: mr.ID,
	})
}

// TakesAutoMerge reports whether auto-merge can be set: it waits for what can still change, or for the pipeline. Before
// 17.0, it waited for a running pipeline alone.
//
// Source: app/services/auto_merge/{base,merge_when_checks_pass}_service.rb; merge_when_pipeline_succeeds_service.rb of
// 14.5.2.
func (tx *Tx) TakesAutoMerge(mr MergeRequest) bool {
	p, _ := tx.Project(mr.ProjectID)
	stands := func(status string) bool { return obstacles[status](tx, p, mr) }
	if !tx.Has(AutoMergeAwaitsChecks) {
		line, ok := tx.DiffHeadPipeline(mr)
		return ok && line.Status.active() && !slices.ContainsFunc(tx.mergeabilityOrder(),
			func(status string) bool { return status != ciMustPass && stands(status) })
	}
	status := tx.DetailedMergeStatus(mr)
	return status != string(mr.MergeStatus) && (status != mergeable || tx.ciInProgress(mr)) &&
		!slices.ContainsFunc([]string{"not_open", "commits_status", "conflict", "need_rebase"}, stands)
}
