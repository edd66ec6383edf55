package gitlab

import "github.com/statuschecks/statuschecks/release"

// Release says which releases have a change, what earlier releases did, and how that is known.
type Release struct {
	Change Change
	Name   string
	Since  release.Version // first minor release that has it
	Gone   release.Version // first minor release that no longer has it; zero means that it stayed
	What   string
	Source string // where GitLab's public source or changelog shows it; says so if something is uncertain
}

var history = with([changeCount]Release{
	LosesUpdateErrors: {
		Name: "loses-update-errors", Since: release.Of(14, 0), Gone: release.Of(15, 0),
		What:   "If an update is refused, the error does not name the rules that were broken: its list is empty.",
		Source: "ee/app/services/external_status_checks/update_service.rb of 14.5.2 and 15.0",
	},
	OpensWhilePreparing: {
		Name: "opens-while-preparing", Since: release.Of(14, 0), Gone: release.Of(15, 10),
		What: "The delivery about a new merge request is sent before the merge request is prepared, so its " +
			"merge_status is preparing.",
		Source: "a delivery recorded in March 2023; app/services/merge_requests/after_create_service.rb of 14.5.2; " +
			"exact release not known, taken as the one after the recording",
	},
	ListsApplicableChecks: {
		Name: "lists-applicable-checks", Since: release.Of(14, 1),
		What: "A merge request lists only the checks that apply to its target branch, not all checks of the " +
			"project.",
		Source: "CHANGELOG 14.1",
	},
	RefusesForeignBranches: {
		Name: "refuses-foreign-branches", Since: release.Of(14, 1),
		What:   "The protected branches of a check must belong to its project.",
		Source: "CHANGELOG 14.1.7, 14.2.5, 14.3.1, 14.4; taken as the last patch of 14.1",
	},
	RefusesForeignChecks: {
		Name: "refuses-foreign-checks", Since: release.Of(14, 3),
		What: "A response must name a check of the merge request's project.",
		Source: "ee/lib/api/status_checks.rb of 14.5.2; security releases 14.3.6, 14.4.4 and 14.5.2, taken as the " +
			"last patch of 14.3",
	},
	RespondingNeedsDeveloper: {
		Name: "responding-needs-developer", Since: release.Of(14, 5),
		What: "To respond, a user needs the ability provide_status_check_response as well as approve_merge_request.",
		Source: "ee/lib/api/status_checks.rb of 14.5.2, where it is missing, and of 15.0-pre; security releases " +
			"14.5.4, 14.6.4 and 14.7.1, taken as the last patch of 14.5",
	},
	ShowsMergeUser: {
		Name: "shows-merge-user", Since: release.Of(14, 7),
		What:   "A merge request has merge_user as well as merged_by.",
		Source: "doc/api/merge_requests.md (merged_by deprecated in 14.7)",
	},
	TellsEventUUID: {
		Name: "tells-event-uuid", Since: release.Of(14, 8),
		What:   "Deliveries to webhooks have the header X-Gitlab-Event-UUID.",
		Source: "doc/user/project/integrations/webhooks.md; issue 329743",
	},
	SaysWhatIsExecutable: {
		Name: "says-what-is-executable", Since: release.Of(14, 10),
		What:   "Files are shown with whether they can be executed.",
		Source: "CHANGELOG 14.10 (merge request 83499)",
	},
	StatusVocabulary: {
		Name: "status-vocabulary", Since: release.Of(15, 0),
		What:   "A response has a status. Before, every response meant approved.",
		Source: "CHANGELOG 15.0",
	},
	AuditsChecks: {
		Name: "audits-checks", Since: release.Of(15, 0),
		What:   "The audit log records when a check is created, changed or deleted.",
		Source: "CHANGELOG 15.0",
	},
	TellsOfDiscussions: {
		Name: "tells-of-discussions", Since: release.Of(15, 0),
		What: "Deliveries say whether all blocking discussions are resolved.",
		Source: "doc/user/project/integrations/webhook_events.md of 15.0; missing in 14.5.2, taken as the earliest " +
			"that shows it",
	},
	OpeningNeedsCode: {
		Name: "opening-needs-code", Since: release.Of(15, 0),
		What: "To open merge requests, and so to see the approval rules, a user must be able to read the code. " +
			"Before, Guests of a private project could see the rules.",
		Source: "app/policies/project_policy.rb of 14.5.2 and of about 15.0; exact release not known",
	},
	DeliversAsJSON: {
		Name: "delivers-as-json", Since: release.Of(15, 4),
		What:   "Deliveries have the header Content-Type: application/json.",
		Source: "CHANGELOG 15.4",
	},
	MergeGate: {
		Name: "merge-gate", Since: release.Of(15, 5),
		What:   "A project can require that all status checks pass before a merge.",
		Source: "CHANGELOG 15.5, 15.9",
	},
	VersionIsMetadata: {
		Name: "version-is-metadata", Since: release.Of(15, 5),
		What:   "GET /version returns the same as GET /metadata. Before, it returned only version and revision.",
		Source: "doc/api/version.md",
	},
	TellsInstance: {
		Name: "tells-instance", Since: release.Of(15, 5),
		What:   "Deliveries to webhooks have the header X-Gitlab-Instance.",
		Source: "doc/user/project/integrations/webhooks.md; merge request 98624",
	},
	ShowsDetailedMergeStatus: {
		Name: "shows-detailed-merge-status", Since: release.Of(15, 6),
		What:   "Merge requests and deliveries have detailed_merge_status, which says what prevents the merge.",
		Source: "CHANGELOG 15.6",
	},
	MetadataHasEdition: {
		Name: "metadata-has-edition", Since: release.Of(15, 6),
		What:   "The metadata say whether the instance is the Enterprise Edition.",
		Source: "doc/api/metadata.md",
	},
	NumbersAccessLevels: {
		Name: "numbers-access-levels", Since: release.Of(15, 6),
		What: "The access levels of protected branches have ids.",
		Source: "lib/api/entities/protected_ref_access.rb; missing in 14.5.2 and in doc/api/protected_branches.md of " +
			"15.0, taken as the release that lets them be changed by id",
	},
	MaintainersRename: {
		Name: "maintainers-rename", Since: release.Of(15, 6),
		What:   "Maintainers can rename a project. Before, only Owners could.",
		Source: "merge request 102330 of October 2022, after issue 375033 about 15.3.3; taken as 15.6",
	},
	AuditsCheckNames: {
		Name: "audits-check-names", Since: release.Of(15, 7),
		What:   "The audit log records when the name of a check changes.",
		Source: "ee/config/audit_events/types/external_status_check_name_updated.yml",
	},
	RetryOnlyMarks: {
		Name: "retry-only-marks", Since: release.Of(15, 7), Gone: release.Of(16, 1),
		What: "A retry marks the response as retried. The check is shown as pending, and the status of the " +
			"response stays failed.",
		Source: "ee/app/services/external_status_checks/retry_service.rb; CHANGELOG 15.7, 16.1",
	},
	TellsOfPeople: {
		Name: "tells-of-people", Since: release.Of(15, 7),
		What: "Deliveries have labels, reviewers and first contributions in object_attributes, and a list of the " +
			"reviewers.",
		Source: "sample in doc/api/status_checks.md, of December 2022; missing in 14.5.2, taken as the earliest that " +
			"shows it",
	},
	PollInterval: {
		Name: "poll-interval", Since: release.Of(15, 10),
		What:   "The list of a merge request's checks says how often a client should request it.",
		Source: "CHANGELOG 15.10",
	},
	ReadersSeeProtectedBranches: {
		Name: "readers-see-protected-branches", Since: release.Of(15, 11),
		What: "Everybody who can read the code can see its protected branches; in a public project, that is " +
			"everybody. Before, only Maintainers could.",
		Source: "merge request 115495; lib/api/protected_branches.rb",
	},
	MasksExternalURL: {
		Name: "masks-external-url", Since: release.Of(16, 0),
		What: "A merge request shows the URL of a check without its query, and only to users with the Developer " +
			"role or higher.",
		Source: "CHANGELOG 16.0",
	},
	ReadsDiffHead: {
		Name: "reads-diff-head", Since: release.Of(16, 0),
		What: "Statuses belong to the head of the latest diff. Before, they belonged to the tip of the source " +
			"branch.",
		Source: "ee/lib/api/status_checks.rb of 14.5.2 and about 16.5; exact release not known",
	},
	AdminsObeyProtection: {
		Name: "admins-obey-protection", Since: release.Of(16, 0),
		What: "What a protected branch asks for holds for administrators, too: one who is not a member may neither " +
			"push to it nor merge into it. Before, it held only if nobody may.",
		Source: "CHANGELOG 16.0 (merge request 118532); app/models/concerns/protected_ref_access.rb; " +
			"spec/lib/gitlab/user_access_spec.rb of 18.9",
	},
	ExposesMoreHeaders: {
		Name: "exposes-more-headers", Since: release.Of(16, 0),
		What:   "Pages of other origins can also read the headers X-Gitlab-Content-Sha256, X-Request-Id and ETag.",
		Source: "config/application.rb of 18.9; missing in that of a 15.x, taken as the first 16.x",
	},
	DelaysDeletion: {
		Name: "delays-deletion", Since: release.Of(16, 0),
		What: "A deleted project or group is first marked for deletion. Before, it was removed at once, unless an " +
			"administrator had chosen otherwise.",
		Source: "https://gitlab.com/gitlab-org/gitlab/-/issues/389557",
	},
	ShowsDeployKeys: {
		Name: "shows-deploy-keys", Since: release.Of(16, 0),
		What:   "The push access levels of protected branches have deploy_key_id.",
		Source: "doc/api/protected_branches.md",
	},
	ShowsPreparation: {
		Name: "shows-preparation", Since: release.Of(16, 1),
		What:   "A merge request shows when it was prepared.",
		Source: "doc/api/merge_requests.md",
	},
	TellsWebhookUUID: {
		Name: "tells-webhook-uuid", Since: release.Of(16, 2),
		What:   "Deliveries to webhooks have the header X-Gitlab-Webhook-UUID.",
		Source: "doc/user/project/integrations/webhooks.md; merge request 125338",
	},
	TextForMalformedJSON: {
		Name: "text-for-malformed-json", Since: release.Of(16, 5),
		What: "A body that is not JSON is refused with 400 and the text \"Bad Request\". Before, it was refused " +
			"with an error page.",
		Source: "https://gitlab.com/gitlab-org/gitlab/-/merge_requests/133791; CHANGELOG 16.5. What it was before is " +
			"taken from 14.5.2; the merge request speaks of a 500",
	},
	PendingResponses: {
		Name: "pending-responses", Since: release.Of(16, 5),
		What:   "A new merge request gets a pending response for each check.",
		Source: "CHANGELOG 16.5, 16.8",
	},
	ResponsesTimeOut: {
		Name: "responses-time-out", Since: release.Of(16, 6),
		What:   "A pending response fails after two minutes.",
		Source: "CHANGELOG 16.6, 16.8",
	},
	ShowsGeneratedFiles: {
		Name: "shows-generated-files", Since: release.Of(16, 9),
		What:   "Diffs say of each file whether it is marked as generated.",
		Source: "doc/api/merge_requests.md (merge request 141576)",
	},
	HashesAvatarsBySHA: {
		Name: "hashes-avatars-by-sha", Since: release.Of(16, 9),
		What: "The URLs of avatars at gravatar.com have the SHA-256 of the email address, not its MD5.",
		Source: "app/services/gravatar_service.rb of 18.9 and 14.0; deliveries recorded in March 2024; exact release " +
			"not known, taken as that of the recordings",
	},
	StatuslessCreateRefusal: {
		Name: "statusless-create-refusal", Since: release.Of(16, 11),
		What: "If creating a check is refused, the response has lost its HTTP status.",
		Source: "ee/app/services/external_status_checks/create_service.rb of a 16.x that still asks for " +
			"admin_project; taken as the last 16.x",
	},
	NotesHaveActions: {
		Name: "notes-have-actions", Since: release.Of(16, 11),
		What:   "Deliveries about comments say in object_attributes what was done: the key action.",
		Source: "doc/user/project/integrations/webhook_events.md; merge request 147856",
	},
	AutoMergeAwaitsChecks: {
		Name: "auto-merge-awaits-checks", Since: release.Of(17, 0),
		What: "Auto-merge can be set while checks are pending or failed. The merge request is merged when they " +
			"have passed.",
		Source: "ee/lib/ee/gitlab/event_store.rb; some 17.x, taken as the first",
	},
	ChecksHaveOwnAbility: {
		Name: "checks-have-own-ability", Since: release.Of(17, 1),
		What: "To manage checks, a user needs manage_merge_request_settings, which custom roles can have. Before, " +
			"it was admin_project.",
		Source: "CHANGELOG 17.1",
	},
	NamesWebhooks: {
		Name: "names-webhooks", Since: release.Of(17, 1),
		What:   "Webhooks have a name and a description.",
		Source: "doc/api/project_webhooks.md; issue 460887",
	},
	ApproversAreMembers: {
		Name: "approvers-are-members", Since: release.Of(17, 3),
		What:   "Only members of the project can approve, and so respond.",
		Source: "app/policies/merge_request_policy.rb of 17.3; missing in 14.5.2, exact release not known",
	},
	SharedSecrets: {
		Name: "shared-secrets", Since: release.Of(17, 3),
		What: "A check can have a shared secret. The field hmac says whether it has one, and deliveries are signed " +
			"with it.",
		Source: "CHANGELOG 17.3",
	},
	DropsBlockedDeliveries: {
		Name: "drops-blocked-deliveries", Since: release.Of(17, 3),
		What: "A delivery to an address that GitLab may not call is dropped without an error. Before, it was " +
			"retried like a delivery without a response.",
		Source: "CHANGELOG 17.3",
	},
	NamesRefusedRules: {
		Name: "names-refused-rules", Since: release.Of(17, 4),
		What: "GraphQL returns an error that names the branch rules which cannot have checks. Before, it refused " +
			"them without an error.",
		Source: "CHANGELOG 17.4; merge request 162174",
	},
	TellsIdempotencyKey: {
		Name: "tells-idempotency-key", Since: release.Of(17, 4),
		What:   "Deliveries to webhooks have the header Idempotency-Key.",
		Source: "doc/user/project/integrations/webhooks.md; issue 388692",
	},
	AllBranchesTakeChecks: {
		Name: "all-branches-take-checks", Since: release.Of(17, 5),
		What:   "In GraphQL, the rule for all branches can create, change and delete checks.",
		Source: "CHANGELOG 17.5; merge request 165961",
	},
	MissesTreePaths: {
		Name: "misses-tree-paths", Since: release.Of(17, 7),
		What:   "A folder that does not exist has no tree. Before, its tree was empty.",
		Source: "doc/api/repositories.md; lib/api/repositories.rb of 14.5.2 and 18.9",
	},
	AlwaysListsAllBranches: {
		Name: "always-lists-all-branches", Since: release.Of(17, 9),
		What:   "The branch rules of GraphQL always start with the rule for all branches, even if it has no settings.",
		Source: "CHANGELOG 17.9",
	},
	ReportersReadStatuses: {
		Name: "reporters-read-statuses", Since: release.Of(17, 11),
		What: "Reporters can list a merge request's checks, and in internal projects every user can. Before, only " +
			"users who can approve could.",
		Source: "CHANGELOG 17.11",
	},
	PagesDiffs: {
		Name: "pages-diffs", Since: release.Of(17, 11),
		What:   "The list of the diffs of a merge request has the headers of a page.",
		Source: "CHANGELOG 17.11.2, 18.0; taken as the last patch of 17.11",
	},
	GroupBranches: {
		Name: "group-branches", Since: release.Of(18, 0),
		What:   "The protected branches of a check can belong to a group above the project.",
		Source: "CHANGELOG 18.0",
	},
	ShowsInheritance: {
		Name: "shows-inheritance", Since: release.Of(18, 0),
		What: "Protected branches say whether they belong to a group.",
		Source: "ee/lib/ee/api/entities/protected_branch.rb; missing in 14.5.2, taken as the release in which such " +
			"branches matter to checks",
	},
	TellsOfPreparation: {
		Name: "tells-of-preparation", Since: release.Of(18, 0),
		What: "Deliveries say whether the merge request is a draft, and when it was prepared.",
		Source: "doc/user/project/integrations/webhook_events.md of 18.x; missing in the sample of December 2022, " +
			"taken as the first 18.x",
	},
	ShowsParentsOfCommits: {
		Name: "shows-parents-of-commits", Since: release.Of(18, 0),
		What: "The commits of a merge request have their parents. Before, the list of the parents was empty.",
		Source: "https://github.com/danger/danger-js/issues/1418 of December 2023; lib/api/merge_requests.rb of " +
			"14.5.2 and 18.9; CHANGELOG 18.0 (feature flag commits_from_gitaly on by default)",
	},
	RespondsByService: {
		Name: "responds-by-service", Since: release.Of(18, 2),
		What: "A response that breaks a rule is refused with 400, and one for a hidden check with 404 and no " +
			"message. Responses are written to the audit log.",
		Source: "CHANGELOG 18.2",
	},
	RefusesPathTraversal: {
		Name: "refuses-path-traversal", Since: release.Of(18, 2),
		What:   "A path or query that contains /../ is refused with 400.",
		Source: "CHANGELOG 18.2; lib/gitlab/middleware/path_traversal_check.rb",
	},
	LimitsJSON: {
		Name: "limits-json", Since: release.Of(18, 2),
		What: "A JSON body can have at most 32 levels, 50000 elements in one array and 99999 elements in total.",
		Source: "CHANGELOG 18.2.7, 18.3.3, 18.4.1, 18.5; lib/gitlab/middleware/json_validation.rb. Whether the " +
			"patches refused or only logged is not known",
	},
	ShowsDiffLimits: {
		Name: "shows-diff-limits", Since: release.Of(18, 4),
		What:   "Diffs say of each file whether its patch is missing, and whether GitLab keeps it.",
		Source: "doc/api/merge_requests.md, doc/api/repositories.md (merge request 199633)",
	},
	ShowsApprovalTimes: {
		Name: "shows-approval-times", Since: release.Of(18, 5),
		What:   "Each approval of a merge request has the time at which it was given.",
		Source: "doc/api/merge_request_approvals.md",
	},
	AnnouncesApprovalResets: {
		Name: "announces-approval-resets", Since: release.Of(18, 5),
		What: "External services get a delivery when a push resets approvals, and deliveries say whether GitLab " +
			"itself caused them.",
		Source: "ee/app/services/merge_requests/reset_approvals_service.rb; CHANGELOG 18.5 (merge request 197850)",
	},
	TellsWhenToRetry: {
		Name: "tells-when-to-retry", Since: release.Of(18, 5),
		What:   "If an endpoint was called too often, Retry-After gives the length of its period.",
		Source: "lib/api/helpers/rate_limiter.rb of 18.5",
	},
	TellsOfApprovalRules: {
		Name: "tells-of-approval-rules", Since: release.Of(18, 6),
		What: "Deliveries have a list of the approval rules.",
		Source: "ee/lib/ee/gitlab/hook_data/merge_request_builder.rb of 18.9; CHANGELOG 18.6 mends the list, which " +
			"was a text before; the release in which that text came is not known",
	},
	TellsOfReviews: {
		Name: "tells-of-reviews", Since: release.Of(18, 6),
		What:   "Deliveries say of each reviewer how the review stands, and whether it was asked for again.",
		Source: "CHANGELOG 18.6 (merge request 205274); app/models/concerns/issuable.rb of 18.9",
	},
	NamesMalformedJSON: {
		Name: "names-malformed-json", Since: release.Of(18, 6),
		What:   "A body that is not JSON is refused with the message \"Invalid JSON format\", as JSON.",
		Source: "CHANGELOG 18.6.6, 18.7.4, 18.8.4; taken as the last patch of 18.6",
	},
	DumpsSchema: {
		Name: "dumps-schema", Since: release.Of(18, 6),
		What: "If a GraphQL request looks like introspection, the response is the whole schema. Other requests for " +
			"the schema get an error.",
		Source: "CHANGELOG 18.6.6, 18.7.4, 18.8.4; taken as the last patch of 18.6",
	},
	TellsOfRateLimits: {
		Name: "tells-of-rate-limits", Since: release.Of(18, 6),
		What: "All responses to requests that a rate limit counts have RateLimit-* headers. Before, only refusals " +
			"had them.",
		Source: "merge request 209485 of 18.6; lib/gitlab/middleware/rack_attack_headers.rb of 18.9",
	},
	LinksStraightComparisons: {
		Name: "links-straight-comparisons", Since: release.Of(18, 7),
		What:   "A straight comparison links to the page of a straight comparison.",
		Source: "CHANGELOG 18.7; lib/gitlab/url_builder.rb of 14.5.2 and 18.9",
	},
	ReadsReferer: {
		Name: "reads-referer", Since: release.Of(18, 9),
		What: "A request whose Referer cannot be decoded is refused with 400.",
		Source: "lib/gitlab/middleware/handle_malformed_strings.rb of 18.9; missing in 14.5.2 and about 16.5, exact " +
			"release not known",
	},
	ReadsClientAddress: {
		Name: "reads-client-address", Since: release.Of(18, 9),
		What:   "If Client-Ip and X-Forwarded-For contradict each other, the API fails.",
		Source: "lib/api/api.rb of 18.9; missing in 14.5.2, exact release not known",
	},
	SendsNetworkErrorPolicy: {
		Name: "sends-network-error-policy", Since: release.Of(18, 9),
		What:   "Responses have the header NEL.",
		Source: "lib/gitlab/middleware/secure_headers.rb of 18.9; missing in 14.5.2, exact release not known",
	},
	LimitsSecrets: {
		Name: "limits-secrets", Since: release.Of(18, 9),
		What: "A shared secret can have at most 255 characters.",
		Source: "ee/app/models/merge_requests/external_status_check.rb of 18.9; missing in 18.0, exact release not " +
			"known",
	},
	PlannersReadCode: {
		Name: "planners-read-code", Since: release.Of(18, 9),
		What:   "Planners can read the code of private projects.",
		Source: "merge request 212966 of November 2025; there in 18.9, though it may be 18.7 or 18.8",
	},
	TellsWhenItActed: {
		Name: "tells-when-it-acted", Since: release.Of(18, 11),
		What: "Deliveries that have an action have the time of that action.",
		Source: "merge request 224849; missing in lib/gitlab/hook_data/merge_request_builder.rb of 18.9, there in a " +
			"delivery of 14 April 2026; taken as 18.11, though it may be 18.10",
	},
	SignsWebhooks: {
		Name: "signs-webhooks", Since: release.Of(19, 0),
		What: "Webhooks can have a signing token, with which deliveries are signed. Deliveries have the " +
			"headers webhook-id and webhook-timestamp, and webhooks say which tokens they have.",
		Source: "doc/user/project/integrations/webhooks.md; merge requests 230944 and 231325",
	},
	MergingCanNeedSHA: {
		Name: "merging-can-need-sha", Since: release.Of(19, 2),
		What: "An instance and its groups can require that a merge by API names the commit.",
		Source: "lib/api/merge_requests.rb of 19.2; merge requests 236732, 243465, 244421 and 251669; of 19.2 and " +
			"19.3 the last patches are meant, for new groups demanded it up to 19.2.5 and 19.3.1",
	},
	ScopesByWildcard: {
		Name: "scopes-by-wildcard", Since: release.Of(19, 4),
		What: "Wildcards in the names of a check's protected branches work in lists, for merging and for " +
			"deliveries.",
		Source: "ee/app/models/merge_requests/external_status_check.rb of 19.4.1; merge request 233327, after 19.0; " +
			"exact release from 19.1 to 19.4 not known",
	},
	OrdersChecksByCost: {
		Name: "orders-checks-by-cost", Since: release.Of(19, 4),
		What: "The reasons that prevent a merge are looked at in the order of their cost: drafts and closed merge " +
			"requests, then status checks, then approvals.",
		Source: "ee/app/models/ee/merge_request.rb of 19.4.1; merge request 260427; some 19.x",
	},
	ShortResponseEntity: {
		Name: "short-response-entity", Since: release.Of(19, 4),
		What: "The HTTP response to a status check response has only the id, the name and the masked URL of the " +
			"check, and the merge request as the caller may see it.",
		Source: "ee/lib/api/entities/merge_requests/status_check_response.rb of 19.4.1; some 19.x",
	},
	LooksUpBeforeAbility: {
		Name: "looks-up-before-ability", Since: release.Of(19, 4),
		What:   "An update looks for the check before it looks at what the caller may do.",
		Source: "ee/app/services/external_status_checks/update_service.rb of 19.4.1; some 19.x",
	},
	GroupApproversFromPlanner: {
		Name: "group-approvers-from-planner", Since: release.Of(19, 4),
		What: "Members of a group in an approval rule can approve from the Planner role upwards. Before, it was " +
			"the Reporter role.",
		Source: "ee/app/policies/ee/merge_request_policy.rb of 18.9 and 19.4.1; some 19.x",
	},
	BranchRulesHaveOwnAbilities: {
		Name: "branch-rules-have-own-abilities", Since: release.Of(19, 4),
		What: "In GraphQL, custom roles that can manage merge request settings can see branch rules and change " +
			"their checks. It no longer matters who can unprotect the branch.",
		Source: "ee/app/graphql/mutations/branch_rules/external_status_checks/ of 19.4.1; merge requests 239178 and " +
			"249249; some 19.x",
	},
	HidesUnknownChecks: {
		Name: "hides-unknown-checks", Since: release.Of(19, 4),
		What: "GraphQL returns the same error for a check that does not exist as for one that the caller may not " +
			"see.",
		Source: "ee/app/graphql/mutations/branch_rules/external_status_checks/ of 19.4.1; some 19.x",
	},
}, approvalHistory, commitHistory, forkHistory, pipelineHistory, viewHistory)
