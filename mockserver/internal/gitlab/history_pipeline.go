package gitlab

import "github.com/statuschecks/statuschecks/release"

// pipelineHistory is the part of the history that is about commit statuses, pipelines and milestones.
var pipelineHistory = map[Change]Release{
	OverwritesHeadPipelines: {
		Name: "overwrites-head-pipelines", Since: release.Of(14, 0), Gone: release.Of(16, 11),
		What: "A commit status for the last commit of a branch makes its pipeline the head pipeline of all merge " +
			"requests of the branch, also of closed ones.",
		Source: "lib/api/commit_statuses.rb of 14.5.2; CHANGELOG 16.11 (merge request 147212)",
	},
	NumbersPipelines: {
		Name: "numbers-pipelines", Since: release.Of(14, 6),
		What:   "Pipelines are shown with their number in the project.",
		Source: "CHANGELOG 14.6 (merge request 76625)",
	},
	ReportersManageMilestones: {
		Name: "reporters-manage-milestones", Since: release.Of(15, 0),
		What:   "Reporters can make, change and delete milestones. Before, that took a Developer.",
		Source: "CHANGELOG 15.0 (merge request 85785); issue 343889",
	},
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
	NamesPipelines: {
		Name: "names-pipelines", Since: release.Of(16, 3),
		What:   "Pipelines that are listed or shown alone have a name.",
		Source: "doc/api/pipelines.md; a feature flag before, off by default since 15.11",
	},
	CapitalizesCIStatus: {
		Name: "capitalizes-ci-status", Since: release.Of(16, 5),
		What:   "The text of the detailed status of a pipeline begins with a capital letter.",
		Source: "CHANGELOG 16.5 (merge request 130269); lib/gitlab/ci/status/success.rb",
	},
	MissesPipelines: {
		Name: "misses-pipelines", Since: release.Of(17, 1),
		What: "A commit status for a pipeline that does not belong to its commit and ref is refused with 404. " +
			"Before, it got a new pipeline.",
		Source: "CHANGELOG 17.1, and of the patches 16.10.6, 16.11.3 and 17.0.1; lib/api/commit_statuses.rb of 14.5.2",
	},
	ShowsArchivedPipelines: {
		Name: "shows-archived-pipelines", Since: release.Of(18, 5),
		What:   "Pipelines that are shown alone say whether they are archived.",
		Source: "CHANGELOG 18.5 (merge request 207635)",
	},
}

// with is the history together with parts of it.
func with(whole [changeCount]Release, parts ...map[Change]Release) [changeCount]Release {
	for _, part := range parts {
		for change, r := range part {
			whole[change] = r
		}
	}
	return whole
}
