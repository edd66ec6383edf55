package gitlab

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// ProtectedBranch is a rule for branches with a name, which may contain wildcards. It belongs to a project or to a
// group.
type ProtectedBranch struct {
	ID                        ProtectedBranchID
	ProjectID                 ProjectID   // 0 for a rule of a group
	NamespaceID               NamespaceID // 0 for a rule of a project
	Name                      string
	PushAccessLevels          []BranchAccess
	MergeAccessLevels         []BranchAccess
	UnprotectAccessLevels     []BranchAccess
	AllowForcePush            bool
	CodeOwnerApprovalRequired bool
	CreatedAt                 time.Time
	UpdatedAt                 time.Time
}

// BranchAccess allows a role, a user or a group to do something to a protected branch. That of a user or a group has an
// access level, too, which means nothing.
type BranchAccess struct {
	ID          int64
	AccessLevel AccessLevel
	UserID      UserID
	GroupID     NamespaceID
}

var protectedBranchTable = newTable([]index[ProtectedBranch]{
	{"id", func(b ProtectedBranch) string { return key(b.ID) }},
	{"project", func(b ProtectedBranch) string { return keyOfAny(b.ProjectID) }},
	{"namespace", func(b ProtectedBranch) string { return keyOfAny(b.NamespaceID) }},
})

// Matches reports whether the rule applies to a branch. In its name, * stands for any text.
func (b ProtectedBranch) Matches(branch string) bool { return wildcardMatch(b.Name, branch) }

func wildcardMatch(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == name
	}
	rest, ok := strings.CutPrefix(name, parts[0])
	if !ok {
		return false
	}
	for _, part := range parts[1 : len(parts)-1] {
		_, after, ok := strings.Cut(rest, part)
		if !ok {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}

// ProtectedBranch looks up a rule.
func (tx *Tx) ProtectedBranch(id ProtectedBranchID) (ProtectedBranch, bool) {
	return first(tx, protectedBranchTable, "id", key(id))
}

// ProtectedBranches lists, by id, the rules that apply in a project: its own and those of its groups.
func (tx *Tx) ProtectedBranches(p Project) []ProtectedBranch {
	list := all(tx, protectedBranchTable, "project", key(p.ID))
	for _, n := range tx.ancestors(p.NamespaceID) {
		list = append(list, all(tx, protectedBranchTable, "namespace", key(n.ID))...)
	}
	slices.SortFunc(list, func(a, b ProtectedBranch) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// InsertProtectedBranch stores a rule and numbers its access levels.
func (tx *Tx) InsertProtectedBranch(b ProtectedBranch) ProtectedBranch {
	b.ID = ProtectedBranchID(tx.given(protectedBranchSequence, int64(b.ID)))
	for _, levels := range []*[]BranchAccess{&b.PushAccessLevels, &b.MergeAccessLevels, &b.UnprotectAccessLevels} {
		*levels = slices.Clone(*levels)
		for i, l := range *levels {
			(*levels)[i].ID = tx.given(accessLevelSequence, l.ID)
		}
	}
	if b.CreatedAt.IsZero() {
		b.CreatedAt = tx.Now
	}
	b.UpdatedAt = tx.Now
	insert(tx, protectedBranchTable, b)
	return b
}

// DeleteProtectedBranch removes a rule, also from the scope of status checks and approval rules. One that loses its
// last branch then applies to all branches.
func (tx *Tx) DeleteProtectedBranch(b ProtectedBranch) {
	for _, c := range tx.checksUnder(b) {
		if i := slices.Index(c.ProtectedBranchIDs, b.ID); i >= 0 {
			c.ProtectedBranchIDs = slices.Delete(slices.Clone(c.ProtectedBranchIDs), i, i+1)
			insert(tx, checkTable, c)
		}
	}
	for _, r := range all(tx, approvalRuleTable, "id", "") {
		if i := slices.Index(r.ProtectedBranchIDs, b.ID); i >= 0 {
			r.ProtectedBranchIDs = slices.Delete(slices.Clone(r.ProtectedBranchIDs), i, i+1)
			insert(tx, approvalRuleTable, r)
		}
	}
	remove(tx, protectedBranchTable, b)
}

// checksUnder lists the checks that may have a rule as their scope.
func (tx *Tx) checksUnder(b ProtectedBranch) []ExternalStatusCheck {
	if b.ProjectID != 0 && tx.Has(RefusesForeignBranches) {
		return tx.ExternalStatusChecks(b.ProjectID)
	}
	return all(tx, checkTable, "id", "")
}

// inScope reports whether a rule belongs to the project or to a group above it.
func (tx *Tx) inScope(p Project, b ProtectedBranch) bool {
	return b.ProjectID == p.ID || (b.NamespaceID != 0 && slices.ContainsFunc(tx.ancestors(p.NamespaceID),
		func(n Namespace) bool { return n.ID == b.NamespaceID }))
}
