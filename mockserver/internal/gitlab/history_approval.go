package gitlab

import "github.com/statuschecks/statuschecks/release"

// approvalHistory is the part of the history that is about when approvals are taken back.
var approvalHistory = map[Change]Release{
	TargetsResetApprovals: {
		Name: "targets-reset-approvals", Since: release.Of(16, 2),
		What: "Another target branch takes back the approvals of a merge request, if pushes do so in its project.",
		Source: "CHANGELOG 16.2.8, 16.3.5 and 16.4.1, taken as the last patch of 16.2; " +
			"ee/app/services/ee/merge_requests/update_service.rb",
	},
	ComparesPatches: {
		Name: "compares-patches", Since: release.Of(16, 7),
		What:   "A push that leaves the changes of a merge request as they were, as by a rebase, keeps the approvals.",
		Source: "CHANGELOG 16.7 (merge request 137079); ee/app/services/merge_requests/reset_approvals_service.rb",
	},
}
