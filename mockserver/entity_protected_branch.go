package mockserver

import (
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// protectedBranchEntity is a protected branch as projects and checks show it.
//
// Source: lib/api/entities/protected_branch.rb, ee/lib/ee/api/entities/protected_branch.rb.
type protectedBranchEntity struct {
	groupBranchEntity
	Inherited *bool `json:"inherited,omitempty"`
}

// groupBranchEntity is a protected branch of a group as the group shows it. Other entities show these keys and one
// more.
//
// Source: ee/lib/api/entities/group_protected_branch.rb.
type groupBranchEntity struct {
	ID                        gitlab.ProtectedBranchID `json:"id"`
	Name                      string                   `json:"name"`
	PushAccessLevels          []pushAccessEntity       `json:"push_access_levels"`
	MergeAccessLevels         []branchAccessEntity     `json:"merge_access_levels"`
	AllowForcePush            bool                     `json:"allow_force_push"`
	UnprotectAccessLevels     []branchAccessEntity     `json:"unprotect_access_levels"`
	CodeOwnerApprovalRequired bool                     `json:"code_owner_approval_required"`
}

// branchAccessEntity says who may merge into a branch, or who may unprotect it.
type branchAccessEntity struct {
	ID          *int64              `json:"id,omitempty"`
	AccessLevel gitlab.AccessLevel  `json:"access_level"`
	Description string              `json:"access_level_description"`
	UserID      *gitlab.UserID      `json:"user_id"`
	GroupID     *gitlab.NamespaceID `json:"group_id"`
}

// pushAccessEntity says who may push to a branch.
type pushAccessEntity struct {
	ID          *int64              `json:"id,omitempty"`
	AccessLevel gitlab.AccessLevel  `json:"access_level"`
	Description string              `json:"access_level_description"`
	DeployKeyID **int64             `json:"deploy_key_id,omitempty"`
	UserID      *gitlab.UserID      `json:"user_id"`
	GroupID     *gitlab.NamespaceID `json:"group_id"`
}

func presentProtectedBranch(tx *gitlab.Tx, b gitlab.ProtectedBranch) protectedBranchEntity {
	return protectedBranchEntity{presentGroupBranch(tx, b), dated(tx, gitlab.ShowsInheritance, b.ProjectID == 0)}
}

func presentGroupBranch(tx *gitlab.Tx, b gitlab.ProtectedBranch) groupBranchEntity {
	access := func(l gitlab.BranchAccess) branchAccessEntity { return presentBranchAccess(tx, l) }
	return groupBranchEntity{
		ID: b.ID, Name: b.Name, AllowForcePush: b.AllowForcePush,
		CodeOwnerApprovalRequired: b.CodeOwnerApprovalRequired,
		PushAccessLevels: presentAll(b.PushAccessLevels, func(l gitlab.BranchAccess) pushAccessEntity {
			e := access(l)
			return pushAccessEntity{
				ID: e.ID, AccessLevel: e.AccessLevel, Description: e.Description, UserID: e.UserID, GroupID: e.GroupID,
				DeployKeyID: dated[*int64](tx, gitlab.ShowsDeployKeys, nil),
			}
		}),
		MergeAccessLevels:     presentAll(b.MergeAccessLevels, access),
		UnprotectAccessLevels: presentAll(b.UnprotectAccessLevels, access),
	}
}

// accessDescriptions are GitLab's descriptions of the access levels.
var accessDescriptions = map[gitlab.AccessLevel]string{
	gitlab.NoAccess: "No one", gitlab.Developer: "Developers + Maintainers", gitlab.Maintainer: "Maintainers",
	gitlab.InstanceAdmin: "Instance admins",
}

// presentBranchAccess describes a role in GitLab's words, and a user or group by its name.
func presentBranchAccess(tx *gitlab.Tx, l gitlab.BranchAccess) branchAccessEntity {
	e := branchAccessEntity{
		ID: dated(tx, gitlab.NumbersAccessLevels, l.ID), AccessLevel: l.AccessLevel,
		UserID: orNull(l.UserID), GroupID: orNull(l.GroupID),
	}
	switch {
	case l.UserID != 0:
		u, _ := tx.User(l.UserID)
		e.Description = u.Name
	case l.GroupID != 0:
		n, _ := tx.Namespace(l.GroupID)
		e.Description = n.Name
	default:
		e.Description = accessDescriptions[l.AccessLevel]
	}
	return e
}
