package gitlab

import (
	"fmt"
	"maps"
	"strings"
)

// ProjectChange is what creating or editing a project sets. A nil field is not changed.
type ProjectChange struct {
	Name, Path, Description, DefaultBranch, Visibility *string
	MergeMethod, SquashOption                          *string
	RequirePassingStatusChecks                         *bool // only has an effect if the feature is licensed
	RequireResolvedDiscussions                         *bool
	RequireSucceededPipeline                           *bool
	RemoveSourceBranch                                 *bool
	ApprovalsRequired                                  *int
	ApprovalsReset, AuthorMayApprove                   *bool
	Plain                                              map[string]any // settings that change nothing here
}

// FoundProject creates a project in a namespace, by default the actor's own. With readme it also makes a first commit.
// It refuses with LimitReached for an external user outside of groups, and with BadAttributes for a namespace in which
// the actor may not create projects, and for a name or path that is blank, malformed or taken.
//
// Source: lib/api/projects.rb, app/services/projects/create_service.rb.
func (tx *Tx) FoundProject(a Actor, namespace NamespaceID, change ProjectChange, readme bool) (Project, error) {
	n, ok := tx.Namespace(namespace)
	if namespace == 0 {
		n, ok = tx.UserNamespace(a.User)
	}
	if ok && n.Kind == UserNamespace && a.User.External {
		return Project{}, &Refusal{
			Kind: LimitReached, Messages: []string{"You cannot create projects in your personal namespace. Contact " +
				"your GitLab administrator."}, Reason: "external users have no projects of their own",
		}
	}
	if !ok || !tx.CanOnGroup(a, CreateProjects, n) || !n.DeletionOn.IsZero() {
		return Project{}, badAttributes(map[string][]string{"namespace": {"is not valid"}})
	}
	branch := "main"
	if change.DefaultBranch != nil && *change.DefaultBranch != "" {
		branch = *change.DefaultBranch
	}
	change.DefaultBranch = nil
	p := Project{
		NamespaceID: n.ID, CreatorID: a.User.ID, Visibility: Private, RemoveSourceBranch: true,
		ApprovalsReset: true,
	}
	p = change.apply(p, tx.MergeGate(p))
	p.Name, p.Path = nameAndPath(p.Name, p.Path)
	if err := validateProject(n, p); err != nil {
		return Project{}, err
	}
	p, err := tx.CreateProject(p)
	if err != nil || !readme {
		return p, err
	}
	content := fmt.Sprintf("# %s\n", p.Name)
	c := NewCommit{
		Branch: branch, Message: "Initial commit",
		Actions: []FileAction{{Action: "create", Path: "README.md", Content: content, HasContent: true}},
	}
	if _, err := tx.addCommit(a, p, c); err != nil {
		return Project{}, err
	}
	p, _ = tx.Project(p.ID)
	return p, nil
}

// nameAndPath derives a missing name from the path, or a missing path from the name.
func nameAndPath(name, path string) (string, string) {
	switch {
	case path == "":
		return name, slug(name)
	case name == "":
		return path, path
	}
	return name, path
}

func validateProject(n Namespace, p Project) error {
	problems := map[string][]string{}
	if strings.TrimSpace(p.Name) == "" {
		problems["name"] = []string{"can't be blank"}
	} else if !validName(p.Name) {
		problems["name"] = []string{"can contain only letters, digits, emoji, '_', '.', '+', dashes, or spaces. It " +
			"must start with a letter, digit, emoji, or '_'."}
	}
	if !validPath(p.Path) {
		problems["path"] = []string{pathRule}
	}
	if n.Kind == GroupNamespace && p.Visibility.Level() > n.Visibility.Level() {
		problems["visibility_level"] = []string{fmt.Sprintf("%s is not allowed in a %s group.", p.Visibility,
			n.Visibility)}
	}
	if len(problems) > 0 {
		return badAttributes(problems)
	}
	return nil
}

// EditProject changes a project. It refuses with Forbidden without admin_project or, for a change of the name or the
// visibility, without the right to change that. It refuses with BadAttributes for values that do not fit.
//
// Source: lib/api/projects.rb, ee/app/services/ee/projects/update_service.rb.
func (tx *Tx) EditProject(a Actor, p Project, change ProjectChange) (Project, error) {
	for _, needs := range []struct {
		ability Ability
		asked   bool
	}{{AdminProject, true}, {RenameProject, change.Name != nil}, {ChangeVisibilityLevel, change.Visibility != nil}} {
		if needs.asked && !tx.Can(a, needs.ability, p) {
			return p, refuse(Forbidden, "this change of the project needs %s", needs.ability)
		}
	}
	if change.DefaultBranch != nil && *change.DefaultBranch != p.DefaultBranch {
		if _, ok := tx.Branch(p.ID, *change.DefaultBranch); !ok {
			return p, badAttributes(
				map[string][]string{"base": {fmt.Sprintf("Could not change HEAD: branch '%s' does not exist",
					*change.DefaultBranch)}})
		}
	}
	p = change.apply(p, tx.MergeGate(p))
	n, _ := tx.Namespace(p.NamespaceID)
	if err := validateProject(n, p); err != nil {
		return p, err
	}
	return tx.UpdateProject(p)
}

func (change ProjectChange) apply(p Project, gate bool) Project {
	set(&p.Name, change.Name)
	set(&p.Path, change.Path)
	set(&p.Description, change.Description)
	set(&p.DefaultBranch, change.DefaultBranch)
	set(&p.MergeMethod, change.MergeMethod)
	set(&p.SquashOption, change.SquashOption)
	set(&p.RequireResolvedDiscussions, change.RequireResolvedDiscussions)
	set(&p.RequireSucceededPipeline, change.RequireSucceededPipeline)
	set(&p.RemoveSourceBranch, change.RemoveSourceBranch)
	set(&p.ApprovalsRequired, change.ApprovalsRequired)
	set(&p.ApprovalsReset, change.ApprovalsReset)
	set(&p.AuthorMayApprove, change.AuthorMayApprove)
	if change.Visibility != nil {
		p.Visibility = Visibility(*change.Visibility)
	}
	if gate {
		set(&p.RequirePassingStatusChecks, change.RequirePassingStatusChecks)
	}
	if len(change.Plain) > 0 {
		plain := maps.Clone(p.Plain)
		if plain == nil {
			plain = map[string]any{}
		}
		maps.Copy(plain, change.Plain)
		p.Plain = plain
	}
	return p
}

// set replaces a value by another, if there is one.
func set[T any](place *T, value *T) {
	if value != nil {
		*place = *value
	}
}

// DiscardProject marks a project for deletion or, with permanently, removes a project that is marked. It refuses with
// BadValue if the project's state or the given path does not allow that.
//
// Source: lib/api/projects.rb, app/services/projects/mark_for_deletion_service.rb.
func (tx *Tx) DiscardProject(a Actor, p Project, permanently bool, fullPath string) error {
	if !tx.Has(DelaysDeletion) {
		tx.RemoveProject(a, p)
		return nil
	}
	marked := !p.DeletionOn.IsZero()
	if permanently {
		if err := tx.mayRemoveNow("Project", "project", marked, p.FullPath, fullPath); err != nil {
			return err
		}
		tx.RemoveProject(a, p)
		return nil
	}
	if marked {
		return refuseText(BadValue, "Project has been already marked for deletion",
			"project %d is marked already; remove it with permanently_remove and full_path", p.ID)
	}
	_, err := tx.MarkForDeletion(a, p)
	return err
}

// Reprieve removes a project's mark for deletion. It refuses with BadValue if the project is not marked.
//
// Source: app/services/projects/restore_service.rb.
func (tx *Tx) Reprieve(p Project) (Project, error) {
	if p.DeletionOn.IsZero() {
		return p, refuseText(BadValue, "Project has not been marked for deletion",
			"project %d is not marked for deletion", p.ID)
	}
	return tx.RestoreProject(p)
}

// Archive archives a project or, with false, unarchives it. It refuses with Unprocessable if the project is in that
// state already, or is marked for deletion.
//
// Source: app/services/projects/{archive,unarchive}_service.rb.
func (tx *Tx) Archive(a Actor, p Project, archived bool) (Project, error) {
	verb, state := "unarchive", "not archived"
	if archived {
		verb, state = "archive", "already archived"
	}
	if !p.DeletionOn.IsZero() {
		return p, refuseText(Unprocessable, "Cannot "+verb+" project since it is scheduled for deletion.",
			"project %d is marked for deletion", p.ID)
	}
	if p.Archived == archived {
		return p, refuseText(Unprocessable, "Project is "+state+"!", "project %d is %s", p.ID, state)
	}
	p.Archived = archived
	if archived && tx.Has(UnlinksArchivedForks) && p.ForkNetworkID != 0 {
		tx.unlinkForks(a.User, p)
		p.ForkedFromID, p.ForkNetworkID = 0, 0
	}
	return tx.UpdateProject(p)
}
