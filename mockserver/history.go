package mockserver

import (
	"fmt"
	"maps"
	"slices"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/release"
)

// Change is something that one release of GitLab does and another does not, and that a Server of each does or does not.
type Change struct {
	Name   string          // permanent
	Since  release.Version // first release that has it
	Gone   release.Version // first release that has it no more; zero means that it stayed
	What   string          // what releases that have it do, in one sentence
	Source string          // where that can be read; what is not certain is said
}

// In says whether a release has the change.
func (c Change) In(v release.Version) bool {
	return gitlab.Release{Since: c.Since, Gone: c.Gone}.In(v)
}

// History lists the changes in the order of the releases that brought them.
func History() []Change {
	var list []Change
	for _, r := range gitlab.History() {
		list = append(list, Change{r.Name, r.Since, r.Gone, r.What, r.Source})
	}
	return list
}

// Announcement is a change that no release has which is known here.
type Announcement = gitlab.Announcement

// Announcements lists what GitLab has announced and no release has that is known here. No Server does it yet.
func Announcements() []Announcement { return gitlab.Announcements() }

// checkChanges says which of some names is not one of the history, or nothing.
func checkChanges(set map[string]bool) error {
	var known []string
	for _, c := range History() {
		known = append(known, c.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(set)) {
		if !slices.Contains(known, name) {
			return fmt.Errorf("there is no change %q in the history%s; docs/reference/versions.md lists them", name,
				strictyaml.DidYouMean(name, known))
		}
	}
	return nil
}
