package openapi

import (
	"slices"

	"github.com/statuschecks/statuschecks/release"
)

// period returns the start of the period that contains v. The document does not change within a period. The first
// period starts at the zero version.
func (s *source) period(v release.Version) release.Version {
	i, starts := slices.BinarySearchFunc(s.index.Starts, v, release.Version.Compare)
	switch {
	case starts:
		return v
	case i == 0:
		return release.Version{}
	}
	return s.index.Starts[i-1]
}

// span returns the first and the last release of the period that starts with
// start.
func (s *source) span(start release.Version) (first, last release.Version) {
	first, last = start, release.Newest
	if first == (release.Version{}) {
		first = release.Oldest
	}
	for _, next := range s.index.Starts {
		if next.Compare(first) > 0 {
			return first, before(next)
		}
	}
	return first, last
}

// before is the release before v; v itself if there is none.
func before(v release.Version) release.Version {
	all := release.All()
	if at := slices.IndexFunc(all, func(known release.Version) bool { return known.Compare(v) >= 0 }); at > 0 {
		return all[at-1]
	}
	return v
}
