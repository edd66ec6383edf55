package proof

import (
	"slices"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/release"
)

// gated alters merge requests as they are shown whose checks stand in the way.
func gated(change func(v *visit, mr *object)) alteration {
	return on("getMergeRequest", items(func(v *visit, mr *object) {
		if mr.Get("detailed_merge_status") == "status_checks_must_pass" {
			change(v, mr)
		}
	}))
}

func showsGate(status string) alteration {
	return gated(func(_ *visit, mr *object) { mr.Set("detailed_merge_status", status) })
}

// opening merges although checks have not passed, if a condition holds.
func opening(holds func(v *visit) bool) alteration {
	open := func(v *visit) {
		v.ask("updateProject", gateSetting, false)
		v.pass()
		v.ask("updateProject", gateSetting, true)
	}
	return on("mergeMergeRequest", after(func(v *visit) {
		if v.status == 405 && holds(v) {
			open(v)
		}
	}))
}

// statuses are those of all applicable checks.
func (v *visit) statuses() []string {
	var found []string
	for _, o := range objects(v.ask(listStatuses, "per_page", number(100)).answered()) {
		found = append(found, text(o.Get("status")))
	}
	return found
}

func noneFailed(v *visit) bool { return !slices.Contains(v.statuses(), "failed") }

func always(*visit) bool { return true }

var gateDefects = []Defect{
	{
		ID: "gate-ignored", Area: "merge", Wrong: "Whether all checks must pass has no effect.",
		Answer: all(opening(always), showsGate("mergeable")),
	},
	{
		ID: "gate-shown-not-kept", Area: "merge", Wrong: "That checks must pass is shown, and merging done all the " +
			"same.",
		Answer: opening(always),
	},
	{
		ID: "gate-open-while-pending", Area: "merge", Wrong: "Only a failed check blocks merging.",
		Answer: all(opening(noneFailed), gated(func(v *visit, mr *object) {
			if noneFailed(v) {
				mr.Set("detailed_merge_status", "mergeable")
			}
		})),
	},
	{
		ID: "gate-open-with-one-pass", Area: "merge", Wrong: "One check that passed suffices.",
		Answer: all(opening(func(v *visit) bool { return slices.Contains(v.statuses(), "passed") }),
			gated(func(v *visit, mr *object) {
				if slices.Contains(v.statuses(), "passed") {
					mr.Set("detailed_merge_status", "mergeable")
				}
			})),
	},
	{
		ID: "gate-counts-other-branches", Area: "merge", Wrong: "A check of another branch blocks merging.",
		Answer: on("mergeMergeRequest", func(v *visit) {
			o, _ := v.ask("getProject").answered().(*object)
			if o != nil && o.Get(gateSetting) == true &&
				len(v.statuses()) < len(objects(v.ask(listChecks).answered())) {
				v.say(405, sentence("405 Method Not Allowed"))
			}
		}),
	},
	{
		ID: "gate-stays-open", Area: "merge", Wrong: "What has passed once may be merged, whatever is pushed.",
		Answer: all(
			on(respond, after(func(v *visit) {
				if v.succeeded() && v.given("status") == "passed" {
					v.server.memory.note("open "+v.key(""), "yes")
				}
			})),
			opening(func(v *visit) bool { return v.server.memory.noted("open "+v.key("")) != "" && noneFailed(v) })),
	},
	{
		ID: "gate-422", Area: "merge", Wrong: "Merging that is blocked is refused with 422.",
		Answer: on("mergeMergeRequest", turning(405, 422, sentence("Branch cannot be merged"))),
	},
	{
		ID: "gate-401", Area: "merge", Wrong: "Merging that is blocked is refused with 401.",
		Answer: on("mergeMergeRequest", turning(405, 401, sentence("401 Unauthorized"))),
	},
	{
		ID: "gate-called-otherwise", Area: "merge", Wrong: "What stands in the way is called blocked_status.",
		Answer: showsGate("blocked_status"),
	},
	{
		ID: "merges-any-sha", Area: "merge", Wrong: "Which commit was meant to be merged does not matter.",
		Answer: on("mergeMergeRequest", ignoring("sha")),
	},
	{
		ID: "sha-blank-taken", Area: "merge", Version: release.Newest, Wrong: "A blank commit counts as one that " +
			"was named.",
		Answer: on("mergeMergeRequest",
			when(func(v *visit) bool { return v.given("sha") == "" || v.given("sha") == " " },
				refuse(409, sentence("SHA does not match HEAD of source branch: x")))),
	},
	{
		ID: "sha-asked-after-rights", Area: "merge", Version: release.Newest,
		Wrong:  "Who may merge is asked before whether the commit is named.",
		Answer: by("reporter", on("mergeMergeRequest", turning(400, 401, sentence("401 Unauthorized")))),
	},
	{
		ID: "sha-asked-before-the-request", Area: "merge", Version: release.Newest,
		Wrong: "Whether the commit is named is asked before the merge request is looked for.",
		Answer: on("mergeMergeRequest",
			when(absent("sha"), turning(404, 400, sentence("SHA must be provided when merging")))),
	},
	{
		ID: "sha-not-asked-of-waiting", Area: "merge", Version: release.Newest,
		Wrong: "A merge that waits need not name the commit.",
		Answer: on("mergeMergeRequest", when(func(v *visit) bool {
			return v.given("auto_merge") == true &&
				absent("sha")(v)
		}, func(v *visit) {
			v.give("sha", v.ask("getMergeRequest").answered().(*object).Get("sha"))
		})),
	},
	{
		ID: "sha-demanded-by-new-groups", Area: "merge", Version: release.Newest,
		Wrong:   "The instance demands that merges name the commit, as groups made on 19.2.0 did.",
		Options: func(o *mockserver.Options) { yes := true; o.Seed.Settings.RequireSHAForMerge = &yes },
	},
	{
		ID: "sha-demanded-early", Area: "merge", Wrong: "Merging demands the commit, as since 19.2 where it is " +
			"switched on.",
		Answer: on("mergeMergeRequest",
			when(absent("sha"), refuse(400, sentence("SHA must be provided when merging")))),
	},
	{
		ID: "deleted-merge-requests-stay", Area: "merge", Wrong: "A merge request that is deleted stays.",
		Answer: on("deleteMergeRequest", refuse(204, "")),
	},
	{
		ID: "maintainers-delete-merge-requests", Area: "merge", Wrong: "Maintainers delete merge requests.",
		Answer: by("maintainer", on("deleteMergeRequest", asCreator)),
	},
	{
		ID: "reporters-merge", Area: "merge", Wrong: "Reporters merge.",
		Answer: by("reporter", on("mergeMergeRequest", asCreator)),
	},
	{
		ID: "conflict-405", Area: "merge", Wrong: "A conflict is refused like anything else in the way.",
		Answer: on("mergeMergeRequest", turning(422, 405, sentence("405 Method Not Allowed"))),
	},
	{
		ID: "rebase-405", Area: "merge", Wrong: "The need of a rebase is refused like anything else in the way.",
		Answer: on("mergeMergeRequest", when(func(v *visit) bool {
			o, ok := v.ask("getProject").answered().(*object)
			return ok && o.Get("merge_method") == "ff"
		}, turning(422, 405, sentence("405 Method Not Allowed")))),
	},
	{
		ID: "gate-behind-closed", Area: "merge", Wrong: "A closed merge request is shown as closed before its " +
			"checks are looked at.",
		Answer: gated(func(_ *visit, mr *object) {
			if mr.Get("state") == "closed" {
				mr.Set("detailed_merge_status", "not_open")
			}
		}),
	},
	{
		ID: "gate-behind-rebase", Area: "merge", Wrong: "Where branches must be up to date, that is shown before " +
			"the checks are looked at.",
		Answer: gated(func(v *visit, mr *object) {
			if project, ok := v.ask("getProject").answered().(*object); ok && project.Get("merge_method") == "ff" {
				mr.Set("detailed_merge_status", "need_rebase")
			}
		}),
	},
	{
		ID: "gate-behind-draft", Area: "merge", Wrong: "A draft is shown as a draft before its checks are looked at.",
		Answer: gated(func(_ *visit, mr *object) {
			if mr.Get("draft") == true {
				mr.Set("detailed_merge_status", "draft_status")
			}
		}),
	},
	{
		ID: "gate-on-by-default", Area: "merge", Wrong: "In a new project all checks must pass.",
		Answer: on("createProject", after(func(v *visit) {
			if o, ok := v.answered().(*object); ok && v.succeeded() {
				v.askAs(v.token(), "updateProject", "id", o.Get("id"), gateSetting, true)
			}
		})),
	},
	{
		ID: "gate-always-on", Area: "merge", Wrong: "A failed check blocks merging whether it must pass or not.",
		Answer: on("mergeMergeRequest", when(func(v *visit) bool { return slices.Contains(v.statuses(), "failed") },
			refuse(405, sentence("405 Method Not Allowed")))),
	},
	{
		ID: "gate-not-shown", Area: "merge", Wrong: "A project does not say whether all checks must pass.",
		Answer: on("getProject updateProject", dropping(gateSetting)),
	},
	{
		ID: "gate-set-by-developers", Area: "merge", Wrong: "A developer may change whether all checks must pass.",
		Answer: on("updateProject", by("developer", whenRefused(403))),
	},
	{
		ID: "gate-ignored-by-developers", Area: "merge", Wrong: "A developer's change of whether all checks must " +
			"pass is ignored.",
		Answer: on("updateProject",
			by("developer", turning(403, 200, `{"only_allow_merge_if_all_status_checks_passed":false}`))),
	},
	{
		ID: "auto-merge-refused", Area: "merge", Wrong: "A merge that waits for the checks is refused.",
		Answer: on("mergeMergeRequest", when(func(v *visit) bool { return v.given("auto_merge") == true },
			func(v *visit) { v.withhold("auto_merge") })),
	},
	{
		ID: "auto-merge-forgotten", Area: "merge", Wrong: "A merge that waits for the checks is never done.",
		Answer: on("mergeMergeRequest", when(func(v *visit) bool { return v.given("auto_merge") == true },
			func(v *visit) {
				v.pass()
				v.server.memory.note("waits "+v.key(""), "yes")
				answer := v.answer
				v.ask("updateMergeRequest", "state_event", "close")
				v.answer = answer
			})),
	},
}

// An answer that only serves the fixture cannot fail a scenario. What is wrong there shows as an error, as something
// left behind, or as a departure from the contract outside of scenarios.
var fixtureDefects = []Defect{
	{
		ID: "target-kept", Area: "fixture", Wrong: "A merge request keeps its target branch.",
		Answer: on("updateMergeRequest", ignoring("target_branch")),
	},
	{
		ID: "never-prepared", Area: "fixture", Wrong: "A merge request is never prepared.",
		Answer: on("getMergeRequest", items(func(_ *visit, mr *object) {
			mr.Set("prepared_at", nil)
			mr.Set("detailed_merge_status", "preparing")
		})),
	},
	{
		ID: "pushes-not-seen", Area: "fixture", Wrong: "A merge request never shows the commits that are pushed.",
		Answer: on("getMergeRequest", items(func(v *visit, mr *object) {
			name := "sha " + v.key("")
			if v.server.memory.noted(name) == "" {
				v.server.memory.note(name, text(mr.Get("sha")))
			}
			mr.Set("sha", v.server.memory.noted(name))
		})),
	},
	{
		ID: "commits-without-id", Area: "fixture", Wrong: "A new commit does not tell its id.",
		Answer: on("createCommit", dropping("id")),
	},
	{
		ID: "everybody-is-developer", Area: "fixture", Wrong: "A project access token gives Developer, whatever was " +
			"asked for.",
		Answer: on("createProjectAccessToken", taking("access_level", func(*visit, any) any { return number(30) })),
	},
	{
		ID: "private-projects-are-public", Area: "fixture", Wrong: "Every project is public.",
		Answer: on("createProject", func(v *visit) { v.give("visibility", "public") }),
	},
	{
		ID: "projects-stay", Area: "fixture", Wrong: "Deleting a project is accepted and not done.",
		Answer: on("deleteProject", refuse(202, sentence("202 Accepted"))),
	},
	{
		ID: "groups-stay", Area: "fixture", Wrong: "Deleting a group is accepted and not done.",
		Answer: on("deleteGroup", refuse(202, sentence("202 Accepted"))),
	},
	{
		ID: "deletion-at-once", Area: "fixture", Wrong: "Deleting a project answers 204.",
		Answer: on("deleteProject", turning(202, 204, "")),
	},
	{
		ID: "assignees-ignored", Area: "fixture", Wrong: "A new merge request is assigned to nobody.",
		Answer: on("createMergeRequest", ignoring("assignee_ids")),
	},
	{
		ID: "merge-requests-without-author", Area: "fixture", Wrong: "A new merge request has no author.",
		Answer: on("createMergeRequest", dropping("author")),
	},
	{
		ID: "projects-without-path", Area: "fixture", Wrong: "A new project does not tell its path.",
		Answer: on("createProject", dropping("path_with_namespace")),
	},
	{
		ID: "protection-refused", Area: "fixture", Wrong: "Branches cannot be protected.",
		Answer: on("createProtectedBranch", refuse(403, sentence("403 Forbidden"))),
	},
	{
		ID: "deliveries-lost", Area: "fixture", Wrong: "No delivery ever arrives.",
		Deliver: func(p *parcel) { p.lost = true },
	},
}
