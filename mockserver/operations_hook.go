package mockserver

import (
	"net/http"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// hookOperations are those of lib/api/project_hooks.rb. They look at what the caller may do before the parameters.
var hookOperations = map[string]operation{
	"listProjectHooks":  {run: listProjectHooks, before: mayManageHooks},
	"createProjectHook": {run: createProjectHook, before: mayManageHooks},
	"getProjectHook":    {run: getProjectHook, before: mayManageHooks},
	"updateProjectHook": {run: updateProjectHook, before: mayManageHooks},
	"deleteProjectHook": {run: deleteProjectHook, before: mayManageHooks},
}

// mayManageHooks finds the project and refuses who may not see and change its webhooks. GitLab asks for read_web_hook
// and admin_web_hook, and earlier for admin_project. All of them are the Maintainer's.
func mayManageHooks(c *call, tx *gitlab.Tx) error {
	if err := c.findProject(tx); err != nil {
		return err
	}
	if !tx.Can(c.actor, gitlab.AdminProject, c.project) {
		return denied("the webhooks of a project are for its Maintainers")
	}
	return nil
}

// findHook looks up the webhook that the path names.
func (c *call) findHook(tx *gitlab.Tx) (gitlab.ProjectHook, error) {
	return tx.ProjectHook(c.project.ID, gitlab.HookID(c.params.number("hook_id")))
}

// listProjectHooks leaves out what is kept secret of each webhook: its variables and headers.
func listProjectHooks(c *call, tx *gitlab.Tx) (reply, error) {
	return listed(c, tx, tx.ProjectHooks(c.project.ID), func(h gitlab.ProjectHook) hookEntity {
		e := presentHook(tx, h)
		e.URLVariables, e.CustomHeaders = nil, nil
		return e
	})
}

func getProjectHook(c *call, tx *gitlab.Tx) (reply, error) {
	h, err := c.findHook(tx)
	if err != nil {
		return reply{}, err
	}
	return ok(presentHook(tx, h))
}

func createProjectHook(c *call, tx *gitlab.Tx) (reply, error) {
	h, err := tx.CreateProjectHook(c.project, c.hookChange())
	if err != nil {
		return reply{}, err
	}
	return created(presentHook(tx, h))
}

func updateProjectHook(c *call, tx *gitlab.Tx) (reply, error) {
	h, err := c.findHook(tx)
	if err != nil {
		return reply{}, err
	}
	if len(c.params) == 2 { // those of the path
		return reply{}, failed(http.StatusBadRequest, "No parameters provided", "nothing of the webhook is given")
	}
	if h, err = tx.UpdateProjectHook(h, c.hookChange()); err != nil {
		return reply{}, err
	}
	return ok(presentHook(tx, h))
}

func deleteProjectHook(c *call, tx *gitlab.Tx) (reply, error) {
	h, err := c.findHook(tx)
	if err != nil {
		return reply{}, err
	}
	if err := c.unmodified(h.UpdatedAt); err != nil {
		return reply{}, err
	}
	tx.DeleteProjectHook(h)
	return noContent()
}

// hookEvents are the parameters that choose events.
var hookEvents = strings.Fields("push_events issues_events confidential_issues_events merge_requests_events " +
	"tag_push_events note_events confidential_note_events job_events pipeline_events wiki_page_events " +
	"deployment_events feature_flag_events releases_events milestone_events emoji_events " +
	"resource_access_token_events vulnerability_events")

// hookChange is the change that the parameters ask for. A parameter that is absent changes nothing.
func (c *call) hookChange() gitlab.ProjectHookChange {
	p := c.params
	change := gitlab.ProjectHookChange{
		URL: p.textIf("url"), Name: p.textIf("name"), Description: p.textIf("description"), Token: p.textIf("token"),
		SigningToken: p.textIf("signing_token"), BranchFilter: p.textIf("push_events_branch_filter"),
		VerifiesTLS: p.flagIf("enable_ssl_verification"), Events: map[gitlab.HookEvent]bool{},
	}
	if strategy := p.text("branch_filter_strategy"); strategy != "" {
		change.FilterStrategy = &strategy
	}
	for _, name := range hookEvents {
		if chosen := p.flagIf(name); chosen != nil {
			change.Events[gitlab.HookEvent(name)] = *chosen
		}
	}
	return change
}
