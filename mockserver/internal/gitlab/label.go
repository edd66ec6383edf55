package gitlab

import (
	"fmt"
	"math"
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
}

// defaultLabelColor is the colour of a label that is created because a merge request names it.
const defaultLabelColor = "#6699cc"

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
	note(len(tx.Labels(l.ProjectID, []string{l.Title})) > 0, "title", "has already been taken")
	if len(problems) > 0 {
		return l, badAttributes(problems)
	}
	return tx.InsertLabel(l), nil
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
		l.Color = defaultLabelColor
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
