// Code generated from internal/gitlab/history.go by go test -run TestChangeNames -update; DO NOT EDIT.

package mockserver

// The changes of History, by name.
const (
	ChangeLosesUpdateErrors           = "loses-update-errors"             // since 14.0
	ChangeOpensWhilePreparing         = "opens-while-preparing"           // since 14.0
	ChangeListsApplicableChecks       = "lists-applicable-checks"         // since 14.1
	ChangeRefusesForeignBranches      = "refuses-foreign-branches"        // since 14.1
	ChangeRefusesForeignChecks        = "refuses-foreign-checks"          // since 14.3
	ChangeRespondingNeedsDeveloper    = "responding-needs-developer"      // since 14.5
	ChangeShowsMergeUser              = "shows-merge-user"                // since 14.7
	ChangeStatusVocabulary            = "status-vocabulary"               // since 15.0
	ChangeAuditsChecks                = "audits-checks"                   // since 15.0
	ChangeTellsOfDiscussions          = "tells-of-discussions"            // since 15.0
	ChangeOpeningNeedsCode            = "opening-needs-code"              // since 15.0
	ChangeDeliversAsJSON              = "delivers-as-json"                // since 15.4
	ChangeMergeGate                   = "merge-gate"                      // since 15.5
	ChangeVersionIsMetadata           = "version-is-metadata"             // since 15.5
	ChangeShowsDetailedMergeStatus    = "shows-detailed-merge-status"     // since 15.6
	ChangeMetadataHasEdition          = "metadata-has-edition"            // since 15.6
	ChangeNumbersAccessLevels         = "numbers-access-levels"           // since 15.6
	ChangeMaintainersRename           = "maintainers-rename"              // since 15.6
	ChangeAuditsCheckNames            = "audits-check-names"              // since 15.7
	ChangeRetryOnlyMarks              = "retry-only-marks"                // since 15.7
	ChangeTellsOfPeople               = "tells-of-people"                 // since 15.7
	ChangePollInterval                = "poll-interval"                   // since 15.10
	ChangeReadersSeeProtectedBranches = "readers-see-protected-branches"  // since 15.11
	ChangeMasksExternalURL            = "masks-external-url"              // since 16.0
	ChangeReadsDiffHead               = "reads-diff-head"                 // since 16.0
	ChangeExposesMoreHeaders          = "exposes-more-headers"            // since 16.0
	ChangeDelaysDeletion              = "delays-deletion"                 // since 16.0
	ChangeShowsDeployKeys             = "shows-deploy-keys"               // since 16.0
	ChangeShowsPreparation            = "shows-preparation"               // since 16.1
	ChangeTextForMalformedJSON        = "text-for-malformed-json"         // since 16.5
	ChangePendingResponses            = "pending-responses"               // since 16.5
	ChangeResponsesTimeOut            = "responses-time-out"              // since 16.6
	ChangeStatuslessCreateRefusal     = "statusless-create-refusal"       // since 16.11
	ChangeAutoMergeAwaitsChecks       = "auto-merge-awaits-checks"        // since 17.0
	ChangeChecksHaveOwnAbility        = "checks-have-own-ability"         // since 17.1
	ChangeApproversAreMembers         = "approvers-are-members"           // since 17.3
	ChangeSharedSecrets               = "shared-secrets"                  // since 17.3
	ChangeDropsBlockedDeliveries      = "drops-blocked-deliveries"        // since 17.3
	ChangeNamesRefusedRules           = "names-refused-rules"             // since 17.4
	ChangeAllBranchesTakeChecks       = "all-branches-take-checks"        // since 17.5
	ChangeAlwaysListsAllBranches      = "always-lists-all-branches"       // since 17.9
	ChangeReportersReadStatuses       = "reporters-read-statuses"         // since 17.11
	ChangeGroupBranches               = "group-branches"                  // since 18.0
	ChangeShowsInheritance            = "shows-inheritance"               // since 18.0
	ChangeRequiresInOwnWords          = "requires-in-own-words"           // since 18.0
	ChangeTellsOfPreparation          = "tells-of-preparation"            // since 18.0
	ChangeAnnouncesApprovalResets     = "announces-approval-resets"       // since 18.0
	ChangeRespondsByService           = "responds-by-service"             // since 18.2
	ChangeRefusesPathTraversal        = "refuses-path-traversal"          // since 18.2
	ChangeLimitsJSON                  = "limits-json"                     // since 18.2
	ChangeShowsApprovalTimes          = "shows-approval-times"            // since 18.5
	ChangeTellsWhenToRetry            = "tells-when-to-retry"             // since 18.5
	ChangeNamesMalformedJSON          = "names-malformed-json"            // since 18.6
	ChangeDumpsSchema                 = "dumps-schema"                    // since 18.6
	ChangeTellsOfRateLimits           = "tells-of-rate-limits"            // since 18.6
	ChangeReadsReferer                = "reads-referer"                   // since 18.9
	ChangeReadsClientAddress          = "reads-client-address"            // since 18.9
	ChangeSendsNetworkErrorPolicy     = "sends-network-error-policy"      // since 18.9
	ChangeLimitsSecrets               = "limits-secrets"                  // since 18.9
	ChangePlannersReadCode            = "planners-read-code"              // since 18.9
	ChangeTellsOfApprovalRules        = "tells-of-approval-rules"         // since 18.9
	ChangeTellsWhenItActed            = "tells-when-it-acted"             // since 18.11
	ChangeMergingCanNeedSHA           = "merging-can-need-sha"            // since 19.2
	ChangeScopesByWildcard            = "scopes-by-wildcard"              // since 19.4
	ChangeOrdersChecksByCost          = "orders-checks-by-cost"           // since 19.4
	ChangeShortResponseEntity         = "short-response-entity"           // since 19.4
	ChangeLooksUpBeforeAbility        = "looks-up-before-ability"         // since 19.4
	ChangeGroupApproversFromPlanner   = "group-approvers-from-planner"    // since 19.4
	ChangeBranchRulesHaveOwnAbilities = "branch-rules-have-own-abilities" // since 19.4
	ChangeHidesUnknownChecks          = "hides-unknown-checks"            // since 19.4
)
