package proof

// ciDefects are wrong about commit statuses and pipelines. Nothing of them decides the verdict.
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
	early(15, 11, "limits-status-texts", "already limits the texts of commit statuses, as 16.0 does"),
	late(18, 9, "limits-status-texts", "does not limit the texts of commit statuses, as 15.11 does"),
	early(16, 2, "shows-pipelines-of-statuses", "already says to which pipeline a commit status belongs, as 16.3 does"),
	late(18, 9, "shows-pipelines-of-statuses", "does not say to which pipeline a commit status belongs, as 16.2 does"),
	late(18, 9, "misses-pipelines", "still makes pipelines for those that there are not, as 17.0 does"),
}
