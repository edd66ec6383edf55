package gitlab

import "strings"

// GroupProtectedBranches lists the rules that a group itself has, by id.
func (tx *Tx) GroupProtectedBranches(n Namespace) []ProtectedBranch {
	return all(tx, protectedBranchTable, "namespace", key(n.ID))
}

// GroupProtectedBranch looks up a rule of a group as GitLab's API does: it finds the first rule whose name contains the
// words of the given name, ignoring case. It refuses with NotFound.
//
// Source: ee/lib/api/group_protected_branches.rb, app/models/protected_branch.rb (by_name).
func (tx *Tx) GroupProtectedBranch(n Namespace, name string) (ProtectedBranch, error) {
	for _, b := range tx.GroupProtectedBranches(n) {
		if !blank(name) && fuzzyMatch(b.Name, name) {
			return b, nil
		}
	}
	return ProtectedBranch{}, refuseText(NotFound, "ProtectedBranch", "group %d has no protected branch whose name "+
		"contains %q", n.ID, name)
}

// ProtectGroupBranch protects the branches with a name in all projects below a group. It refuses with Conflict for a
// name that GroupProtectedBranch finds. It refuses with Invalid for a blank name, for a group that is not at the top,
// and for a rule that names users or groups.
//
// Source: ee/lib/api/group_protected_branches.rb, app/models/protected_branch.rb,
// ee/app/models/concerns/ee/protected_ref_access.rb.
func (tx *Tx) ProtectGroupBranch(n Namespace, name string, change ProtectedBranchChange) (ProtectedBranch, error) {
	if other, err := tx.GroupProtectedBranch(n, name); err == nil {
		return other, refuseText(Conflict, "Protected branch '"+name+"' already exists",
			"protected branch %d has the name %q", other.ID, other.Name)
	}
	b, problems, err := change.withMaintainers().apply(ProtectedBranch{NamespaceID: n.ID, Name: name}, rolesOnly)
	if err != nil {
		return b, err
	}
	var messages []string
	if blank(name) {
		messages = append(messages, "Name can't be blank")
	}
	if n.ParentID != 0 {
		messages = append(messages, "cannot be associated with a subgroup")
	}
	if messages = append(messages, problems...); len(messages) > 0 {
		return b, invalid(messages, "the rule of the group breaks: %s", strings.Join(messages, "; "))
	}
	return tx.InsertProtectedBranch(b), nil
}

// ChangeGroupBranch edits a rule of a group. It refuses with RecordNotFound for an access level that does not exist,
// and with Invalid if the change names users or groups, or an access level that is there already.
func (tx *Tx) ChangeGroupBranch(b ProtectedBranch, change ProtectedBranchChange) (ProtectedBranch, error) {
	b, problems, err := change.apply(b, rolesOnly)
	if err != nil {
		return b, err
	}
	if len(problems) > 0 {
		return b, invalid(problems, "the access levels break: %s", strings.Join(problems, "; "))
	}
	return tx.InsertProtectedBranch(b), nil
}

// rolesOnly is the rule of groups: access levels name neither users nor groups.
func rolesOnly(l BranchAccess) []string {
	var words []string
	if l.GroupID != 0 {
		words = append(words, "group must be blank")
	}
	if l.UserID != 0 {
		words = append(words, "user must be blank")
	}
	return words
}
