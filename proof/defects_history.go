package proof

import (
	"strings"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/release"
)

// old makes a server that says it is one release and behaves as another.
func old(major, minor int, claims, wrong string) Defect {
	v := release.Of(major, minor)
	return Defect{
		ID: "still-" + dashed(v.String()) + "-at-" + dashed(claims), Area: "history", Version: v,
		Claims: claims, Wrong: wrong,
	}
}

// early makes a server of a release that does already what a later release brought.
func early(major, minor int, change, wrong string) Defect {
	return changed(major, minor, change, true, wrong)
}

// late makes a server of a release that does not yet do what it, or an earlier one, brought.
func late(major, minor int, change, wrong string) Defect {
	return changed(major, minor, change, false, wrong)
}

func changed(major, minor int, change string, has bool, wrong string) Defect {
	v := release.Of(major, minor)
	when := map[bool]string{true: "early", false: "late"}[has]
	return Defect{
		ID: change + "-" + when + "-at-" + dashed(v.String()), Area: "history", Version: v, Wrong: "A server of " +
			v.String() + " " + wrong + ".",
		Options: func(o *mockserver.Options) { o.Changes = map[string]bool{change: has} },
	}
}

func dashed(version string) string { return strings.ReplaceAll(version, ".", "-") }

var historyDefects = []Defect{
	old(15, 0, "18.9", "The server says 18.9 and behaves as 15.0: no retry, no timeout, no secrets, URLs in full."),
	old(16, 4, "18.9", "The server says 18.9 and behaves as 16.4: no pending responses."),
	old(17, 2, "18.9", "The server says 18.9 and behaves as 17.2: no shared secrets."),
	old(17, 10, "18.9", "The server says 18.9 and behaves as 17.10: reporters cannot list statuses."),
	old(18, 1, "18.9", "The server says 18.9 and behaves as 18.1: a response that breaks a rule breaks the server."),
	old(18, 8, "18.9", "The server says 18.9 and behaves as 18.8: secrets of any length."),
	old(18, 9, "19.4", "The server says 19.4 and behaves as 18.9: wildcards match nothing, and a response tells all "+
		"of the check."),
	old(19, 4, "18.9", "The server says 18.9 and behaves as 19.4: wildcards match, and a response tells little of "+
		"the check."),
	early(14, 2, "refuses-foreign-checks", "already wants a response to name a check of its own project, as 14.3 does"),
	late(14, 3, "refuses-foreign-checks", "still takes a response for a check of another project, as 14.2 does"),
	late(14, 8, "refuses-foreign-checks", "still takes a response for a check of another project, as 14.2 does"),
	{
		ID: "says-passed-at-14-8", Area: "history", Version: release.Of(14, 8),
		Wrong: "A server of 14.8 calls what was approved passed, as 15.0 does.",
		Answer: listed(func(_ *visit, o *object) {
			if o.Get("status") == "approved" {
				o.Set("status", "passed")
			}
		}),
	},
	early(14, 4, "responding-needs-developer", "already wants a developer for a response, as 14.5 does"),
	late(14, 5, "responding-needs-developer", "still takes a response of an assigned reporter, as 14.4 does"),
	late(14, 8, "responding-needs-developer", "still takes a response of an assigned reporter, as 14.4 does"),
	late(14, 10, "responding-needs-developer", "still takes a response of an assigned reporter, as 14.4 does"),
	early(14, 10, "audits-checks", "already writes checks to the audit log, as 15.0 does"),
	early(14, 10, "tells-of-discussions", "already tells of discussions, as 15.0 does"),
	late(15, 9, "opens-while-preparing", "tells of a new merge request when it has been prepared, as 15.10 does"),
	early(18, 9, "tells-when-it-acted", "already tells when something was done, as 18.11 does"),
	late(18, 11, "tells-when-it-acted", "does not yet tell when something was done, as 18.9 does"),
	late(18, 9, "opening-needs-code", "still shows guests the approval rules of private projects, as 14.10 does"),
	early(15, 5, "maintainers-rename", "already lets maintainers give projects other names, as 15.6 does"),
	late(18, 9, "maintainers-rename", "still lets owners alone give projects other names, as 15.5 does"),
	early(15, 10, "readers-see-protected-branches", "already shows protected branches to readers, as 15.11 does"),
	late(18, 9, "readers-see-protected-branches", "still shows protected branches to maintainers alone, as 15.10 does"),
	early(18, 8, "planners-read-code", "already lets planners read the code of private projects, as 18.9 does"),
	late(18, 9, "planners-read-code", "still keeps planners from the code of private projects, as 18.8 does"),
	early(14, 9, "says-what-is-executable", "already says of files whether they can be executed, as 14.10 does"),
	late(18, 9, "says-what-is-executable", "does not say of files whether they can be executed, as 14.9 does"),
	late(18, 9, "misses-tree-paths", "still shows folders that do not exist as empty, as 17.6 does"),
	early(18, 6, "links-straight-comparisons", "already links straight comparisons with two dots, as 18.7 does"),
	late(18, 9, "links-straight-comparisons", "still links straight comparisons with three dots, as 18.6 does"),
	early(16, 8, "hashes-avatars-by-sha", "already has the SHA-256 of addresses in URLs of avatars, as 16.9 does"),
	late(18, 9, "hashes-avatars-by-sha", "still has the MD5 of addresses in URLs of avatars, as 16.8 does"),
	early(16, 8, "shows-generated-files", "already says of diffs whether the file is generated, as 16.9 does"),
	late(18, 9, "shows-generated-files", "does not say of diffs whether the file is generated, as 16.8 does"),
	early(17, 10, "pages-diffs", "already counts the pages of diffs, as 17.11 does"),
	late(18, 9, "pages-diffs", "does not count the pages of diffs, as 17.10 does"),
	early(17, 11, "shows-parents-of-commits", "already shows the parents of a merge request's commits, as 18.0 does"),
	late(18, 9, "shows-parents-of-commits", "does not show the parents of a merge request's commits, as 17.11 does"),
	early(18, 3, "shows-diff-limits", "already says of diffs whether the patch is missing, as 18.4 does"),
	late(18, 9, "shows-diff-limits", "does not say of diffs whether the patch is missing, as 18.3 does"),
	early(15, 4, "version-is-metadata", "already shows all metadata with the version, as 15.5 does"),
	early(15, 5, "shows-detailed-merge-status", "already tells the detailed status, as 15.6 does"),
	early(15, 6, "audits-check-names", "already writes new names of checks to the audit log, as 15.7 does"),
	early(15, 6, "tells-of-people", "already tells of labels and reviewers, as 15.7 does"),
	early(15, 11, "reads-diff-head", "already remembers statuses when the source branch is gone, as 16.0 does"),
	early(15, 11, "statusless-create-refusal", "already breaks when a developer creates a check, as 16.11 does"),
	early(16, 10, "statusless-create-refusal", "already breaks when a developer creates a check, as 16.11 does"),
	early(16, 11, "auto-merge-awaits-checks", "already lets a merge wait for checks, as 17.0 does"),
	early(17, 2, "drops-blocked-deliveries", "already forgets a delivery that may not be sent on, as 17.3 does"),
	late(17, 3, "drops-blocked-deliveries", "still tries a delivery again that may not be sent on, as 17.2 does"),
	late(18, 9, "drops-blocked-deliveries", "still tries a delivery again that may not be sent on, as 17.2 does"),
	early(17, 2, "approvers-are-members", "already refuses an assigned stranger, as 17.3 does"),
	early(18, 3, "requires-in-own-words",
		"already refuses a file without a branch in GitLab's own words, as 18.4 does"),
	early(18, 7, "names-wrong-actions", "already refuses actions that are no list, as 18.8 does"),
	late(18, 9, "names-wrong-actions", "still fails at actions that are no list, as 18.7 does"),
	late(18, 9, "files-ask-for-branch", "still calls a file in a protected branch a bad request, as 18.7 does"),
	early(17, 11, "tells-of-preparation", "already tells of drafts and preparation, as 18.0 does"),
	early(18, 4, "announces-approval-resets", "already tells whether GitLab itself acted, as 18.5 does"),
	early(17, 11, "group-branches", "already takes branches of groups, as 18.0 does"),
	late(18, 9, "group-branches", "still refuses branches of groups, as 17.11 does"),
	early(15, 11, "admins-obey-protection", "already keeps administrators from merging, as 16.0 does"),
	late(18, 9, "admins-obey-protection", "still lets administrators merge what they are no members of, as 15.11 does"),
	early(15, 11, "delays-deletion", "already marks what is deleted, as 16.0 does"),
	late(18, 9, "delays-deletion", "still removes at once what is deleted, as 15.11 does"),
	early(18, 1, "responds-by-service", "already refuses an assigned reporter without a word, as 18.2 does"),
	early(18, 5, "tells-of-approval-rules", "already tells the approval rules, as 18.6 does"),
	early(18, 5, "tells-of-reviews", "already tells how reviews stand, as 18.6 does"),
	late(18, 9, "tells-of-reviews", "does not tell how reviews stand, as 18.5 does"),
	late(18, 9, "reads-diff-head", "still forgets statuses when the source branch is gone, as 15.11 does"),
	late(18, 9, "version-is-metadata", "still shows version and revision alone, as 15.4 does"),
	late(18, 9, "metadata-has-edition", "still hides its edition, as 15.5 does"),
	late(18, 9, "audits-check-names", "still keeps new names of checks out of the audit log, as 15.6 does"),
	late(18, 9, "tells-of-discussions", "still tells nothing of discussions, as 14.10 does"),
	late(18, 9, "shows-detailed-merge-status", "still tells no detailed status, as 15.5 does"),
	late(18, 9, "tells-of-people", "still tells nothing of labels and reviewers, as 15.6 does"),
	late(18, 9, "tells-of-preparation", "still tells nothing of drafts and preparation, as 17.11 does"),
	late(18, 9, "announces-approval-resets", "still does not tell whether GitLab itself acted, as 18.4 does"),
	late(18, 9, "tells-of-approval-rules", "still tells no approval rules, as 18.5 does"),
	late(18, 9, "approvers-are-members", "still lets an assigned stranger past the first gate, as 17.2 does"),
	late(18, 9, "auto-merge-awaits-checks", "still refuses a merge that would wait for checks, as 16.11 does"),
	late(18, 9, "requires-in-own-words", "still refuses a file without a branch by its parameters, as 18.3 does"),
}
