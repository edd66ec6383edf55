package scenario

import (
	"fmt"
	"strings"

	"github.com/statuschecks/statuschecks/conformance/internal/reader"
	"github.com/statuschecks/statuschecks/release"
)

// Patches describes minor releases whose behaviour changed in a patch: the first patch with which a scenario is true,
// and the last one. A minor release that is not listed is the same in all its patches.
type Patches struct {
	Since map[release.Version]int
	Until map[release.Version]int
}

// releases reads since and until: a minor such as "18.9", or a patch such as "18.6.6", or a list of these where GitLab
// changed several minors in patches of their own.
func (d *decoder) releases(fields map[string]*reader.Node, s *Scenario) {
	first, sincePatches := d.bounds(fields["since"], "since")
	last, untilPatches := d.bounds(fields["until"], "until")
	if len(first) > 0 {
		s.Since = first[0]
	}
	if len(last) > 0 {
		s.Until = last[len(last)-1]
	}
	s.Patches = Patches{Since: sincePatches, Until: untilPatches}
	if s.Since != (release.Version{}) && s.Until != (release.Version{}) && s.Since.Compare(s.Until) > 0 {
		d.P.At(fields["until"], "until %s is before since %s", s.Until, s.Since)
	}
}

// bounds gives the minors that since or until names, and the patches of those with one.
func (d *decoder) bounds(n *reader.Node, what string) ([]release.Version, map[release.Version]int) {
	if n == nil {
		return nil, nil
	}
	items := []*reader.Node{n}
	if n.IsList {
		items = n.Items
	}
	var minors []release.Version
	var patches map[release.Version]int
	for _, item := range items {
		text, isText := item.Value.(string)
		if !item.IsScalar || !isText {
			d.P.At(item, "%s must be a quoted version such as \"18.9\": unquoted, YAML reads 18.10 as 18.1", what)
			continue
		}
		version, err := release.Parse(text)
		if err != nil {
			d.P.At(item, "%s: %v", what, err)
			continue
		}
		d.nextMinor(item, what, minors, version)
		minors = append(minors, version)
		if patch, named := release.ParsePatch(text); named {
			if patches == nil {
				patches = map[release.Version]int{}
			}
			patches[version] = patch
		}
	}
	return minors, patches
}

// nextMinor checks that a list leaves out no minor, so that it is clear what holds for each.
func (d *decoder) nextMinor(item *reader.Node, what string, minors []release.Version, next release.Version) {
	if len(minors) == 0 {
		return
	}
	if last := minors[len(minors)-1]; last == next || last.Next() != next {
		d.P.At(item, "%s lists minors one after the other, each with its patch, as in [\"18.6.6\", \"18.7.4\", "+
			"\"18.8.4\"]", what)
	}
}

// FirstReleases returns the first releases with the behaviour, such as "18.6.6, 18.7.4". It is empty if the oldest
// release has it.
func (s *Scenario) FirstReleases() string {
	return strings.Join(bounds(s.Since, s.Patches.Since), ", ")
}

// LastReleases returns the last releases with the behaviour. It is empty if the newest release has it.
func (s *Scenario) LastReleases() string { return strings.Join(bounds(s.Until, s.Patches.Until), ", ") }

// bounds are the texts of since or until: a minor, or each minor with its patch.
func bounds(v release.Version, patches map[release.Version]int) []string {
	if v == (release.Version{}) {
		return nil
	}
	var texts []string
	for _, minor := range release.All() {
		if patch, patched := patches[minor]; patched {
			texts = append(texts, fmt.Sprintf("%s.%d", minor, patch))
		} else if minor == v {
			texts = append(texts, minor.String())
		}
	}
	if len(texts) == 0 {
		return []string{v.String()}
	}
	return texts
}

// releaseTexts is since or until as a file has it.
func releaseTexts(v release.Version, patches map[release.Version]int) any {
	switch texts := bounds(v, patches); len(texts) {
	case 0:
		return ""
	case 1:
		return texts[0]
	default:
		return list(texts, func(text string) any { return text })
	}
}
