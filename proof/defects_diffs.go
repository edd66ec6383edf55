package proof

import (
	"slices"
	"strings"
)

// diffDefects are about what changed in a merge request, which a service may read before it answers.
var diffDefects = []Defect{
	{
		ID: "diffs-with-header", Area: "history", Wrong: "Patches always have a header with the paths.",
		Answer: on("listMergeRequestDiffs", when(absent("unidiff"), field("diff", func(_ *visit, diff any) any {
			return "--- a/file\n+++ b/file\n" + text(diff)
		}))),
	},
	{
		ID: "diffs-without-header", Area: "history", Wrong: "Patches never have a header with the paths.",
		Answer: on("listMergeRequestDiffs", field("diff", func(_ *visit, diff any) any {
			_, hunks, _ := strings.Cut("\n"+text(diff), "\n@@")
			return "@@" + hunks
		})),
	},
	{
		ID: "diffs-shown-to-guests", Area: "history", Wrong: "Guests of a private project see what a merge request " +
			"changes.",
		Answer: by("guest", on("listMergeRequestDiffs", asCreator)),
	},
	{
		ID: "changes-without-diffs", Area: "history", Wrong: "A merge request is shown without its diffs.",
		Answer: on("getMergeRequestChanges", field("changes", func(*visit, any) any { return []any{} })),
	},
	{
		ID: "raw-diffs-as-json", Area: "history", Wrong: "The diff as git writes it is called JSON.",
		Answer: on("getMergeRequestRawDiffs", header("Content-Type", "application/json")),
	},
	{
		ID: "comparison-newest-first", Area: "history", Wrong: "A comparison lists the commits newest first.",
		Answer: on("compareRefs", field("commits", func(_ *visit, value any) any {
			commits, _ := value.([]any)
			slices.Reverse(commits)
			return commits
		})),
	},
	{
		ID: "files-may-be-kept", Area: "history", Wrong: "Caches may keep the content of files.",
		Answer: on("getRawFile getRawBlob", header("Cache-Control", "max-age=3600")),
	},
	{
		ID: "commits-oldest-first", Area: "history", Wrong: "The commits of a merge request are listed with the " +
			"oldest first.",
		Answer: on("listMergeRequestCommits", list(func(_ *visit, commits []any) []any {
			slices.Reverse(commits)
			return commits
		})),
	},
}
