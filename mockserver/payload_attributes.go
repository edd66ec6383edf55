package mockserver

import (
	"fmt"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// rubyTime is an instant as Ruby writes it. Events have this form, because GitLab passes their data as the arguments of
// a job.
type rubyTime time.Time

// MarshalJSON writes the instant in Ruby's form.
func (t rubyTime) MarshalJSON() ([]byte, error) {
	return time.Time(t).UTC().AppendFormat(nil, `"2006-01-02 15:04:05 UTC"`), nil
}

// newRubyTime returns nil, which is written as null, for the zero time.
func newRubyTime(t time.Time) *rubyTime {
	if t.IsZero() {
		return nil
	}
	rt := rubyTime(t)
	return &rt
}

// eventAttributes are the object_attributes of an event.
//
// Source: lib/gitlab/hook_data/merge_request_builder.rb, ee/lib/ee/gitlab/hook_data/merge_request_builder.rb.
type eventAttributes struct {
	AssigneeID                *gitlab.UserID           `json:"assignee_id"`
	AuthorID                  gitlab.UserID            `json:"author_id"`
	CreatedAt                 *rubyTime                `json:"created_at"`
	Description               *string                  `json:"description"`
	Draft                     *bool                    `json:"draft,omitempty"`
	HeadPipelineID            *gitlab.PipelineID       `json:"head_pipeline_id"`
	ID                        gitlab.MergeRequestID    `json:"id"`
	IID                       gitlab.MergeRequestIID   `json:"iid"`
	LastEditedAt              *rubyTime                `json:"last_edited_at"`
	LastEditedByID            *gitlab.UserID           `json:"last_edited_by_id"`
	MergeCommitSHA            *string                  `json:"merge_commit_sha"`
	MergeError                *string                  `json:"merge_error"`
	MergeParams               mergeParams              `json:"merge_params"`
	MergeStatus               gitlab.MergeStatus       `json:"merge_status"`
	MergeUserID               *gitlab.UserID           `json:"merge_user_id"`
	MergeWhenPipelineSucceeds bool                     `json:"merge_when_pipeline_succeeds"`
	MilestoneID               *gitlab.MilestoneID      `json:"milestone_id"`
	SourceBranch              string                   `json:"source_branch"`
	SourceProjectID           *gitlab.ProjectID        `json:"source_project_id"`
	StateID                   int                      `json:"state_id"`
	TargetBranch              string                   `json:"target_branch"`
	TargetProjectID           gitlab.ProjectID         `json:"target_project_id"`
	TimeEstimate              int                      `json:"time_estimate"`
	Title                     string                   `json:"title"`
	UpdatedAt                 *rubyTime                `json:"updated_at"`
	UpdatedByID               *gitlab.UserID           `json:"updated_by_id"`
	PreparedAt                **rubyTime               `json:"prepared_at,omitempty"`
	AssigneeIDs               []gitlab.UserID          `json:"assignee_ids"`
	DiscussionsResolved       *bool                    `json:"blocking_discussions_resolved,omitempty"`
	DetailedMergeStatus       string                   `json:"detailed_merge_status,omitempty"`
	FirstContribution         *bool                    `json:"first_contribution,omitempty"`
	HumanTimeChange           *string                  `json:"human_time_change"`
	HumanTimeEstimate         *string                  `json:"human_time_estimate"`
	HumanTotalTimeSpent       *string                  `json:"human_total_time_spent"`
	Labels                    *[]eventLabel            `json:"labels,omitempty"`
	LastCommit                *eventCommit             `json:"last_commit"`
	ReviewerIDs               *[]gitlab.UserID         `json:"reviewer_ids,omitempty"`
	Source                    *eventProject            `json:"source"`
	State                     gitlab.MergeRequestState `json:"state"`
	System                    *bool                    `json:"system,omitempty"`
	Target                    eventProject             `json:"target"`
	TimeChange                int                      `json:"time_change"`
	TotalTimeSpent            int                      `json:"total_time_spent"`
	URL                       string                   `json:"url"`
	WorkInProgress            bool                     `json:"work_in_progress"`
	ApprovalRules             *[]eventApprovalRule     `json:"approval_rules,omitempty"`
	Action                    string                   `json:"action,omitempty"`
	ActionedAt                *rubyTime                `json:"actioned_at,omitempty"`
	OldRev                    string                   `json:"oldrev,omitempty"`
	SystemAction              string                   `json:"system_action,omitempty"`
}

// eventApprovalRule is an approval rule of the merge request itself.
//
// Source: ee/app/models/approval_merge_request_rule.rb, db/structure.sql.
type eventApprovalRule struct {
	ID                     int64                 `json:"id"`
	ApprovalsRequired      int                   `json:"approvals_required"`
	Name                   string                `json:"name"`
	RuleType               string                `json:"rule_type"`
	ReportType             *string               `json:"report_type"`
	MergeRequestID         gitlab.MergeRequestID `json:"merge_request_id"`
	Section                *string               `json:"section"`
	ModifiedFromProject    bool                  `json:"modified_from_project_rule"`
	PolicyIndex            *int64                `json:"orchestration_policy_idx"`
	VulnerabilitiesAllowed int                   `json:"vulnerabilities_allowed"`
	Scanners               []string              `json:"scanners"`
	SeverityLevels         []string              `json:"severity_levels"`
	VulnerabilityStates    []string              `json:"vulnerability_states"`
	PolicyConfigurationID  *int64                `json:"security_orchestration_policy_configuration_id"`
	ScanResultPolicyID     *int64                `json:"scan_result_policy_id"`
	ApplicablePostMerge    *bool                 `json:"applicable_post_merge"`
	ProjectID              gitlab.ProjectID      `json:"project_id"`
	ApprovalPolicyRuleID   *int64                `json:"approval_policy_rule_id"`
	UpdatedAt              *rubyTime             `json:"updated_at"`
	CreatedAt              *rubyTime             `json:"created_at"`
}

func presentEventRules(mr gitlab.MergeRequest) []eventApprovalRule {
	return presentAll(mr.Rules, func(r gitlab.RequestRule) eventApprovalRule {
		at := newRubyTime(r.At)
		return eventApprovalRule{
			ID: r.ID, ApprovalsRequired: r.Required, Name: r.Name, RuleType: r.Type, MergeRequestID: mr.ID,
			Scanners: []string{}, SeverityLevels: []string{},
			VulnerabilityStates: []string{"new_needs_triage", "new_dismissed"},
			ProjectID:           mr.ProjectID, UpdatedAt: at, CreatedAt: at,
		}
	})
}

// mergeParams are the options of merging. The choice that was made with the merge request is always there. The others
// are there if a merge waits, or waited.
//
// Source: app/services/concerns/merge_requests/assigns_merge_params.rb, lib/api/merge_requests.rb.
type mergeParams struct {
	ForceRemoveSourceBranch  *bool  `json:"force_remove_source_branch"`
	AutoMergeStrategy        string `json:"auto_merge_strategy,omitempty"`
	ShouldRemoveSourceBranch *bool  `json:"should_remove_source_branch,omitempty"`
	CommitMessage            string `json:"commit_message,omitempty"`
	SquashCommitMessage      string `json:"squash_commit_message,omitempty"`
	SHA                      string `json:"sha,omitempty"`
}

func presentMergeParams(tx *gitlab.Tx, mr gitlab.MergeRequest) mergeParams {
	waited := mr.AutoMergeParams
	p := mergeParams{
		ForceRemoveSourceBranch:  choice(mr.RemoveSourceBranch),
		ShouldRemoveSourceBranch: choice(mr.ShouldRemoveSourceBranch),
		CommitMessage:            waited.CommitMessage, SquashCommitMessage: waited.SquashCommitMessage,
		SHA: waited.SHA,
	}
	if waited.SHA != "" {
		p.AutoMergeStrategy = tx.AutoMergeStrategy(mr)
	}
	return p
}

type eventCommit struct {
	ID        string            `json:"id"`
	Message   string            `json:"message"`
	Title     string            `json:"title"`
	Timestamp string            `json:"timestamp"`
	URL       string            `json:"url"`
	Author    eventCommitAuthor `json:"author"`
}

type eventCommitAuthor struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

func presentEventAttributes(tx *gitlab.Tx, e gitlab.MergeRequestEvent, p gitlab.Project) eventAttributes {
	mr := e.MergeRequest
	description := absoluteImages(tx, p, mr.Description)
	a := eventAttributes{
		AuthorID: mr.AuthorID, CreatedAt: newRubyTime(mr.CreatedAt), Description: &description,
		HeadPipelineID: orNull(mr.HeadPipelineID), ID: mr.ID,
		IID:          mr.IID,
		LastEditedAt: newRubyTime(mr.EditedAt), LastEditedByID: orNull(mr.EditedByID),
		MergeCommitSHA: orNull(mr.MergeCommitSHA),
		MergeError:     orNull(mr.MergeError), MergeParams: presentMergeParams(tx, mr),
		MergeStatus: mr.MergeStatus, MergeUserID: orNull(mr.AutoMergeUserID),
		MergeWhenPipelineSucceeds: mr.AutoMerge, MilestoneID: orNull(mr.MilestoneID),
		SourceBranch: mr.SourceBranch, SourceProjectID: orNull(mr.SourceProjectID), StateID: mr.State.ID(),
		TargetBranch:    mr.TargetBranch,
		TargetProjectID: mr.ProjectID, Title: mr.Title, UpdatedAt: newRubyTime(mr.UpdatedAt),
		UpdatedByID: orNull(mr.UpdatedByID),
		AssigneeIDs: append([]gitlab.UserID{}, mr.AssigneeIDs...), DetailedMergeStatus: detailedMergeStatus(tx, mr),
		LastCommit: presentEventCommit(tx, mr), State: mr.State, Target: presentEventProject(tx, p),
		URL:                 mergeRequestURL(tx, p, mr),
		HumanTimeChange:     orNull(gitlab.SpentTimeText(e.TimeChange)),
		HumanTotalTimeSpent: orNull(gitlab.SpentTimeText(mr.TimeSpent)),
		TimeChange:          e.TimeChange, TotalTimeSpent: mr.TimeSpent,
		WorkInProgress: mr.Draft(), Action: e.Action, OldRev: e.OldSHA, SystemAction: e.SystemAction,
	}
	a.addDated(tx, e, p)
	if len(mr.AssigneeIDs) > 0 {
		a.AssigneeID = &mr.AssigneeIDs[0]
	}
	if source, ok := tx.Project(mr.SourceProjectID); ok {
		shown := presentEventProject(tx, source)
		a.Source = &shown
	}
	return a
}

// addDated fills in the keys that only some releases have.
func (a *eventAttributes) addDated(tx *gitlab.Tx, e gitlab.MergeRequestEvent, p gitlab.Project) {
	mr := e.MergeRequest
	a.DiscussionsResolved = dated(tx, gitlab.TellsOfDiscussions, !p.RequireResolvedDiscussions ||
		tx.DiscussionsResolved(mr.ID))
	a.FirstContribution = dated(tx, gitlab.TellsOfPeople, tx.FirstContribution(mr))
	a.Labels = dated(tx, gitlab.TellsOfPeople, presentEventLabels(tx, p.ID, mr.Labels))
	a.ReviewerIDs = dated(tx, gitlab.TellsOfPeople, append([]gitlab.UserID{}, mr.ReviewerIDs...))
	a.Draft = dated(tx, gitlab.TellsOfPreparation, mr.Draft())
	a.PreparedAt = dated(tx, gitlab.TellsOfPreparation, newRubyTime(mr.PreparedAt))
	a.System = dated(tx, gitlab.AnnouncesApprovalResets, e.SystemAction != "")
	if e.Action != "" && tx.Has(gitlab.TellsWhenItActed) {
		a.ActionedAt = newRubyTime(tx.Now)
	}
	a.ApprovalRules = dated(tx, gitlab.TellsOfApprovalRules, presentEventRules(mr))
}

// presentEventCommit is the head of a merge request, in the target project even if it comes from a fork.
//
// Source: app/models/merge_request_diff.rb (head_commit).
func presentEventCommit(tx *gitlab.Tx, mr gitlab.MergeRequest) *eventCommit {
	c, ok := tx.Commit(mr.ProjectID, mr.HeadSHA)
	if !ok {
		return nil
	}
	target, _ := tx.Project(mr.ProjectID)
	shown := commitInEvent(tx, target, c)
	return &shown
}

func commitInEvent(tx *gitlab.Tx, p gitlab.Project, c gitlab.Commit) eventCommit {
	return eventCommit{
		ID: c.SHA, Message: c.Message, Title: c.Title(),
		Timestamp: c.CreatedAt.UTC().Format("2006-01-02T15:04:05-07:00"),
		URL:       fmt.Sprintf("%s/%s/-/commit/%s", tx.BaseURL(), p.FullPath, c.SHA),
		Author:    eventCommitAuthor{c.AuthorName, c.AuthorEmail},
	}
}

// safeChanges are the attributes whose changes events may show, in GitLab's order.
var safeChanges = strings.Fields("description draft last_edited_at last_edited_by_id merge_params merge_status " +
	"milestone_id state_id target_branch title updated_at " +
	"updated_by_id prepared_at assignees labels reviewers total_time_spent time_change")

// datedChanges maps those of them that later releases added to the change that added them.
var datedChanges = map[string]gitlab.Change{
	"draft":       gitlab.TellsOfPreparation,
	"prepared_at": gitlab.TellsOfPreparation, "reviewers": gitlab.TellsOfPeople,
}

func presentEventChanges(tx *gitlab.Tx, e gitlab.MergeRequestEvent) eventChanges {
	changes := eventChanges{}
	for _, name := range safeChanges {
		came, isDated := datedChanges[name]
		for _, c := range e.Changes {
			if c.Name == name && (!isDated || tx.Has(came)) {
				values := changedValues{
					presentChanged(tx, e.MergeRequest, c.Previous),
					presentChanged(tx, e.MergeRequest, c.Current),
				}
				changes = append(changes, eventChange{name, values})
			}
		}
	}
	return changes
}

// presentChanged shows the value of a changed attribute. A value that is not set becomes null, labels and users are
// shown in full, and times have Ruby's form.
func presentChanged(tx *gitlab.Tx, mr gitlab.MergeRequest, value any) any {
	switch v := value.(type) {
	case gitlab.MergeParams:
		return presentMergeParams(tx, gitlab.MergeRequest(v))
	case gitlab.Reviewers:
		return presentEventReviewers(tx, gitlab.MergeRequest(v))
	case time.Time:
		return newRubyTime(v)
	case gitlab.UserID:
		return orNull(v)
	case gitlab.MilestoneID:
		return orNull(v)
	case []gitlab.UserID:
		return presentEventUsers(tx, v)
	case []string:
		return presentEventLabels(tx, mr.ProjectID, v)
	}
	return value
}
