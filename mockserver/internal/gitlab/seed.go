package gitlab

import "cmp"

// SeedCommit stores a commit as it is. It checks no permissions and updates no merge requests. A commit without a SHA
// gets a new one.
func (tx *Tx) SeedCommit(c Commit) Commit {
	if c.CreatedAt.IsZero() {
		c.CreatedAt = tx.Now
	}
	tx.insertCommit(&c)
	return c
}

// SeedBranch points a branch to a commit. The first branch of a project becomes its default branch, without becoming
// protected.
func (tx *Tx) SeedBranch(b Branch) {
	insert(tx, branchTable, b)
	if p, ok := tx.Project(b.ProjectID); ok && p.DefaultBranch == "" {
		p.DefaultBranch = cmp.Or(p.DefaultBranch, b.Name)
		insert(tx, projectTable, p)
	}
}

// SeedProject stores a project as it is, including values that no operation can set.
func (tx *Tx) SeedProject(p Project) { insert(tx, projectTable, p) }
