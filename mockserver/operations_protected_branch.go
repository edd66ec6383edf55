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
	b, err := tx.ProtectBranch(c.project, c.newProtectedBranch())
	if err != nil {
		return reply{}, err
	}
	return created(presentProtectedBranch(tx, b))
}

// newProtectedBranch is the rule that the parameters describe.
func (c *call) newProtectedBranch() gitlab.ProtectedBranch {
	p := c.params
	return gitlab.ProtectedBranch{
		Name: p.text("name"), AllowForcePush: p.flag("allow_force_push"),
		CodeOwnerApprovalRequired: p.flag("code_owner_approval_required"),
		PushAccessLevels:          c.branchAccess("push_access_level", "allowed_to_push"),
		MergeAccessLevels:         c.branchAccess("merge_access_level", "allowed_to_merge"),
		UnprotectAccessLevels:     c.branchAccess("unprotect_access_level", "allowed_to_unprotect"),
	}
}

// protectedBranchChange is the change of a rule that the parameters ask for.
func (c *call) protectedBranchChange() gitlab.ProtectedBranchChange {
	return gitlab.ProtectedBranchChange{
		AllowForcePush:            c.params.flagIf("allow_force_push"),
		CodeOwnerApprovalRequired: c.params.flagIf("code_owner_approval_required"),
		Push:                      c.branchAccessChanges("allowed_to_push"),
		Merge:                     c.branchAccessChanges("allowed_to_merge"),
		Unprotect:                 c.branchAccessChanges("allowed_to_unprotect"),
	}
}

// branchAccess reads who is allowed to do something, from a role and from a list.
func (c *call) branchAccess(role, list string) []gitlab.BranchAccess {
	var levels []gitlab.BranchAccess
	if level, given := c.params[role].(int64); given {
		levels = append(levels, gitlab.BranchAccess{AccessLevel: gitlab.AccessLevel(level)})
	}
	for _, change := range c.branchAccessChanges(list) {
		levels = append(levels, change.BranchAccess)
	}
	return levels
}

// branchAccessChanges reads a list of those who are to be allowed, or no longer allowed.
func (c *call) branchAccessChanges(list string) []gitlab.BranchAccessChange {
	items, _ := c.params[list].([]any)
	return presentAll(items, func(item any) gitlab.BranchAccessChange {
		object, _ := item.(map[string]any)
		number := func(name string) int64 {
			n, _ := coerceInteger(object[name]).(int64)
			return n
		}
		remove, _ := coerceBoolean(object["_destroy"]).(bool)
		return gitlab.BranchAccessChange{Remove: remove, BranchAccess: gitlab.BranchAccess{
			ID: number("id"), AccessLevel: gitlab.AccessLevel(number("access_level")),
			UserID:  gitlab.UserID(number("user_id")),
			GroupID: gitlab.NamespaceID(number("group_id")),
		}}
	})
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
	b, err = tx.ChangeProtectedBranch(c.project, b, c.protectedBranchChange())
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
	if err := c.unmodified(b.UpdatedAt); err != nil {
		return reply{}, err
	}
	tx.DeleteProtectedBranch(b)
	return noContent()
}
