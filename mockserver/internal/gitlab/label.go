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

// defaultLabelColor is what a label gets that comes into being with a merge request.
const defaultLabelColor = "#6699cc"

var labelTable = table[Label]{"labels", []index[Label]{
	{"id", func(l Label) []byte { return key(l.ProjectID, l.Title) }},
}}

// Labels gives a project's labels of some titles, in their order.
func (tx *Tx) Labels(p ProjectID, titles []string) []Label {
	labels := make([]Label, 0, len(titles))
	for _, title := range titles {
		if l, ok := first(tx, labelTable, "id", key(p, title)); ok {
			labels = append(labels, l)
		}
	}
	return labels
}

// ensureLabels makes the labels that a project does not have yet, as naming them on a merge request does.
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
