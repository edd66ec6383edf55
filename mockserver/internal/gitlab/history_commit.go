package gitlab

import "github.com/statuschecks/statuschecks/release"

// commitHistory is the part of the history that is about commits and files that are made by the API.
var commitHistory = map[Change]Release{
	RequiresInOwnWords: {
		Name: "requires-in-own-words", Since: release.Of(18, 4),
		What: "GitLab itself checks the body that makes a commit or saves a file, not its query, and names the first " +
			"thing that is wrong: \"400 Bad request - branch is required\". Before, all were named: \"branch is " +
			"missing\".",
		Source: "lib/api/commits.rb, lib/api/files.rb of 18.9; CHANGELOG 18.4.6, 18.5.4, 18.6.2 and 18.7 " +
			"(requestBodyUploader), taken as the last patch of 18.4",
	},
	NamesWrongActions: {
		Name: "names-wrong-actions", Since: release.Of(18, 8),
		What:   "Actions of a commit that are no list are refused with 400. Before, GitLab failed.",
		Source: "CHANGELOG 18.8 (merge request 217586)",
	},
	FilesAskForBranch: {
		Name: "files-ask-for-branch", Since: release.Of(18, 8),
		What: "Who may not push to the branch of a file that is made or changed is refused with 403, and only when " +
			"the parameters fit. Before, who may push nowhere was refused with 403 first, and others with 400.",
		Source: "CHANGELOG 18.8 (merge request 217989); lib/api/files.rb of 14.5.2 and 18.9, app/services/commits/" +
			"create_service.rb",
	},
}
