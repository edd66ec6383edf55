package conformance

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	_ "embed" // for the page's parts
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/conformance/scenario"
)

var (
	//go:embed page/report.css
	pageStyle string
	//go:embed page/report.js
	pageScript string
)

//go:generate go tool -modfile=../tools/go.mod templ generate -include-version=false -log-level error

// page is what the page of a report shows.
type page struct {
	Report   *Report
	Policy   string // allows the page's own style and script and nothing else
	Tone     string // "good", "bad" or "open"
	Started  string
	Begun    string
	Took     string
	Outcomes []pageOutcome
	Areas    []pageArea
	Roles    []scenario.Role
	Levels   []scenario.Level
	Groups   []changeGroup
	Missing  []pageLack
	Staying  string  // introduces what stays
	Causes   []Cause // those that more than one scenario met
	First    string  // the first scenario that went wrong, in the order shown
}

type pageOutcome struct {
	Word, Label, Sign string
	Count             int
}

type pageArea struct {
	Name, Tally string
	Scenarios   []pageScenario
}

type pageLack struct{ Name, Reason string }

// pageScenario is a result with what the page shows beside it.
type pageScenario struct {
	*Result
	Word, Label, Sign string
	RoleWords, Text   string // for the filters
	Mark, Took, Alike string // Alike is the scenario that met the same finding first
	First             bool   // the first that went wrong
	Failure           *pageFailure
	Before            []pageExchange
}

type pageFailure struct {
	*Failure
	DiffLines []diffLine
	Exchange  *pageExchange
}

type diffLine struct{ Kind, Text string }

type pageExchange struct {
	*Exchange
	Headers      []string
	ResponseBody string
}

// evidenceMarks explains the marks of scenarios' sources.
var evidenceMarks = map[string]string{
	"S": "asserted by a spec of GitLab", "V": "read in GitLab's source", "R": "seen by running it",
	"D": "derived by reading", "U": "not verified",
}

var outcomeLabels = map[Outcome]string{
	Passed: "passed", Failed: "failed", Errored: "errors", Differed: "differ", Known: "known", Skipped: "skipped",
}

// WriteHTML writes the report as one HTML page. The page loads nothing from other places.
func (r *Report) WriteHTML(w io.Writer) error {
	var out bytes.Buffer
	if err := reportPage(r.page()).Render(context.Background(), &out); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return r.write(w, out.String())
}

func (r *Report) page() *page {
	p := &page{
		Report: r,
		Policy: "default-src 'none'; base-uri 'none'; form-action 'none'; style-src " + hashSource(pageStyle) +
			"; script-src " + hashSource(pageScript),
		Tone:  map[Verdict]string{Conformant: "good", KnownVerdict: "good", NotConformant: "bad"}[r.Verdict],
		Begun: r.Run.Started.Format("2006-01-02 15:04:05 MST"), Started: r.Run.Started.Format(time.RFC3339),
		Took: seconds(r.Run.Seconds),
	}
	p.Tone = cmp.Or(p.Tone, "open")
	for _, outcome := range []Outcome{Failed, Errored, Differed, Known, Passed, Skipped} {
		p.Outcomes = append(p.Outcomes, pageOutcome{
			outcome.String(), outcomeLabels[outcome], marks[outcome].sign,
			r.Totals[outcome.String()],
		})
	}
	p.Areas = r.pageAreas()
	for _, cause := range r.causes() {
		if len(cause.Scenarios) > 1 {
			p.Causes = append(p.Causes, cause.Cause)
		}
	}
	for _, area := range p.Areas {
		for _, s := range area.Scenarios {
			if s.First {
				p.First = s.ID
			}
		}
	}
	p.Roles, p.Levels = r.rolesAndLevels()
	if r.Changes != nil {
		p.Groups = r.Changes.groups()
	}
	p.Staying = r.staying()
	for _, name := range slices.Sorted(maps.Keys(r.Target.Missing)) {
		p.Missing = append(p.Missing, pageLack{name, r.Target.Missing[name]})
	}
	return p
}

// hashSource names a text in a content security policy.
func hashSource(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// seconds is a length of time for people.
func seconds(length float64) string {
	exact := time.Duration(length * float64(time.Second))
	if exact < time.Second {
		return exact.Round(time.Millisecond).String()
	}
	return exact.Round(100 * time.Millisecond).String()
}

// pageAreas groups the scenarios; the first that went wrong, in the order shown, is to stand open.
func (r *Report) pageAreas() []pageArea {
	var areas []pageArea
	first, alike := true, r.firstAlike()
	for _, name := range r.areas() {
		area := pageArea{Name: name}
		held, counted := 0, 0
		for i := range r.Scenarios {
			result := &r.Scenarios[i]
			if result.Area != name {
				continue
			}
			shown := newPageScenario(result)
			shown.Alike = alike[result.ID]
			if result.Outcome >= Failed {
				shown.First, first = first, false
			}
			if result.Outcome != Skipped {
				counted++
			}
			if result.Outcome == Passed {
				held++
			}
			area.Scenarios = append(area.Scenarios, shown)
		}
		area.Tally = fmt.Sprintf("%d of %d passed", held, counted)
		areas = append(areas, area)
	}
	return areas
}

func newPageScenario(result *Result) pageScenario {
	mark := marks[result.Outcome]
	s := pageScenario{
		Result: result, Word: result.Outcome.String(), Label: outcomeLabels[result.Outcome],
		Sign: mark.sign, Mark: evidenceMarks[result.Evidence],
	}
	words := make([]string, len(result.Roles))
	for i, role := range result.Roles {
		words[i] = string(role)
	}
	s.RoleWords = strings.Join(words, " ")
	s.Text = strings.ToLower(strings.Join([]string{
		result.ID, result.Summary, result.Area, result.Reason, result.Source,
		strings.Join(result.Tags, " "),
	}, " "))
	if result.Outcome != Skipped {
		s.Took = seconds(result.Seconds)
	}
	if f := result.Failure; f != nil {
		s.Failure = &pageFailure{Failure: f, DiffLines: diffLines(f.Diff), Exchange: newPageExchange(f.Exchange)}
		s.Text += " " + strings.ToLower(f.Action)
	}
	for i := range result.Before {
		s.Before = append(s.Before, *newPageExchange(&result.Before[i]))
	}
	return s
}

// differing introduces what the profile says about the scenario.
func (s pageScenario) differing() string {
	if s.Outcome == Known {
		return "Known difference"
	}
	return "Differs no longer, says this run"
}

// toScenario is the reference to a scenario of the page. The page's script decodes it as a part of a path.
func toScenario(id string) string { return "#" + strings.ReplaceAll(url.QueryEscape(id), "+", "%20") }

func diffLines(diff string) []diffLine {
	if diff == "" {
		return nil
	}
	var lines []diffLine
	for line := range strings.SplitSeq(diff, "\n") {
		kind := "same"
		switch {
		case strings.HasPrefix(line, "-"):
			kind = "minus"
		case strings.HasPrefix(line, "+"):
			kind = "plus"
		}
		lines = append(lines, diffLine{kind, line})
	}
	return lines
}

// newPageExchange sets a JSON body in lines.
func newPageExchange(e *Exchange) *pageExchange {
	if e == nil {
		return nil
	}
	shown := &pageExchange{Exchange: e, Headers: e.ResponseHeader, ResponseBody: e.ResponseBody}
	var set bytes.Buffer
	if json.Indent(&set, []byte(e.ResponseBody), "", "  ") == nil {
		shown.ResponseBody = set.String()
	}
	return shown
}

// rolesAndLevels are those that occur.
func (r *Report) rolesAndLevels() (roles []scenario.Role, levels []scenario.Level) {
	for _, role := range scenario.Roles {
		if slices.ContainsFunc(r.Scenarios, func(s Result) bool { return slices.Contains(s.Roles, role) }) {
			roles = append(roles, role)
		}
	}
	for _, level := range scenario.Levels {
		if slices.ContainsFunc(r.Scenarios, func(s Result) bool { return s.Level == level }) {
			levels = append(levels, level)
		}
	}
	return roles, levels
}
