package gitlab

import (
	"cmp"
	"slices"
)

// BranchAccessChange adds, changes or removes an access level of a protected branch. If ID is set, it changes or
// removes the existing one with that id. A nil field is not changed or, of a new one, left as it is by default.
type BranchAccessChange struct {
	ID          int64
	AccessLevel *AccessLevel
	UserID      *UserID
	GroupID     *NamespaceID
	DeployKeyID int64
	Remove      bool
}

// ProtectedBranchChange is what editing a protected branch sets. A nil field is not changed.
type ProtectedBranchChange struct {
	AllowForcePush, CodeOwnerApprovalRequired *bool
	Push, Merge, Unprotect                    []BranchAccessChange
}

// ProtectBranch protects the branches with a name. If nobody is named who may push, merge or unprotect, Maintainers
// may. It refuses with Conflict if the name is protected already, with Forbidden if the caller could not unprotect the
// branch, and with Invalid for a blank name and for access levels as ChangeProtectedBranch does.
//
// Source: lib/api/protected_branches.rb, app/services/protected_branches/create_service.rb,
// app/services/protected_refs/access_level_params.rb, ee/app/policies/ee/protected_branch_policy.rb.
func (tx *Tx) ProtectBranch(a Actor, p Project, name string, change ProtectedBranchChange) (ProtectedBranch, error) {
	for _, other := range tx.ProtectedBranches(p) {
		if other.ProjectID == p.ID && other.Name == name {
			return other, refuseText(Conflict, "Protected branch '"+name+"' already exists",
				"protected branch %d has the name", other.ID)
		}
	}
	b, problems, err := change.withMaintainers().apply(ProtectedBranch{ProjectID: p.ID, Name: name},
		tx.accessRules(p))
	if err != nil {
		return b, err
	}
	if err := tx.MayUnprotect(a, p, b); err != nil {
		return b, err
	}
	if blank(name) {
		problems = append([]string{"Name can't be blank"}, problems...)
	}
	if len(problems) > 0 {
		return b, invalid(problems, "the protected branch breaks rules of GitLab's model")
	}
	return tx.InsertProtectedBranch(b), nil
}

// withMaintainers lets Maintainers do what the change names nobody for.
func (change ProtectedBranchChange) withMaintainers() ProtectedBranchChange {
	level := Maintainer
	for _, levels := range []*[]BranchAccessChange{&change.Push, &change.Merge, &change.Unprotect} {
		if len(*levels) == 0 {
			*levels = []BranchAccessChange{{AccessLevel: &level}}
		}
	}
	return change
}

// ChangeProtectedBranch edits a rule. It refuses with Forbidden if the caller may not unprotect the branch, with
// RecordNotFound for an access level that does not exist, and with Invalid for one that is there already, for users who
// are not members, for groups, which the mock shares no project with, and for deploy keys, of which it has none.
//
// Source: app/services/protected_branches/update_service.rb, ee/app/models/concerns/ee/protected_ref_access.rb,
// app/models/concerns/protected_ref_access.rb, app/models/concerns/protected_ref_deploy_key_access.rb.
func (tx *Tx) ChangeProtectedBranch(a Actor, p Project, b ProtectedBranch, change ProtectedBranchChange) (
	ProtectedBranch, error,
) {
	if err := tx.MayUnprotect(a, p, b); err != nil {
		return b, err
	}
	b, problems, err := change.apply(b, tx.accessRules(p))
	if err != nil {
		return b, err
	}
	if len(problems) > 0 {
		return b, invalid(problems, "the access levels break rules of GitLab's model")
	}
	return tx.InsertProtectedBranch(b), nil
}

// MayUnprotect refuses with Forbidden if the caller, who administers the project, is not among those who may change the
// rule of one of its branches or remove it.
//
// Source: ee/app/policies/ee/protected_branch_policy.rb.
func (tx *Tx) MayUnprotect(a Actor, p Project, b ProtectedBranch) error {
	if tx.canUnprotect(a, p, b) {
		return nil
	}
	return refuse(Forbidden, "the protected branch says who may unprotect it, and the caller is not among them")
}

// canUnprotect reports whether a caller who administers the project is among those whom the rule of one of its branches
// lets unprotect it.
func (tx *Tx) canUnprotect(a Actor, p Project, b ProtectedBranch) bool {
	levels := b.UnprotectAccessLevels
	return len(levels) == 0 || slices.ContainsFunc(levels, func(l BranchAccess) bool { return tx.lets(l, a, p) })
}

// accessRule says what is wrong with an access level of a user or a group. It is called with no others.
type accessRule func(BranchAccess) []string

// apply edits a rule, and tells what is wrong with the new access levels. Those that stay as they are, are not looked
// at.
func (change ProtectedBranchChange) apply(b ProtectedBranch, rule accessRule) (ProtectedBranch, []string, error) {
	set(&b.AllowForcePush, change.AllowForcePush)
	set(&b.CodeOwnerApprovalRequired, change.CodeOwnerApprovalRequired)
	var problems []string
	for _, kind := range []struct {
		title   string
		levels  *[]BranchAccess
		changes []BranchAccessChange
	}{
		{"Merge", &b.MergeAccessLevels, change.Merge},
		{"Push", &b.PushAccessLevels, change.Push},
		{"Unprotect", &b.UnprotectAccessLevels, change.Unprotect},
	} {
		before := *kind.levels
		after := slices.Clone(before)
		for _, c := range kind.changes {
			var l BranchAccess
			var err error
			if after, l, err = c.applyTo(after); err != nil {
				return b, nil, err
			}
			for _, words := range c.problems(before, l, rule) {
				problems = append(problems, kind.title+" access levels "+words)
			}
		}
		*kind.levels = after
	}
	return b, problems, nil
}

// applyTo makes one change, and returns the access level as it is then. A new one that is to be removed is left out.
func (c BranchAccessChange) applyTo(levels []BranchAccess) ([]BranchAccess, BranchAccess, error) {
	i := slices.IndexFunc(levels, func(l BranchAccess) bool { return l.ID == c.ID })
	switch {
	case c.ID == 0 && c.Remove:
		return levels, BranchAccess{}, nil
	case c.ID == 0:
		l := BranchAccess{AccessLevel: Maintainer}
		c.setIn(&l)
		return append(levels, l), l, nil
	case i < 0:
		return nil, BranchAccess{}, refuse(RecordNotFound, "the protected branch has no access level %d", c.ID)
	case c.Remove:
		return slices.Delete(levels, i, i+1), BranchAccess{}, nil
	}
	c.setIn(&levels[i])
	return levels, levels[i], nil
}

func (c BranchAccessChange) setIn(l *BranchAccess) {
	set(&l.AccessLevel, c.AccessLevel)
	set(&l.UserID, c.UserID)
	set(&l.GroupID, c.GroupID)
}

// problems says what is wrong with an access level after the change. Only access levels that were there before make it
// a second one of its kind: GitLab asks the database.
func (c BranchAccessChange) problems(before []BranchAccess, l BranchAccess, rule accessRule) []string {
	if c.Remove {
		return nil
	}
	taken := func(same func(BranchAccess) bool) bool {
		return slices.ContainsFunc(before, func(o BranchAccess) bool { return o.ID != l.ID && same(o) })
	}
	var words []string
	if l.GroupID != 0 && taken(func(o BranchAccess) bool { return o.GroupID == l.GroupID }) {
		words = append(words, "group has already been taken")
	}
	if l.UserID != 0 && taken(func(o BranchAccess) bool { return o.UserID == l.UserID }) {
		words = append(words, "user has already been taken")
	}
	switch {
	case cmp.Or(int64(l.GroupID), int64(l.UserID)) != 0:
		words = append(words, rule(l)...)
	case c.DeployKeyID == 0 && taken(func(o BranchAccess) bool { return o.role() && o.AccessLevel == l.AccessLevel }):
		words = append(words, "access level has already been taken")
	}
	if c.DeployKeyID != 0 {
		words = append(words, "deploy key can't be blank")
	}
	return words
}

// role reports whether an access level names a role, and no user and no group.
func (l BranchAccess) role() bool { return l.UserID == 0 && l.GroupID == 0 }

// accessRules are those of a project: users are members, and groups those that the project is shared with. The mock
// shares no projects.
func (tx *Tx) accessRules(p Project) accessRule {
	return func(l BranchAccess) []string {
		var words, late []string
		if l.GroupID != 0 {
			if _, there := tx.Namespace(l.GroupID); there {
				late = append(late, "group does not have access to the project")
			} else {
				words = append(words, "group can't be blank")
			}
		}
		if l.UserID != 0 && !tx.Role(p, l.UserID).Member() {
			if _, there := tx.User(l.UserID); there {
				late = append(late, "user is not a member of the project")
			} else {
				words = append(words, "user can't be blank")
			}
		}
		return append(words, late...)
	}
}
