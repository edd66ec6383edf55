package gitlab

import "time"

// Label is a label of a project. Merge requests name their labels by title.
type Label struct {
	ID        LabelID
	ProjectID ProjectID
	Title     string
	Color     string
	CreatedAt time.Time
}

// defaultLabelColor is the colour of a label that is created because a merge request names it.
const defaultLabelColor = "#6699cc"

var labelTable = newTable([]index[Label]{
	{"id", func(l Label) string { return key(l.ProjectID, l.Title) }},
})

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

// ensureLabels creates the labels that a project does not have yet, as GitLab does when a merge request names them.
func (tx *Tx) ensureLabels(p ProjectID, titles []string) {
	for _, title := range titles {
		if _, ok := first(tx, labelTable, "id", key(p, title)); !ok {
			id := LabelID(tx.next(labelSequence))
			insert(tx, labelTable, Label{
				ID: id, ProjectID: p, Title: title, Color: defaultLabelColor,
				CreatedAt: tx.Now,
			})
		}
	}
}
