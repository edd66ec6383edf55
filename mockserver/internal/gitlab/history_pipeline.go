package gitlab

import "github.com/statuschecks/statuschecks/release"

// pipelineHistory is the part of the history that is about commit statuses and pipelines.
var pipelineHistory = map[Change]Release{
	LimitsStatusTexts: {
		Name: "limits-status-texts", Since: release.Of(16, 0),
		What: "The ref, the address and the description of a commit status have at most 255 characters. Before, " +
			"that was a rule for the address alone.",
		Source: "CHANGELOG 16.0 (merge requests 118148 and 119450); app/models/commit_status.rb",
	},
	ShowsPipelinesOfStatuses: {
		Name: "shows-pipelines-of-statuses", Since: release.Of(16, 3),
		What: "Commit statuses have the id of their pipeline.",
		Source: "merge request 127559, of July 2023 and not in the changelog; taken as the release of that time. " +
			"Missing in lib/api/entities/commit_status.rb of 14.5.2",
	},
	MissesPipelines: {
		Name: "misses-pipelines", Since: release.Of(17, 1),
		What: "A commit status for a pipeline that does not belong to its commit and ref is refused with 404. " +
			"Before, it got a new pipeline.",
		Source: "CHANGELOG 17.1, and of the patches 16.10.6, 16.11.3 and 17.0.1; lib/api/commit_statuses.rb of 14.5.2",
	},
}

// with is the history together with a part of it.
func with(part map[Change]Release, whole [changeCount]Release) [changeCount]Release {
	for change, r := range part {
		whole[change] = r
	}
	return whole
}
