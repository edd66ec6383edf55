package seed

import (
	"fmt"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// labels checks the labels and milestones of a project.
func (c *checker) labels(path string, p Project) {
	for i, l := range p.Labels {
		at := fmt.Sprintf("%s.labels[%d]", path, i)
		c.id(at, "label", l.ID)
		if c.needed(at, "name", l.Name) {
			c.sole(at+".name", path, fmt.Sprintf("the label %q", l.Name))
		}
		if l.Color != "" && gitlab.ColorOf(l.Color) == "" {
			c.report(at+".color", "a color is #RRGGBB, or the name of a colour in CSS")
		}
	}
	for i, m := range p.Milestones {
		at := fmt.Sprintf("%s.milestones[%d]", path, i)
		c.id(at, "milestone", m.ID)
		if c.needed(at, "title", m.Title) {
			c.sole(at+".title", path, fmt.Sprintf("the milestone %q", m.Title))
		}
		c.word(at+".state", m.State, milestoneStates)
		c.date(at+".start_date", m.StartDate)
		c.date(at+".due_date", m.DueDate)
	}
}

func (c *checker) response(path string, r Response, checks *nameSet) {
	c.id(path, "response", r.ID)
	if c.needed(path, "external_status_check", r.Check) {
		c.known(path+".external_status_check", "external status check", r.Check, checks)
	}
	if c.needed(path, "status", r.Status) {
		c.word(path+".status", r.Status, statuses)
	}
	c.sha(path+".sha", r.SHA)
}
