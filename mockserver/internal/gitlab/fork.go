package gitlab

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// Import statuses of projects. A project that is not a fork has none.
const (
	ImportScheduled = "scheduled"
	ImportFinished  = "finished"
	ImportFailed    = "failed"
)

// Forked reports whether a project is a fork. It stays one when the project that it was made from is gone.
//
// Source: app/models/project.rb.
func (p Project) Forked() bool { return p.ForkNetworkID != 0 && p.ForkNetworkID != p.ID }

// SharesNetwork reports whether one of two projects is a fork of the other, or both are forks of a third, at any
// distance.
//
// Source: app/models/project.rb (in_fork_network_of?).
func (p Project) SharesNetwork(other Project) bool {
	return p.ForkNetworkID != 0 && p.ForkNetworkID == other.ForkNetworkID
}

// Forks lists by id the projects that were made from a project.
func (tx *Tx) Forks(p ProjectID) []Project { return all(tx, projectTable, "forked_from", key(p)) }

// FromFork reports whether the source branch is in another project than the target branch, or in one that is gone.
func (m MergeRequest) FromFork() bool { return m.SourceProjectID != m.ProjectID }

// hasSource reports whether the source project is still there and belongs with the target project.
//
// Source: app/models/merge_request.rb (source_project_missing?).
func (tx *Tx) hasSource(mr MergeRequest) bool {
	if !mr.FromFork() {
		return true
	}
	source, ok := tx.Project(mr.SourceProjectID)
	target, _ := tx.Project(mr.ProjectID)
	return ok && source.SharesNetwork(target)
}

// LinkFork makes a project a fork of another.
func (tx *Tx) LinkFork(parent, fork Project) Project {
	if parent.ForkNetworkID == 0 {
		parent.ForkNetworkID = parent.ID
		insert(tx, projectTable, parent)
	}
	fork.ForkedFromID, fork.ForkNetworkID = parent.ID, parent.ForkNetworkID
	insert(tx, projectTable, fork)
	return fork
}

// NewFork describes a fork to make. What is empty is as in the project that it is made from.
type NewFork struct {
	Namespace   string // id or path; empty means the actor's own
	Name, Path  string
	Description string
	Visibility  Visibility
	Branch      string // the only branch to take over; empty means all
	TargetsSelf *bool  // mr_default_target_self
}

// Fork makes a fork of a project. A background job then copies the repository; external status checks and settings of
// the project are not copied. It refuses, in this order: NotFound without fork_project, NotFound for the namespace, for
// the branch and for a namespace in which the actor may not create projects, Conflict for a name or path that does not
// fit.
//
// Source: lib/api/projects.rb, app/services/projects/fork_service.rb.
func (tx *Tx) Fork(a Actor, p Project, n NewFork) (Project, error) {
	if !tx.Can(a, ForkProject, p) {
		return Project{}, refuse(NotFound, "forking needs %s: to see the code of the project, and a project that lets "+
			"itself be forked", ForkProject)
	}
	place, err := tx.placeOfFork(a, n.Namespace)
	if err != nil {
		return Project{}, err
	}
	if _, ok := tx.Branch(p.ID, n.Branch); n.Branch != "" && !ok {
		return Project{}, refuseText(NotFound, "Source Branch", "the project has no branch %q", n.Branch)
	}
	if !tx.CanOnGroup(a, CreateProjects, place) {
		return Project{}, refuseText(NotFound, "Target Namespace", "the caller may not create projects in %s",
			place.FullPath)
	}
	fork, err := tx.createFork(a, p, place, n)
	var refusal *Refusal
	if errors.As(err, &refusal) && refusal.Kind == BadAttributes {
		return Project{}, &Refusal{Kind: Conflict, Messages: fullMessages(refusal.Attributes), Reason: refusal.Reason}
	}
	if err != nil {
		return Project{}, err
	}
	tx.enqueue(Job{Kind: ForkRepository, ProjectID: fork.ID, Branch: n.Branch, Hops: 1})
	return fork, nil
}

// placeOfFork finds the namespace for a fork. It refuses with NotFound for one that the actor is not a member of.
func (tx *Tx) placeOfFork(a Actor, asked string) (Namespace, error) {
	if asked == "" {
		n, _ := tx.UserNamespace(a.User)
		return n, nil
	}
	n, ok := tx.namespaceBy(asked)
	if !ok || !a.Admin() && n.OwnerID != a.User.ID && tx.groupLevel(n.ID, a.User.ID) == NoAccess {
		return n, refuseText(NotFound, "Namespace", "there is no namespace %q, or the caller has no role in it", asked)
	}
	return n, nil
}

// namespaceBy looks up a namespace by its id or its full path.
func (tx *Tx) namespaceBy(text string) (Namespace, bool) {
	if id, err := strconv.ParseInt(text, 10, 64); err == nil {
		return tx.Namespace(NamespaceID(id))
	}
	return tx.NamespaceByPath(text)
}

// inherited are the settings without effect here that a fork takes over, beside the access levels of features.
var inherited = []string{
	"shared_runners_enabled", "ci_config_path", "suggestion_commit_message", "merge_commit_template",
	"squash_commit_template",
}

func (tx *Tx) createFork(a Actor, parent Project, place Namespace, n NewFork) (Project, error) {
	fork := Project{
		NamespaceID: place.ID, CreatorID: a.User.ID, Name: cmp.Or(n.Name, parent.Name),
		Path: cmp.Or(n.Path, parent.Path), Description: cmp.Or(n.Description, parent.Description),
		Visibility: parent.Visibility, RemoveSourceBranch: true, ApprovalsReset: true, ImportStatus: ImportScheduled,
		Plain: map[string]any{},
	}
	limits := []Visibility{cmp.Or(n.Visibility, Public)}
	if place.Kind == GroupNamespace { // that of a user is public
		limits = append(limits, place.Visibility)
	}
	for _, v := range limits {
		if v.Level() < fork.Visibility.Level() {
			fork.Visibility = v
		}
	}
	for name, value := range parent.Plain {
		if slices.Contains(inherited, name) || strings.HasSuffix(name, "_access_level") {
			fork.Plain[name] = value
		}
	}
	if n.TargetsSelf != nil {
		fork.Plain["mr_default_target_self"] = *n.TargetsSelf
	}
	if err := validateProject(place, fork); err != nil {
		return Project{}, err
	}
	fork, err := tx.CreateProject(fork)
	if err != nil {
		return Project{}, err
	}
	return tx.LinkFork(parent, fork), nil
}

// fullMessages writes problems of attributes as sentences.
func fullMessages(problems map[string][]string) []string {
	var messages []string
	for _, attribute := range []struct{ key, text string }{
		{"name", "Name"},
		{"path", "Path"},
		{"project_namespace.name", "Project namespace name"},
		{"visibility_level", "Visibility level"},
	} {
		for _, problem := range problems[attribute.key] {
			messages = append(messages, attribute.text+" "+problem)
		}
	}
	return messages
}

// forkRepository is the job that copies the repository to a new fork.
//
// Source: app/workers/repository_fork_worker.rb, app/models/project.rb (after_import).
func (tx *Tx) forkRepository(j Job) {
	fork, ok := tx.Project(j.ProjectID)
	if !ok {
		return
	}
	parent, ok := tx.Project(fork.ForkedFromID)
	if !ok {
		fork.ImportStatus = ImportFailed
		insert(tx, projectTable, fork)
		return
	}
	tx.CopyRepository(parent.ID, fork.ID, j.Branch)
	fork.ImportStatus = ImportFinished
	if fork.DefaultBranch = cmp.Or(j.Branch, parent.DefaultBranch); fork.DefaultBranch != "" {
		tx.protectDefaultBranch(fork)
	}
	insert(tx, projectTable, fork)
}

// CopyRepository copies the branches of a project, or one of them, to another with their commits.
func (tx *Tx) CopyRepository(from, to ProjectID, only string) {
	for _, b := range tx.Branches(from) {
		if only == "" || only == b.Name {
			tx.FetchCommits(from, to, b.SHA)
			insert(tx, branchTable, Branch{to, b.Name, b.SHA})
		}
	}
}

// FetchCommits copies a commit to another project, with those below it that are not there yet.
func (tx *Tx) FetchCommits(from, to ProjectID, sha string) {
	if from == to {
		return
	}
	for queue := []string{sha}; len(queue) > 0; queue = queue[1:] {
		if _, there := tx.Commit(to, queue[0]); there {
			continue
		}
		if c, ok := tx.Commit(from, queue[0]); ok {
			c.ProjectID = to
			insert(tx, commitTable, c)
			queue = append(queue, c.ParentSHAs...)
		}
	}
}

// Unlink takes a project out of its forks and out of those that it is among, which closes the open merge requests
// between them. It reports whether there was anything to do.
//
// Source: app/services/projects/unlink_fork_service.rb.
func (tx *Tx) Unlink(a Actor, p Project) bool {
	if p.ForkNetworkID == 0 {
		return false
	}
	tx.unlinkForks(a.User, p)
	p.ForkedFromID, p.ForkNetworkID = 0, 0
	insert(tx, projectTable, p)
	return true
}

// unlinkForks takes away what a project that is deleted or archived had to do with its forks, and closes the open merge
// requests between it and them or the project that it was made from.
//
// Source: app/services/projects/unlink_fork_service.rb.
func (tx *Tx) unlinkForks(u User, p Project) {
	each(tx, mergeRequestTable, "id", "", func(mr MergeRequest) bool {
		if mr.State == Opened && mr.FromFork() && (mr.SourceProjectID == p.ID || mr.ProjectID == p.ID) {
			before := mr
			mr = tx.closed(mr, u.ID)
			insert(tx, mergeRequestTable, mr)
			tx.fire(MergeRequestEvent{MergeRequest: mr, User: u, Action: "close", Changes: stateChanges(before, mr)})
		}
		return true
	})
	for _, fork := range tx.Forks(p.ID) {
		fork.ForkedFromID = 0
		insert(tx, projectTable, fork)
	}
}

// forgetSource takes a project that is gone away from the merge requests that came from it.
func (tx *Tx) forgetSource(p ProjectID) {
	each(tx, mergeRequestTable, "id", "", func(mr MergeRequest) bool {
		if mr.SourceProjectID == p && mr.ProjectID != p {
			mr.SourceProjectID = 0
			insert(tx, mergeRequestTable, mr)
		}
		return true
	})
}

// mayCollaborate reports whether those who can merge a merge request can be allowed to push to its source branch.
//
// Source: app/models/merge_request.rb (collaborative_push_possible?).
func (tx *Tx) mayCollaborate(mr MergeRequest) bool {
	source, ok := tx.Project(mr.SourceProjectID)
	target, _ := tx.Project(mr.ProjectID)
	return ok && mr.FromFork() && source.Visibility != Private && target.Visibility != Private &&
		len(tx.ProtectionOf(source, mr.SourceBranch)) == 0
}

// AllowsCollaboration reports whether those who can merge a merge request may push to its source branch.
func (tx *Tx) AllowsCollaboration(mr MergeRequest) bool {
	return mr.AllowCollaboration && tx.mayCollaborate(mr)
}

// collaborates reports whether the actor may push to a branch because a merge request from it lets those who can merge
// it do so. Its author must be able to push there as well.
//
// Source: app/models/project.rb (fetch_branch_allows_collaboration), lib/gitlab/user_access.rb.
func (tx *Tx) collaborates(a Actor, p Project, branch string) bool {
	return slices.ContainsFunc(tx.OpenFrom(p.ID, branch), func(mr MergeRequest) bool {
		author, _ := tx.User(mr.AuthorID)
		target, _ := tx.Project(mr.ProjectID)
		return mr.FromFork() && mr.AllowCollaboration && tx.Can(Actor{User: author}, PushCode, p) &&
			tx.CanPushTo(a, target, mr.TargetBranch, true)
	})
}
