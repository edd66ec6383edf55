package mockserver

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/internal/graphql"
)

// resolveBranchRules returns a page of the branch rules of a project.
func resolveBranchRules(c graphql.Call) (any, error) {
	a, p := c.Context.(*asked), c.Source.(gitlab.Project)
	missing := gitlab.ChoiceOf(c.Args["buildMissing"] == true)
	rules := a.tx.BranchRules(a.call.actor, p, missing)
	after, _ := c.Args["after"].(string)
	if after != "" {
		rest, err := rulesAfter(rules, after)
		if err != nil {
			return nil, err
		}
		rules = rest
	}
	return forwardPage(rules, c.Args["first"], ruleCursor), nil
}

// branchRuleCursor is the end of a page of branch rules. The two rules that do not belong to one branch have no id.
type branchRuleCursor struct {
	Name string                    `json:"name"`
	ID   *gitlab.ProtectedBranchID `json:"id"`
}

var cursorNames = map[gitlab.BranchRuleKind]string{
	gitlab.AllBranchesRule: "all_branches", gitlab.AllProtectedBranchesRule: "all_protected_branches",
}

func cursorOf(r gitlab.BranchRule) branchRuleCursor {
	if r.Kind == gitlab.ProtectedBranchRule {
		return branchRuleCursor{r.Branch.Name, &r.Branch.ID}
	}
	return branchRuleCursor{Name: cursorNames[r.Kind]}
}

func ruleCursor(r gitlab.BranchRule) string {
	return base64.StdEncoding.EncodeToString(encodeJSON(cursorOf(r)))
}

// rulesAfter returns the rules after a cursor. If the rule of the cursor no longer exists, it returns the rules whose
// names sort after it.
func rulesAfter(rules []gitlab.BranchRule, after string) ([]gitlab.BranchRule, error) {
	var cursor branchRuleCursor
	text, err := base64.StdEncoding.DecodeString(after)
	if err == nil {
		err = json.Unmarshal(text, &cursor)
	}
	if err != nil {
		return nil, &graphql.Error{Message: "Invalid cursor: " + err.Error()}
	}
	var later []gitlab.BranchRule
	for i, r := range rules {
		own := cursorOf(r)
		if own.Name == cursor.Name && (own.ID == nil) == (cursor.ID == nil) && (own.ID == nil ||
			*own.ID == *cursor.ID) {
			return rules[i+1:], nil
		}
		if r.Kind == gitlab.ProtectedBranchRule && strings.Compare(own.Name, cursor.Name) > 0 {
			later = append(later, r)
		}
	}
	return later, nil
}

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
