package gitlab

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Label is a label of a project. Merge requests name their labels by title.
type Label struct {
	ID          LabelID
	ProjectID   ProjectID
	Title       string
	Color       string
	Description string
	HasPriority bool
	Priority    int64
	CreatedAt   time.Time
	UpdatedAt   time.Time // zero until it is changed
}

// Touched is when the label was changed last, or made.
func (l Label) Touched() time.Time {
	if l.UpdatedAt.IsZero() {
		return l.CreatedAt
	}
	return l.UpdatedAt
}

// LabelUpdate is what an update of a label sets. A nil field is not changed.
type LabelUpdate struct{ Title, Color, Description *string }

// DefaultLabelColor is the colour of a label that is created because a merge request names it.
const DefaultLabelColor = "#6699cc"

// longestLabel is the greatest length of a label's title.
const longestLabel = 255

var labelTable = newTable([]index[Label]{
	{"id", func(l Label) string { return key(l.ProjectID, l.Title) }},
})

// ProjectLabels lists all labels of a project.
func (tx *Tx) ProjectLabels(p ProjectID) []Label { return all(tx, labelTable, "id", key(p)) }

// Labels returns a project's labels with some titles, in the order of the titles.
func (tx *Tx) Labels(p ProjectID, titles []string) []Label {
	labels := make([]Label, 0, len(titles))
	for _, title := range titles {
		if l, ok := first(tx, labelTable, "id", key(p, title)); ok {
			labels = append(labels, l)
		}
	}
	return labels
}

// FindLabel looks up a label of a project by its id or, if there is none with it, by its title. It refuses with
// NotFound.
//
// Source: lib/api/helpers/label_helpers.rb.
func (tx *Tx) FindLabel(p ProjectID, name string) (Label, error) {
	id, _ := strconv.ParseInt(name, 10, 64)
	for _, l := range tx.ProjectLabels(p) {
		if id != 0 && l.ID == LabelID(id) {
			return l, nil
		}
	}
	if l, ok := first(tx, labelTable, "id", key(p, name)); ok {
		return l, nil
	}
	return Label{}, refuseText(NotFound, "Label", "project %d has no label %q", p, name)
}

// CreateLabel stores a new label. It refuses with Conflict if the project has a label with the title, and with
// BadAttributes for what the model's validations reject.
//
// Source: lib/api/helpers/label_helpers.rb, app/models/concerns/base_label.rb.
func (tx *Tx) CreateLabel(l Label) (Label, error) {
	if len(tx.Labels(l.ProjectID, []string{l.Title})) > 0 {
		const taken = "Label already exists"
		return l, &Refusal{Kind: Conflict, Text: taken, Reason: taken}
	}
	l.Title, l.Color = strings.TrimSpace(l.Title), ColorOf(l.Color)
	if problems := tx.labelProblems(l); len(problems) > 0 {
		return l, badAttributes(problems)
	}
	return tx.InsertLabel(l), nil
}

// labelProblems is what the model's validations say of a label.
func (tx *Tx) labelProblems(l Label) map[string][]string {
	problems := map[string][]string{}
	note := func(broken bool, name, message string) {
		if broken {
			problems[name] = append(problems[name], message)
		}
	}
	note(l.Color == "", "color", "must be a valid color code")
	for _, message := range TitleProblems(l.Title) {
		note(true, "title", message)
	}
	taken := slices.ContainsFunc(tx.Labels(l.ProjectID, []string{l.Title}), func(o Label) bool { return o.ID != l.ID })
	note(taken, "title", "has already been taken")
	return problems
}

// UpdateLabel changes a label. Merge requests keep it under its new title. It refuses with BadAttributes for what the
// model's validations reject.
//
// Source: app/services/labels/update_service.rb, app/models/concerns/base_label.rb.
func (tx *Tx) UpdateLabel(before Label, u LabelUpdate) (Label, error) {
	l := before
	if u.Title != nil {
		l.Title = strings.TrimSpace(*u.Title)
	}
	if u.Color != nil {
		l.Color = ColorOf(*u.Color)
	}
	if u.Description != nil {
		l.Description = *u.Description
	}
	if problems := tx.labelProblems(l); len(problems) > 0 {
		return before, badAttributes(problems)
	}
	if l != before {
		l.UpdatedAt = tx.Now
	}
	remove(tx, labelTable, before)
	insert(tx, labelTable, l)
	tx.relabel(l.ProjectID, before.Title, l.Title)
	return l, nil
}

// PrioritizeLabel sets the priority of a label, or takes it away.
func (tx *Tx) PrioritizeLabel(l Label, priority *int64) Label {
	l.HasPriority, l.Priority = priority != nil, 0
	if priority != nil {
		l.Priority = *priority
	}
	insert(tx, labelTable, l)
	return l
}

// DeleteLabel deletes a label, and takes it from the merge requests that have it. Nobody is told.
//
// Source: app/models/label.rb, app/models/label_link.rb.
func (tx *Tx) DeleteLabel(l Label) {
	remove(tx, labelTable, l)
	tx.relabel(l.ProjectID, l.Title)
}

// relabel puts other labels in the place of one in the merge requests of a project.
func (tx *Tx) relabel(p ProjectID, from string, to ...string) {
	for _, mr := range tx.MergeRequests(p) {
		if i := slices.Index(mr.Labels, from); i >= 0 {
			mr.Labels = slices.Concat(mr.Labels[:i], to, mr.Labels[i+1:])
			insert(tx, mergeRequestTable, mr)
		}
	}
}

// TitleProblems are what GitLab says of a title that no label can have.
//
// Source: app/models/concerns/base_label.rb.
func TitleProblems(title string) []string {
	var problems []string
	title = strings.TrimSpace(title)
	if title == "" {
		problems = append(problems, "can't be blank")
	}
	if title == "" || strings.Contains(title, ",") {
		problems = append(problems, "is invalid")
	}
	if len([]rune(title)) > longestLabel {
		problems = append(problems, fmt.Sprintf("is too long (maximum is %d characters)", longestLabel))
	}
	return problems
}

// IsPriority reports whether a label can have a priority. GitLab breaks on others.
//
// Source: app/models/label_priority.rb; db/structure.sql.
func IsPriority(priority int64) bool { return priority >= 0 && priority <= math.MaxInt32 }

// InsertLabel stores a label as it is, and sets its number and date.
func (tx *Tx) InsertLabel(l Label) Label {
	l.ID = LabelID(tx.given(labelSequence, int64(l.ID)))
	if l.Color == "" {
		l.Color = DefaultLabelColor
	}
	if l.CreatedAt.IsZero() {
		l.CreatedAt = tx.Now
	}
	insert(tx, labelTable, l)
	return l
}

// ensureLabels creates the labels that a project does not have yet, as GitLab does when a merge request names them.
func (tx *Tx) ensureLabels(p ProjectID, titles []string) {
	for _, title := range titles {
		if _, ok := first(tx, labelTable, "id", key(p, title)); !ok {
			tx.InsertLabel(Label{ProjectID: p, Title: title})
		}
	}
}
