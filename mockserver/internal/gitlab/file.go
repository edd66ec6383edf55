package gitlab

import (
	"path"
	"slices"
	"strings"
)

func validFilePath(name string) bool {
	return name != "" && !strings.HasPrefix(name, "/") && path.Clean(name) == name && !strings.HasPrefix(name, "../") &&
		name != ".."
}

// checkUnchanged refuses to change a file that somebody else has changed since the caller last saw it.
//
// Source: app/services/files/{update,delete,multi}_service.rb.
func (tx *Tx) checkUnchanged(p Project, head Commit, f FileAction) error {
	if f.LastCommitID == "" || head.SHA == "" {
		return nil
	}
	if last, ok := tx.LastCommitFor(p.ID, head.SHA, f.Path); ok && last.SHA != f.LastCommitID {
		return refuseText(BadValue,
			"You are attempting to update a file that has changed since you started editing it.",
			"the file was last changed by commit %s", last.SHA)
	}
	return nil
}

// LastCommitFor finds the last commit up to a SHA that changed a file.
func (tx *Tx) LastCommitFor(p ProjectID, sha, path string) (Commit, bool) {
	for _, c := range tx.History(p, sha) {
		if tx.Touches(c, path) {
			return c, true
		}
	}
	return Commit{}, false
}

// Touches reports whether a commit changed a file, or a file in a folder, compared with each of its parents.
func (tx *Tx) Touches(c Commit, path string) bool {
	parents := c.ParentSHAs
	if len(parents) == 0 {
		parents = []string{""}
	}
	for _, sha := range parents {
		parent, _ := tx.Commit(c.ProjectID, sha)
		changed := slices.ContainsFunc(changedPaths(parent.Tree, c.Tree), func(name string) bool {
			return name == path || strings.HasPrefix(name, strings.TrimSuffix(path, "/")+"/")
		})
		if !changed {
			return false
		}
	}
	return true
}

// Merged reports whether all commits of a branch are in the default branch. It is false for the default branch itself.
func (tx *Tx) Merged(p Project, b Branch) bool {
	main, ok := tx.Branch(p.ID, p.DefaultBranch)
	return ok && b.Name != p.DefaultBranch && tx.contains(p.ID, main.SHA, b.SHA)
}

// ProtectionOf lists the rules that protect a branch.
func (tx *Tx) ProtectionOf(p Project, branch string) []ProtectedBranch {
	return slices.DeleteFunc(tx.ProtectedBranches(p), func(b ProtectedBranch) bool { return !b.Matches(branch) })
}

// RemoveBranch deletes a branch for an actor. It refuses with BadValue for the default branch, and for a protected
// branch to which the actor may not push.
//
// Source: app/services/branches/delete_service.rb, lib/gitlab/checks/branch_check.rb.
func (tx *Tx) RemoveBranch(a Actor, p Project, b Branch) error {
	if b.Name == p.DefaultBranch {
		return refuseText(BadValue, "GitLab: The default branch of a project cannot be deleted.",
			"%q is the default branch", b.Name)
	}
	if len(tx.ProtectionOf(p, b.Name)) > 0 && !tx.Can(a, AdminProtectedBranch, p) {
		return refuseText(BadValue, "GitLab: You are not allowed to delete protected branches from this project. "+
			"Only a project maintainer or owner can delete a protected branch.", "%q is protected", b.Name)
	}
	tx.DeleteBranch(a, p, b)
	return nil
}
