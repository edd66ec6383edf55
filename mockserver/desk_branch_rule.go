package mockserver

import (
	"slices"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/pages"
)

// hasGraphQL says whether the schema of the release has a field, as Type.field.
func hasGraphQL(tx *gitlab.Tx, field string) bool {
	return slices.Contains(graphQLSchema(tx.Version()).Fields(), field)
}

// hasRulePage says whether the release has a page of branch rules with their checks.
func hasRulePage(tx *gitlab.Tx) bool { return hasGraphQL(tx, "BranchRule.externalStatusChecks") }

func (d desk) BranchRules(path string, person int64) (shown pages.BranchRules, found bool) {
	d.look(func(tx *gitlab.Tx) {
		a := actorOf(tx, person)
		p, visible := visibleProject(tx, a, path, gitlab.ReadProject)
		if !visible || !tx.Licensed(p) || !hasRulePage(tx) {
			return
		}
		rules := tx.BranchRules(a, p, gitlab.Yes)
		if found = len(rules) > 0; !found {
			return
		}
		shown = pages.BranchRules{
			Project: projectOnPage(tx, a, p),
			Creates: hasGraphQL(tx, "Mutation.branchRuleExternalStatusCheckCreate"),
			Changes: hasGraphQL(tx, "Mutation.branchRuleExternalStatusCheckUpdate"),
			Secrets: tx.Has(gitlab.HidesUnknownChecks), // the drawer learnt both in 19.x
		}
		for _, r := range rules {
			shown.Rules = append(shown.Rules, ruleOnPage(tx, p, r))
		}
	})
	return shown, found
}

func ruleOnPage(tx *gitlab.Tx, p gitlab.Project, r gitlab.BranchRule) pages.BranchRule {
	shown := pages.BranchRule{
		Name: r.Name(), Default: r.Kind == gitlab.ProtectedBranchRule && r.Branch.Name == p.DefaultBranch,
		Matching: tx.MatchingBranches(r),
		TakesChecks: r.Kind == gitlab.ProtectedBranchRule ||
			r.Kind == gitlab.AllBranchesRule && tx.Has(gitlab.AllBranchesTakeChecks),
	}
	if hasGraphQL(tx, "BranchRule.id") {
		shown.ID = gid(string(r.ID().Kind), r.ID().Number)
	}
	for _, c := range tx.BranchRuleChecks(r) {
		shown.Checks = append(shown.Checks, pages.StatusCheck{
			ID: int64(c.ID), Name: c.Name, URL: c.ExternalURL, HMAC: c.HMAC(),
		})
	}
	return shown
}
