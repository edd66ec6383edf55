package proof

import "strings"

// ciDefects are wrong about commit statuses, pipelines and the state of approvals. Nothing of them decides the verdict.
var ciDefects = []Defect{
	{
		ID: "replaced-statuses-never-shown", Area: "history",
		Wrong:  "Statuses that others have replaced are never shown.",
		Answer: on("listCommitStatuses", ignoring("all")),
	},
	{
		ID: "statuses-shown-to-guests", Area: "history",
		Wrong:  "Guests of a private project see the statuses of commits.",
		Answer: by("guest", on("listCommitStatuses", asCreator)),
	},
	{
		ID: "steps-refused-in-short", Area: "history",
		Wrong:  "A commit status that cannot begin to run is refused without the step.",
		Answer: on("createCommitStatus", turning(400, 400, sentence("400 Bad Request"))),
	},
	{
		ID: "protected-refs-unauthorized", Area: "history",
		Wrong:  "Who may not tell statuses of a protected branch is answered with 401.",
		Answer: by("developer", on("createCommitStatus", turning(403, 401, sentence("401 Unauthorized")))),
	},
	{
		ID: "approval-state-for-guests", Area: "history",
		Wrong:  "Guests of a private project see how the approval rules of a merge request stand.",
		Answer: by("guest", on("getMergeRequestApprovalState", asCreator)),
	},
	early(15, 11, "limits-status-texts", "already limits the texts of commit statuses, as 16.0 does"),
	late(18, 9, "limits-status-texts", "does not limit the texts of commit statuses, as 15.11 does"),
	early(16, 2, "shows-pipelines-of-statuses", "already says to which pipeline a commit status belongs, as 16.3 does"),
	late(18, 9, "shows-pipelines-of-statuses", "does not say to which pipeline a commit status belongs, as 16.2 does"),
	late(18, 9, "misses-pipelines", "still makes pipelines for those that there are not, as 17.0 does"),
	{
		ID: "pipelines-of-everything", Area: "history", Wrong: "A pipeline has succeeded whatever its statuses are.",
		Answer: on("listMergeRequestPipelines", items(func(_ *visit, o *object) { o.Set("status", "success") })),
	},
	{
		ID: "pipelines-hold-nothing-up", Area: "history",
		Wrong:  "A merge request whose pipeline runs can be merged, it says, though pipelines must succeed.",
		Answer: mergeStatus("ci_still_running", "mergeable", func(*visit) bool { return true }),
	},
	{
		ID: "pipelines-not-awaited", Area: "history", Wrong: "The old word for auto-merge means now.",
		Answer: on("mergeMergeRequest", ignoring("merge_when_pipeline_succeeds")),
	},
	{
		ID: "auto-merge-into-another-branch", Area: "history",
		Wrong: "Auto-merge goes on when the target branch changes.",
		Answer: on("getMergeRequest", items(func(_ *visit, o *object) {
			if branch, _ := o.Get("target_branch").(string); strings.HasPrefix(branch, "other-") {
				o.Set("merge_when_pipeline_succeeds", true)
			}
		})),
	},
	{
		ID: "trains-shown-to-guests", Area: "history",
		Wrong:  "Guests of a private project see its merge trains.",
		Answer: by("guest", on("listMergeTrainCars", asCreator)),
	},
	{
		ID: "trains-refused-late", Area: "history",
		Wrong: "A scope of merge trains that there is not is refused before those who may not see them.",
		Answer: by("guest", on("listMergeTrainCars",
			turning(403, 400, complaint("scope does not have a valid value")))),
	},
	{
		ID: "trains-in-any-order", Area: "history",
		Wrong:  "Any text is an order of a merge train.",
		Answer: on("listMergeTrainCarsOfBranch", turning(400, 200, "[]")),
	},
	{
		ID: "trains-of-everything", Area: "history",
		Wrong:  "A merge request that is on no merge train is shown with nothing.",
		Answer: on("getMergeTrainCar", turning(404, 200, "{}")),
	},
	early(14, 10, "reporters-manage-milestones", "already lets reporters make milestones, as 15.0 does"),
	late(18, 9, "reporters-manage-milestones", "still refuses milestones of reporters, as 14.10 does"),
	{
		ID: "guests-make-milestones", Area: "history", Wrong: "Guests may make milestones.",
		Answer: by("guest", on("createProjectMilestone", asCreator)),
	},
	{
		ID: "days-with-times-lost", Area: "history", Wrong: "A day with a time behind it is no day of a milestone.",
		Answer: on("listProjectMilestones", fixed("due_date", nil)),
	},
	{
		ID: "filters-by-assignee-ignored", Area: "history", Wrong: "Merge requests are not found by who is assigned.",
		Answer: on("listMergeRequests", ignoring("assignee_username", "not[assignee_username]")),
	},
	{
		ID: "negated-filters-ignored", Area: "history", Wrong: "Filters of merge requests in not are ignored.",
		Answer: on("listMergeRequests", ignoring("not[labels][]", "not[author_username]")),
	},
	{
		ID: "filters-of-both-kinds", Area: "history",
		Wrong: "The id and the username of an author go together in a filter.",
		Answer: on("listMergeRequests", when(func(v *visit) bool { return v.given("author_id") != nil },
			ignoring("author_username"))),
	},
	early(14, 5, "numbers-pipelines", "already numbers pipelines, as 14.6 does"),
	late(18, 9, "numbers-pipelines", "does not number pipelines, as 14.5 does"),
	early(16, 2, "names-pipelines", "already says the name of pipelines, as 16.3 does"),
	late(18, 9, "names-pipelines", "does not say the name of pipelines, as 16.2 does"),
	early(16, 4, "capitalizes-ci-status", "already begins the text of a status with a capital letter, as 16.5 does"),
	late(18, 9, "capitalizes-ci-status", "writes the text of a status in small letters, as 16.4 does"),
	early(18, 4, "shows-archived-pipelines", "already says whether pipelines are archived, as 18.5 does"),
	late(18, 9, "shows-archived-pipelines", "does not say whether pipelines are archived, as 18.4 does"),
	late(16, 10, "overwrites-head-pipelines", "already leaves closed merge requests alone, as 16.11 does"),
	early(18, 9, "overwrites-head-pipelines", "still gives closed merge requests a head pipeline, as 16.10 does"),
}
