package gitlab

import (
	"cmp"
	"math"
	"strconv"
	"strings"
	"time"
)

// Visibility says who can see a project or group.
type Visibility string

// The visibilities, from the most restricted to the most open.
const (
	Private  Visibility = "private"
	Internal Visibility = "internal"
	Public   Visibility = "public"
)

// Level is GitLab's number for a visibility: 0, 10 or 20.
func (v Visibility) Level() int {
	switch v {
	case Public:
		return 20
	case Internal:
		return 10
	default:
		return 0
	}
}

// Project is a project with the settings that matter to status checks.
type Project struct {
	ID            ProjectID
	NamespaceID   NamespaceID
	CreatorID     UserID
	Name          string
	Path          string
	FullPath      string // with the namespace's path
	Description   string
	Visibility    Visibility
	DefaultBranch string // empty until there is a commit
	Archived      bool
	DeletionOn    time.Time // the day it was marked for deletion; zero if it is not marked
	CreatedAt     time.Time
	UpdatedAt     time.Time
	ActivityAt    time.Time

	// RequirePassingStatusChecks is only_allow_merge_if_all_status_checks_passed.
	RequirePassingStatusChecks bool
	// RequireResolvedDiscussions is only_allow_merge_if_all_discussions_are_resolved.
	RequireResolvedDiscussions bool
	// RequireSucceededPipeline is only_allow_merge_if_pipeline_succeeds. Only commit statuses make pipelines.
	RequireSucceededPipeline bool
	RemoveSourceBranch       bool   // remove_source_branch_after_merge
	MergeMethod              string // "merge", "rebase_merge" or "ff"
	SquashOption             string
	ApprovalsRequired        int // approvals_before_merge
	// AuthorMayApprove says whether authors may approve their own merge requests.
	AuthorMayApprove bool
	// ApprovalsReset is reset_approvals_on_push.
	ApprovalsReset bool
	// DeletedIID is the highest number of a merge request that was deleted.
	DeletedIID MergeRequestIID
	// Plain holds the settings that change nothing here, by their names in the API. A stored map is never modified.
	Plain map[string]any
	// ForkedFromID is the project that a fork was made from; 0 if it is no fork or that project is gone.
	ForkedFromID ProjectID
	// ForkNetworkID is the first project of the forks that a project belongs to; 0 if it belongs to none.
	ForkNetworkID ProjectID
	ImportStatus  string // of a fork: ImportScheduled, ImportFinished or ImportFailed
	// Licence gives the licensed feature external_status_checks to this project alone, or takes it away. Unset means
	// the same as the instance.
	Licence Choice
}

var projectTable = newTable([]index[Project]{
	{"id", func(p Project) string { return key(p.ID) }},
	{"path", func(p Project) string { return key(strings.ToLower(p.FullPath)) }},
	{"namespace", func(p Project) string { return key(p.NamespaceID) }},
	{"forked_from", func(p Project) string { return keyOfAny(p.ForkedFromID) }},
})

// redirect is a former path of a project.
type redirect struct {
	Path      string
	ProjectID ProjectID
}

var redirectTable = newTable([]index[redirect]{
	{"id", func(r redirect) string { return key(strings.ToLower(r.Path)) }},
	{"project", func(r redirect) string { return key(r.ProjectID) }},
})

// Project looks up a project, visible or not.
func (tx *Tx) Project(id ProjectID) (Project, bool) { return first(tx, projectTable, "id", key(id)) }

// ProjectByPath looks up a project by its full path, ignoring case. If the path is a former path of the project, moved
// is true.
func (tx *Tx) ProjectByPath(path string) (p Project, moved, ok bool) {
	k := key(strings.ToLower(path))
	if p, ok := first(tx, projectTable, "path", k); ok {
		return p, false, true
	}
	if r, ok := first(tx, redirectTable, "id", k); ok {
		p, ok := tx.Project(r.ProjectID)
		return p, true, ok
	}
	return Project{}, false, false
}

// Projects lists all projects by id.
func (tx *Tx) Projects() []Project { return all(tx, projectTable, "id", "") }

// CreateProject stores a project and makes its creator an owner of it. It refuses with BadAttributes if its name or
// path is taken.
func (tx *Tx) CreateProject(p Project) (Project, error) {
	p, err := tx.placeProject(p)
	if err != nil {
		return Project{}, err
	}
	p.ID = ProjectID(tx.given(projectSequence, int64(p.ID)))
	if p.CreatedAt.IsZero() {
		p.CreatedAt = tx.Now
	}
	p.UpdatedAt, p.ActivityAt = p.CreatedAt, p.CreatedAt
	p.Visibility = cmp.Or(p.Visibility, Private)
	p.MergeMethod = cmp.Or(p.MergeMethod, "merge")
	p.SquashOption = cmp.Or(p.SquashOption, "default_off")
	insert(tx, projectTable, p)
	if creator, ok := tx.User(p.CreatorID); ok && !creator.Bot {
		tx.SetMember(Member{ProjectID: p.ID, UserID: p.CreatorID, AccessLevel: Owner})
	}
	return p, nil
}

func (tx *Tx) placeProject(p Project) (Project, error) {
	ns, ok := tx.Namespace(p.NamespaceID)
	if !ok {
		return Project{}, refuse(RecordNotFound, "there is no namespace %d", p.NamespaceID)
	}
	p.FullPath = ns.FullPath + "/" + p.Path
	problems := map[string][]string{}
	if other, moved, ok := tx.ProjectByPath(p.FullPath); ok && !moved && other.ID != p.ID {
		problems["path"] = []string{"has already been taken"}
	}
	scan(projectTable.tree(tx, "namespace"), key(ns.ID), func(other *Project) bool {
		if other.ID != p.ID && other.Name == p.Name {
			problems["name"], problems["project_namespace.name"] = []string{"has already been taken"},
				[]string{"has already been taken"}
		}
		return true
	})
	if len(problems) > 0 {
		return Project{}, badAttributes(problems)
	}
	return p, nil
}

// UpdateProject stores a changed project. A changed path leaves a redirect behind. It refuses with BadAttributes if its
// name or path is taken.
func (tx *Tx) UpdateProject(p Project) (Project, error) {
	before, ok := tx.Project(p.ID)
	if !ok {
		return Project{}, refuse(RecordNotFound, "there is no project %d", p.ID)
	}
	p, err := tx.placeProject(p)
	if err != nil {
		return Project{}, err
	}
	if p.FullPath != before.FullPath {
		insert(tx, redirectTable, redirect{Path: before.FullPath, ProjectID: p.ID})
	}
	p.UpdatedAt = tx.Now
	insert(tx, projectTable, p)
	if p.RequirePassingStatusChecks != before.RequirePassingStatusChecks && !p.RequirePassingStatusChecks {
		tx.reconsiderAutoMerges(p.ID)
	}
	return p, nil
}

// deletionDays is how many days a project remains after it was marked for deletion.
const deletionDays = 30

// MarkForDeletion archives and renames a project, as GitLab does some days before it removes one.
func (tx *Tx) MarkForDeletion(a Actor, p Project) (Project, error) {
	suffix := "-deletion_scheduled-" + strconv.FormatInt(int64(p.ID), 10)
	p.Archived, p.DeletionOn = true, tx.Now
	p.Path, p.Name = p.Path+suffix, p.Name+suffix
	tx.enqueueAt(tx.Now.AddDate(0, 0, deletionDays), Job{
		Kind: DestroyMarkedProject, ProjectID: p.ID, UserID: a.User.ID,
	})
	return tx.UpdateProject(p)
}

// RestoreProject removes the mark for deletion.
func (tx *Tx) RestoreProject(p Project) (Project, error) {
	suffix := "-deletion_scheduled-" + strconv.FormatInt(int64(p.ID), 10)
	p.Archived, p.DeletionOn = false, time.Time{}
	p.Path, p.Name = strings.TrimSuffix(p.Path, suffix), strings.TrimSuffix(p.Name, suffix)
	return tx.UpdateProject(p)
}

// DeleteProject removes a project and everything that belongs to it, on behalf of a user. Merge requests from it into
// its forks, or into the project that it was made from, remain without a source.
func (tx *Tx) DeleteProject(u User, p Project) {
	tx.unlinkForks(u, p)
	for _, c := range tx.ExternalStatusChecks(p.ID) { // together with their responses, which are found by check
		tx.deleteCheckRows(c)
	}
	for _, mr := range tx.MergeRequests(p.ID) {
		tx.deleteMergeRequest(mr)
	}
	for _, t := range tx.ProjectTokens(p.ID) {
		if bot, ok := tx.User(t.UserID); ok {
			tx.DeleteUser(bot)
		}
	}
	removeAll(tx, memberTable, "project", key(p.ID))
	removeAll(tx, approvalRuleTable, "project", key(p.ID))
	for _, h := range tx.ProjectHooks(p.ID) {
		tx.DeleteProjectHook(h)
	}
	removeAll(tx, protectedBranchTable, "project", key(p.ID))
	removeAll(tx, branchTable, "id", key(p.ID))
	removeAll(tx, labelTable, "id", key(p.ID))
	for _, line := range tx.Pipelines(p.ID) {
		removeAll(tx, commitStatusTable, "pipeline", key(line.ID))
		remove(tx, pipelineTable, line)
	}
	removeAll(tx, milestoneTable, "project", key(p.ID))
	removeAll(tx, commitTable, "id", key(p.ID))
	removeAll(tx, redirectTable, "project", key(p.ID))
	remove(tx, projectTable, p)
	tx.forgetSource(p.ID)
}

// Licensed reports whether the project has the licensed feature external_status_checks. In 14.0 a feature flag had to
// be on as well.
func (tx *Tx) Licensed(p Project) bool {
	return tx.hasPlan(p) && tx.Feature(FlagStatusChecks)
}

// ScopesLabels reports whether labels of the project can exclude each other, which needs a plan.
func (tx *Tx) ScopesLabels(p Project) bool { return tx.hasPlan(p) }

// MostAssignees is how many assignees a filter can name. More than one need a plan of the instance.
func (tx *Tx) MostAssignees() int {
	if tx.Settings().Licensed {
		return math.MaxInt
	}
	return 1
}

// hasPlan reports whether the project has a plan with licensed features.
func (tx *Tx) hasPlan(p Project) bool {
	if p.Licence != Unset {
		return p.Licence == Yes
	}
	return tx.Settings().Licensed
}

// MergeGate reports whether the project can require that all status checks have passed. It must be licensed and, from
// 15.5 to 15.8, a feature flag must be on.
func (tx *Tx) MergeGate(p Project) bool { return tx.Licensed(p) && tx.Feature(FlagMergeGate) }
