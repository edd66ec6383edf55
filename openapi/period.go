package openapi

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"

	"github.com/statuschecks/statuschecks/release"
)

// dated are the extensions for the first and the last version that has something.
var dated = []struct {
	key  string
	last bool
}{{"x-since", false}, {"x-enum-since", false}, {"x-until", true}, {"x-enum-until", true}}

// periods returns, in ascending order, the versions in which something begins or is gone. It searches for the
// extensions instead of parsing everything, because few places have one.
func periods(json []byte) ([]release.Version, error) {
	var starts []release.Version
	for _, extension := range dated {
		quoted := []byte(strconv.Quote(extension.key))
		scan := &scanner{data: json}
		for {
			at := bytes.Index(json[scan.at:], quoted)
			if at < 0 {
				break
			}
			scan.at += at + len(quoted)
			if !scan.take(':') {
				continue
			}
			found, err := scan.versions()
			if err != nil {
				return nil, fmt.Errorf("%s before byte %d: %w", extension.key, scan.at, err)
			}
			for _, v := range found {
				if extension.last {
					v.Minor++
				}
				starts = append(starts, v)
			}
		}
	}
	slices.SortFunc(starts, release.Version.Compare)
	return slices.Compact(starts), nil
}

// versions reads a version, or a map whose values are versions.
func (s *scanner) versions() ([]release.Version, error) {
	var found []release.Version
	read := func(string) error {
		text, err := s.str()
		if err != nil {
			return err
		}
		v, err := release.Parse(text)
		found = append(found, v)
		return err
	}
	if s.peek() == '{' {
		err := s.each(read)
		return found, err
	}
	err := read("")
	return found, err
}

// period returns the start of the period that contains v. The document does not change within a period. The first
// period starts at the zero version.
func (s *source) period(v release.Version) release.Version {
	i, starts := slices.BinarySearchFunc(s.starts, v, release.Version.Compare)
	switch {
	case starts:
		return v
	case i == 0:
		return release.Version{}
	}
	return s.starts[i-1]
}

// span returns the first and the last release of the period that starts with
// start.
func (s *source) span(start release.Version) (first, last release.Version) {
	first, last = start, release.Newest
	if first == (release.Version{}) {
		first = release.Oldest
	}
	for _, next := range s.starts {
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
