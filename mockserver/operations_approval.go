package mockserver

import (
	"net/http"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

var approvalOperations = map[string]operation{
	"listApprovalRules":            withApprovalRules(gitlab.ReadProject, listApprovalRules),
	"createApprovalRule":           withApprovalRules(gitlab.ManageMergeRequestSettings, createApprovalRule),
	"deleteApprovalRule":           withApprovalRules(gitlab.ManageMergeRequestSettings, deleteApprovalRule),
	"getProjectApprovals":          inProject(gitlab.ReadApprovers, getProjectApprovals),
	"changeProjectApprovals":       inProject(gitlab.UpdateApprovers, changeProjectApprovals),
	"getMergeRequestApprovalState": open(inProject(gitlab.ReadProject, getMergeRequestApprovalState)),
}

// withApprovalRules makes an operation on a project's approval rules. It checks the licence first.
func withApprovalRules(ability gitlab.Ability, run func(*call, *gitlab.Tx) (reply, error)) operation {
	inside := inProject(ability, run)
	return operation{run: func(c *call, tx *gitlab.Tx) (reply, error) {
		if err := tx.HasApprovalRules(); err != nil {
			return reply{}, err
		}
		return inside.run(c, tx)
	}}
}

// listApprovalRules shows the rules to callers who manage them and, unless the project is archived, to callers who may
// open merge requests into it.
func listApprovalRules(c *call, tx *gitlab.Tx) (reply, error) {
	if !tx.Can(c.actor, gitlab.ManageMergeRequestSettings, c.project) &&
		!tx.Can(c.actor, gitlab.CreateMergeRequestIn, c.project) {
		return reply{}, denied("listing approval rules needs %s (who reads the code, but for Planners of a private "+
			"project)", gitlab.CreateMergeRequestIn)
	}
	return listed(c, tx, tx.ApprovalRules(c.project.ID),
		func(r gitlab.ApprovalRule) approvalRuleEntity { return presentApprovalRule(tx, r) })
}

func createApprovalRule(c *call, tx *gitlab.Tx) (reply, error) {
	p := c.params
	r, err := tx.CreateApprovalRule(c.actor, c.project, gitlab.ApprovalRule{
		Name: p.text("name"), Type: p.text("rule_type"), Required: int(min(p.number("approvals_required"), 1<<31-1)),
		UserIDs: idsOf[gitlab.UserID](p, "user_ids"), GroupIDs: idsOf[gitlab.NamespaceID](p, "group_ids"),
		ProtectedBranchIDs:   idsOf[gitlab.ProtectedBranchID](p, "protected_branch_ids"),
		AllProtectedBranches: p.flag("applies_to_all_protected_branches"),
	})
	if err != nil {
		return reply{}, err
	}
	return created(presentApprovalRule(tx, r))
}

// idsOf returns a parameter that is a list of ids.
func idsOf[ID ~int64](p params, name string) []ID {
	return presentAll(p.numbers(name), func(n int64) ID { return ID(n) })
}

func deleteApprovalRule(c *call, tx *gitlab.Tx) (reply, error) {
	r, err := tx.ApprovalRule(c.project.ID, gitlab.ApprovalRuleID(c.params.number("approval_rule_id")))
	if err != nil {
		return reply{}, err
	}
	if err := c.unmodified(r.UpdatedAt); err != nil {
		return reply{}, err
	}
	tx.DeleteApprovalRule(r)
	return noContent()
}

// getMergeRequestApprovalState shows no rules without a licence for approvals.
func getMergeRequestApprovalState(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findReadable(tx)
	if err != nil {
		return reply{}, err
	}
	if tx.HasApprovalRules() != nil {
		return ok(approvalState{Rules: []approvalStateRule{}})
	}
	return ok(c.presentApprovalState(tx, mr))
}

func getProjectApprovals(c *call, tx *gitlab.Tx) (reply, error) {
	return ok(presentApprovalSettings(c.project))
}

// changeProjectApprovals changes the approval settings that matter here. It does not store settings that would change
// nothing.
func changeProjectApprovals(c *call, tx *gitlab.Tx) (reply, error) {
	change := gitlab.ProjectChange{
		ApprovalsReset:   c.params.flagIf("reset_approvals_on_push"),
		AuthorMayApprove: c.params.flagIf("merge_requests_author_approval"),
	}
	if n, given := c.params["approvals_before_merge"].(int64); given {
		required := int(max(n, 0))
		change.ApprovalsRequired = &required
	}
	p, err := tx.EditProject(c.actor, c.project, change)
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusCreated, body: presentApprovalSettings(p)}, nil
}
