package gitlab

import "github.com/statuschecks/statuschecks/release"

// viewHistory is the part of the history that is about what viewers see of projects and people.
var viewHistory = map[Change]Release{
	HidesCISettings: {
		Name: "hides-ci-settings", Since: release.Of(16, 0),
		What: "Only who can administer a project sees its settings of CI, such as build_timeout. Before, everybody " +
			"who can see the project did.",
		Source: "CHANGELOG 16.0 (merge request 117933); lib/api/entities/project.rb",
	},
	ShowsEmailsOfMembers: {
		Name: "shows-emails-of-members", Since: release.Of(16, 9),
		What: "Administrators see the email addresses of members.",
		Source: "ee/lib/ee/api/entities/member.rb of 16.9 (the feature flag was removed); what an earlier release " +
			"shows is not known",
	},
	ShowsImports: {
		Name: "shows-imports", Since: release.Of(17, 0),
		What:   "Merge requests and comments say whether they were imported, and from where.",
		Source: "CHANGELOG 17.0 (merge request 150038); lib/api/entities/merge_request_basic.rb, note.rb",
	},
	ShowsMergeAfter: {
		Name: "shows-merge-after", Since: release.Of(17, 5),
		What:   "Merge requests say from when on they can be merged. It can be set by the API from 17.8 on.",
		Source: "doc/api/merge_requests.md (merge request 165092; issue 510992 for the parameter); CHANGELOG 17.5",
	},
	ShowsVisibilityInShort: {
		Name: "shows-visibility-in-short", Since: release.Of(18, 2),
		What:   "Projects with few keys, as in simple lists and as the origin of a fork, have their visibility.",
		Source: "CHANGELOG 18.2; lib/api/entities/basic_project_details.rb",
	},
	ShowsPreferredLanguage: {
		Name: "shows-preferred-language", Since: release.Of(18, 3),
		What:   "Users see their preferred language, and administrators that of all users.",
		Source: "CHANGELOG 18.3; lib/api/entities/user_public.rb",
	},
}
