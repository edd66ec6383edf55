package mockserver

import (
	"slices"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

var labelOperations = map[string]operation{
	"listProjectLabels":      inProject(gitlab.ReadProject, listProjectLabels),
	"createProjectLabel":     inProject(gitlab.AdminLabel, createProjectLabel),
	"getProjectLabel":        inProject(gitlab.ReadProject, getProjectLabel),
	"listProjectMilestones":  inProject(gitlab.ReadMilestone, listProjectMilestones),
	"createProjectMilestone": inProject(gitlab.AdminMilestone, createProjectMilestone),
	"getProjectMilestone":    inProject(gitlab.ReadMilestone, getProjectMilestone),
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
		return c.server.refuse(c, &gitlab.Refusal{
			Kind: gitlab.Broken, Reason: "the database takes no such priority; the label is made",
		}), nil
	}
	return created(presentProjectLabel(l))
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
