package mockserver

import "github.com/statuschecks/statuschecks/mockserver/internal/gitlab"

// approvalsEntity is the state of a merge request's approvals.
//
// Source: ee/lib/api/entities/approval_state.rb.
type approvalsEntity struct {
	ID                         gitlab.MergeRequestID    `json:"id"`
	IID                        gitlab.MergeRequestIID   `json:"iid"`
	ProjectID                  gitlab.ProjectID         `json:"project_id"`
	Title                      string                   `json:"title"`
	Description                string                   `json:"description"`
	State                      gitlab.MergeRequestState `json:"state"`
	CreatedAt                  *timestamp               `json:"created_at"`
	UpdatedAt                  *timestamp               `json:"updated_at"`
	MergeStatus                gitlab.MergeStatus       `json:"merge_status"`
	Approved                   bool                     `json:"approved"`
	ApprovalsRequired          int                      `json:"approvals_required"`
	ApprovalsLeft              int                      `json:"approvals_left"`
	RequirePasswordToApprove   bool                     `json:"require_password_to_approve"`
	ApprovedBy                 []approvalEntity         `json:"approved_by"`
	SuggestedApprovers         []*userBasic             `json:"suggested_approvers"`
	Approvers                  []struct{}               `json:"approvers"`
	ApproverGroups             []struct{}               `json:"approver_groups"`
	UserHasApproved            bool                     `json:"user_has_approved"`
	UserCanApprove             bool                     `json:"user_can_approve"`
	ApprovalRulesLeft          []approvalRule           `json:"approval_rules_left"`
	HasApprovalRules           bool                     `json:"has_approval_rules"`
	MergeRequestApproversAvail bool                     `json:"merge_request_approvers_available"`
	MultipleApprovalRulesAvail bool                     `json:"multiple_approval_rules_available"`
	InvalidApproversRules      []approvalRule           `json:"invalid_approvers_rules"`
}

type approvalEntity struct {
	User       *userBasic  `json:"user"`
	ApprovedAt **timestamp `json:"approved_at,omitempty"`
}

// approvalRule is the rule for any approver that a project's number of approvals makes.
type approvalRule struct {
	ID       gitlab.ProjectID `json:"id"`
	Name     string           `json:"name"`
	RuleType string           `json:"rule_type"`
}

func presentApprovals(tx *gitlab.Tx, viewer gitlab.Actor, mr gitlab.MergeRequest) approvalsEntity {
	p, _ := tx.Project(mr.ProjectID)
	left := tx.ApprovalsLeft(mr)
	e := approvalsEntity{
		ID: mr.ID, IID: mr.IID, ProjectID: mr.ProjectID, Title: mr.Title, Description: mr.Description, State: mr.State,
		CreatedAt: newTimestamp(mr.CreatedAt), UpdatedAt: newTimestamp(mr.UpdatedAt), MergeStatus: mr.PublicMergeStatus(),
		Approved: left == 0, ApprovalsRequired: p.ApprovalsRequired, ApprovalsLeft: left, ApprovedBy: []approvalEntity{},
		SuggestedApprovers: []*userBasic{}, Approvers: []struct{}{}, ApproverGroups: []struct{}{}, UserHasApproved: mr.ApprovedBy(viewer.User.ID),
		UserCanApprove: tx.CanApprove(viewer, mr), ApprovalRulesLeft: []approvalRule{}, HasApprovalRules: p.ApprovalsRequired > 0,
		MergeRequestApproversAvail: true, MultipleApprovalRulesAvail: true, InvalidApproversRules: []approvalRule{},
	}
	for _, a := range mr.Approvals {
		if u := presentUser(tx, a.UserID); u != nil {
			e.ApprovedBy = append(e.ApprovedBy, approvalEntity{u, dated(tx, gitlab.ShowsApprovalTimes, newTimestamp(a.At))})
		}
	}
	if left > 0 {
		e.ApprovalRulesLeft = []approvalRule{{p.ID, "All Members", "any_approver"}}
	}
	return e
}
