package mockserver

import (
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/internal/graphql"
)

var branchRuleResolvers = map[string]graphql.Resolver{
	"BranchRule.id": of(func(_ *asked, r gitlab.BranchRule) any {
		id := r.ID()
		return gid(string(id.Kind), id.Number)
	}),
	"BranchRule.name": of(func(_ *asked, r gitlab.BranchRule) any { return r.Name() }),
	"BranchRule.isDefault": of(func(_ *asked, r gitlab.BranchRule) any {
		return r.Branch.Name != "" && r.Branch.Name == r.Project.DefaultBranch
	}),
	"BranchRule.isProtected": of(func(_ *asked, r gitlab.BranchRule) any {
		return r.Kind == gitlab.ProtectedBranchRule
	}),
	"BranchRule.isGroupLevel": of(func(_ *asked, r gitlab.BranchRule) any { return r.Branch.NamespaceID != 0 }),
	"BranchRule.matchingBranchesCount": of(func(a *asked, r gitlab.BranchRule) any {
		return int64(a.tx.MatchingBranches(r))
	}),
	"BranchRule.createdAt": of(func(a *asked, r gitlab.BranchRule) any {
		created, _ := a.tx.BranchRuleTimes(r)
		return nullableTime(created)
	}),
	"BranchRule.updatedAt": of(func(a *asked, r gitlab.BranchRule) any {
		_, updated := a.tx.BranchRuleTimes(r)
		return nullableTime(updated)
	}),
	"BranchRule.branchProtection": of(func(_ *asked, r gitlab.BranchRule) any {
		if r.Kind != gitlab.ProtectedBranchRule {
			return nil
		}
		return r.Branch
	}),
	"BranchRule.externalStatusChecks": func(c graphql.Call) (any, error) {
		checks := c.Context.(*asked).tx.BranchRuleChecks(c.Source.(gitlab.BranchRule))
		return keysetPage(checks, c.Args, func(check gitlab.ExternalStatusCheck) int64 { return int64(check.ID) })
	},
	"BranchRule.approvalRules": func(c graphql.Call) (any, error) {
		rules := c.Context.(*asked).tx.BranchRuleApprovals(c.Source.(gitlab.BranchRule))
		return keysetPage(rules, c.Args, func(r gitlab.ApprovalRule) int64 { return int64(r.ID) })
	},

	"ApprovalProjectRule.id": of(func(_ *asked, r gitlab.ApprovalRule) any {
		return gid("ApprovalProjectRule", r.ID)
	}),
	"ApprovalProjectRule.name": of(func(_ *asked, r gitlab.ApprovalRule) any { return r.Name }),
	"ApprovalProjectRule.approvalsRequired": of(func(_ *asked, r gitlab.ApprovalRule) any {
		return int64(r.Required)
	}),
	"ApprovalProjectRule.type": of(func(_ *asked, r gitlab.ApprovalRule) any { return strings.ToUpper(r.Type) }),
	"ApprovalProjectRule.eligibleApprovers": func(c graphql.Call) (any, error) {
		users := c.Context.(*asked).tx.EligibleApprovers(c.Source.(gitlab.ApprovalRule))
		return keysetPage(users, c.Args, func(u gitlab.User) int64 { return int64(u.ID) })
	},

	"ExternalStatusCheck.id": of(func(_ *asked, c gitlab.ExternalStatusCheck) any {
		return gid(statusCheckModel, c.ID)
	}),
	"ExternalStatusCheck.name":        of(func(_ *asked, c gitlab.ExternalStatusCheck) any { return c.Name }),
	"ExternalStatusCheck.externalUrl": of(func(_ *asked, c gitlab.ExternalStatusCheck) any { return c.ExternalURL }),
	"ExternalStatusCheck.hmac":        of(func(_ *asked, c gitlab.ExternalStatusCheck) any { return c.HMAC() }),
}
