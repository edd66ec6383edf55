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

// approvalRule is the short form of a rule.
type approvalRule struct {
	ID       int64  `json:"id"`
	Name     string `json:"name"`
	RuleType string `json:"rule_type"`
}

func presentApprovals(tx *gitlab.Tx, viewer gitlab.Actor, mr gitlab.MergeRequest) approvalsEntity {
	p, _ := tx.Project(mr.ProjectID)
	e := approvalsEntity{
		ID: mr.ID, IID: mr.IID, ProjectID: mr.ProjectID, Title: mr.Title, Description: mr.Description, State: mr.State,
		CreatedAt: newTimestamp(mr.CreatedAt), UpdatedAt: newTimestamp(mr.UpdatedAt),
		MergeStatus: mr.PublicMergeStatus(),
		Approved:    tx.Approved(mr), ApprovalsRequired: tx.ApprovalsRequired(mr), ApprovalsLeft: tx.ApprovalsLeft(mr),
		ApprovedBy:         []approvalEntity{},
		SuggestedApprovers: []*userBasic{}, Approvers: []struct{}{}, ApproverGroups: []struct{}{},
		UserHasApproved: mr.ApprovedBy(viewer.User.ID),
		UserCanApprove:  tx.CanApprove(viewer, mr), ApprovalRulesLeft: []approvalRule{},
		HasApprovalRules:           p.ApprovalsRequired > 0,
		MergeRequestApproversAvail: true, MultipleApprovalRulesAvail: true, InvalidApproversRules: []approvalRule{},
	}
	for _, a := range mr.Approvals {
		if u := presentUser(tx, a.UserID); u != nil {
			e.ApprovedBy = append(e.ApprovedBy,
				approvalEntity{u, dated(tx, gitlab.ShowsApprovalTimes, newTimestamp(a.At))})
		}
	}
	if p.ApprovalsRequired > len(mr.Approvals) {
		e.ApprovalRulesLeft = []approvalRule{{int64(p.ID), "All Members", gitlab.AnyApproverRule}}
	}
	for _, r := range tx.RulesFor(mr) {
		short := approvalRule{int64(r.ID), r.Name, r.Type}
		e.HasApprovalRules = true
		switch {
		case tx.InvalidRule(r, mr):
			e.InvalidApproversRules = append(e.InvalidApproversRules, short)
		case tx.RuleLeft(r, mr) > 0:
			e.ApprovalRulesLeft = append(e.ApprovalRulesLeft, short)
		}
	}
	return e
}

// approvalRuleEntity is an approval rule of a project.
//
// Source: ee/lib/api/entities/{approval_rule_short,approval_rule,project_approval_rule}.rb.
type approvalRuleEntity struct {
	approvalRule
	ReportType           *string                 `json:"report_type"`
	EligibleApprovers    []*userBasic            `json:"eligible_approvers"`
	ApprovalsRequired    int                     `json:"approvals_required"`
	Users                []*userBasic            `json:"users"`
	Groups               []groupEntity           `json:"groups"`
	ContainsHiddenGroups bool                    `json:"contains_hidden_groups"`
	ProtectedBranches    []protectedBranchEntity `json:"protected_branches"`
	AllProtectedBranches bool                    `json:"applies_to_all_protected_branches"`
}

func presentApprovalRule(tx *gitlab.Tx, r gitlab.ApprovalRule) approvalRuleEntity {
	e := approvalRuleEntity{
		approvalRule: approvalRule{int64(r.ID), r.Name, r.Type}, EligibleApprovers: presentUsers(tx, tx.Approvers(r)),
		ApprovalsRequired: r.Required,
		Users:             presentUsers(tx, r.UserIDs), Groups: []groupEntity{},
		ProtectedBranches:    []protectedBranchEntity{},
		AllProtectedBranches: r.AllProtectedBranches,
	}
	for _, id := range r.GroupIDs {
		if n, there := tx.Namespace(id); there {
			e.Groups = append(e.Groups, presentGroup(tx, n))
		}
	}
	for _, id := range r.ProtectedBranchIDs {
		if b, there := tx.ProtectedBranch(id); there {
			e.ProtectedBranches = append(e.ProtectedBranches, presentProtectedBranch(tx, b))
		}
	}
	return e
}

// approvalState is the state of a merge request's approval rules.
//
// Source: ee/lib/api/entities/merge_request_approval_state.rb.
type approvalState struct {
	Overwritten bool                `json:"approval_rules_overwritten"`
	Rules       []approvalStateRule `json:"rules"`
}

// approvalStateRule is an approval rule as it applies to a merge request. No merge request has rules of its own here.
//
// Source: ee/lib/api/entities/{approval_rule,merge_request_approval_rule,merge_request_approval_state_rule}.rb.
type approvalStateRule struct {
	approvalRule
	EligibleApprovers    []*userBasic  `json:"eligible_approvers"`
	ApprovalsRequired    int           `json:"approvals_required"`
	Users                []*userBasic  `json:"users"`
	Groups               []groupEntity `json:"groups"`
	ContainsHiddenGroups bool          `json:"contains_hidden_groups"`
	ReportType           *string       `json:"report_type"`
	Section              *string       `json:"section"`
	SourceRule           *struct{}     `json:"source_rule"`
	Overridden           bool          `json:"overridden"`
	CodeOwner            bool          `json:"code_owner"`
	ApprovedBy           []*userBasic  `json:"approved_by"`
	Approved             bool          `json:"approved"`
}

// presentApprovalState shows the rules. Who cannot see all groups of a rule and is no member sees no approvers.
func (c *call) presentApprovalState(tx *gitlab.Tx, mr gitlab.MergeRequest) approvalState {
	member := tx.Role(c.project, c.actor.User.ID).Member()
	e := approvalState{Rules: []approvalStateRule{}}
	for _, r := range tx.AllRulesFor(mr) {
		rule := approvalStateRule{
			approvalRule:      approvalRule{int64(r.ID), r.Name, r.Type},
			EligibleApprovers: presentUsers(tx, tx.ApproversFor(r, mr)), ApprovalsRequired: r.Required,
			Users: presentUsers(tx, r.UserIDs), Groups: []groupEntity{},
			ApprovedBy: presentUsers(tx, tx.ApprovedFor(r, mr)),
			Approved:   tx.RuleLeft(r, mr) == 0 || tx.InvalidRule(r, mr),
		}
		if r.Type == gitlab.AnyApproverRule {
			rule.Name = "All Members"
		}
		for _, id := range r.GroupIDs {
			n, there := tx.Namespace(id)
			if there && tx.CanOnGroup(c.actor, gitlab.ReadGroup, n) {
				rule.Groups = append(rule.Groups, presentGroup(tx, n))
			} else if there {
				rule.ContainsHiddenGroups = true
			}
		}
		if rule.ContainsHiddenGroups && !member {
			rule.EligibleApprovers = []*userBasic{}
		}
		e.Rules = append(e.Rules, rule)
	}
	return e
}

// approvalSettings are a project's settings for approvals.
//
// Source: ee/lib/api/entities/approval_settings.rb.
type approvalSettings struct {
	Approvers         []struct{} `json:"approvers"`
	ApproverGroups    []struct{} `json:"approver_groups"`
	Required          int        `json:"approvals_before_merge"`
	ResetOnPush       bool       `json:"reset_approvals_on_push"`
	FixedPerRequest   bool       `json:"disable_overriding_approvers_per_merge_request"`
	AuthorMayApprove  bool       `json:"merge_requests_author_approval"`
	WithoutCommitters bool       `json:"merge_requests_disable_committers_approval"`
	WantsPassword     bool       `json:"require_password_to_approve"`
}

func presentApprovalSettings(p gitlab.Project) approvalSettings {
	return approvalSettings{
		Approvers: []struct{}{}, ApproverGroups: []struct{}{}, Required: p.ApprovalsRequired,
		ResetOnPush: p.ApprovalsReset, AuthorMayApprove: p.AuthorMayApprove,
	}
}
