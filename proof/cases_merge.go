package proof

import (
	"slices"

	"github.com/statuschecks/statuschecks/release"
)

// unpassed tells a merge request of which some check has not passed.
func unpassed(v *visit) bool {
	return slices.ContainsFunc(v.statuses(), func(status string) bool { return status != "passed" })
}

// approved tells a merge request that lacks no approval.
func approved(v *visit) bool {
	o, _ := v.ask("getMergeRequestApprovals").answered().(*object)
	return o != nil && o.Get("approved") == true
}

// mergeStatus puts one detailed status for another, if a condition holds.
func mergeStatus(from, to string, holds func(*visit) bool) alteration {
	return on("getMergeRequest", field("detailed_merge_status", func(v *visit, value any) any {
		if value == from && holds(v) {
			return to
		}
		return value
	}))
}

// branchless are the checks of the visit's project that name no branch.
func branchless(v *visit) []string {
	var ids []string
	for _, o := range objects(v.ask(listChecks, "per_page", number(100)).answered()) {
		if len(asList(o.Get("protected_branches"))) == 0 {
			ids = append(ids, text(o.Get("id")))
		}
	}
	return ids
}

// keptTarget lists the checks of a merge request as they were when it got another target branch.
var keptTarget = all(
	on("updateMergeRequest", when(hasParameter("target_branch", isWord), func(v *visit) {
		v.server.memory.note("listed "+v.path["id"]+" "+v.mr(), string(v.ask(listStatuses).answer))
	})),
	on(listStatuses, after(func(v *visit) {
		if listed := v.server.memory.noted("listed " + v.path["id"] + " " + v.mr()); listed != "" {
			v.answer = []byte(listed)
		}
	})),
)

var mergeCases = []CaseDefect{
	{
		Case: "list.branch.unprotected", Wrong: "A check whose only branch loses its protection applies to none.",
		Answer: all(noteLimited, on(listStatuses, list(func(v *visit, listed []any) []any {
			ids := branchless(v)
			return slices.DeleteFunc(listed, func(item any) bool {
				o, _ := item.(*object)
				id := text(o.Get("id"))
				return slices.Contains(ids, id) && v.server.memory.noted("limited "+id) != ""
			})
		}))),
	},
	{
		Case: "list.branch.retargeted", Wrong: "A merge request lists the checks of the target branch that it had " +
			"first.",
		Answer: keptTarget,
	},
	{
		Case: "merge.gate.after-draft", Version: release.Of(19, 4),
		Wrong:  "A draft whose checks have not passed is shown as blocked by them.",
		Answer: mergeStatus("draft_status", "status_checks_must_pass", unpassed),
	},
	{
		Case: "merge.gate.before-approvals", Version: release.Of(19, 4),
		Wrong: "A merge request that lacks an approval is shown as not approved, whatever its checks say.",
		Answer: mergeStatus("status_checks_must_pass", "not_approved",
			func(v *visit) bool { return !approved(v) }),
	},
	{
		Case: "deliver.source-branch.stays", Wrong: "That the source branch stays is told as if nobody had said so.",
		Serve: mergeChoices("", func(o *object) {
			if o.Get("force_remove_source_branch") == false {
				o.Set("force_remove_source_branch", nil)
			}
		}),
	},
}
