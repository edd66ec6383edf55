// Package release handles the versions of GitLab releases: how they are written, their order, and which of them this
// module supports.
package release

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Version is a minor release of GitLab, such as 18.9. The zero value means "no bound" wherever a bound is expected.
type Version struct {
	Major int
	Minor int
}

// The range of releases that the contract covers, and the release that it describes best.
var (
	Oldest    = Of(14, 0)
	Reference = Of(18, 9)
	Newest    = Of(19, 4)
)

// lastMinors are the last minor releases of GitLab's major versions.
var lastMinors = map[int]int{14: 10, 15: 11, 16: 11, 17: 11, 18: 11, 19: 4}

// Of returns the minor release with these numbers.
func Of(major, minor int) Version { return Version{Major: major, Minor: minor} }

// Parse reads a version in any form that GitLab uses: "18.9", "v18.9.0-ee", "18.9.0-pre", "16.11.2". It ignores the
// patch number and the suffix. Use ParsePatch to read the patch number.
func Parse(text string) (Version, error) {
	rest := strings.TrimPrefix(strings.TrimSpace(text), "v")
	if at := strings.IndexAny(rest, "-+"); at >= 0 {
		rest = rest[:at]
	}
	parts := strings.Split(rest, ".")
	if len(parts) < 2 || len(parts) > 3 {
		return Version{}, notAVersion(text)
	}
	numbers := make([]int, len(parts))
	for i, part := range parts {
		number, ok := plainNumber(part)
		if !ok {
			return Version{}, notAVersion(text)
		}
		numbers[i] = number
	}
	return Of(numbers[0], numbers[1]), nil
}

// String returns major and minor, such as "18.9".
func (v Version) String() string {
	return strconv.Itoa(v.Major) + "." + strconv.Itoa(v.Minor)
}

// Compare returns -1 if v is older than o, 0 if they are equal, and +1 if v is newer.
func (v Version) Compare(o Version) int {
	return cmp.Or(cmp.Compare(v.Major, o.Major), cmp.Compare(v.Minor, o.Minor))
}

// Within reports whether v is in the range since..until, including both ends. A zero bound is open.
func (v Version) Within(since, until Version) bool {
	var open Version
	return (since == open || v.Compare(since) >= 0) && (until == open || v.Compare(until) <= 0)
}

// Next returns the release that follows v, or v itself if none is known.
func (v Version) Next() Version {
	all := All()
	if at := slices.Index(all, v); at >= 0 && at+1 < len(all) {
		return all[at+1]
	}
	return v
}

// All returns every release that the contract covers, from Oldest to Newest.
func All() []Version {
	var all []Version
	for major := Oldest.Major; major <= Newest.Major; major++ {
		for minor := range lastMinors[major] + 1 {
			all = append(all, Of(major, minor))
		}
	}
	return all
}

// Covered returns nil if the contract covers release v. Otherwise it returns an error that names the nearest covered
// releases.
func Covered(v Version) error {
	var before, after Version
	for _, known := range All() {
		switch order := known.Compare(v); {
		case order == 0:
			return nil
		case order < 0:
			before = known
		case after == Version{}:
			after = known
		}
	}
	what := fmt.Sprintf("there was no %s: the nearest are %s and %s", v, before, after)
	switch (Version{}) {
	case before:
		what = fmt.Sprintf("%s is older: the nearest is %s", v, after)
	case after:
		what = fmt.Sprintf("%s is newer: the nearest is %s", v, before)
	}
	return fmt.Errorf("the contract covers GitLab %s to %s, and %s", Oldest, Newest, what)
}

func notAVersion(text string) error {
	return fmt.Errorf("%q is not a GitLab version: write major and minor, such as 18.9", text)
}

// plainNumber reads up to four decimal digits; signs and blanks are refused.
func plainNumber(text string) (int, bool) {
	if text == "" || len(text) > 4 || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	number, err := strconv.Atoi(text)
	return number, err == nil
}
