package pages

import "net/http"

// BranchRules are the branch rules of a project with their checks.
type BranchRules struct {
	Project Project
	Rules   []BranchRule
	// what the release lets its pages do with the checks of a rule
	Creates, Changes, Secrets bool
}

// BranchRule is a protected branch, or one of the rules for all branches.
type BranchRule struct {
	ID          string // global id; empty where the release has none
	Name        string
	Default     bool
	Matching    int // branches that it is about
	TakesChecks bool
	Checks      []StatusCheck
}

// branchRule is what the page of one rule shows.
type branchRule struct {
	BranchRules
	Rule BranchRule
}

// showBranchRules shows the list of rules, or one of them.
func (h Handler) showBranchRules(w http.ResponseWriter, r *http.Request, where place, p *page) {
	rules, ok := h.World.BranchRules(where.project, p.Person.ID)
	if !ok {
		h.notFound(w, r)
		return
	}
	if where.rest == "settings/repository" {
		p.Title = "Branch rules · Settings · " + rules.Project.Path
		h.render(w, r, branchRulesPage(p, rules))
		return
	}
	wanted := r.URL.Query().Get("branch")
	for _, rule := range rules.Rules {
		if rule.Name == wanted {
			p.Title = rule.Name + " · Branch rules · " + rules.Project.Path
			h.render(w, r, branchRulePage(p, branchRule{rules, rule}))
			return
		}
	}
	h.notFound(w, r)
}
