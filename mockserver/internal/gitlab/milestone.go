package gitlab

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The states of a milestone.
const (
	ActiveMilestone = "active"
	ClosedMilestone = "closed"
)

// Milestone is a milestone of a project. Its dates are days, such as 2026-11-30, or empty.
type Milestone struct {
	ID          MilestoneID
	IID         int64
	ProjectID   ProjectID
	Title       string
	Description string
	State       string
	DueOn       string
	StartsOn    string
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

var milestoneTable = newTable([]index[Milestone]{
	{"id", func(m Milestone) string { return key(m.ID) }},
	{"project", func(m Milestone) string { return key(m.ProjectID) }},
})

// MilestoneOf looks up a milestone of a project. It refuses with RecordNotFound.
func (tx *Tx) MilestoneOf(p ProjectID, id MilestoneID) (Milestone, error) {
	m, ok := first(tx, milestoneTable, "id", key(id))
	if !ok || m.ProjectID != p {
		return Milestone{}, refuse(RecordNotFound, "project %d has no milestone %d", p, id)
	}
	return m, nil
}

// Milestones lists a project's milestones: those that are due first, then those without a due date, each the newest
// first.
//
// Source: app/finders/milestones_finder.rb, app/models/milestone.rb.
func (tx *Tx) Milestones(p ProjectID) []Milestone {
	list := all(tx, milestoneTable, "project", key(p))
	slices.SortFunc(list, func(a, b Milestone) int {
		if (a.DueOn == "") != (b.DueOn == "") {
			return strings.Compare(b.DueOn, a.DueOn)
		}
		return cmp.Or(strings.Compare(a.DueOn, b.DueOn), cmp.Compare(b.ID, a.ID))
	})
	return list
}

// Expired reports whether the due date has passed.
func (m Milestone) Expired(now time.Time) bool {
	return m.DueOn != "" && m.DueOn < now.UTC().Format(time.DateOnly)
}

// CreateMilestone stores a new milestone. It refuses with BadValue for what the model's validations reject.
//
// Source: lib/api/milestone_responses.rb, app/models/milestone.rb, app/models/concerns/timebox.rb.
func (tx *Tx) CreateMilestone(m Milestone) (Milestone, error) {
	m.Title = strings.TrimSpace(m.Title)
	var problems []string
	if m.DueOn != "" && m.StartsOn != "" && m.DueOn <= m.StartsOn {
		problems = append(problems, `:due_date=>["must be greater than start date"]`)
	}
	taken := slices.ContainsFunc(tx.Milestones(m.ProjectID), func(o Milestone) bool { return o.Title == m.Title })
	switch {
	case m.Title == "":
		problems = append(problems, `:title=>["can't be blank"]`)
	case taken:
		problems = append(problems, `:title=>["already being used for another group or project milestone."]`)
	}
	if len(problems) > 0 {
		text := fmt.Sprintf("Failed to create milestone {%s}", strings.Join(problems, ", "))
		return m, &Refusal{Kind: BadValue, Text: text, Reason: text}
	}
	return tx.InsertMilestone(m), nil
}

// InsertMilestone stores a milestone as it is, and sets its numbers, state and dates.
func (tx *Tx) InsertMilestone(m Milestone) Milestone {
	m.ID = MilestoneID(tx.given(milestoneSequence, int64(m.ID)))
	if m.IID == 0 {
		for _, other := range tx.Milestones(m.ProjectID) {
			m.IID = max(m.IID, other.IID)
		}
		m.IID++
	}
	m.State = cmp.Or(m.State, ActiveMilestone)
	if m.CreatedAt.IsZero() {
		m.CreatedAt = tx.Now
	}
	if m.UpdatedAt.IsZero() {
		m.UpdatedAt = m.CreatedAt
	}
	insert(tx, milestoneTable, m)
	return m
}
