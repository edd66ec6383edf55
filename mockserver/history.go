package mockserver

import (
	"fmt"
	"maps"
	"slices"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/release"
)

// Change is something that some releases of GitLab do and others do not. A Server behaves as its release does.
type Change struct {
	Name   string          // permanent
	Since  release.Version // first release that has it
	Gone   release.Version // first release that no longer has it; zero means that it stayed
	What   string          // what releases that have it do, in one sentence
	Source string          // where that can be read; says so if something is uncertain
}

// In reports whether a release has the change.
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

// Announcement is a change that GitLab has announced, but that no release known here has.
type Announcement = gitlab.Announcement

// Announcements lists the changes that GitLab has announced, but that no release known here has. No Server does them
// yet.
func Announcements() []Announcement { return gitlab.Announcements() }

// checkChanges returns an error if a name is not in the history.
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
