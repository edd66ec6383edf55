package gitlab

import "github.com/statuschecks/statuschecks/release"

// Change is something that some releases of GitLab do and others do not. Code asks for a change by its name and never
// compares releases.
type Change int

// The changes, in the order of the releases that brought them.
const (
	LosesUpdateErrors Change = iota
	OpensWhilePreparing
	ListsApplicableChecks
	RefusesForeignBranches
	RefusesForeignChecks
	RespondingNeedsDeveloper
	ShowsMergeUser
	StatusVocabulary
	AuditsChecks
	TellsOfDiscussions
	OpeningNeedsCode
	DeliversAsJSON
	MergeGate
	VersionIsMetadata
	ShowsDetailedMergeStatus
	MetadataHasEdition
	NumbersAccessLevels
	MaintainersRename
	AuditsCheckNames
	RetryOnlyMarks
	TellsOfPeople
	PollInterval
	ReadersSeeProtectedBranches
	MasksExternalURL
	ReadsDiffHead
	ExposesMoreHeaders
	DelaysDeletion
	ShowsDeployKeys
	ShowsPreparation
	TextForMalformedJSON
	PendingResponses
	ResponsesTimeOut
	StatuslessCreateRefusal
	AutoMergeAwaitsChecks
	ChecksHaveOwnAbility
	ApproversAreMembers
	SharedSecrets
	DropsBlockedDeliveries
	NamesRefusedRules
	AllBranchesTakeChecks
	AlwaysListsAllBranches
	ReportersReadStatuses
	GroupBranches
	ShowsInheritance
	RequiresInOwnWords
	TellsOfPreparation
	AnnouncesApprovalResets
	RespondsByService
	RefusesPathTraversal
	LimitsJSON
	ShowsApprovalTimes
	TellsWhenToRetry
	NamesMalformedJSON
	DumpsSchema
	TellsOfRateLimits
	ReadsReferer
	ReadsClientAddress
	SendsNetworkErrorPolicy
	LimitsSecrets
	PlannersReadCode
	TellsOfApprovalRules
	TellsWhenItActed
	MergingCanNeedSHA
	ScopesByWildcard
	OrdersChecksByCost
	ShortResponseEntity
	LooksUpBeforeAbility
	GroupApproversFromPlanner
	BranchRulesHaveOwnAbilities
	HidesUnknownChecks
	changeCount
)

// Release says which releases have a change, what earlier releases did, and how that is known.
type Release struct {
	Change Change
	Name   string
	Since  release.Version // first minor release that has it
	Gone   release.Version // first minor release that no longer has it; zero means that it stayed
	What   string
	Source string // where GitLab's public source or changelog shows it; says so if something is uncertain
}

var history = [changeCount]Release{
	LosesUpdateErrors: {
		Name: "loses-update-errors", Since: release.Of(14, 0), Gone: release.Of(15, 0),
		What:   "A refused update does not say which rules were broken: its list is empty.",
		Source: "ee/app/services/external_status_checks/update_service.rb of 14.5.2 and 15.0",
	},
	OpensWhilePreparing: {
		Name: "opens-while-preparing", Since: release.Of(14, 0), Gone: release.Of(15, 10),
		What: "The delivery about a new merge request is sent while that is prepared: its merge_status is preparing.",
		Source: "a delivery recorded in March 2023; app/services/merge_requests/after_create_service.rb of " +
			"14.5.2; exact release not known, taken as the one after the recording",
	},
	ListsApplicableChecks: {
		Name: "lists-applicable-checks", Since: release.Of(14, 1),
		What:   "A merge request lists the checks of its target branch, not all of the project.",
		Source: "CHANGELOG 14.1",
	},
	RefusesForeignBranches: {
		Name: "refuses-foreign-branches", Since: release.Of(14, 1),
		What: "A check's protected branches must be the project's.", Source: "CHANGELOG 14.1.7, 14.2.5, 14.3.1, " +
			"14.4; taken as the last patch of 14.1",
	},
	RefusesForeignChecks: {
		Name: "refuses-foreign-checks", Since: release.Of(14, 3),
		What: "A response must name a check of the merge request's project.",
		Source: "ee/lib/api/status_checks.rb of 14.5.2; security releases 14.3.6, 14.4.4 and 14.5.2, taken as " +
			"the last patch of 14.3",
	},
	RespondingNeedsDeveloper: {
		Name: "responding-needs-developer", Since: release.Of(14, 5),
		What: "Responding needs provide_status_check_response beside approve_merge_request.",
		Source: "ee/lib/api/status_checks.rb of 14.5.2, where it is missing, and of 15.0-pre; security releases " +
			"14.5.4, 14.6.4 and 14.7.1, taken as the last patch of 14.5",
	},
	ShowsMergeUser: {
		Name: "shows-merge-user", Since: release.Of(14, 7),
		What: "A merge request shows merge_user beside merged_by.", Source: "doc/api/merge_requests.md (merged_by " +
			"deprecated in 14.7)",
	},
	StatusVocabulary: {
		Name: "status-vocabulary", Since: release.Of(15, 0),
		What: "A response has a status; before, any response meant approved.", Source: "CHANGELOG 15.0",
	},
	AuditsChecks: {
		Name: "audits-checks", Since: release.Of(15, 0),
		What: "Creating, changing and deleting a check is written to the audit log.", Source: "CHANGELOG 15.0",
	},
	TellsOfDiscussions: {
		Name: "tells-of-discussions", Since: release.Of(15, 0),
		What: "Deliveries tell whether blocking discussions are resolved.",
		Source: "doc/user/project/integrations/webhook_events.md of 15.0; missing in 14.5.2, taken as the " +
			"earliest that shows it",
	},
	OpeningNeedsCode: {
		Name: "opening-needs-code", Since: release.Of(15, 0),
		What: "Opening merge requests, and so seeing the approval rules, needs to read the code; before, Guests of a " +
			"private project may see them.",
		Source: "app/policies/project_policy.rb of 14.5.2 and of about 15.0; exact release not known",
	},
	DeliversAsJSON: {
		Name: "delivers-as-json", Since: release.Of(15, 4),
		What: "Deliveries carry Content-Type: application/json.", Source: "CHANGELOG 15.4",
	},
	MergeGate: {
		Name: "merge-gate", Since: release.Of(15, 5),
		What: "A project can demand that all checks have passed.", Source: "CHANGELOG 15.5, 15.9",
	},
	VersionIsMetadata: {
		Name: "version-is-metadata", Since: release.Of(15, 5),
		What:   "GET /version answers as GET /metadata does; before, with version and revision only.",
		Source: "doc/api/version.md",
	},
	ShowsDetailedMergeStatus: {
		Name: "shows-detailed-merge-status", Since: release.Of(15, 6),
		What:   "Merge requests and deliveries say in detailed_merge_status what stands in the way of merging.",
		Source: "CHANGELOG 15.6",
	},
	MetadataHasEdition: {
		Name: "metadata-has-edition", Since: release.Of(15, 6),
		What: "The metadata say whether it is the Enterprise Edition.", Source: "doc/api/metadata.md",
	},
	NumbersAccessLevels: {
		Name: "numbers-access-levels", Since: release.Of(15, 6),
		What: "Access levels of protected branches show their ids.",
		Source: "lib/api/entities/protected_ref_access.rb; missing in 14.5.2 and in " +
			"doc/api/protected_branches.md of 15.0, taken as the release that lets them be changed by id",
	},
	MaintainersRename: {
		Name: "maintainers-rename", Since: release.Of(15, 6),
		What:   "Maintainers give a project another name; before, Owners alone.",
		Source: "merge request 102330 of October 2022, after issue 375033 about 15.3.3; taken as 15.6",
	},
	AuditsCheckNames: {
		Name: "audits-check-names", Since: release.Of(15, 7),
		What:   "A change of a check's name is written to the audit log.",
		Source: "ee/config/audit_events/types/external_status_check_name_updated.yml",
	},
	RetryOnlyMarks: {
		Name: "retry-only-marks", Since: release.Of(15, 7), Gone: release.Of(16, 1),
		What:   "Retrying marks the response as retried, which shows as pending, and leaves its status failed.",
		Source: "ee/app/services/external_status_checks/retry_service.rb; CHANGELOG 15.7, 16.1",
	},
	TellsOfPeople: {
		Name: "tells-of-people", Since: release.Of(15, 7),
		What: "Deliveries tell of labels, reviewers and first contributions in object_attributes, and list the " +
			"reviewers.", Source: "sample in doc/api/status_checks.md, of December 2022; missing in 14.5.2, taken " +
			"as the earliest that shows it",
	},
	PollInterval: {
		Name: "poll-interval", Since: release.Of(15, 10),
		What: "The list of a merge request's checks says how often to ask again.", Source: "CHANGELOG 15.10",
	},
	ReadersSeeProtectedBranches: {
		Name: "readers-see-protected-branches", Since: release.Of(15, 11),
		What: "Who can read the code sees its protected branches, in a public project everybody; before, " +
			"Maintainers alone.",
		Source: "merge request 115495; lib/api/protected_branches.rb",
	},
	MasksExternalURL: {
		Name: "masks-external-url", Since: release.Of(16, 0),
		What: "A merge request shows a check's URL without its query, to Developers only.", Source: "CHANGELOG 16.0",
	},
	ReadsDiffHead: {
		Name: "reads-diff-head", Since: release.Of(16, 0),
		What:   "Statuses are those of the latest diff's head, not of the source branch's tip.",
		Source: "ee/lib/api/status_checks.rb of 14.5.2 and about 16.5; exact release not known",
	},
	ExposesMoreHeaders: {
		Name: "exposes-more-headers", Since: release.Of(16, 0),
		What:   "Pages of other origins may also read X-Gitlab-Content-Sha256, X-Request-Id and ETag.",
		Source: "config/application.rb of 18.9; missing in that of a 15.x, taken as the first 16.x",
	},
	DelaysDeletion: {
		Name: "delays-deletion", Since: release.Of(16, 0),
		What: "Deleting a project or group marks it for deletion; before, unless an administrator wanted it " +
			"otherwise, it was removed at once.", Source: "https://gitlab.com/gitlab-org/gitlab/-/issues/389557",
	},
	ShowsDeployKeys: {
		Name: "shows-deploy-keys", Since: release.Of(16, 0),
		What: "Push access levels of protected branches show deploy_key_id.", Source: "doc/api/protected_branches.md",
	},
	ShowsPreparation: {
		Name: "shows-preparation", Since: release.Of(16, 1),
		What: "A merge request shows since when it is prepared.", Source: "doc/api/merge_requests.md",
	},
	TextForMalformedJSON: {
		Name: "text-for-malformed-json", Since: release.Of(16, 5),
		What: "A body that is no JSON is refused with 400 and the text \"Bad Request\"; before, with an error page.",
		Source: "https://gitlab.com/gitlab-org/gitlab/-/merge_requests/133791; CHANGELOG 16.5. What it was " +
			"before is taken from 14.5.2; the merge request speaks of a 500",
	},
	PendingResponses: {
		Name: "pending-responses", Since: release.Of(16, 5),
		What: "A new merge request gets a pending response for each check.", Source: "CHANGELOG 16.5, 16.8",
	},
	ResponsesTimeOut: {
		Name: "responses-time-out", Since: release.Of(16, 6),
		What: "A pending response fails after two minutes.", Source: "CHANGELOG 16.6, 16.8",
	},
	StatuslessCreateRefusal: {
		Name: "statusless-create-refusal", Since: release.Of(16, 11),
		What: "A refused create has lost its HTTP status.",
		Source: "ee/app/services/external_status_checks/create_service.rb of a 16.x that still asks for " +
			"admin_project; taken as the last 16.x",
	},
	AutoMergeAwaitsChecks: {
		Name: "auto-merge-awaits-checks", Since: release.Of(17, 0),
		What:   "Auto-merge can be set while checks have not passed, and merges when they have.",
		Source: "ee/lib/ee/gitlab/event_store.rb; some 17.x, taken as the first",
	},
	ChecksHaveOwnAbility: {
		Name: "checks-have-own-ability", Since: release.Of(17, 1),
		What:   "Managing checks needs manage_merge_request_settings, which custom roles can give, not admin_project.",
		Source: "CHANGELOG 17.1",
	},
	ApproversAreMembers: {
		Name: "approvers-are-members", Since: release.Of(17, 3),
		What:   "Approving, and so responding, needs membership of the project.",
		Source: "app/policies/merge_request_policy.rb of 17.3; missing in 14.5.2, exact release not known",
	},
	SharedSecrets: {
		Name: "shared-secrets", Since: release.Of(17, 3),
		What:   "A check can have a shared secret: hmac says whether it has, and its deliveries are signed with it.",
		Source: "CHANGELOG 17.3",
	},
	DropsBlockedDeliveries: {
		Name: "drops-blocked-deliveries", Since: release.Of(17, 3),
		What: "A delivery to an address that may not be called is dropped in silence; before, it was tried again " +
			"like one that nobody answers.", Source: "CHANGELOG 17.3",
	},
	NamesRefusedRules: {
		Name: "names-refused-rules", Since: release.Of(17, 4),
		What:   "GraphQL says which branch rules take no checks; before, it refuses them without an error.",
		Source: "CHANGELOG 17.4; merge request 162174",
	},
	AllBranchesTakeChecks: {
		Name: "all-branches-take-checks", Since: release.Of(17, 5),
		What:   "GraphQL creates, changes and deletes checks through the rule for all branches.",
		Source: "CHANGELOG 17.5; merge request 165961",
	},
	AlwaysListsAllBranches: {
		Name: "always-lists-all-branches", Since: release.Of(17, 9),
		What:   "The branch rules of GraphQL begin with the one for all branches, be there anything about it or not.",
		Source: "CHANGELOG 17.9",
	},
	ReportersReadStatuses: {
		Name: "reporters-read-statuses", Since: release.Of(17, 11),
		What: "Reporters and, in internal projects, everybody can list a merge request's checks; before, those who " +
			"can approve.", Source: "CHANGELOG 17.11",
	},
	GroupBranches: {
		Name: "group-branches", Since: release.Of(18, 0),
		What: "A check's protected branches may be those of the groups above the project.", Source: "CHANGELOG 18.0",
	},
	ShowsInheritance: {
		Name: "shows-inheritance", Since: release.Of(18, 0),
		What: "Protected branches say whether they are those of a group.",
		Source: "ee/lib/ee/api/entities/protected_branch.rb; missing in 14.5.2, taken as the release in which " +
			"such branches matter to checks",
	},
	RequiresInOwnWords: {
		Name: "requires-in-own-words", Since: release.Of(18, 0),
		What: "Files and commits without a branch, a message or content are refused one by one with \"400 Bad " +
			"request - branch is required\"; before, together with \"branch is missing\".",
		Source: "lib/api/files.rb, lib/api/commits.rb; some 18.x, taken as the first",
	},
	TellsOfPreparation: {
		Name: "tells-of-preparation", Since: release.Of(18, 0),
		What: "Deliveries tell whether a merge request is a draft and since when it is prepared.",
		Source: "doc/user/project/integrations/webhook_events.md of 18.x; missing in the sample of December " +
			"2022, taken as the first 18.x",
	},
	AnnouncesApprovalResets: {
		Name: "announces-approval-resets", Since: release.Of(18, 0),
		What: "External services are told when a push resets approvals, and deliveries say whether GitLab itself " +
			"acted.",
		Source: "ee/app/services/merge_requests/reset_approvals_service.rb; some 18.x, taken as the first",
	},
	RespondsByService: {
		Name: "responds-by-service", Since: release.Of(18, 2),
		What: "A response that breaks a rule is a 400, a hidden check a 404 without a word, and responses are " +
			"audited.",
		Source: "CHANGELOG 18.2",
	},
	RefusesPathTraversal: {
		Name: "refuses-path-traversal", Since: release.Of(18, 2),
		What:   "A path or query that leads upwards by /../ is refused with 400.",
		Source: "CHANGELOG 18.2; lib/gitlab/middleware/path_traversal_check.rb",
	},
	LimitsJSON: {
		Name: "limits-json", Since: release.Of(18, 2),
		What: "A JSON body has at most 32 levels, 50000 elements in one array and 99999 elements in all.",
		Source: "CHANGELOG 18.2.7, 18.3.3, 18.4.1, 18.5; lib/gitlab/middleware/json_validation.rb. Whether the " +
			"patches refused or only logged is not known",
	},
	ShowsApprovalTimes: {
		Name: "shows-approval-times", Since: release.Of(18, 5),
		What: "Who approved a merge request is shown with the time.", Source: "doc/api/merge_request_approvals.md",
	},
	TellsWhenToRetry: {
		Name: "tells-when-to-retry", Since: release.Of(18, 5),
		What:   "An endpoint that was called too often says in Retry-After how long its limit's period is.",
		Source: "lib/api/helpers/rate_limiter.rb of 18.5",
	},
	NamesMalformedJSON: {
		Name: "names-malformed-json", Since: release.Of(18, 6),
		What:   "A body that is no JSON is refused with \"Invalid JSON format\", as JSON.",
		Source: "CHANGELOG 18.6.6, 18.7.4, 18.8.4; taken as the last patch of 18.6",
	},
	DumpsSchema: {
		Name: "dumps-schema", Since: release.Of(18, 6),
		What: "GraphQL answers a request that looks like introspection with the whole schema, and others that ask " +
			"for the schema with an error.",
		Source: "CHANGELOG 18.6.6, 18.7.4, 18.8.4; taken as the last patch of 18.6",
	},
	TellsOfRateLimits: {
		Name: "tells-of-rate-limits", Since: release.Of(18, 6),
		What:   "Answers to requests that a rate limit has counted carry RateLimit-*, not the refusals alone.",
		Source: "merge request 209485 of 18.6; lib/gitlab/middleware/rack_attack_headers.rb of 18.9",
	},
	ReadsReferer: {
		Name: "reads-referer", Since: release.Of(18, 9),
		What: "A Referer that cannot be decoded is refused with 400.",
		Source: "lib/gitlab/middleware/handle_malformed_strings.rb of 18.9; missing in 14.5.2 and about 16.5, " +
			"exact release not known",
	},
	ReadsClientAddress: {
		Name: "reads-client-address", Since: release.Of(18, 9),
		What:   "Client-Ip and X-Forwarded-For that contradict each other break the API.",
		Source: "lib/api/api.rb of 18.9; missing in 14.5.2, exact release not known",
	},
	SendsNetworkErrorPolicy: {
		Name: "sends-network-error-policy", Since: release.Of(18, 9),
		What: "Answers carry the header NEL.", Source: "lib/gitlab/middleware/secure_headers.rb of 18.9; missing in " +
			"14.5.2, exact release not known",
	},
	LimitsSecrets: {
		Name: "limits-secrets", Since: release.Of(18, 9),
		What: "Shared secrets have at most 255 characters.",
		Source: "ee/app/models/merge_requests/external_status_check.rb of 18.9; missing in 18.0, exact release " +
			"not known",
	},
	PlannersReadCode: {
		Name: "planners-read-code", Since: release.Of(18, 9),
		What:   "Planners read the code of private projects.",
		Source: "merge request 212966 of November 2025; there in 18.9, though it may be 18.7 or 18.8",
	},
	TellsOfApprovalRules: {
		Name: "tells-of-approval-rules", Since: release.Of(18, 9),
		What: "Deliveries list the approval rules.", Source: "ee/lib/ee/gitlab/hook_data/merge_request_builder.rb " +
			"of 18.9; exact release not known",
	},
	TellsWhenItActed: {
		Name: "tells-when-it-acted", Since: release.Of(18, 11),
		What: "Deliveries that have an action tell when it was done.", Source: "merge request 224849; missing in " +
			"lib/gitlab/hook_data/merge_request_builder.rb of 18.9, there in a delivery of 14 April 2026; taken as " +
			"18.11, though it may be 18.10",
	},
	MergingCanNeedSHA: {
		Name: "merging-can-need-sha", Since: release.Of(19, 2),
		What: "The instance and its groups can demand that a merge by API names the commit.",
		Source: "lib/api/merge_requests.rb of 19.2; merge requests 236732, 243465, 244421 and 251669; of 19.2 " +
			"and 19.3 the last patches are meant, for new groups demanded it up to 19.2.5 and 19.3.1",
	},
	ScopesByWildcard: {
		Name: "scopes-by-wildcard", Since: release.Of(19, 4),
		What: "Wildcards in the names of a check's protected branches count, for lists, merging and deliveries alike.",
		Source: "ee/app/models/merge_requests/external_status_check.rb of 19.4.1; merge request 233327, after " +
			"19.0; exact release from 19.1 to 19.4 not known",
	},
	OrdersChecksByCost: {
		Name: "orders-checks-by-cost", Since: release.Of(19, 4),
		What: "What stands in the way of merging is looked at in the order of what the look costs: status checks " +
			"before approvals, and after drafts and closed merge requests.",
		Source: "ee/app/models/ee/merge_request.rb of 19.4.1; merge request 260427; some 19.x",
	},
	ShortResponseEntity: {
		Name: "short-response-entity", Since: release.Of(19, 4),
		What: "The answer to a response shows of the check its id, name and masked URL, and the merge request as " +
			"the caller sees it.", Source: "ee/lib/api/entities/merge_requests/status_check_response.rb of 19.4.1; " +
			"some 19.x",
	},
	LooksUpBeforeAbility: {
		Name: "looks-up-before-ability", Since: release.Of(19, 4),
		What:   "An update looks for the check before it asks whether the caller may.",
		Source: "ee/app/services/external_status_checks/update_service.rb of 19.4.1; some 19.x",
	},
	GroupApproversFromPlanner: {
		Name: "group-approvers-from-planner", Since: release.Of(19, 4),
		What:   "Members of a group that an approval rule names approve from Planner up; before, as Reporters alone.",
		Source: "ee/app/policies/ee/merge_request_policy.rb of 18.9 and 19.4.1; some 19.x",
	},
	BranchRulesHaveOwnAbilities: {
		Name: "branch-rules-have-own-abilities", Since: release.Of(19, 4),
		What: "GraphQL lets custom roles that manage merge request settings see branch rules and change their " +
			"checks, and does not ask who may unprotect the branch.",
		Source: "ee/app/graphql/mutations/branch_rules/external_status_checks/ of 19.4.1; merge requests 239178 and " +
			"249249; some 19.x",
	},
	HidesUnknownChecks: {
		Name: "hides-unknown-checks", Since: release.Of(19, 4),
		What:   "GraphQL answers about a check that is not there as about one that is not the caller's business.",
		Source: "ee/app/graphql/mutations/branch_rules/external_status_checks/ of 19.4.1; some 19.x",
	},
}
