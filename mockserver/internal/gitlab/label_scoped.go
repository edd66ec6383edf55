package gitlab

import (
	"slices"
	"strings"
)

// LabelChange is what a request does with the labels of a merge request, by title.
type LabelChange struct {
	Set         *[]string // all labels; nil keeps those that it has
	Add, Remove []string
}

// changedLabels returns the labels of a merge request after a change, and creates those that the project lacks. Of
// labels that exclude each other, the last that the change names stays; what Set names counts as named after Add.
//
// Source: app/services/issuable/callbacks/labels.rb, ee/app/services/ee/issuable/callbacks/labels.rb,
// app/services/labels/find_or_create_service.rb.
func (tx *Tx) changedLabels(a Actor, mr MergeRequest, c LabelChange) []string {
	p, _ := tx.Project(mr.ProjectID)
	named, labels := tx.usableLabels(a, p, c.Add), mr.Labels
	added := named
	if c.Set != nil {
		labels = tx.usableLabels(a, p, *c.Set)
		named = slices.Concat(added, labels)
	}
	labels = withoutDuplicates(slices.Concat(labels, added))
	removed := setOf(c.Remove)
	labels = slices.DeleteFunc(labels, func(title string) bool { return removed[title] })
	if tx.ScopesLabels(p) {
		labels = withoutExcluded(labels, mr.Labels, named)
	}
	return labels
}

// usableLabels are those titles that labels of the project have, or that the actor may make labels of. GitLab leaves
// out the others in silence.
func (tx *Tx) usableLabels(a Actor, p Project, titles []string) []string {
	mayCreate, usable := tx.Can(a, AdminLabel, p), []string{}
	for _, title := range titles {
		_, exists := first(tx, labelTable, "id", key(p.ID, title))
		if !exists && mayCreate && len(TitleProblems(title)) == 0 {
			tx.InsertLabel(Label{ProjectID: p.ID, Title: title})
			exists = true
		}
		if exists {
			usable = append(usable, title)
		}
	}
	return usable
}

// scopeOf is the scope of a label: what stands before the last ::. Labels with the same scope exclude each other.
//
// Source: ee/app/models/ee/label.rb.
func scopeOf(title string) (scope string, scoped bool) {
	end := strings.LastIndex(title, "::")
	if end < 0 {
		return "", false
	}
	return title[:end], true
}

// withoutExcluded leaves out the labels that another one with the same scope excludes: all but the one that is named
// last. It does so for scopes with a label that was not there before. In others, labels from before can go on together.
//
// Source: ee/app/models/scoped_label_set.rb.
func withoutExcluded(labels, before, named []string) []string {
	place := map[string]int{}
	for i, title := range named {
		place[title] = i + 1
	}
	old, chosen, changed := setOf(before), map[string]string{}, map[string]bool{}
	for _, title := range labels {
		scope, scoped := scopeOf(title)
		if !scoped {
			continue
		}
		changed[scope] = changed[scope] || !old[title]
		if last, any := chosen[scope]; !any || place[title] > place[last] {
			chosen[scope] = title
		}
	}
	return slices.DeleteFunc(labels, func(title string) bool {
		scope, scoped := scopeOf(title)
		return scoped && changed[scope] && chosen[scope] != title
	})
}

func setOf(titles []string) map[string]bool {
	set := make(map[string]bool, len(titles))
	for _, title := range titles {
		set[title] = true
	}
	return set
}

// withoutDuplicates keeps the first of equal titles.
func withoutDuplicates(titles []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(titles, func(title string) bool {
		again := seen[title]
		seen[title] = true
		return again
	})
}

// sameLabels reports whether two lists have the same labels, in any order.
func sameLabels(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
