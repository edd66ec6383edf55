package gitlab

import "github.com/statuschecks/statuschecks/release"

// forkHistory is the part of the history that is about forks.
var forkHistory = map[Change]Release{
	ShowsForksToAnybody: {
		Name: "shows-forks-to-anybody", Since: release.Of(17, 2),
		What: "Callers who are not signed in are shown which project a public fork was made from. Before, that took " +
			"an account.",
		Source: "CHANGELOG 17.2 (missing forked_from_project in the projects API for callers without an account)",
	},
	UnlinksArchivedForks: {
		Name: "unlinks-archived-forks", Since: release.Of(18, 6),
		What: "A project that is archived leaves its network of forks, which closes the open merge requests between " +
			"it and the others.",
		Source: "app/services/projects/archive_service.rb of 18.9; CHANGELOG 18.6 (merge request 210235) and 18.7 " +
			"(merge request 212714). It was on for a while in 18.1 too",
	},
}
