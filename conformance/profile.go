package conformance

import (
	"fmt"
	"net/url"
	"path"
	"slices"

	"github.com/statuschecks/statuschecks/conformance/internal/reader"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
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
	Position  scenario.Position
	Scenarios []ProfilePattern
	KnownDifference
}

// ProfilePattern names scenarios by an id or a glob over ids, such as timeout.*.
type ProfilePattern struct {
	Position scenario.Position
	Text     string

	line string // of the file, for messages
}

var profileKeys = map[string][]string{
	"profile":    {"profile", "summary", "differences"},
	"difference": {"scenarios", "reason", "link"},
}

// profileReader reads profiles.
type profileReader struct{ reader.Reader }

// ReadProfile reads a profile file. It is strict, and a *LoadError contains all problems.
func ReadProfile(name string, data []byte) (*Profile, error) {
	p := reader.NewProblems(name, data)
	profile := &Profile{}
	if root := reader.Parse(data, p); root != nil {
		d := &profileReader{reader.Reader{P: p}}
		fields := d.Among(root, "a profile", profileKeys["profile"])
		profile.Name, profile.Summary = d.Text(fields["profile"], "profile"), d.Text(fields["summary"], "summary")
		if profile.Name == "" {
			p.At(root, "a profile needs a name under the key profile")
		}
		d.differences(root, fields["differences"], profile)
	}
	return profile, scenario.NewLoadError(reader.Found(p, scenario.NewProblem))
}

func (d *profileReader) differences(root, n *reader.Node, profile *Profile) {
	if n == nil || n.IsList && len(n.Items) == 0 {
		d.P.At(root, "the profile names no differences")
		return
	}
	for _, item := range d.List(n, "differences") {
		fields := d.Among(item, "a difference", profileKeys["difference"])
		difference := Difference{Position: scenario.Position{File: d.P.File, Line: item.Line, Column: item.Column}}
		for _, pattern := range d.List(fields["scenarios"], "scenarios") {
			difference.Scenarios = append(difference.Scenarios, d.profilePattern(pattern, profile))
		}
		difference.Reason, difference.Link = d.Text(fields["reason"], "reason"), d.Text(fields["link"], "link")
		for _, key := range profileKeys["difference"] {
			if fields[key] == nil && item.IsMapping() {
				d.P.At(item, "%s is missing", key)
			}
		}
		if u, err := url.Parse(difference.Link); difference.Link != "" &&
			(err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http") {
			d.P.At(fields["link"], "link must be the address of a page, such as https://example.com/docs, not %q",
				difference.Link)
		}
		profile.Differences = append(profile.Differences, difference)
	}
}

func (d *profileReader) profilePattern(n *reader.Node, profile *Profile) ProfilePattern {
	pattern := ProfilePattern{
		Position: scenario.Position{File: d.P.File, Line: n.Line, Column: n.Column},
		Text:     d.Text(n, "each of scenarios"),
	}
	pattern.line = d.P.Line(n.Line)
	if _, err := path.Match(pattern.Text, ""); err != nil {
		d.P.At(n, "%q is no pattern: %v; write an id, or a glob over ids such as timeout.*", pattern.Text, err)
	}
	for _, earlier := range profile.Differences {
		for _, other := range earlier.Scenarios {
			if other.Text == pattern.Text {
				d.P.At(n, "%s is named at %s already", pattern.Text, other.Position)
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
func (p *Profile) Check(all []*scenario.Scenario) error {
	ids := make([]string, len(all))
	for i, sc := range all {
		ids[i] = sc.ID
	}
	var wrong []scenario.Problem
	for _, difference := range p.Differences {
		for _, pattern := range difference.Scenarios {
			if !slices.ContainsFunc(ids, pattern.fits) {
				wrong = append(wrong, scenario.Problem{
					Position: pattern.Position, Line: pattern.line,
					Message: fmt.Sprintf("no scenario fits %q%s", pattern.Text, strictyaml.DidYouMean(pattern.Text,
						ids)),
				})
			}
		}
	}
	return scenario.NewLoadError(wrong)
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
	if known == nil || result.Outcome == Skipped || result.Outcome == Errored {
		return
	}
	result.Difference = known
	if result.Outcome != Passed {
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
	Scenarios []string       `json:"scenarios"`                   // the profile's patterns
	Fits      map[string]int `json:"fits,omitempty"`              // how many of the catalogue fit each of them
	Met       []string       `json:"met,omitempty"`               // ids of scenarios that differ as it says
	NoLonger  []string       `json:"no_longer_differs,omitempty"` // patterns whose scenarios all ran and held
}

// count says how many scenarios fit each pattern of the profile.
func (p *Profile) count(all []*scenario.Scenario) map[string]int {
	fits := map[string]int{}
	if p == nil {
		return fits
	}
	for _, difference := range p.Differences {
		for _, pattern := range difference.Scenarios {
			fits[pattern.Text] = 0
			for _, sc := range all {
				if pattern.fits(sc.ID) {
					fits[pattern.Text]++
				}
			}
		}
	}
	return fits
}

// report is what the profile says about results. fits tells how many there would be if nothing were left out.
func (p *Profile) report(results []Result, fits map[string]int) *ProfileReport {
	if p == nil {
		return nil
	}
	r := &ProfileReport{Name: p.Name, Summary: p.Summary}
	for _, difference := range p.Differences {
		entry := DifferenceReport{KnownDifference: difference.KnownDifference, Fits: map[string]int{}}
		for _, pattern := range difference.Scenarios {
			met, held, moot := pattern.tally(results)
			entry.Scenarios = append(entry.Scenarios, pattern.Text)
			entry.Fits[pattern.Text] = fits[pattern.Text]
			entry.Met = append(entry.Met, met...)
			if held > 0 && held+moot == fits[pattern.Text] {
				entry.NoLonger = append(entry.NoLonger, pattern.Text)
			}
		}
		slices.Sort(entry.Met)
		entry.Met = slices.Compact(entry.Met)
		r.Differences = append(r.Differences, entry)
	}
	return r
}

// tally gives the scenarios of a pattern that differ, how many held, and how many say nothing about such a target.
func (p ProfilePattern) tally(results []Result) (met []string, held, moot int) {
	for i := range results {
		switch {
		case !p.fits(results[i].ID):
		case results[i].Outcome == Known:
			met = append(met, results[i].ID)
		case results[i].Outcome == Passed:
			held++
		case results[i].Moot:
			moot++
		}
	}
	return met, held, moot
}
