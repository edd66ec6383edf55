package mockserver

import (
	"errors"
	"slices"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

var labelOperations = map[string]operation{
	"listProjectLabels":      inProject(gitlab.ReadProject, listProjectLabels),
	"createProjectLabel":     inProject(gitlab.AdminLabel, createProjectLabel),
	"getProjectLabel":        inProject(gitlab.ReadProject, getProjectLabel),
	"updateProjectLabel":     inProject(gitlab.AdminLabel, updateProjectLabel),
	"deleteProjectLabel":     inProject(gitlab.ReadProject, deleteProjectLabel),
	"listProjectMilestones":  inProject(gitlab.ReadMilestone, listProjectMilestones),
	"createProjectMilestone": inProject(gitlab.AdminMilestone, createProjectMilestone),
	"getProjectMilestone":    inProject(gitlab.ReadMilestone, getProjectMilestone),
	"updateProjectMilestone": inProject(gitlab.AdminMilestone, updateProjectMilestone),
	"deleteProjectMilestone": inProject(gitlab.AdminMilestone, deleteProjectMilestone),
}

// listProjectLabels lists labels by title.
func listProjectLabels(c *call, tx *gitlab.Tx) (reply, error) {
	found := kept(tx.ProjectLabels(c.project.ID), func(l gitlab.Label) bool {
		return mentions(c.params.text("search"), l.Title, l.Description)
	})
	slices.SortStableFunc(found, func(a, b gitlab.Label) int { return compareNames(a.Title, b.Title) })
	return listed(c, tx, found, func(l gitlab.Label) projectLabel {
		e := presentProjectLabel(l)
		if c.params.flag("with_counts") {
			e.labelCounts = &labelCounts{OpenMergeRequests: c.countOpenWith(tx, l)}
		}
		return e
	})
}

// countOpenWith counts the open merge requests with a label that the caller can see.
func (c *call) countOpenWith(tx *gitlab.Tx, l gitlab.Label) int {
	if !tx.Can(c.actor, gitlab.ReadMergeRequest, c.project) {
		return 0
	}
	return len(kept(tx.MergeRequests(c.project.ID), func(mr gitlab.MergeRequest) bool {
		return mr.State == gitlab.Opened && slices.Contains(mr.Labels, l.Title)
	}))
}

func createProjectLabel(c *call, tx *gitlab.Tx) (reply, error) {
	p := c.params
	_, hasPriority := p["priority"].(int64)
	fits := !hasPriority || gitlab.IsPriority(p.number("priority"))
	l := gitlab.Label{
		ProjectID: c.project.ID, Title: p.text("name"), Color: p.text("color"), Description: p.text("description"),
	}
	if hasPriority && fits {
		l.HasPriority, l.Priority = true, p.number("priority")
	}
	l, err := tx.CreateLabel(l)
	if err != nil {
		return reply{}, err
	}
	if !fits {
		return c.brokenPriority(), nil
	}
	return created(presentProjectLabel(l))
}

// brokenPriority is the response to a priority that no label can have, after everything else was done.
func (c *call) brokenPriority() reply {
	return c.server.refuse(c, &gitlab.Refusal{
		Kind: gitlab.Broken, Reason: "the database takes no such priority; the label is stored",
	})
}

// updateProjectLabel changes the label first, and then its priority.
func updateProjectLabel(c *call, tx *gitlab.Tx) (reply, error) {
	p := c.params
	l, err := tx.FindLabel(c.project.ID, p.text("name"))
	if err != nil {
		return reply{}, err
	}
	u := gitlab.LabelUpdate{Title: p.textIf("new_name"), Color: p.textIf("color"), Description: p.textIf("description")}
	if p.has("color") && p["color"] == nil {
		*u.Color = gitlab.DefaultLabelColor
	}
	if l, err = tx.UpdateLabel(l, u); err != nil {
		return reply{}, err
	}
	if p.has("priority") {
		priority, given := p["priority"].(int64)
		switch {
		case !given:
			l = tx.PrioritizeLabel(l, nil)
		case !gitlab.IsPriority(priority):
			return c.brokenPriority(), nil
		default:
			l = tx.PrioritizeLabel(l, &priority)
		}
	}
	return ok(presentProjectLabel(l))
}

func deleteProjectLabel(c *call, tx *gitlab.Tx) (reply, error) {
	l, err := tx.FindLabel(c.project.ID, c.params.text("name"))
	if err != nil {
		return reply{}, err
	}
	if !tx.Can(c.actor, gitlab.AdminLabel, c.project) {
		return reply{}, denied("deleting a label needs %s (Reporter or Planner)", gitlab.AdminLabel)
	}
	if err := c.unmodified(l.Touched()); err != nil {
		return reply{}, err
	}
	tx.DeleteLabel(l)
	return noContent()
}

func getProjectLabel(c *call, tx *gitlab.Tx) (reply, error) {
	l, err := tx.FindLabel(c.project.ID, c.params.text("name"))
	if err != nil {
		return reply{}, err
	}
	return ok(presentProjectLabel(l))
}

func listProjectMilestones(c *call, tx *gitlab.Tx) (reply, error) {
	p := c.params
	found := kept(tx.Milestones(c.project.ID), func(m gitlab.Milestone) bool {
		state := p.text("state")
		return (state == "all" || state == "" || state == m.State) &&
			(len(p.numbers("iids")) == 0 || slices.Contains(p.numbers("iids"), m.IID)) &&
			(p.text("title") == "" || p.text("title") == m.Title) &&
			mentions(p.text("search"), m.Title, m.Description) &&
			p.within(m.UpdatedAt, "updated_after", "updated_before")
	})
	return listed(c, tx, found,
		func(m gitlab.Milestone) milestoneEntity { return presentMilestone(tx, c.project, m) })
}

func createProjectMilestone(c *call, tx *gitlab.Tx) (reply, error) {
	p := c.params
	m, err := tx.CreateMilestone(gitlab.Milestone{
		ProjectID: c.project.ID, Title: p.text("title"), Description: p.text("description"),
		DueOn: gitlab.DayOf(p.text("due_date")), StartsOn: gitlab.DayOf(p.text("start_date")),
	})
	if err != nil {
		return reply{}, err
	}
	return created(presentMilestone(tx, c.project, m))
}

func getProjectMilestone(c *call, tx *gitlab.Tx) (reply, error) {
	m, err := tx.MilestoneOf(c.project.ID, gitlab.MilestoneID(c.params.number("milestone_id")))
	if err != nil {
		return reply{}, err
	}
	return ok(presentMilestone(tx, c.project, m))
}

// updateProjectMilestone closes or opens the milestone even if the rest is refused.
func updateProjectMilestone(c *call, tx *gitlab.Tx) (reply, error) {
	p := c.params
	m, err := tx.MilestoneOf(c.project.ID, gitlab.MilestoneID(p.number("milestone_id")))
	if err != nil {
		return reply{}, err
	}
	m, err = tx.UpdateMilestone(m, gitlab.MilestoneUpdate{
		Title: p.textIf("title"), Description: p.textIf("description"), DueOn: p.dayIf("due_date"),
		StartsOn: p.dayIf("start_date"), StateEvent: p.text("state_event"),
	})
	if refusal := (*gitlab.Refusal)(nil); errors.As(err, &refusal) {
		return c.server.refuse(c, refusal), nil
	}
	return ok(presentMilestone(tx, c.project, m))
}

// dayIf is the day of a parameter; nil if it is absent.
func (p params) dayIf(name string) *string {
	if !p.has(name) {
		return nil
	}
	day := gitlab.DayOf(p.text(name))
	return &day
}

func deleteProjectMilestone(c *call, tx *gitlab.Tx) (reply, error) {
	m, err := tx.MilestoneOf(c.project.ID, gitlab.MilestoneID(c.params.number("milestone_id")))
	if err != nil {
		return reply{}, err
	}
	tx.DeleteMilestone(c.actor, m)
	return noContent()
}
