package gitlab

// CheckStatus is what came of one look at what may stand in the way of merging.
type CheckStatus string

// The statuses of mergeability checks.
const (
	CheckSucceeded CheckStatus = "success"
	CheckFailed    CheckStatus = "failed"
	CheckInactive  CheckStatus = "inactive" // nobody asks for it
	CheckChecking  CheckStatus = "checking" // it is not known yet
)

// MergeabilityCheck is one thing that may stand in the way of merging, by the word of DetailedMergeStatus.
type MergeabilityCheck struct {
	Name   string
	Status CheckStatus
}

// The orders in which all checks are listed. They hold those of mergeabilityOrder in its order.
var (
	listedByEdition = []string{
		"requested_changes", "not_approved", "merge_request_blocked", "jira_association_missing",
		"security_policy_violations", statusChecksMustPass, "locked_paths", "not_open", "merge_time", "draft_status",
		"commits_status", "discussions_not_resolved", "title_regex", ciMustPass, "locked_lfs_files", "conflict",
		"need_rebase",
	}
	listedByCost = []string{
		"not_open", "merge_time", "draft_status", "commits_status", statusChecksMustPass, "jira_association_missing",
		"merge_request_blocked", "requested_changes", "title_regex", "security_policy_violations",
		"discussions_not_resolved", ciMustPass, "locked_lfs_files", "locked_paths", "not_approved",
		"security_policy_pipeline_check", "conflict", "need_rebase",
	}
)

// MergeabilityChecks lists all that may stand in the way of merging, in GitLab's order, whatever else does.
//
// Source: app/models/merge_request.rb, ee/app/models/ee/merge_request.rb.
func (tx *Tx) MergeabilityChecks(mr MergeRequest) []MergeabilityCheck {
	order := listedByEdition
	if tx.Has(OrdersChecksByCost) {
		order = listedByCost
	}
	p, _ := tx.Project(mr.ProjectID)
	list := make([]MergeabilityCheck, len(order))
	for i, name := range order {
		list[i] = MergeabilityCheck{name, tx.mergeabilityCheck(name, p, mr)}
	}
	return list
}

func (tx *Tx) mergeabilityCheck(name string, p Project, mr MergeRequest) CheckStatus {
	stands, known := obstacles[name]
	switch line, _ := tx.DiffHeadPipeline(mr); {
	case !known && looksInVain(name, p, mr):
		return CheckSucceeded
	case !known || !tx.asksFor(name, p, mr):
		return CheckInactive
	case !stands(tx, p, mr):
		return CheckSucceeded
	case name == ciMustPass && line.Status.active(), name == "conflict" && mr.MergeStatus != CannotBeMerged:
		return CheckChecking
	}
	return CheckFailed
}

// looksInVain says whether GitLab looks at something that is never in the way here: nobody can request changes, make
// merge requests depend on each other, or lock files. Only on the way to the default branch do locked paths count.
//
// Source: app/services/merge_requests/mergeability/check_lfs_file_locks_service.rb,
// ee/app/services/merge_requests/mergeability/check_{requested_changes,blocked_by_other_mrs,path_locks}_service.rb.
func looksInVain(name string, p Project, mr MergeRequest) bool {
	switch name {
	case "requested_changes", "merge_request_blocked", "locked_lfs_files":
		return true
	case "locked_paths":
		return mr.TargetBranch == p.DefaultBranch
	}
	return false
}

// asksFor says whether a project looks at an obstacle of a merge request at all.
func (tx *Tx) asksFor(name string, p Project, mr MergeRequest) bool {
	switch name {
	case "merge_time":
		return !mr.MergeAfter.IsZero()
	case statusChecksMustPass:
		return tx.MergeGate(p) && p.RequirePassingStatusChecks
	case "discussions_not_resolved":
		return p.RequireResolvedDiscussions
	case ciMustPass:
		return p.RequireSucceededPipeline || mr.AutoMerge
	case "need_rebase":
		return p.MergeMethod != "merge"
	}
	return true
}

// CountCommits is how many commits a merge request brings.
func (tx *Tx) CountCommits(mr MergeRequest) int {
	seen := map[string]bool{}
	tx.walk(mr.ProjectID, mr.BaseSHA, seen)
	return len(tx.walk(mr.ProjectID, mr.HeadSHA, seen))
}
