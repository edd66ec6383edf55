package mockserver

import (
	"net/http"
	"strconv"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

var projectOperations = map[string]operation{
	"listProjects":     open(operation{run: listProjects}),
	"createProject":    {run: createProject},
	"getProject":       open(inProject(gitlab.ReadProject, getProject)),
	"forkProject":      inProject(gitlab.ReadProject, forkProject),
	"unlinkFork":       inProject(gitlab.RemoveForkProject, unlinkFork),
	"listForks":        open(inProject(gitlab.ReadProject, listForks)),
	"updateProject":    inProject(gitlab.ReadProject, updateProject),
	"deleteProject":    inProject(gitlab.RemoveProject, deleteProject),
	"restoreProject":   inProject(gitlab.RemoveProject, restoreProject),
	"archiveProject":   inProject(gitlab.ArchiveProject, archiveProject),
	"unarchiveProject": inProject(gitlab.ArchiveProject, unarchiveProject),
}

func listProjects(c *call, tx *gitlab.Tx) (reply, error) { return c.projects(tx, tx.Projects()) }

// projects lists those of some projects that the caller can see and that pass the filters in the request.
func (c *call) projects(tx *gitlab.Tx, projects []gitlab.Project) (reply, error) {
	projects = kept(projects, func(p gitlab.Project) bool {
		return tx.Can(c.actor, gitlab.ReadProject, p) &&
			c.choosesProject(tx, p)
	})
	projects = inOrder(c, projects, func(p gitlab.Project) int64 { return int64(p.ID) },
		map[string]func(a, b gitlab.Project) int{
			"name":             func(a, b gitlab.Project) int { return compareNames(a.Name, b.Name) },
			"path":             func(a, b gitlab.Project) int { return compareNames(a.Path, b.Path) },
			"created_at":       func(a, b gitlab.Project) int { return a.CreatedAt.Compare(b.CreatedAt) },
			"updated_at":       func(a, b gitlab.Project) int { return a.UpdatedAt.Compare(b.UpdatedAt) },
			"last_activity_at": func(a, b gitlab.Project) int { return a.ActivityAt.Compare(b.ActivityAt) },
		})
	return listed(c, tx, projects, func(p gitlab.Project) projectEntity {
		if c.params.flag("simple") {
			return projectEntity{projectBasic: presentProjectBasic(tx, c.actor, p)}
		}
		return presentProject(tx, c.actor, p)
	})
}

// choosesProject reports whether a project passes the filters in the request.
func (c *call) choosesProject(tx *gitlab.Tx, p gitlab.Project) bool {
	search := []string{p.Name, p.Path}
	if c.params.flag("search_namespaces") {
		search = append(search, p.FullPath)
	}
	role := tx.Role(p, c.actor.User.ID)
	archived := c.params.flagIf("archived")
	switch {
	case !mentions(c.params.text("search"), search...), archived != nil && *archived != p.Archived,
		c.params.flag("starred"):
		return false
	case c.params.flag("owned") && role.AccessLevel < gitlab.Owner, c.params.flag("membership") && !role.Member():
		return false
	case c.params.text("visibility") != "" && c.params.text("visibility") != string(p.Visibility):
		return false
	}
	return int64(role.AccessLevel) >= c.params.number("min_access_level")
}

func createProject(c *call, tx *gitlab.Tx) (reply, error) {
	p, err := tx.FoundProject(c.actor, gitlab.NamespaceID(c.params.number("namespace_id")), c.projectChange(),
		c.params.flag("initialize_with_readme"))
	if err != nil {
		return reply{}, err
	}
	return created(presentProject(tx, c.actor, p))
}

// projectChange is the change that the parameters ask for. A parameter that is absent or null changes nothing.
func (c *call) projectChange() gitlab.ProjectChange {
	p := c.params
	change := gitlab.ProjectChange{
		Name: p.chosen("name"), Path: p.chosen("path"), Description: p.textIf("description"),
		DefaultBranch: p.chosen("default_branch"),
		Visibility:    p.chosen("visibility"), MergeMethod: p.chosen("merge_method"),
		SquashOption:               p.chosen("squash_option"),
		RequirePassingStatusChecks: p.flagIf("only_allow_merge_if_all_status_checks_passed"),
		RequireResolvedDiscussions: p.flagIf("only_allow_merge_if_all_discussions_are_resolved"),
		RequireSucceededPipeline:   p.flagIf("only_allow_merge_if_pipeline_succeeds"),
		RemoveSourceBranch:         p.flagIf("remove_source_branch_after_merge"), Plain: map[string]any{},
	}
	if n, isNumber := p["approvals_before_merge"].(int64); isNumber {
		required := int(max(n, 0))
		change.ApprovalsRequired = &required
	}
	for name, value := range p {
		if value != nil && !ruledProjectParameters[name] {
			change.Plain[name] = value
		}
	}
	return change
}

// ruledProjectParameters are the parameters that have an effect. The others are settings that are stored and shown
// again.
var ruledProjectParameters = map[string]bool{
	"id": true, "name": true, "path": true, "description": true, "default_branch": true, "visibility": true,
	"merge_method":  true,
	"squash_option": true, "only_allow_merge_if_all_status_checks_passed": true,
	"only_allow_merge_if_all_discussions_are_resolved": true,
	"only_allow_merge_if_pipeline_succeeds":            true, "remove_source_branch_after_merge": true,
	"approvals_before_merge": true,
	"namespace_id":           true, "initialize_with_readme": true, "import_url": true,
}

// chosen returns a string parameter; nil if it is absent or null.
func (p params) chosen(name string) *string {
	if s, ok := p[name].(string); ok {
		return &s
	}
	return nil
}

func getProject(c *call, tx *gitlab.Tx) (reply, error) {
	return ok(presentProject(tx, c.actor, c.project))
}

// listForks lists the projects that were made from a project.
//
// Source: lib/api/projects.rb, app/finders/fork_projects_finder.rb.
func listForks(c *call, tx *gitlab.Tx) (reply, error) { return c.projects(tx, tx.Forks(c.project.ID)) }

func forkProject(c *call, tx *gitlab.Tx) (reply, error) {
	p := c.params
	namespace := p.text("namespace")
	if path := p.text("namespace_path"); path != "" {
		namespace = path
	}
	if id := p.number("namespace_id"); id != 0 {
		namespace = strconv.FormatInt(id, 10)
	}
	fork, err := tx.Fork(c.actor, c.project, gitlab.NewFork{
		Namespace: namespace, Name: p.text("name"), Path: p.text("path"), Description: p.text("description"),
		Visibility: gitlab.Visibility(p.text("visibility")), Branch: p.text("branches"),
		TargetsSelf: p.flagIf("mr_default_target_self"),
	})
	if err != nil {
		return reply{}, err
	}
	return created(presentProject(tx, c.actor, fork))
}

// unlinkFork takes a project out of its forks and those that it is among. There is nothing to do for other projects.
func unlinkFork(c *call, tx *gitlab.Tx) (reply, error) {
	if err := c.unmodified(c.project.UpdatedAt); err != nil {
		return reply{}, err
	}
	if !tx.Unlink(c.actor, c.project) {
		return reply{status: http.StatusNotModified}, nil
	}
	return noContent()
}

func updateProject(c *call, tx *gitlab.Tx) (reply, error) {
	p, err := tx.EditProject(c.actor, c.project, c.projectChange())
	if err != nil {
		return reply{}, err
	}
	return ok(presentProject(tx, c.actor, p))
}

func deleteProject(c *call, tx *gitlab.Tx) (reply, error) {
	if err := c.unmodified(c.project.UpdatedAt); err != nil {
		return reply{}, err
	}
	if err := tx.DiscardProject(c.actor, c.project, c.params.flag("permanently_remove"),
		c.params.text("full_path")); err != nil {
		return reply{}, err
	}
	return accepted()
}

// changedProject shows a project after an action. The action counts as a creation, so the status is 201.
func (c *call) changedProject(tx *gitlab.Tx, p gitlab.Project, err error) (reply, error) {
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusCreated, body: presentProject(tx, c.actor, p)}, nil
}

func restoreProject(c *call, tx *gitlab.Tx) (reply, error) {
	p, err := tx.Reprieve(c.project)
	return c.changedProject(tx, p, err)
}

func archiveProject(c *call, tx *gitlab.Tx) (reply, error) {
	p, err := tx.Archive(c.actor, c.project, true)
	return c.changedProject(tx, p, err)
}

func unarchiveProject(c *call, tx *gitlab.Tx) (reply, error) {
	p, err := tx.Archive(c.actor, c.project, false)
	return c.changedProject(tx, p, err)
}
