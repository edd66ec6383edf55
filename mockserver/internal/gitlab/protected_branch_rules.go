package gitlab

import "slices"

// BranchAccessChange adds, changes or removes an access level of a protected branch. If ID is set, it changes or
// removes the existing one with that id.
type BranchAccessChange struct {
	BranchAccess
	Remove bool
}

// ProtectedBranchChange is what editing a protected branch sets. A nil field is not changed.
type ProtectedBranchChange struct {
	AllowForcePush, CodeOwnerApprovalRequired *bool
	Push, Merge, Unprotect                    []BranchAccessChange
}

// ProtectBranch protects the branches with a name. Only those whom the rule names get access. If it names nobody who
// may push, or nobody who may merge, Maintainers may. It refuses as CreateProtectedBranch does, and with Invalid for
// users who are not members.
//
// Source: lib/api/protected_branches.rb, app/services/protected_branches/{create,access_level_params}.rb.
func (tx *Tx) ProtectBranch(p Project, b ProtectedBranch) (ProtectedBranch, error) {
	b = b.withMaintainers()
	if err := tx.validateAccess(p, b); err != nil {
		return b, err
	}
	return tx.CreateProtectedBranch(p, b)
}

// withMaintainers lets Maintainers push or merge if the rule names nobody.
func (b ProtectedBranch) withMaintainers() ProtectedBranch {
	for _, levels := range []*[]BranchAccess{&b.PushAccessLevels, &b.MergeAccessLevels} {
		if len(*levels) == 0 {
			*levels = []BranchAccess{{AccessLevel: Maintainer}}
		}
	}
	return b
}

// ChangeProtectedBranch edits a rule. It refuses with RecordNotFound for an access level that does not exist, and with
// Invalid for users who are not members.
//
// Source: app/services/protected_branches/update_service.rb.
func (tx *Tx) ChangeProtectedBranch(p Project, b ProtectedBranch, change ProtectedBranchChange) (ProtectedBranch,
	error,
) {
	b, err := change.apply(b)
	if err != nil {
		return b, err
	}
	if err := tx.validateAccess(p, b); err != nil {
		return b, err
	}
	return tx.InsertProtectedBranch(b), nil
}

func (change ProtectedBranchChange) apply(b ProtectedBranch) (ProtectedBranch, error) {
	set(&b.AllowForcePush, change.AllowForcePush)
	set(&b.CodeOwnerApprovalRequired, change.CodeOwnerApprovalRequired)
	for levels, changes := range map[*[]BranchAccess][]BranchAccessChange{
		&b.PushAccessLevels: change.Push, &b.MergeAccessLevels: change.Merge,
		&b.UnprotectAccessLevels: change.Unprotect,
	} {
		changed, err := applyAccessChanges(*levels, changes)
		if err != nil {
			return b, err
		}
		*levels = changed
	}
	return b, nil
}

func applyAccessChanges(levels []BranchAccess, changes []BranchAccessChange) ([]BranchAccess, error) {
	levels = slices.Clone(levels)
	for _, c := range changes {
		if c.ID == 0 {
			levels = append(levels, c.BranchAccess)
			continue
		}
		i := slices.IndexFunc(levels, func(l BranchAccess) bool { return l.ID == c.ID })
		switch {
		case i < 0:
			return nil, refuse(RecordNotFound, "the protected branch has no access level %d", c.ID)
		case c.Remove:
			levels = slices.Delete(levels, i, i+1)
		default:
			levels[i] = c.BranchAccess
		}
	}
	return levels, nil
}

// validateAccess requires the users of a rule to be members of the project.
func (tx *Tx) validateAccess(p Project, b ProtectedBranch) error {
	messages := b.accessProblems(func(l BranchAccess) string {
		if l.UserID != 0 && !tx.Role(p, l.UserID).Member() {
			return "user is not a member of the project"
		}
		return ""
	})
	if len(messages) > 0 {
		return invalid(messages, "a protected branch can name members of the project only")
	}
	return nil
}

// accessProblems lists the problems with the access levels of a rule.
func (b ProtectedBranch) accessProblems(problem func(BranchAccess) string) []string {
	var messages []string
	for _, kind := range []struct {
		title  string
		levels []BranchAccess
	}{{"Push", b.PushAccessLevels}, {"Merge", b.MergeAccessLevels}, {"Unprotect", b.UnprotectAccessLevels}} {
		for _, l := range kind.levels {
			if text := problem(l); text != "" {
				messages = append(messages, kind.title+" access levels "+text)
			}
		}
	}
	return slices.Compact(messages)
}
