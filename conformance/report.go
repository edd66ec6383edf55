package conformance

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// ReportFormat names the form of the JSON report.
const ReportFormat = "statuschecks/report/v1"

// Verdict is what a run says about its target.
type Verdict string

// The verdicts.
const (
	Conformant    Verdict = "conformant"
	NotConformant Verdict = "not conformant"
	NotJudged     Verdict = "not judged"
)

// Report is all that a run found out.
type Report struct {
	Format    string           `json:"format"`
	Verdict   Verdict          `json:"verdict"`
	Because   []string         `json:"because,omitempty"` // why the verdict is not better
	Target    TargetReport     `json:"target"`
	Run       RunReport        `json:"run"`
	Totals    map[string]int   `json:"totals"` // outcome to number of scenarios
	Scenarios []Result         `json:"scenarios"`
	Coverage  []Coverage       `json:"coverage"`
	Fixtures  []FixtureFinding `json:"fixture_findings,omitempty"` // departures from the contract outside of scenarios
	Left      []string         `json:"left,omitempty"`             // what was not removed from the target

	secrets *secrets
}

// TargetReport says what was judged.
type TargetReport struct {
	URL      string            `json:"url"`
	Version  string            `json:"version"`
	Revision string            `json:"revision,omitempty"`
	Licensed bool              `json:"licensed"`
	Missing  map[string]string `json:"missing"` // capability to the reason why it is missing
}

// RunReport says how it was judged.
type RunReport struct {
	ID      string    `json:"id"`
	Product string    `json:"product"`
	Started time.Time `json:"started"`
	Seconds float64   `json:"seconds"`
	Only    []string  `json:"only,omitempty"`
	Levels  []Level   `json:"levels,omitempty"`
	MaxWait string    `json:"max_wait"`
}

// FixtureFinding is a departure from the contract in an answer that only served a fixture.
type FixtureFinding struct {
	Operation string `json:"operation"`
	Finding
}

func (s *suite) report(started time.Time, results []Result) *Report {
	o := s.options
	maxWait := "unbounded"
	if o.MaxWait >= 0 {
		maxWait = o.MaxWait.String()
	}
	r := &Report{
		Format: ReportFormat,
		Target: TargetReport{URL: s.target.root, Version: s.target.version.String(), Revision: s.target.revision,
			Licensed: s.facts.Licensed, Missing: s.facts.Missing},
		Run: RunReport{ID: o.RunID, Product: o.Product, Started: started.UTC(), Seconds: o.Clock().Sub(started).Seconds(),
			Only: o.Only, Levels: o.Levels, MaxWait: maxWait},
		Totals: map[string]int{}, Scenarios: results, Coverage: s.target.coverage.table(s.target.contract),
		Fixtures: s.fixtures, Left: s.left, secrets: s.secrets,
	}
	for _, outcome := range []Outcome{Skip, Pass, Differs, Fail, Error} {
		r.Totals[outcome.String()] = 0
	}
	for _, result := range results {
		r.Totals[result.Outcome.String()]++
	}
	r.judge()
	return r
}

// judge weighs the must scenarios: one that does not hold decides; one that could not be carried out, or was left out
// although it says something about the target, leaves the verdict open.
func (r *Report) judge() {
	var failed, broken, unrun []string
	for _, result := range r.Scenarios {
		switch {
		case result.Level != Must:
		case result.Outcome == Fail:
			failed = append(failed, result.ID)
		case result.Outcome == Error:
			broken = append(broken, result.ID)
		case result.Outcome == Skip && !result.Moot:
			unrun = append(unrun, result.ID)
		}
	}
	r.Verdict = Conformant
	if len(broken) > 0 || len(unrun) > 0 || !r.Target.Licensed {
		r.Verdict = NotJudged
	}
	if len(failed) > 0 {
		r.Verdict = NotConformant
	}
	if !r.Target.Licensed {
		r.Because = append(r.Because, "the target has no licence for external status checks (Ultimate), so only what it refuses could be seen; give it a licence to have it judged")
	}
	r.because(failed, "must scenario did not hold", "must scenarios did not hold")
	r.because(broken, "must scenario could not be carried out", "must scenarios could not be carried out")
	r.because(unrun, "must scenario was not run", "must scenarios were not run")
}

func (r *Report) because(ids []string, one, many string) {
	if len(ids) == 0 {
		return
	}
	words := many
	if len(ids) == 1 {
		words = one
	}
	named := ids
	if len(named) > 5 {
		named = append(slices.Clone(ids[:5]), "…")
	}
	r.Because = append(r.Because, fmt.Sprintf("%d %s: %s", len(ids), words, strings.Join(named, ", ")))
}

// ExitCode is the exit code for the verdict.
func (r *Report) ExitCode() int {
	switch r.Verdict {
	case Conformant:
		return ExitConformant
	case NotConformant:
		return ExitNotConformant
	}
	return ExitNotJudged
}
