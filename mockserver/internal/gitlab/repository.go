package gitlab

import (
	"cmp"
	"crypto/sha1"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/internal/lazy"
)

// Commit is a commit with its whole tree of files.
type Commit struct {
	ProjectID   ProjectID
	SHA         string
	ParentSHAs  []string
	Message     string
	AuthorName  string
	AuthorEmail string
	CreatedAt   time.Time
	Tree        map[string]string // content by path; never modified once stored
}

// Title is the first line of the message.
func (c Commit) Title() string {
	title, _, _ := strings.Cut(c.Message, "\n")
	return title
}

// ShortSHA is the first eight digits of the SHA.
func (c Commit) ShortSHA() string { return c.SHA[:min(8, len(c.SHA))] }

var commitTable = newTable([]index[Commit]{
	{"id", func(c Commit) string { return key(c.ProjectID, c.SHA) }},
})

// BlobID is the SHA by which git knows the content of a file.
func BlobID(content string) string {
	return fmt.Sprintf("%x", sha1.Sum(fmt.Appendf(nil, "blob %d\x00%s", len(content), content)))
}

// Branch is a named pointer to a commit.
type Branch struct {
	ProjectID ProjectID
	Name      string
	SHA       string
}

var branchTable = newTable([]index[Branch]{
	{"id", func(b Branch) string { return key(b.ProjectID, b.Name) }},
})

// Commit looks up a commit by its full SHA.
func (tx *Tx) Commit(p ProjectID, sha string) (Commit, bool) {
	return first(tx, commitTable, "id", key(p, sha))
}

// Branch looks up a branch by its exact name.
func (tx *Tx) Branch(p ProjectID, name string) (Branch, bool) {
	return first(tx, branchTable, "id", key(p, name))
}

// Branches lists a project's branches by name.
func (tx *Tx) Branches(p ProjectID) []Branch { return all(tx, branchTable, "id", key(p)) }

// Resolve finds the commit for a branch name or a SHA of seven digits or more.
func (tx *Tx) Resolve(p ProjectID, ref string) (Commit, bool) {
	if b, ok := tx.Branch(p, ref); ok {
		return tx.Commit(p, b.SHA)
	}
	if len(ref) < 7 {
		return Commit{}, false
	}
	var found Commit
	prefix := key(p, ref)
	each(tx, commitTable, "id", prefix[:len(prefix)-1], func(c Commit) bool {
		found = c
		return false
	})
	return found, found.SHA != ""
}

// History lists the commits that can be reached from a SHA, newest first, by following parents.
func (tx *Tx) History(p ProjectID, sha string) []Commit { return tx.walk(p, sha, map[string]bool{}) }

// walk follows parents from a commit, and leaves out the commits in seen.
func (tx *Tx) walk(p ProjectID, sha string, seen map[string]bool) []Commit {
	var list []Commit
	for queue := []string{sha}; len(queue) > 0; queue = queue[1:] {
		c, ok := tx.Commit(p, queue[0])
		if !ok || seen[c.SHA] {
			continue
		}
		seen[c.SHA] = true
		list = append(list, c)
		queue = append(queue, c.ParentSHAs...)
	}
	return list
}

// MergeBase finds the newest commit that two SHAs have in common; ok is false if there is none.
func (tx *Tx) MergeBase(p ProjectID, a, b string) (Commit, bool) {
	return tx.CommonAncestor(Commit{ProjectID: p, SHA: a}, Commit{ProjectID: p, SHA: b})
}

// CommonAncestor finds the newest commit that two commits have in common, which can be in two projects.
func (tx *Tx) CommonAncestor(a, b Commit) (Commit, bool) {
	reachable := map[string]bool{}
	for _, c := range tx.History(a.ProjectID, a.SHA) {
		reachable[c.SHA] = true
	}
	for _, c := range tx.History(b.ProjectID, b.SHA) {
		if reachable[c.SHA] {
			return c, true
		}
	}
	return Commit{}, false
}

// FileAction is one change of a commit. Action is create, update, delete, move or chmod.
type FileAction struct {
	Action       string
	Path         string
	PreviousPath string
	Content      string
	HasContent   bool
	LastCommitID string // must be the last commit that changed the file, unless empty
}

// NewCommit describes a commit to push.
type NewCommit struct {
	Branch      string
	StartBranch string // the branch where a new branch begins; empty means Branch itself
	StartSHA    string // the same, as a commit
	Force       bool   // start from there even if the branch exists
	Message     string
	AuthorName  string
	AuthorEmail string
	SHA         string // empty means a new one
	Actions     []FileAction
}

// PushCommit adds a commit to a branch, creates the branch if needed, and updates the merge requests of the branch. It
// refuses with BadValue if the actor may not push there, and with BadRequest or BadValue for what does not fit the
// repository.
//
// Source: app/services/commits/create_service.rb.
func (tx *Tx) PushCommit(a Actor, p Project, n NewCommit) (Commit, error) {
	if err := tx.MayPush(a, p, n.Branch); err != nil {
		return Commit{}, refuseText(BadValue, noPush, "%s", err)
	}
	return tx.addCommit(a, p, n)
}

const noPush = "You are not allowed to push into this branch"

// MayPush refuses with Forbidden if the actor may not push to a branch.
func (tx *Tx) MayPush(a Actor, p Project, branch string) error {
	if tx.CanPushTo(a, p, branch, false) {
		return nil
	}
	return refuseText(Forbidden, noPush,
		"pushing to %q needs the Developer role and, if it is protected, to be allowed by the protection", branch)
}

func (tx *Tx) addCommit(a Actor, p Project, n NewCommit) (Commit, error) {
	head, parents, err := tx.parentOf(p, n)
	if err != nil {
		return Commit{}, err
	}
	tree := maps.Clone(head.Tree)
	if tree == nil {
		tree = map[string]string{}
	}
	for _, action := range n.Actions {
		if err := tx.checkUnchanged(p, head, action); err != nil {
			return Commit{}, err
		}
		if err := action.apply(tree); err != nil {
			return Commit{}, err
		}
	}
	c := Commit{
		ProjectID: p.ID, SHA: n.SHA, ParentSHAs: parents, Message: n.Message,
		AuthorName: cmp.Or(n.AuthorName, a.User.Name), AuthorEmail: cmp.Or(n.AuthorEmail, a.User.Email),
		CreatedAt: tx.Now, Tree: tree,
	}
	tx.insertCommit(&c)
	tx.moveBranch(a, p, n.Branch, c.SHA)
	return c, nil
}

// insertCommit stores a commit. It sets a new SHA if the commit has none.
func (tx *Tx) insertCommit(c *Commit) {
	if c.SHA == "" {
		c.SHA = fmt.Sprintf("%x", sha1.Sum(fmt.Appendf(nil, "commit %d %d %v %s", tx.next(commitSequence), c.ProjectID,
			c.ParentSHAs, c.Message)))
	}
	insert(tx, commitTable, *c)
}

// parentOf finds the commit on which a new one is based, if there is one, and checks the branches.
//
// Source: app/services/commits/create_service.rb.
func (tx *Tx) parentOf(p Project, n NewCommit) (Commit, []string, error) {
	empty := len(tx.Branches(p.ID)) == 0
	head, err := tx.startOf(p, n)
	if err != nil {
		return head, nil, err
	}
	_, exists := tx.Branch(p.ID, n.Branch)
	elsewhere := n.StartSHA != "" || cmp.Or(n.StartBranch, n.Branch) != n.Branch
	if exists && elsewhere && !n.Force {
		return head, nil, refuseText(BadValue, fmt.Sprintf("A branch called '%s' already exists. Switch to that "+
			"branch in order to make changes", n.Branch), "a start is given, but branch %q exists", n.Branch)
	}
	if (empty || elsewhere) && !validBranchName(n.Branch) {
		return head, nil, refuseText(BadValue, fmt.Sprintf("Something went wrong when we tried to create '%s' for "+
			"you: Branch name is invalid", n.Branch), "%q is not a valid name of a branch in git", n.Branch)
	}
	if empty {
		return head, nil, nil
	}
	return head, []string{head.SHA}, nil
}

// commitID matches the SHA of a commit in full.
var commitID = lazy.Regexp(`^(?:[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64})$`)

// startOf finds the commit that a new one is to start from. An empty project has none.
func (tx *Tx) startOf(p Project, n NewCommit) (Commit, error) {
	if n.StartSHA != "" {
		if !commitID().MatchString(n.StartSHA) {
			return Commit{}, refuseText(BadValue, fmt.Sprintf("Invalid start_sha '%s'", n.StartSHA),
				"start_sha is not a SHA in full")
		}
		head, ok := tx.Commit(p.ID, strings.ToLower(n.StartSHA))
		if !ok {
			return head, refuseText(BadValue, fmt.Sprintf("Cannot find start_sha '%s'", n.StartSHA),
				"there is no such commit")
		}
		return head, nil
	}
	if len(tx.Branches(p.ID)) == 0 {
		return Commit{}, nil
	}
	from := cmp.Or(n.StartBranch, n.Branch)
	branch, ok := tx.Branch(p.ID, from)
	if !ok {
		return Commit{}, refuseText(BadValue, "You can only create or edit files when you are on a branch",
			"there is no branch %q to start from; give start_branch to make one", from)
	}
	head, _ := tx.Commit(p.ID, branch.SHA)
	return head, nil
}

func (f FileAction) apply(tree map[string]string) error {
	if !validFilePath(f.Path) {
		return refuseText(BadValue, "Path cannot include directory traversal", "%q is not a path inside the repository",
			f.Path)
	}
	_, exists := tree[f.Path]
	switch f.Action {
	case "create":
		if exists {
			return refuseText(BadValue, "A file with this name already exists", "create: %q exists", f.Path)
		}
		tree[f.Path] = f.Content
		return nil
	case "move":
		content, ok := tree[f.PreviousPath]
		if !ok {
			return refuseText(BadValue, "A file with this name doesn't exist", "move: there is no %q", f.PreviousPath)
		}
		delete(tree, f.PreviousPath)
		if f.HasContent {
			content = f.Content
		}
		tree[f.Path] = content
		return nil
	}
	if !exists {
		return refuseText(BadValue, "A file with this name doesn't exist", "%s: there is no %q", f.Action, f.Path)
	}
	switch f.Action {
	case "update":
		tree[f.Path] = f.Content
	case "delete":
		delete(tree, f.Path)
	}
	return nil
}

// moveBranch points a branch to a commit, and schedules the update of its merge requests.
func (tx *Tx) moveBranch(a Actor, p Project, name, sha string) {
	before, _ := tx.Branch(p.ID, name)
	insert(tx, branchTable, Branch{p.ID, name, sha})
	if stored, ok := tx.Project(p.ID); ok {
		if stored.DefaultBranch == "" {
			stored.DefaultBranch = name
			tx.protectDefaultBranch(stored)
		}
		stored.ActivityAt = tx.Now
		insert(tx, projectTable, stored)
	}
	if before.SHA != sha {
		tx.firePush(PushEvent{Project: p, User: a.User, Branch: name, Before: before.SHA, After: sha})
		tx.enqueue(Job{
			Kind: RefreshMergeRequests, ProjectID: p.ID, UserID: a.User.ID, Branch: name, OldSHA: before.SHA,
			NewSHA: sha, Hops: 2,
		})
	}
}

// protectDefaultBranch protects a new default branch, unless a rule of the project or its groups does already.
//
// Source: app/services/projects/protect_default_branch_service.rb.
func (tx *Tx) protectDefaultBranch(p Project) {
	if !slices.ContainsFunc(tx.ProtectedBranches(p),
		func(b ProtectedBranch) bool { return b.Matches(p.DefaultBranch) }) {
		tx.InsertProtectedBranch(ProtectedBranch{
			ProjectID: p.ID, Name: p.DefaultBranch,
			PushAccessLevels:  []BranchAccess{{AccessLevel: Maintainer}},
			MergeAccessLevels: []BranchAccess{{AccessLevel: Maintainer}},
		})
	}
}

// CreateBranch makes a branch at a ref. It refuses with BadValue if the branch exists or the ref does not.
func (tx *Tx) CreateBranch(a Actor, p Project, name, ref string) (Branch, error) {
	if _, exists := tx.Branch(p.ID, name); exists {
		return Branch{}, refuseText(BadValue, "Branch already exists", "there is a branch %q", name)
	}
	if !validBranchName(name) {
		return Branch{}, refuseText(BadValue, "Branch name is invalid", "%q is not a valid name of a branch in git",
			name)
	}
	c, ok := tx.Resolve(p.ID, ref)
	if !ok {
		return Branch{}, refuseText(BadValue, fmt.Sprintf("Failed to create branch '%s': invalid reference name '%s'",
			name, ref), "there is no branch or commit %q", ref)
	}
	tx.moveBranch(a, p, name, c.SHA)
	return Branch{p.ID, name, c.SHA}, nil
}

func validBranchName(name string) bool {
	bad := name == "" || strings.HasPrefix(name, "-") || strings.HasPrefix(name, "/") || strings.HasSuffix(name, "/") ||
		strings.HasSuffix(name, ".") || strings.HasSuffix(name, ".lock") || strings.Contains(name, "..") ||
		strings.Contains(name, "@{") || strings.Contains(name, "//")
	return !bad && !strings.ContainsAny(name, " ~^:?*[\\\x7f") &&
		!strings.ContainsFunc(name, func(r rune) bool { return r < ' ' })
}

// DeleteBranch removes a branch, and schedules the update of its open merge requests.
func (tx *Tx) DeleteBranch(a Actor, p Project, b Branch) {
	remove(tx, branchTable, b)
	tx.firePush(PushEvent{Project: p, User: a.User, Branch: b.Name, Before: b.SHA})
	tx.enqueue(Job{
		Kind: RefreshMergeRequests, ProjectID: p.ID, UserID: a.User.ID, Branch: b.Name, OldSHA: b.SHA,
		Hops: 2,
	})
}

// changedPaths lists the files in which two trees differ, in order.
func changedPaths(from, to map[string]string) []string {
	var paths []string
	for path, content := range from {
		if other, ok := to[path]; !ok || other != content {
			paths = append(paths, path)
		}
	}
	for path := range to {
		if _, ok := from[path]; !ok {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// mergeTrees merges two trees with a common base. Conflicts lists the files that both sides changed differently.
func mergeTrees(base, ours, theirs map[string]string) (merged map[string]string, conflicts []string) {
	merged = maps.Clone(ours)
	if merged == nil {
		merged = map[string]string{}
	}
	for _, path := range changedPaths(base, theirs) {
		b, inBase := base[path]
		o, inOurs := ours[path]
		t, inTheirs := theirs[path]
		switch {
		case inBase == inOurs && b == o: // only their side changed it
			delete(merged, path)
			if inTheirs {
				merged[path] = t
			}
		case inOurs != inTheirs || o != t:
			conflicts = append(conflicts, path)
		}
	}
	return merged, conflicts
}
