package gitlab

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// The types of approval rules that users can create.
const (
	RegularRule     = "regular"      // the users and groups that it names approve
	AnyApproverRule = "any_approver" // everybody who may approve does
)

// mostApprovals is the highest number of approvals that a rule can require.
const mostApprovals = 100

// ApprovalRule says how many approvals the merge requests of a project need, and who can give them.
type ApprovalRule struct {
	ID                   ApprovalRuleID
	ProjectID            ProjectID
	Name                 string
	Type                 string
	Required             int
	UserIDs              []UserID
	GroupIDs             []NamespaceID
	ProtectedBranchIDs   []ProtectedBranchID // the target branches that it applies to; empty means all branches
	AllProtectedBranches bool
	UpdatedAt            time.Time
}

// RequestRule is the copy of an approval rule of the project that a merge request gets when it is made. Here only
// deliveries tell of it: who may approve, and how many must, follows from the rules of the project.
//
// Source: ee/app/services/ee/merge_requests/create_service.rb, ee/app/models/approval_merge_request_rule.rb.
type RequestRule struct {
	ID       int64
	Name     string
	Type     string
	Required int
	At       time.Time
}

// copiedRules are the rules that a new merge request gets.
func (tx *Tx) copiedRules(p ProjectID) []RequestRule {
	var rules []RequestRule
	for _, r := range tx.ApprovalRules(p) {
		rules = append(rules, RequestRule{tx.next(requestRuleSequence), r.Name, r.Type, r.Required, tx.Now})
	}
	return rules
}

var approvalRuleTable = newTable([]index[ApprovalRule]{
	{"id", func(r ApprovalRule) string { return key(r.ID) }},
	{"project", func(r ApprovalRule) string { return key(r.ProjectID) }},
})

// ApprovalRules lists a project's rules by id.
func (tx *Tx) ApprovalRules(p ProjectID) []ApprovalRule {
	return all(tx, approvalRuleTable, "project", key(p))
}

// ApprovalRule looks up a rule of a project. It refuses with RecordNotFound.
func (tx *Tx) ApprovalRule(p ProjectID, id ApprovalRuleID) (ApprovalRule, error) {
	r, ok := first(tx, approvalRuleTable, "id", key(id))
	if !ok || r.ProjectID != p {
		return ApprovalRule{}, refuse(RecordNotFound, "project %d has no approval rule %d", p, id)
	}
	return r, nil
}

// HasApprovalRules refuses with Forbidden if the licence does not include approval rules.
//
// Source: ee/lib/api/helpers/project_approval_rules_helpers.rb.
func (tx *Tx) HasApprovalRules() error {
	if !tx.Settings().Licensed {
		return refuse(Forbidden, "approval rules need a licence")
	}
	return nil
}

// CreateApprovalRule stores a new rule. It leaves out users who are not members, groups that the actor cannot see and
// branches of other projects. It refuses with Broken for an unknown rule type, and with BadAttributes for a rule that
// the model's validations reject.
//
// Source: ee/app/services/approval_rules/create_service.rb, ee/app/models/approval_project_rule.rb.
func (tx *Tx) CreateApprovalRule(a Actor, p Project, r ApprovalRule) (ApprovalRule, error) {
	switch {
	case r.Type == "" && len(r.UserIDs)+len(r.GroupIDs) == 0:
		r.Type = AnyApproverRule
	case r.Type == "":
		r.Type = RegularRule
	case r.Type != RegularRule && r.Type != AnyApproverRule:
		return r, refuse(Broken, "rule_type: %q is not a type that users can create", r.Type)
	}
	r.ProjectID = p.ID
	r.UserIDs = slices.DeleteFunc(slices.Clone(r.UserIDs), func(u UserID) bool { return !tx.Role(p, u).Member() })
	r.GroupIDs = slices.DeleteFunc(slices.Clone(r.GroupIDs), func(id NamespaceID) bool {
		n, ok := tx.Namespace(id)
		return !ok || n.Kind != GroupNamespace || !tx.CanOnGroup(a, ReadGroup, n)
	})
	r.ProtectedBranchIDs = slices.DeleteFunc(slices.Clone(r.ProtectedBranchIDs), func(id ProtectedBranchID) bool {
		b, ok := tx.ProtectedBranch(id)
		return !ok || !tx.inScope(p, b) || !tx.Can(a, AdminProject, p)
	})
	if problems := tx.problemsOf(r); len(problems) > 0 {
		return r, badAttributes(problems)
	}
	r.ID, r.UpdatedAt = ApprovalRuleID(tx.next(approvalRuleSequence)), tx.Now
	insert(tx, approvalRuleTable, r)
	return r, nil
}

func (tx *Tx) problemsOf(r ApprovalRule) map[string][]string {
	problems := map[string][]string{}
	for _, other := range tx.ApprovalRules(r.ProjectID) {
		if other.Type == r.Type && other.Name == r.Name {
			problems["name"] = []string{"has already been taken"}
		}
		if other.Type == r.Type && r.Type == AnyApproverRule {
			problems["rule_type"] = []string{"any-approver for the project already exists"}
		}
	}
	if strings.TrimSpace(r.Name) == "" {
		problems["name"] = []string{"can't be blank"}
	}
	if r.Required < 0 {
		problems["approvals_required"] = []string{"must be greater than or equal to 0"}
	}
	if r.Required > mostApprovals {
		problems["approvals_required"] = []string{"must be less than or equal to 100"}
	}
	return problems
}

// DeleteApprovalRule removes a rule.
func (tx *Tx) DeleteApprovalRule(r ApprovalRule) { remove(tx, approvalRuleTable, r) }

// RulesFor lists the approval rules that apply to a merge request because of its target branch.
//
// Source: ee/app/models/approval_project_rule.rb.
func (tx *Tx) RulesFor(mr MergeRequest) []ApprovalRule {
	rules := tx.ApprovalRules(mr.ProjectID)
	if len(rules) == 0 {
		return nil
	}
	p, _ := tx.Project(mr.ProjectID)
	return slices.DeleteFunc(rules, func(r ApprovalRule) bool {
		return (r.AllProtectedBranches || len(r.ProtectedBranchIDs) > 0) &&
			!slices.ContainsFunc(tx.ProtectedBranches(p), func(b ProtectedBranch) bool {
				return b.Matches(mr.TargetBranch) && (r.AllProtectedBranches || slices.Contains(r.ProtectedBranchIDs,
					b.ID))
			})
	})
}

// Approvers lists the users whom a rule names, directly or by a group. It does not consider any merge request.
func (tx *Tx) Approvers(r ApprovalRule) []UserID {
	ids := slices.Clone(r.UserIDs)
	for _, g := range r.GroupIDs {
		for _, m := range tx.GroupMembers(g) {
			if m.holds(tx.Now) && !slices.Contains(ids, m.UserID) {
				ids = append(ids, m.UserID)
			}
		}
	}
	return ids
}

// EligibleApprovers lists the active users whom a rule names, the newest first.
//
// Source: ee/app/models/concerns/approval_rule_like.rb.
func (tx *Tx) EligibleApprovers(r ApprovalRule) []User {
	var users []User
	for _, id := range tx.Approvers(r) {
		if u, there := tx.User(id); there && !u.Blocked {
			users = append(users, u)
		}
	}
	slices.SortFunc(users, func(x, y User) int { return cmp.Compare(y.ID, x.ID) })
	return users
}

// approversOf lists the users who can approve a merge request for a rule. The author is left out, unless the project
// lets authors approve.
func (tx *Tx) approversOf(r ApprovalRule, mr MergeRequest) []UserID {
	p, _ := tx.Project(mr.ProjectID)
	return slices.DeleteFunc(tx.Approvers(r), func(u UserID) bool { return u == mr.AuthorID && !p.AuthorMayApprove })
}

// RuleLeft counts the approvals that a rule still requires.
func (tx *Tx) RuleLeft(r ApprovalRule, mr MergeRequest) int {
	count := len(mr.Approvals)
	if r.Type == RegularRule {
		count = 0
		for _, u := range tx.approversOf(r, mr) {
			if mr.approvedBy(u) {
				count++
			}
		}
	}
	return max(0, r.Required-count)
}

// InvalidRule reports whether a rule requires more approvals than there are users who can give them. Such a rule does
// not block merging.
//
// Source: ee/app/models/approval_wrapped_rule.rb.
func (tx *Tx) InvalidRule(r ApprovalRule, mr MergeRequest) bool {
	return r.Type == RegularRule && r.Required > len(tx.approversOf(r, mr))
}

// ApprovedFor lists the users whose approvals count for a rule.
//
// Source: ee/app/models/approval_wrapped_rule.rb, approval_wrapped_any_approver_rule.rb.
func (tx *Tx) ApprovedFor(r ApprovalRule, mr MergeRequest) []UserID {
	if r.Type == RegularRule {
		return slices.DeleteFunc(tx.ApproversFor(r, mr), func(u UserID) bool { return !mr.approvedBy(u) })
	}
	p, _ := tx.Project(mr.ProjectID)
	var list []UserID
	for _, a := range mr.Approvals {
		if a.UserID != mr.AuthorID || p.AuthorMayApprove {
			list = append(list, a.UserID)
		}
	}
	return list
}

// ApproversFor lists the active users who can approve a merge request for a rule.
func (tx *Tx) ApproversFor(r ApprovalRule, mr MergeRequest) []UserID {
	return slices.DeleteFunc(tx.approversOf(r, mr), func(id UserID) bool {
		u, there := tx.User(id)
		return !there || u.Blocked
	})
}

// AllRulesFor lists the approval rules of a merge request: what the project asks of anybody as a rule of its own, then
// those that name somebody, by id. A merged one shows only those that were kept.
//
// Source: ee/app/models/approval_state.rb, ee/app/models/ee/project.rb.
func (tx *Tx) AllRulesFor(mr MergeRequest) []ApprovalRule {
	p, _ := tx.Project(mr.ProjectID)
	var rules []ApprovalRule
	if p.ApprovalsRequired > 0 {
		rules = append(rules, ApprovalRule{
			ID: ApprovalRuleID(p.ID), ProjectID: p.ID, Type: AnyApproverRule, Required: p.ApprovalsRequired,
		})
	}
	rules = append(rules, tx.RulesFor(mr)...)
	slices.SortStableFunc(rules, func(a, b ApprovalRule) int { return strings.Compare(a.Type, b.Type) })
	return slices.DeleteFunc(rules, func(r ApprovalRule) bool {
		return mr.State == Merged && (tx.RuleLeft(r, mr) > 0 || tx.InvalidRule(r, mr))
	})
}

// Approved reports whether no more approvals are required.
func (tx *Tx) Approved(mr MergeRequest) bool {
	p, _ := tx.Project(mr.ProjectID)
	return p.ApprovalsRequired <= len(mr.Approvals) && !slices.ContainsFunc(tx.RulesFor(mr), func(r ApprovalRule) bool {
		return tx.RuleLeft(r, mr) > 0 && !tx.InvalidRule(r, mr)
	})
}

// ApprovalsLeft counts the approvals that are still required. It is the greater of two numbers: the sum over the rules
// that name somebody, and the number of approvals that anybody may give.
//
// Source: ee/app/models/approval_state.rb.
func (tx *Tx) ApprovalsLeft(mr MergeRequest) int {
	p, _ := tx.Project(mr.ProjectID)
	return tx.most(mr, max(0, p.ApprovalsRequired-len(mr.Approvals)),
		func(r ApprovalRule) int { return tx.RuleLeft(r, mr) })
}

// ApprovalsRequired counts the approvals that a merge request needs.
func (tx *Tx) ApprovalsRequired(mr MergeRequest) int {
	p, _ := tx.Project(mr.ProjectID)
	return tx.most(mr, p.ApprovalsRequired, func(r ApprovalRule) int { return r.Required })
}

func (tx *Tx) most(mr MergeRequest, byProject int, count func(ApprovalRule) int) int {
	byType := map[string]int{AnyApproverRule: byProject}
	for _, r := range tx.RulesFor(mr) {
		byType[r.Type] += count(r)
	}
	return max(byType[RegularRule], byType[AnyApproverRule])
}

// approvesByGroup reports whether somebody is a member of a group that an approval rule of the protected target branch
// names. Up to 18.9 the member must be exactly a Reporter. If several protections match the branch, the first one
// counts.
//
// Source: ee/app/policies/ee/merge_request_policy.rb.
func (tx *Tx) approvesByGroup(u UserID, p Project, mr MergeRequest) bool {
	rules := tx.ApprovalRules(p.ID)
	if len(rules) == 0 {
		return false
	}
	for _, b := range tx.ProtectedBranches(p) {
		if !b.Matches(mr.TargetBranch) {
			continue
		}
		if slices.ContainsFunc(rules, func(r ApprovalRule) bool {
			return slices.Contains(r.ProtectedBranchIDs, b.ID) &&
				tx.namedBy(r, u)
		}) {
			return true
		}
		if !tx.Has(GroupApproversFromPlanner) {
			return false
		}
	}
	return false
}

func (tx *Tx) namedBy(r ApprovalRule, u UserID) bool {
	return slices.ContainsFunc(r.GroupIDs, func(id NamespaceID) bool {
		m, is := tx.GroupMember(id, u)
		if !is || !m.holds(tx.Now) {
			return false
		}
		return m.AccessLevel == Reporter || m.AccessLevel >= Planner && tx.Has(GroupApproversFromPlanner)
	})
}
