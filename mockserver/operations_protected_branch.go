package mockserver

import (
	"net/http"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

var protectedBranchOperations = map[string]operation{
	"listProtectedBranches": open(inProject(gitlab.ReadProtectedBranch, listProtectedBranches)),
	"createProtectedBranch": inProject(gitlab.AdminProtectedBranch, createProtectedBranch),
	"getProtectedBranch":    open(inProject(gitlab.ReadProtectedBranch, getProtectedBranch)),
	"updateProtectedBranch": inProject(gitlab.AdminProtectedBranch, updateProtectedBranch),
	"deleteProtectedBranch": inProject(gitlab.AdminProtectedBranch, deleteProtectedBranch),
}

func listProtectedBranches(c *call, tx *gitlab.Tx) (reply, error) {
	rules := kept(tx.ProtectedBranches(c.project),
		func(b gitlab.ProtectedBranch) bool { return mentions(c.params.text("search"), b.Name) })
	return listed(c, tx, rules, func(b gitlab.ProtectedBranch) protectedBranchEntity {
		return presentProtectedBranch(tx,
			b)
	})
}

func createProtectedBranch(c *call, tx *gitlab.Tx) (reply, error) {
	b, err := tx.ProtectBranch(c.actor, c.project, c.params.text("name"), c.protectedBranchChange())
	if err != nil {
		return reply{}, err
	}
	return created(presentProtectedBranch(tx, b))
}

// protectedBranchChange is the rule, or the change of a rule, that the parameters ask for.
func (c *call) protectedBranchChange() gitlab.ProtectedBranchChange {
	return gitlab.ProtectedBranchChange{
		AllowForcePush:            c.params.flagIf("allow_force_push"),
		CodeOwnerApprovalRequired: c.params.flagIf("code_owner_approval_required"),
		Push:                      c.branchAccessChanges("push_access_level", "allowed_to_push"),
		Merge:                     c.branchAccessChanges("merge_access_level", "allowed_to_merge"),
		Unprotect:                 c.branchAccessChanges("unprotect_access_level", "allowed_to_unprotect"),
	}
}

// branchAccessChanges reads who is to be allowed to do something, or no longer allowed, from a role and from a list.
func (c *call) branchAccessChanges(role, list string) []gitlab.BranchAccessChange {
	var changes []gitlab.BranchAccessChange
	if n, given := c.params[role].(int64); given {
		level := gitlab.AccessLevel(n)
		changes = append(changes, gitlab.BranchAccessChange{AccessLevel: &level})
	}
	items, _ := c.params[list].([]any)
	for _, item := range items {
		object, _ := item.(map[string]any)
		id, _ := object["id"].(int64)
		key, _ := object["deploy_key_id"].(int64)
		remove, _ := object["_destroy"].(bool)
		changes = append(changes, gitlab.BranchAccessChange{
			ID: id, DeployKeyID: key, Remove: remove,
			AccessLevel: memberIf[gitlab.AccessLevel](object, "access_level"),
			UserID:      memberIf[gitlab.UserID](object, "user_id"),
			GroupID:     memberIf[gitlab.NamespaceID](object, "group_id"),
		})
	}
	return changes
}

// memberIf is a number in an object; nil if there is none.
func memberIf[T ~int | ~int64](object map[string]any, name string) *T {
	n, given := object[name].(int64)
	if !given {
		return nil
	}
	value := T(n)
	return &value
}

// findProtectedBranch looks up the project's own rule that the path names.
func (c *call) findProtectedBranch(tx *gitlab.Tx) (gitlab.ProtectedBranch, error) {
	for _, b := range tx.ProtectedBranches(c.project) {
		if b.ProjectID == c.project.ID && b.Name == c.params.text("name") {
			return b, nil
		}
	}
	return gitlab.ProtectedBranch{}, &gitlab.Refusal{
		Kind:   gitlab.RecordNotFound,
		Reason: "the project has no protected branch of just this name or wildcard",
	}
}

func getProtectedBranch(c *call, tx *gitlab.Tx) (reply, error) {
	b, err := c.findProtectedBranch(tx)
	if err != nil {
		return reply{}, err
	}
	return ok(presentProtectedBranch(tx, b))
}

func updateProtectedBranch(c *call, tx *gitlab.Tx) (reply, error) {
	b, err := c.findProtectedBranch(tx)
	if err != nil {
		return reply{}, err
	}
	b, err = tx.ChangeProtectedBranch(c.actor, c.project, b, c.protectedBranchChange())
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusOK, body: presentProtectedBranch(tx, b)}, nil
}

func deleteProtectedBranch(c *call, tx *gitlab.Tx) (reply, error) {
	b, err := c.findProtectedBranch(tx)
	if err != nil {
		return reply{}, err
	}
	if err := tx.MayUnprotect(c.actor, c.project, b); err != nil {
		return reply{}, err
	}
	if err := c.unmodified(b.UpdatedAt); err != nil {
		return reply{}, err
	}
	tx.DeleteProtectedBranch(b)
	return noContent()
}
