package mockserver

import (
	"cmp"
	"slices"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/internal/graphql"
)

// branchProtectionResolvers say who may do what to a protected branch. There are no security policies here, which could
// block or protect more.
//
// Source: app/graphql/types/branch_rules/branch_protection_type.rb,
// ee/app/graphql/ee/types/branch_rules/branch_protection_type.rb.
var branchProtectionResolvers = map[string]graphql.Resolver{
	"BranchProtection.allowForcePush": of(func(_ *asked, b gitlab.ProtectedBranch) any { return b.AllowForcePush }),
	"BranchProtection.codeOwnerApprovalRequired": of(func(_ *asked, b gitlab.ProtectedBranch) any {
		return b.CodeOwnerApprovalRequired
	}),
	"BranchProtection.isGroupLevel": of(func(_ *asked, b gitlab.ProtectedBranch) any { return b.NamespaceID != 0 }),

	"BranchProtection.modificationBlockedByPolicy":           byNoPolicy,
	"BranchProtection.protectedFromPushBySecurityPolicy":     byNoPolicy,
	"BranchProtection.warnModificationBlockedByPolicy":       byNoPolicy,
	"BranchProtection.warnProtectedFromPushBySecurityPolicy": byNoPolicy,

	"BranchProtection.mergeAccessLevels": pageOfLevels(func(b gitlab.ProtectedBranch) []gitlab.BranchAccess {
		return b.MergeAccessLevels
	}),
	"BranchProtection.pushAccessLevels": pageOfLevels(func(b gitlab.ProtectedBranch) []gitlab.BranchAccess {
		return b.PushAccessLevels
	}),
	"BranchProtection.unprotectAccessLevels": pageOfLevels(func(b gitlab.ProtectedBranch) []gitlab.BranchAccess {
		return b.UnprotectAccessLevels
	}),
	"AccessLevelGroup.parent":   of(func(a *asked, n gitlab.Namespace) any { return a.visibleGroup(n.ParentID) }),
	"PushAccessLevel.deployKey": of(func(*asked, gitlab.BranchAccess) any { return nil }),
}

var byNoPolicy = of(func(*asked, gitlab.ProtectedBranch) any { return false })

// pageOfLevels gives a page of the access levels of a protected branch, the newest first.
func pageOfLevels(levels func(gitlab.ProtectedBranch) []gitlab.BranchAccess) graphql.Resolver {
	return func(c graphql.Call) (any, error) {
		list := slices.SortedFunc(slices.Values(levels(c.Source.(gitlab.ProtectedBranch))),
			func(x, y gitlab.BranchAccess) int { return cmp.Compare(y.ID, x.ID) })
		return keysetPage(list, c.Args, func(l gitlab.BranchAccess) int64 { return l.ID })
	}
}

// accessLevelResolvers are those of one kind of access levels.
//
// Source: app/graphql/types/branch_protections/base_access_level_type.rb, and the file of the name below ee/app.
func accessLevelResolvers(kind string) map[string]graphql.Resolver {
	resolvers := map[string]graphql.Resolver{
		kind + ".accessLevel": of(func(a *asked, l gitlab.BranchAccess) any {
			return int64(presentBranchAccess(a.tx, l).AccessLevel)
		}),
		kind + ".accessLevelDescription": of(func(a *asked, l gitlab.BranchAccess) any {
			return presentBranchAccess(a.tx, l).Description
		}),
		kind + ".user": of(func(a *asked, l gitlab.BranchAccess) any {
			if u, there := a.tx.User(l.UserID); there {
				return u
			}
			return nil
		}),
		kind + ".group":      of(func(a *asked, l gitlab.BranchAccess) any { return a.visibleGroup(l.GroupID) }),
		kind + ".memberRole": of(func(*asked, gitlab.BranchAccess) any { return nil }),
	}
	return collectResolvers(resolvers, connectionResolvers(kind))
}

// visibleGroup is a group, unless it is none or the caller may not see it.
func (a *asked) visibleGroup(id gitlab.NamespaceID) any {
	n, there := a.tx.Namespace(id)
	if !there || n.Kind != gitlab.GroupNamespace || !a.tx.CanOnGroup(a.call.actor, gitlab.ReadGroup, n) {
		return nil
	}
	return n
}

// groupResolvers are those of a type that shows groups.
//
// Source: app/graphql/types/group_type.rb, ee/app/graphql/types/access_levels/group_type.rb.
func groupResolvers(kind string) map[string]graphql.Resolver {
	return map[string]graphql.Resolver{
		kind + ".id":   of(func(_ *asked, n gitlab.Namespace) any { return gid("Group", n.ID) }),
		kind + ".name": of(func(_ *asked, n gitlab.Namespace) any { return n.Name }),
		kind + ".webUrl": of(func(a *asked, n gitlab.Namespace) any {
			return presentNamespaceBasic(a.tx, n).WebURL
		}),
		kind + ".avatarUrl": of(func(*asked, gitlab.Namespace) any { return nil }),
	}
}

// personResolvers are those of a type that shows users.
//
// Source: app/graphql/types/user_interface.rb, app/graphql/types/access_levels/user_type.rb.
func personResolvers(kind string) map[string]graphql.Resolver {
	return map[string]graphql.Resolver{
		kind + ".id":          of(func(_ *asked, u gitlab.User) any { return gid("User", u.ID) }),
		kind + ".name":        of(func(_ *asked, u gitlab.User) any { return u.Name }),
		kind + ".username":    of(func(_ *asked, u gitlab.User) any { return u.Username }),
		kind + ".publicEmail": of(func(_ *asked, u gitlab.User) any { return u.PublicEmail }),
		kind + ".avatarUrl":   of(func(a *asked, u gitlab.User) any { return avatarURL(a.tx, u.Email) }),
		kind + ".webPath":     of(func(_ *asked, u gitlab.User) any { return "/" + u.Username }),
		kind + ".webUrl":      of(func(a *asked, u gitlab.User) any { return a.tx.BaseURL() + "/" + u.Username }),
	}
}
