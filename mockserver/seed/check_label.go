package seed

import (
	"fmt"
	"math"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// labels checks the labels and milestones of a project.
func (c *checker) labels(path string, p Project) {
	for i, l := range p.Labels {
		at := fmt.Sprintf("%s.labels[%d]", path, i)
		c.id(at, "label", l.ID)
		if c.needed(at, "name", l.Name) && c.labelTitle(at+".name", l.Name) {
			c.sole(at+".name", path, fmt.Sprintf("the label %q", l.Name))
		}
		if l.Priority != nil && !gitlab.IsPriority(*l.Priority) {
			c.report(at+".priority", "a priority is a number from 0 to %d", math.MaxInt32)
		}
		if l.Color != "" && gitlab.ColorOf(l.Color) == "" {
			c.report(at+".color", "a color is #RRGGBB, or the name of a colour in CSS")
		}
	}
	for i, m := range p.Milestones {
		at := fmt.Sprintf("%s.milestones[%d]", path, i)
		c.id(at, "milestone", m.ID)
		if c.needed(at, "title", m.Title) && c.trimmed(at+".title", m.Title) {
			c.sole(at+".title", path, fmt.Sprintf("the milestone %q", m.Title))
		}
		c.word(at+".state", m.State, milestoneStates)
		c.date(at+".start_date", m.StartDate)
		if c.date(at+".due_date", m.DueDate); m.DueDate != "" && m.StartDate != "" && m.DueDate <= m.StartDate {
			c.report(at+".due_date", "due_date must be after start_date")
		}
	}
}

// labelTitle checks the title of a label as GitLab does.
func (c *checker) labelTitle(path, title string) bool {
	problems := gitlab.TitleProblems(title)
	if len(problems) > 0 {
		c.report(path, "the name of a label is not blank, and has no comma and at most 255 characters")
	}
	return len(problems) == 0 && c.trimmed(path, title)
}

// trimmed reports spaces around a text that GitLab would take off.
func (c *checker) trimmed(path, text string) bool {
	if strings.TrimSpace(text) == text {
		return true
	}
	c.report(path, "%s has spaces at its beginning or end, which GitLab takes off", keyOf(path))
	return false
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
