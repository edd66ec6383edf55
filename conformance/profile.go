package conformance

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
)

// Profile lists where a compatible server differs from GitLab on purpose. These differences are reported as known
// differences, which are neither failures nor passes.
type Profile struct {
	Name        string // such as "deckhouse-code"
	Summary     string // one sentence
	Differences []Difference
}

// Difference is one entry of a profile.
type Difference struct {
	Position  Position
	Scenarios []ProfilePattern
	KnownDifference
}

// ProfilePattern names scenarios by an id or a glob over ids, such as timeout.*.
type ProfilePattern struct {
	Position Position
	Text     string

	line string // of the file, for messages
}

var profileKeys = map[string][]string{
	"profile":    {"profile", "summary", "differences"},
	"difference": {"scenarios", "reason", "link"},
}

// ReadProfile reads a profile file. It is strict, and a *LoadError contains all problems.
func ReadProfile(name string, data []byte) (*Profile, error) {
	p := newProblems(name, data)
	profile := &Profile{}
	if root := parse(data, p); root != nil {
		d := &decoder{p: p}
		fields := d.among(root, "a profile", profileKeys["profile"])
		profile.Name, profile.Summary = d.text(fields["profile"], "profile"), d.text(fields["summary"], "summary")
		if profile.Name == "" {
			p.at(root, "a profile needs a name under the key profile")
		}
		d.differences(root, fields["differences"], profile)
	}
	return profile, loadError(p.found())
}

// among gives the values of a mapping by key and reports the keys that are not allowed there.
func (d *decoder) among(n *node, what string, allowed []string) map[string]*node {
	fields := map[string]*node{}
	if n == nil {
		return fields
	}
	if !n.mapping() {
		d.p.at(n, "%s must be a mapping, not %s", what, n.kind())
		return fields
	}
	for _, p := range n.pairs {
		if !slices.Contains(allowed, p.key.text) {
			d.p.at(p.key, "unknown key %q in %s%s; the keys are %s", p.key.text, what, didYouMean(p.key.text, allowed),
				strings.Join(allowed, ", "))
			continue
		}
		fields[p.key.text] = p.value
	}
	return fields
}

func (d *decoder) differences(root, n *node, profile *Profile) {
	if n == nil || n.list && len(n.items) == 0 {
		d.p.at(root, "the profile names no differences")
		return
	}
	for _, item := range d.list(n, "differences") {
		fields := d.among(item, "a difference", profileKeys["difference"])
		difference := Difference{Position: Position{File: d.p.File, Line: item.line, Column: item.column}}
		for _, pattern := range d.list(fields["scenarios"], "scenarios") {
			difference.Scenarios = append(difference.Scenarios, d.profilePattern(pattern, profile))
		}
		difference.Reason, difference.Link = d.text(fields["reason"], "reason"), d.text(fields["link"], "link")
		for _, key := range profileKeys["difference"] {
			if fields[key] == nil && item.mapping() {
				d.p.at(item, "%s is missing", key)
			}
		}
		if u, err := url.Parse(difference.Link); difference.Link != "" &&
			(err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
			d.p.at(fields["link"], "link must be the address of a page, such as https://example.com/docs, not %q",
				difference.Link)
		}
		profile.Differences = append(profile.Differences, difference)
	}
}

func (d *decoder) profilePattern(n *node, profile *Profile) ProfilePattern {
	pattern := ProfilePattern{
		Position: Position{File: d.p.File, Line: n.line, Column: n.column},
		Text:     d.text(n, "each of scenarios"),
	}
	pattern.line = d.p.Line(n.line)
	if _, err := path.Match(pattern.Text, ""); err != nil {
		d.p.at(n, "%q is no pattern: %v; write an id, or a glob over ids such as timeout.*", pattern.Text, err)
	}
	for _, earlier := range profile.Differences {
		for _, other := range earlier.Scenarios {
			if other.Text == pattern.Text {
				d.p.at(n, "%s is named at %s already", pattern.Text, other.Position)
			}
		}
	}
	return pattern
}

func (p ProfilePattern) fits(id string) bool {
	matched, err := path.Match(p.Text, id)
	return err == nil && matched
}

// Check returns an error if a pattern of the profile matches no scenario, because it is out of date or misspelt.
func (p *Profile) Check(all []*Scenario) error {
	ids := make([]string, len(all))
	for i, scenario := range all {
		ids[i] = scenario.ID
	}
	var wrong []Problem
	for _, difference := range p.Differences {
		for _, pattern := range difference.Scenarios {
			if !slices.ContainsFunc(ids, pattern.fits) {
				wrong = append(wrong, Problem{
					Position: pattern.Position, Line: pattern.line,
					Message: fmt.Sprintf("no scenario fits %q%s", pattern.Text, didYouMean(pattern.Text, ids)),
				})
			}
		}
	}
	return loadError(wrong)
}

// difference is what the profile says about a scenario; nil when it says nothing.
func (p *Profile) difference(id string) *KnownDifference {
	if p == nil {
		return nil
	}
	for i := range p.Differences {
		if slices.ContainsFunc(p.Differences[i].Scenarios,
			func(pattern ProfilePattern) bool { return pattern.fits(id) }) {
			return &p.Differences[i].KnownDifference
		}
	}
	return nil
}

// weigh turns a departure that the profile knows into a known difference. What could not be carried out stays an error.
func (p *Profile) weigh(result *Result) {
	known := p.difference(result.ID)
	if known == nil || result.Outcome == Skip || result.Outcome == Error {
		return
	}
	result.Difference = known
	if result.Outcome != Pass {
		result.Outcome = Known
	}
}

// ProfileReport lists the known differences of a run, with their results.
type ProfileReport struct {
	Name        string             `json:"name"`
	Summary     string             `json:"summary,omitempty"`
	Differences []DifferenceReport `json:"differences"`
}

// DifferenceReport is one difference of a profile, with the result of the run.
type DifferenceReport struct {
	KnownDifference
	Scenarios []string `json:"scenarios"`                   // the profile's patterns
	Met       []string `json:"met,omitempty"`               // ids of scenarios that differ as it says
	NoLonger  []string `json:"no_longer_differs,omitempty"` // patterns whose scenarios ran and all held
}

func (p *Profile) report(results []Result) *ProfileReport {
	if p == nil {
		return nil
	}
	r := &ProfileReport{Name: p.Name, Summary: p.Summary}
	for _, difference := range p.Differences {
		entry := DifferenceReport{KnownDifference: difference.KnownDifference}
		for _, pattern := range difference.Scenarios {
			met, held := pattern.tally(results)
			entry.Scenarios = append(entry.Scenarios, pattern.Text)
			entry.Met = append(entry.Met, met...)
			if len(met) == 0 && held > 0 {
				entry.NoLonger = append(entry.NoLonger, pattern.Text)
			}
		}
		slices.Sort(entry.Met)
		entry.Met = slices.Compact(entry.Met)
		r.Differences = append(r.Differences, entry)
	}
	return r
}

// tally gives the scenarios of a pattern that differ, and how many held.
func (p ProfilePattern) tally(results []Result) (met []string, held int) {
	for i := range results {
		switch {
		case !p.fits(results[i].ID):
		case results[i].Outcome == Known:
			met = append(met, results[i].ID)
		case results[i].Outcome == Pass:
			held++
		}
	}
	return met, held
}
