package gitlab

import (
	"slices"
	"strings"
	"time"
)

// BranchRuleKind says which branches a rule is about.
type BranchRuleKind string

// The kinds of branch rules, by the name of their class.
const (
	ProtectedBranchRule      BranchRuleKind = "Projects::BranchRule"
	AllBranchesRule          BranchRuleKind = "Projects::AllBranchesRule"
	AllProtectedBranchesRule BranchRuleKind = "Projects::AllProtectedBranchesRule"
)

// BranchRule is what a project's page calls one: a protected branch, or one of the two for all branches and for all
// protected branches, with the checks and approval rules that are about them.
type BranchRule struct {
	Kind    BranchRuleKind
	Project Project
	Branch  ProtectedBranch // zero for the two
}

// BranchRuleID names a rule: by the number of its protected branch or, for the two, of its project.
type BranchRuleID struct {
	Kind   BranchRuleKind
	Number int64
}

// ID is what names the rule.
func (r BranchRule) ID() BranchRuleID {
	if r.Kind == ProtectedBranchRule {
		return BranchRuleID{r.Kind, int64(r.Branch.ID)}
	}
	return BranchRuleID{r.Kind, int64(r.Project.ID)}
}

// Name is that of the protected branch, or what the rule is about.
func (r BranchRule) Name() string {
	switch r.Kind {
	case AllBranchesRule:
		return "All branches"
	case AllProtectedBranchesRule:
		return "All protected branches"
	}
	return r.Branch.Name
}

// BranchRules lists the rules of a project, of those whom the caller may see: the two, if they are there or the missing
// ones are wanted, then that of the default branch, then the others by name.
func (tx *Tx) BranchRules(a Actor, p Project, missing Choice) []BranchRule {
	if !tx.ManagesBranchRules(a, p) {
		return []BranchRule{}
	}
	rules, protected := tx.BranchRuleLists(p, missing)
	isDefault := func(r BranchRule) bool { return r.Branch.Name == p.DefaultBranch }
	for _, r := range protected {
		if isDefault(r) {
			rules = append(rules, r)
		}
	}
	return append(rules, slices.DeleteFunc(protected, isDefault)...)
}

// BranchRuleLists lists the rules of a project whoever asks: the two, if they are there or the missing ones are wanted,
// and those of protected branches by name.
//
// Source: ee/app/graphql/ee/resolvers/projects/branch_rules_resolver.rb.
func (tx *Tx) BranchRuleLists(p Project, missing Choice) (two, protected []BranchRule) {
	all := BranchRule{Kind: AllBranchesRule, Project: p}
	if missing == Yes || tx.Has(AlwaysListsAllBranches) || tx.isPersisted(all) {
		two = append(two, all)
	}
	if protected := (BranchRule{Kind: AllProtectedBranchesRule, Project: p}); missing == Yes ||
		tx.isPersisted(protected) {
		two = append(two, protected)
	}
	branches := tx.ProtectedBranches(p)
	slices.SortStableFunc(branches, func(x, y ProtectedBranch) int { return strings.Compare(x.Name, y.Name) })
	for _, b := range branches {
		protected = append(protected, BranchRule{Kind: ProtectedBranchRule, Project: p, Branch: b})
	}
	return two, protected
}

// ManagesBranchRules says whether somebody sees the branch rules of a project, with their checks, and may change them.
//
// Source: app/policies/protected_branch_policy.rb, ee/app/policies/ee/projects/branch_rule_policy.rb.
func (tx *Tx) ManagesBranchRules(a Actor, p Project) bool {
	return tx.Can(a, AdminProject, p) || tx.Has(BranchRulesHaveOwnAbilities) && tx.Can(a, ManageMergeRequestSettings, p)
}

func (tx *Tx) isPersisted(r BranchRule) bool {
	return len(tx.BranchRuleChecks(r)) > 0 || len(tx.BranchRuleApprovals(r)) > 0
}

// BranchRuleChecks lists the checks of a rule, the newest first: those of just its branch, or those of all branches.
func (tx *Tx) BranchRuleChecks(r BranchRule) []ExternalStatusCheck {
	checks := slices.DeleteFunc(tx.ExternalStatusChecks(r.Project.ID), func(c ExternalStatusCheck) bool {
		switch r.Kind {
		case AllBranchesRule:
			return len(c.ProtectedBranchIDs) > 0
		case AllProtectedBranchesRule:
			return true
		}
		return !slices.Contains(c.ProtectedBranchIDs, r.Branch.ID)
	})
	slices.Reverse(checks)
	return checks
}

// BranchRuleApprovals lists the approval rules of a rule, the newest first.
func (tx *Tx) BranchRuleApprovals(r BranchRule) []ApprovalRule {
	rules := slices.DeleteFunc(tx.ApprovalRules(r.Project.ID), func(a ApprovalRule) bool {
		switch r.Kind {
		case AllBranchesRule:
			return len(a.ProtectedBranchIDs) > 0 || a.AllProtectedBranches
		case AllProtectedBranchesRule:
			return !a.AllProtectedBranches
		}
		return !slices.Contains(a.ProtectedBranchIDs, r.Branch.ID)
	})
	slices.Reverse(rules)
	return rules
}

// MatchingBranches counts the branches that a rule is about.
func (tx *Tx) MatchingBranches(r BranchRule) int {
	count := 0
	protected := tx.ProtectedBranches(r.Project)
	for _, b := range tx.Branches(r.Project.ID) {
		matches := r.Branch.Matches(b.Name)
		switch r.Kind {
		case AllBranchesRule:
			matches = true
		case AllProtectedBranchesRule:
			matches = slices.ContainsFunc(protected, func(p ProtectedBranch) bool { return p.Matches(b.Name) })
		}
		if matches {
			count++
		}
	}
	return count
}

// BranchRuleTimes says when a rule was made and last changed. For the two rules that is when the oldest of what is
// about them was made and the newest changed; zero if nothing is.
func (tx *Tx) BranchRuleTimes(r BranchRule) (created, updated time.Time) {
	if r.Kind == ProtectedBranchRule {
		return r.Branch.CreatedAt, r.Branch.UpdatedAt
	}
	note := func(made, changed time.Time) {
		if created.IsZero() || made.Before(created) {
			created = made
		}
		if changed.After(updated) {
			updated = changed
		}
	}
	for _, c := range tx.BranchRuleChecks(r) {
		note(c.CreatedAt, c.UpdatedAt)
	}
	for _, a := range tx.BranchRuleApprovals(r) {
		note(a.UpdatedAt, a.UpdatedAt)
	}
	return created, updated
}

// BranchRule finds a rule to change it. It refuses with Hidden if there is none, it is a group's, or the caller may not
// change it. Up to 18.11 that needs to administer the project and, where the branch says who may unprotect it, to be
// among those.
func (tx *Tx) BranchRule(a Actor, id BranchRuleID) (BranchRule, error) {
	r := BranchRule{Kind: id.Kind}
	var there bool
	if id.Kind == ProtectedBranchRule {
		if r.Branch, there = tx.ProtectedBranch(ProtectedBranchID(id.Number)); there {
			r.Project, there = tx.Project(r.Branch.ProjectID)
		}
	} else {
		r.Project, there = tx.Project(ProjectID(id.Number))
	}
	switch {
	case !there:
		return r, refuse(Hidden, "no project has the branch rule gid://gitlab/%s/%d", id.Kind, id.Number)
	case !tx.ManagesBranchRules(a, r.Project):
		return r, refuse(Hidden, "changing branch rules needs %s (Maintainer)", AdminProject)
	case !tx.Has(BranchRulesHaveOwnAbilities) && !tx.canUnprotect(a, r.Project, r.Branch):
		return r, refuse(Hidden, "the protected branch says who may unprotect it, and the caller is not among them")
	}
	return r, nil
}

// CreateBranchRuleCheck adds a check to a rule. It refuses as BranchRule does, then with Invalid for a rule that takes
// no checks, then as CreateExternalStatusCheck does.
//
// Source: ee/app/graphql/mutations/branch_rules/external_status_checks/create.rb,
// ee/app/services/branch_rules/external_status_checks/create_service.rb.
func (tx *Tx) CreateBranchRuleCheck(a Actor, id BranchRuleID, change ExternalStatusCheckChange) (ExternalStatusCheck,
	error,
) {
	r, err := tx.ruleForChecks(a, id)
	if err != nil {
		return ExternalStatusCheck{}, err
	}
	return tx.CreateExternalStatusCheck(a, r.Project, r.scoped(change))
}

// UpdateBranchRuleCheck changes a check of the rule's project, which then applies to the rule's branch alone; a rule
// for all branches leaves its branches as they are. It refuses as CreateBranchRuleCheck does, and without the check
// with Invalid, since 19.4 with Hidden.
func (tx *Tx) UpdateBranchRuleCheck(a Actor, id BranchRuleID, check CheckID, change ExternalStatusCheckChange) (
	ExternalStatusCheck, error,
) {
	r, c, err := tx.checkOfRule(a, id, check)
	if err != nil {
		return ExternalStatusCheck{}, err
	}
	return tx.UpdateExternalStatusCheck(a, r.Project, c.ID, r.scoped(change))
}

// DeleteBranchRuleCheck removes a check of the rule's project. It refuses as UpdateBranchRuleCheck does.
func (tx *Tx) DeleteBranchRuleCheck(a Actor, id BranchRuleID, check CheckID) error {
	r, c, err := tx.checkOfRule(a, id, check)
	if err != nil {
		return err
	}
	tx.DeleteExternalStatusCheck(a, r.Project, c)
	return nil
}

// scoped makes the rule's branch the scope of a check.
func (r BranchRule) scoped(change ExternalStatusCheckChange) ExternalStatusCheckChange {
	if r.Kind == ProtectedBranchRule {
		change.ProtectedBranchIDs = &[]ProtectedBranchID{r.Branch.ID}
	}
	return change
}

func (tx *Tx) checkOfRule(a Actor, id BranchRuleID, check CheckID) (BranchRule, ExternalStatusCheck, error) {
	r, err := tx.ruleForChecks(a, id)
	if err != nil {
		return r, ExternalStatusCheck{}, err
	}
	c, err := tx.ExternalStatusCheck(r.Project.ID, check)
	switch {
	case err != nil && tx.Has(HidesUnknownChecks):
		return r, c, refuse(Hidden, "project %d has no external status check %d", r.Project.ID, check)
	case err != nil:
		return r, c, invalid([]string{"Not found"}, "project %d has no external status check %d", r.Project.ID, check)
	}
	return r, c, nil
}

// ruleForChecks finds a rule that takes checks.
func (tx *Tx) ruleForChecks(a Actor, id BranchRuleID) (BranchRule, error) {
	r, err := tx.BranchRule(a, id)
	if err != nil {
		return r, err
	}
	var message string
	switch {
	case r.Kind == AllProtectedBranchesRule:
		message = "All protected branches not allowed"
	case r.Kind == AllBranchesRule && !tx.Has(AllBranchesTakeChecks):
		message = "All branch rules not allowed"
	default:
		return r, nil
	}
	messages := []string{message}
	if !tx.Has(NamesRefusedRules) {
		messages = []string{}
	}
	return r, invalid(messages, "%s take no external status checks", r.Name())
}
