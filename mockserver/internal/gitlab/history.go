package gitlab

import (
	"fmt"

	"github.com/statuschecks/statuschecks/openapi"
)

// Change is something that one release of GitLab does and another does not. Code asks for it by its name and never compares
// releases.
type Change int

// The changes, in the order of the releases that brought them.
const (
	LosesUpdateErrors Change = iota
	ListsApplicableChecks
	RefusesForeignBranches
	RefusesForeignChecks
	StatusVocabulary
	RespondingNeedsDeveloper
	AuditsChecks
	DeliversAsJSON
	MergeGate
	AuditsCheckNames
	RetryOnlyMarks
	PollInterval
	MasksExternalURL
	ReadsDiffHead
	PendingResponses
	ResponsesTimeOut
	StatuslessCreateRefusal
	AutoMergeAwaitsChecks
	ChecksHaveOwnAbility
	ApproversAreMembers
	ReportersReadStatuses
	GroupBranches
	AnnouncesApprovalResets
	RespondsByService
	LimitsSecrets
	ScopesByWildcard
	ShortResponseEntity
	LooksUpBeforeAbility
	changeCount
)

// Release says when a change came, what it was, and how that is known.
type Release struct {
	Change Change
	Name   string
	Since  openapi.Version // first minor release that has it
	Until  openapi.Version // first minor release that has it no more; zero means that it stayed
	What   string
	Source string // where in GitLab's public source or changelog it can be read; what is not certain is said
}

func release(major, minor int) openapi.Version { return openapi.Version{Major: major, Minor: minor} }

var history = [changeCount]Release{
	LosesUpdateErrors:        {Name: "loses-update-errors", Since: release(14, 0), Until: release(15, 0), What: "A refused update does not say which rules were broken: its list is empty.", Source: "ee/app/services/external_status_checks/update_service.rb of 14.5.2 and 15.0"},
	ListsApplicableChecks:    {Name: "lists-applicable-checks", Since: release(14, 1), What: "A merge request lists the checks of its target branch, not all of the project.", Source: "CHANGELOG 14.1"},
	RefusesForeignBranches:   {Name: "refuses-foreign-branches", Since: release(14, 1), What: "A check's protected branches must be the project's.", Source: "CHANGELOG 14.1.7, 14.2.5, 14.3.1, 14.4; taken as the last patch of 14.1"},
	RefusesForeignChecks:     {Name: "refuses-foreign-checks", Since: release(14, 5), What: "A response must name a check of the merge request's project.", Source: "ee/lib/api/status_checks.rb of 14.5.2; missing in 14.0, exact release not known"},
	StatusVocabulary:         {Name: "status-vocabulary", Since: release(15, 0), What: "A response has a status; before, any response meant approved.", Source: "CHANGELOG 15.0"},
	RespondingNeedsDeveloper: {Name: "responding-needs-developer", Since: release(15, 0), What: "Responding needs provide_status_check_response beside approve_merge_request.", Source: "ee/lib/api/status_checks.rb of 15.0-pre; missing in 14.5.2"},
	AuditsChecks:             {Name: "audits-checks", Since: release(15, 0), What: "Creating, changing and deleting a check is written to the audit log.", Source: "CHANGELOG 15.0"},
	DeliversAsJSON:           {Name: "delivers-as-json", Since: release(15, 4), What: "Deliveries carry Content-Type: application/json.", Source: "CHANGELOG 15.4"},
	MergeGate:                {Name: "merge-gate", Since: release(15, 5), What: "A project can demand that all checks have passed.", Source: "CHANGELOG 15.5, 15.9"},
	AuditsCheckNames:         {Name: "audits-check-names", Since: release(15, 7), What: "A change of a check's name is written to the audit log.", Source: "ee/config/audit_events/types/external_status_check_name_updated.yml"},
	RetryOnlyMarks:           {Name: "retry-only-marks", Since: release(15, 7), Until: release(16, 1), What: "Retrying marks the response as retried, which shows as pending, and leaves its status failed.", Source: "ee/app/services/external_status_checks/retry_service.rb; CHANGELOG 15.7, 16.1"},
	PollInterval:             {Name: "poll-interval", Since: release(15, 10), What: "The list of a merge request's checks says how often to ask again.", Source: "CHANGELOG 15.10"},
	MasksExternalURL:         {Name: "masks-external-url", Since: release(16, 0), What: "A merge request shows a check's URL without its query, to Developers only.", Source: "CHANGELOG 16.0"},
	ReadsDiffHead:            {Name: "reads-diff-head", Since: release(16, 0), What: "Statuses are those of the latest diff's head, not of the source branch's tip.", Source: "ee/lib/api/status_checks.rb of 14.5.2 and about 16.5; exact release not known"},
	PendingResponses:         {Name: "pending-responses", Since: release(16, 5), What: "A new merge request gets a pending response for each check.", Source: "CHANGELOG 16.5, 16.8"},
	ResponsesTimeOut:         {Name: "responses-time-out", Since: release(16, 6), What: "A pending response fails after two minutes.", Source: "CHANGELOG 16.6, 16.8"},
	StatuslessCreateRefusal:  {Name: "statusless-create-refusal", Since: release(16, 11), What: "A refused create has lost its HTTP status.", Source: "ee/app/services/external_status_checks/create_service.rb of a 16.x that still asks for admin_project; taken as the last 16.x"},
	AutoMergeAwaitsChecks:    {Name: "auto-merge-awaits-checks", Since: release(17, 0), What: "Auto-merge can be set while checks have not passed, and merges when they have.", Source: "ee/lib/ee/gitlab/event_store.rb; some 17.x, taken as the first"},
	ChecksHaveOwnAbility:     {Name: "checks-have-own-ability", Since: release(17, 1), What: "Managing checks needs manage_merge_request_settings, which custom roles can give, not admin_project.", Source: "CHANGELOG 17.1"},
	ApproversAreMembers:      {Name: "approvers-are-members", Since: release(17, 3), What: "Approving, and so responding, needs membership of the project.", Source: "app/policies/merge_request_policy.rb of 17.3; missing in 14.5.2, exact release not known"},
	ReportersReadStatuses:    {Name: "reporters-read-statuses", Since: release(17, 11), What: "Reporters and, in internal projects, everybody can list a merge request's checks; before, those who can approve.", Source: "CHANGELOG 17.11"},
	GroupBranches:            {Name: "group-branches", Since: release(18, 0), What: "A check's protected branches may be those of the groups above the project.", Source: "CHANGELOG 18.0"},
	AnnouncesApprovalResets:  {Name: "announces-approval-resets", Since: release(18, 0), What: "External services are told when a push resets approvals.", Source: "ee/app/services/merge_requests/reset_approvals_service.rb; some 18.x, taken as the first"},
	RespondsByService:        {Name: "responds-by-service", Since: release(18, 2), What: "A response that breaks a rule is a 400, a hidden check a 404 without a word, and responses are audited.", Source: "CHANGELOG 18.2"},
	LimitsSecrets:            {Name: "limits-secrets", Since: release(18, 9), What: "Shared secrets have at most 255 characters.", Source: "ee/app/models/merge_requests/external_status_check.rb of 18.9; missing in 18.0, exact release not known"},
	ScopesByWildcard:         {Name: "scopes-by-wildcard", Since: release(19, 4), What: "Wildcards in the names of a check's protected branches count, for lists, merging and deliveries alike.", Source: "ee/app/models/merge_requests/external_status_check.rb of 19.4.1; some 19.x"},
	ShortResponseEntity:      {Name: "short-response-entity", Since: release(19, 4), What: "The answer to a response shows of the check its id, name and masked URL, and the merge request as the caller sees it.", Source: "ee/lib/api/entities/merge_requests/status_check_response.rb of 19.4.1; some 19.x"},
	LooksUpBeforeAbility:     {Name: "looks-up-before-ability", Since: release(19, 4), What: "An update looks for the check before it asks whether the caller may.", Source: "ee/app/services/external_status_checks/update_service.rb of 19.4.1; some 19.x"},
}

// History lists the changes in the order of the releases that brought them.
func History() []Release {
	list := make([]Release, changeCount)
	for i, r := range history {
		r.Change = Change(i)
		list[i] = r
	}
	return list
}

// String is the change's permanent name.
func (c Change) String() string {
	if c < 0 || c >= changeCount {
		return fmt.Sprintf("change %d", int(c))
	}
	return history[c].Name
}

// in says whether a release has the change.
func (c Change) in(r openapi.Version) bool {
	h := history[c]
	return r.Compare(h.Since) >= 0 && (h.Until == openapi.Version{} || r.Compare(h.Until) < 0)
}

func changesIn(r openapi.Version) (has [changeCount]bool) {
	for c := range changeCount {
		has[c] = c.in(r)
	}
	return has
}

// Has says whether this GitLab's release has what changed.
func (tx *Tx) Has(c Change) bool { return tx.state.has[c] }

// FeatureFlag is a switch that some releases had: what it governs is off before the first of them and on from the one that removed it.
type FeatureFlag struct {
	Name    string
	Since   openapi.Version
	Removed openapi.Version // first release without the flag
	Default bool
	What    string
}

// The names of the feature flags.
const (
	FlagStatusChecks     = "ff_external_status_checks"
	FlagStatusField      = "status_checks_add_status_field"
	FlagMergeGate        = "only_allow_merge_if_all_status_checks_passed"
	FlagPendingResponses = "pending_status_check_responses"
	FlagTimeout          = "timeout_status_check_responses"
)

// FeatureFlags are those that governed external status checks. Their source is the folder config/feature_flags of the releases.
var FeatureFlags = []FeatureFlag{
	{FlagStatusChecks, release(13, 12), release(14, 1), false, "All of it: without it every endpoint answers 401."},
	{FlagStatusField, release(14, 9), release(15, 0), false, "Responses have a status."},
	{FlagMergeGate, release(15, 5), release(15, 9), false, "The project setting of that name."},
	{FlagPendingResponses, release(16, 5), release(16, 8), true, "Pending responses for new merge requests."},
	{FlagTimeout, release(16, 6), release(16, 8), true, "Pending responses fail after two minutes."},
}

// Feature says whether what a feature flag governs is on: by Options.Features while the flag exists. It is false for an unknown name.
func (tx *Tx) Feature(name string) bool { return tx.state.features[name] }

func features(r openapi.Version, set map[string]bool) map[string]bool {
	on := map[string]bool{}
	for _, f := range FeatureFlags {
		switch given, is := set[f.Name]; {
		case r.Compare(f.Removed) >= 0:
			on[f.Name] = true
		case r.Compare(f.Since) < 0:
			on[f.Name] = false
		case is:
			on[f.Name] = given
		default:
			on[f.Name] = f.Default
		}
	}
	return on
}
