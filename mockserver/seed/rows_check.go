package seed

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// rows checks rows: nothing is there twice, and what a row belongs to is there.
func (c *checker) rows(r *gitlab.Rows) {
	d := c.document
	if len(d.Users)+len(d.Groups)+len(d.Projects) > 0 || !reflect.ValueOf(d.Settings).IsZero() {
		c.report("rows", "rows are all that a mock had stored: they go with none of settings, users, groups and "+
			"projects")
	}
	users := numbersIn(c, "users", r.Users, func(u gitlab.User) int64 { return int64(u.ID) })
	namespaces := numbersIn(c, "namespaces", r.Namespaces, func(n gitlab.Namespace) int64 { return int64(n.ID) })
	projects := numbersIn(c, "projects", r.Projects, func(p gitlab.Project) int64 { return int64(p.ID) })
	checks := numbersIn(c, "checks", r.Checks, func(e gitlab.ExternalStatusCheck) int64 { return int64(e.ID) })
	requests := numbersIn(c, "merge_requests", r.MergeRequests,
		func(m gitlab.MergeRequest) int64 { return int64(m.ID) })
	numbersIn(c, "tokens", r.Tokens, func(t gitlab.Token) int64 { return int64(t.ID) })
	numbersIn(c, "member_roles", r.MemberRoles, func(m gitlab.MemberRole) int64 { return int64(m.ID) })
	numbersIn(c, "protected_branches", r.ProtectedBranches,
		func(b gitlab.ProtectedBranch) int64 { return int64(b.ID) })
	numbersIn(c, "approval_rules", r.ApprovalRules, func(a gitlab.ApprovalRule) int64 { return int64(a.ID) })
	numbersIn(c, "responses", r.Responses, func(s gitlab.StatusCheckResponse) int64 { return int64(s.ID) })
	numbersIn(c, "notes", r.Notes, func(n gitlab.Note) int64 { return int64(n.ID) })
	numbersIn(c, "labels", r.Labels, func(l gitlab.Label) int64 { return int64(l.ID) })
	milestones := numbersIn(c, "milestones", r.Milestones, func(m gitlab.Milestone) int64 { return int64(m.ID) })
	numbersIn(c, "jobs", r.Jobs, func(j gitlab.Job) int64 { return int64(j.ID) })
	numbersIn(c, "hooks", r.Hooks, func(h gitlab.ProjectHook) int64 { return int64(h.ID) })
	pipelines := numbersIn(c, "pipelines", r.Pipelines, func(p gitlab.Pipeline) int64 { return int64(p.ID) })
	numbersIn(c, "commit_statuses", r.CommitStatuses, func(s gitlab.CommitStatus) int64 { return int64(s.ID) })
	numbersIn(c, "merge_train_cars", r.MergeTrainCars, func(t gitlab.MergeTrainCar) int64 { return int64(t.ID) })
	numbersIn(c, "deliveries", r.Deliveries, func(e gitlab.Delivery) int64 { return int64(e.ID) })
	numbersIn(c, "audit_events", r.AuditEvents, func(e gitlab.AuditEvent) int64 { return int64(e.ID) })

	belong(c, "tokens.user_id", r.Tokens, users, func(t gitlab.Token) int64 { return int64(t.UserID) })
	belong(c, "members.user_id", r.Members, users, func(m gitlab.Member) int64 { return int64(m.UserID) })
	belong(c, "projects.namespace_id", r.Projects, namespaces,
		func(p gitlab.Project) int64 { return int64(p.NamespaceID) })
	belong(c, "commits.project_id", r.Commits, projects, func(o gitlab.Commit) int64 { return int64(o.ProjectID) })
	belong(c, "branches.project_id", r.Branches, projects,
		func(b gitlab.Branch) int64 { return int64(b.ProjectID) })
	belong(c, "checks.project_id", r.Checks, projects,
		func(e gitlab.ExternalStatusCheck) int64 { return int64(e.ProjectID) })
	belong(c, "approval_rules.project_id", r.ApprovalRules, projects,
		func(a gitlab.ApprovalRule) int64 { return int64(a.ProjectID) })
	belong(c, "merge_requests.project_id", r.MergeRequests, projects,
		func(m gitlab.MergeRequest) int64 { return int64(m.ProjectID) })
	belong(c, "hooks.project_id", r.Hooks, projects, func(h gitlab.ProjectHook) int64 { return int64(h.ProjectID) })
	belong(c, "pipelines.project_id", r.Pipelines, projects,
		func(p gitlab.Pipeline) int64 { return int64(p.ProjectID) })
	belong(c, "commit_statuses.pipeline_id", r.CommitStatuses, pipelines,
		func(s gitlab.CommitStatus) int64 { return int64(s.PipelineID) })
	belong(c, "merge_train_cars.merge_request_id", r.MergeTrainCars, requests,
		func(t gitlab.MergeTrainCar) int64 { return int64(t.MergeRequestID) })
	belong(c, "merge_train_cars.user_id", r.MergeTrainCars, users,
		func(t gitlab.MergeTrainCar) int64 { return int64(t.UserID) })
	belong(c, "labels.project_id", r.Labels, projects, func(l gitlab.Label) int64 { return int64(l.ProjectID) })
	belong(c, "milestones.project_id", r.Milestones, projects,
		func(m gitlab.Milestone) int64 { return int64(m.ProjectID) })
	belong(c, "notes.merge_request_id", r.Notes, requests,
		func(n gitlab.Note) int64 { return int64(n.MergeRequestID) })
	belong(c, "responses.check_id", r.Responses, checks,
		func(s gitlab.StatusCheckResponse) int64 { return int64(s.CheckID) })
	belong(c, "merge_requests.milestone_id", r.MergeRequests, orNone(milestones),
		func(m gitlab.MergeRequest) int64 { return int64(m.MilestoneID) })
	belong(c, "merge_requests.head_pipeline_id", r.MergeRequests, orNone(pipelines),
		func(m gitlab.MergeRequest) int64 { return int64(m.HeadPipelineID) })
	c.labelRows(r)
	c.carRows(r)
	c.rowNames(r)
}

// orNone are ids to which 0 was added, for rows that may belong to nothing.
func orNone(ids map[int64]bool) map[int64]bool {
	all := maps.Clone(ids)
	all[0] = true
	return all
}

// labelRows checks the words in rows of labels and milestones.
func (c *checker) labelRows(r *gitlab.Rows) {
	for i, l := range r.Labels {
		at := fmt.Sprintf("rows.labels[%d]", i)
		c.labelTitle(at+".title", l.Title)
		if gitlab.ColorOf(l.Color) == "" {
			c.report(at+".color", "a color is #RRGGBB, or the name of a colour in CSS")
		}
		if !gitlab.IsPriority(l.Priority) {
			c.report(at+".priority", "a priority is a number from 0 to %d", math.MaxInt32)
		}
	}
	for i, m := range r.Milestones {
		at := fmt.Sprintf("rows.milestones[%d].state", i)
		if c.word(at, m.State, milestoneStates); m.State == "" {
			c.report(at, "state is active or closed")
		}
	}
}

// rowNames checks what must be unique but for ids, and the places of rows that can lie in several.
func (c *checker) rowNames(r *gitlab.Rows) {
	for i, u := range r.Users {
		c.sole(fmt.Sprintf("rows.users[%d].username", i), "rows", "the username "+strings.ToLower(u.Username))
	}
	for i, n := range r.Namespaces {
		c.sole(fmt.Sprintf("rows.namespaces[%d].full_path", i), "rows", pathNamed(n.FullPath))
	}
	for i, p := range r.Projects {
		c.sole(fmt.Sprintf("rows.projects[%d].full_path", i), "rows", pathNamed(p.FullPath))
	}
	for i, t := range r.Tokens {
		c.sole(fmt.Sprintf("rows.tokens[%d].digest", i), fmt.Sprintf("rows %x", t.Digest), "a token with this digest")
	}
	for i, b := range r.Branches {
		at := fmt.Sprintf("rows.branches[%d]", i)
		c.sole(at+".name", fmt.Sprintf("rows %d", b.ProjectID), "the branch "+b.Name)
	}
	commits := map[string]bool{}
	for _, o := range r.Commits {
		commits[fmt.Sprint(o.ProjectID, o.SHA)] = true
	}
	for i, b := range r.Branches {
		if !commits[fmt.Sprint(b.ProjectID, b.SHA)] {
			c.report(fmt.Sprintf("rows.branches[%d].sha", i), "project %d has no commit %q in rows", b.ProjectID, b.SHA)
		}
	}
	known := gitlab.SequenceNames()
	for _, name := range slices.Sorted(maps.Keys(r.Sequences)) {
		if !slices.Contains(known, name) {
			c.report(fmt.Sprintf("rows.sequences[%q]", name), "there is no sequence %q; there are %s", name,
				strings.Join(known, ", "))
		}
	}
}

// numbersIn checks the ids of a table and returns them.
func numbersIn[T any](c *checker, table string, rows []T, id func(T) int64) map[int64]bool {
	ids := map[int64]bool{}
	for i, row := range rows {
		at := fmt.Sprintf("rows.%s[%d]", table, i)
		if id(row) == 0 {
			c.report(at+".id", "%s needs id", rowName(at))
			continue
		}
		c.id(at, "row of "+table+" with", id(row))
		ids[id(row)] = true
	}
	return ids
}

// belong checks that what the rows of a table belong to is there. The column is written as table.key.
func belong[T any](c *checker, column string, rows []T, owners map[int64]bool, id func(T) int64) {
	table, key, _ := strings.Cut(column, ".")
	for i, row := range rows {
		if !owners[id(row)] {
			c.report(fmt.Sprintf("rows.%s[%d].%s", table, i, key), "there is no row with the id %d", id(row))
		}
	}
}
