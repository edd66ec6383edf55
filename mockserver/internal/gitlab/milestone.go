package gitlab

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
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
	if problems := tx.milestoneProblems(m); problems != "" {
		text := "Failed to create milestone " + problems
		return m, &Refusal{Kind: BadValue, Text: text, Reason: text}
	}
	return tx.InsertMilestone(m), nil
}

// MilestoneUpdate is what an update of a milestone sets. A nil field is not changed. StateEvent is "", "close" or
// "activate".
type MilestoneUpdate struct {
	Title, Description, DueOn, StartsOn *string
	StateEvent                          string
}

// UpdateMilestone changes a milestone. It refuses with BadValue for what the model's validations reject, and has closed
// or opened the milestone even so.
//
// Source: lib/api/milestone_responses.rb, app/services/milestones/update_service.rb.
func (tx *Tx) UpdateMilestone(before Milestone, u MilestoneUpdate) (Milestone, error) {
	states := map[string]string{"close": ClosedMilestone, "activate": ActiveMilestone}
	before = tx.saveMilestone(before, func(m *Milestone) { m.State = cmp.Or(states[u.StateEvent], m.State) })
	set := func(field *string, to *string) {
		if to != nil {
			*field = *to
		}
	}
	change := func(m *Milestone) {
		set(&m.Title, u.Title)
		set(&m.Description, u.Description)
		set(&m.DueOn, u.DueOn)
		set(&m.StartsOn, u.StartsOn)
		m.Title = strings.TrimSpace(m.Title)
	}
	after := before
	change(&after)
	if problems := tx.milestoneProblems(after); problems != "" {
		text := "Failed to update milestone " + problems
		return before, &Refusal{Kind: BadValue, Text: text, Reason: text}
	}
	return tx.saveMilestone(before, change), nil
}

// saveMilestone changes a milestone, and sets the time of the update if something changed.
func (tx *Tx) saveMilestone(m Milestone, change func(*Milestone)) Milestone {
	before := m
	if change(&m); m != before {
		m.UpdatedAt = tx.Now
		insert(tx, milestoneTable, m)
	}
	return m
}

// DeleteMilestone deletes a milestone and takes it from its merge requests. These are updated, of which services are
// told, if the actor may set milestones of them.
//
// Source: app/services/milestones/destroy_service.rb, app/services/issuable/callbacks/milestone.rb.
func (tx *Tx) DeleteMilestone(a Actor, m Milestone) {
	for _, mr := range tx.MergeRequests(m.ProjectID) {
		if mr.MilestoneID != m.ID {
			continue
		}
		if tx.CanOn(a, AdminMergeRequest, mr) {
			mr, _ = tx.UpdateMergeRequest(a, mr, MergeRequestUpdate{MilestoneID: new(MilestoneID)})
		}
		mr.MilestoneID = 0
		insert(tx, mergeRequestTable, mr)
	}
	remove(tx, milestoneTable, m)
}

// milestoneProblems is what the model's validations say of a milestone, as Ruby shows it; empty if they accept it.
func (tx *Tx) milestoneProblems(m Milestone) string {
	const late = "date must not be after 9999-12-31"
	var attributes []string
	problems := map[string][]string{}
	note := func(broken bool, attribute, message string) {
		if broken {
			if problems[attribute] == nil {
				attributes = append(attributes, attribute)
			}
			problems[attribute] = append(problems[attribute], message)
		}
	}
	note(m.DueOn != "" && m.StartsOn != "" && compareDays(m.DueOn, m.StartsOn) <= 0, "due_date",
		"must be greater than start date")
	note(compareDays(m.StartsOn, lastDay) > 0, "start_date", late)
	note(compareDays(m.DueOn, lastDay) > 0, "due_date", late)
	note(m.Title == "", "title", "can't be blank")
	taken := slices.ContainsFunc(tx.Milestones(m.ProjectID), func(o Milestone) bool {
		return o.Title == m.Title && o.ID != m.ID
	})
	note(taken, "title", "already being used for another group or project milestone.")
	if len(attributes) == 0 {
		return ""
	}
	for i, attribute := range attributes {
		attributes[i] = fmt.Sprintf(`:%s=>["%s"]`, attribute, strings.Join(problems[attribute], `", "`))
	}
	return "{" + strings.Join(attributes, ", ") + "}"
}

// lastDay is the last day that a milestone can have.
const lastDay = "9999-12-31"

// compareDays compares days. Those after lastDay have one digit more.
func compareDays(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

// dayForms are texts that begin with a day: its three numbers with the same sign between them, or eight digits.
var dayForms = []*regexp.Regexp{
	regexp.MustCompile(`^\s*(\d+)-(\d+)-(\d+)`),
	regexp.MustCompile(`^\s*(\d+)/(\d+)/(\d+)`),
	regexp.MustCompile(`^\s*(\d+)\.(\d+)\.(\d+)`),
	regexp.MustCompile(`^\s*(\d{4})(\d{2})(\d{2})(?:\D|$)`),
}

// DayOf is the day that a text begins with, as 2026-01-31. A time behind it does not matter, nor does the place of its
// zone. The year can come last. It is empty if there is no such day, as with days whose month is a word, which GitLab
// reads. All days after the year 9999 are the same one.
//
// Source: ActiveModel::Type::Date of Rails; Date._parse of Ruby.
func DayOf(text string) string {
	for _, form := range dayForms {
		parts := form.FindStringSubmatch(text)
		if parts == nil {
			continue
		}
		if len(parts[3]) > 2 && len(parts[1]) <= 2 {
			parts[1], parts[3] = parts[3], parts[1]
		}
		year, err := strconv.Atoi(parts[1])
		month, _ := strconv.Atoi(parts[2])
		day, _ := strconv.Atoi(parts[3])
		if year = min(year, 10000); err != nil {
			year = 10000
		}
		at := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
		if at.Year() != year || int(at.Month()) != month || at.Day() != day {
			return ""
		}
		if year > 9999 {
			return "10000-01-01"
		}
		return at.Format(time.DateOnly)
	}
	return ""
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
