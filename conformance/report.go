package conformance

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"time"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/release"
	"github.com/statuschecks/statuschecks/scenarios"
)

// ReportFormat names the form of the JSON report.
const ReportFormat = "statuschecks/report/v2"

// Verdict is the result of a run for its target.
type Verdict string

// The verdicts.
const (
	Conformant    Verdict = "conformant"
	KnownVerdict  Verdict = "conformant with known differences" // but for what the profile names
	NotConformant Verdict = "not conformant"
	NotJudged     Verdict = "not judged"
)

// Report is the result of a run.
type Report struct {
	Format    string         `json:"format"`
	Verdict   Verdict        `json:"verdict"`
	Reasons   []string       `json:"reasons,omitempty"` // why the verdict is not better
	Target    TargetReport   `json:"target"`
	Run       RunReport      `json:"run"`
	Totals    map[string]int `json:"totals"` // outcome to number of scenarios
	Scenarios []Result       `json:"scenarios"`
	Causes    []Cause        `json:"causes,omitempty"` // findings of what is not as expected, each with its scenarios
	Coverage  []Coverage     `json:"coverage"`
	// departures from the contract outside of scenarios, and in deliveries
	Fixtures  []FixtureFinding `json:"fixture_findings,omitempty"`
	Remaining []string         `json:"remaining,omitempty"` // what was not removed from the target
	Refused   int              `json:"refused,omitempty"`   // of these, what the target has replaced by others
	Stays     []Stay           `json:"stays,omitempty"`     // in a project that was given
	Profile   *ProfileReport   `json:"profile,omitempty"`
	Changes   *Changes         `json:"changes,omitempty"` // since an earlier report
}

// TargetReport describes the server that was judged.
type TargetReport struct {
	URL     string `json:"url"`
	Service string `json:"service,omitempty"` // URL of the external service that was judged with the server's help
	// by which it was judged; "unknown" if it never said
	Version         string            `json:"version"`
	ReportedVersion string            `json:"reported_version,omitempty"` // what it says it is, if that is another one
	Revision        string            `json:"revision,omitempty"`
	Licensed        bool              `json:"licensed"`
	Missing         map[string]string `json:"missing"` // capability to the reason why it is missing
}

// flagOfFirst names what looks like a missing licence in the first release: a feature flag, which is off there.
func flagOfFirst(version string) string {
	if version != release.Oldest.String() {
		return ""
	}
	return ", or turn on its feature flag ff_external_status_checks, as without it " + version + " answers the same"
}

// unknownRelease stands for the release of a target that was not asked before the run ended.
const unknownRelease = "unknown"

// Name describes the target and the release by which it was judged.
func (t TargetReport) Name() string {
	if t.Service != "" {
		return "The service at " + t.Service + " with GitLab " + t.Version
	}
	if t.Version == unknownRelease {
		return "A server of an unknown release"
	}
	return "GitLab " + t.Version
}

// judged is the URL of what was judged.
func (t TargetReport) judged() string { return cmp.Or(t.Service, t.URL) }

// RunReport describes how a target was judged.
type RunReport struct {
	ID      string `json:"id"`
	Product string `json:"product"`
	Command string `json:"command,omitempty"` // that began it, for whoever wants to repeat it

	Shard       string           `json:"shard,omitempty"`       // of several runs that share the work, such as 2/5
	Interrupted bool             `json:"interrupted,omitempty"` // before all was run
	Started     time.Time        `json:"started"`
	Seconds     float64          `json:"seconds"`
	Only        []string         `json:"only,omitempty"`
	Levels      []scenario.Level `json:"levels,omitempty"`
	MaxWait     string           `json:"max_wait"`
	Strict      bool             `json:"strict,omitempty"` // properties that the contract does not know are violations
	Catalogue   CatalogueReport  `json:"catalogue"`
}

// CatalogueReport describes the scenarios of a run.
type CatalogueReport struct {
	Scenarios int    `json:"scenarios"` // in the catalogue
	Chosen    int    `json:"chosen"`    // by the selection
	Digest    string `json:"digest"`    // of the names and texts of its files, as "sha256:" and hex
}

// FixtureFinding is a finding in a response to a request that only created a fixture, or in a delivery.
type FixtureFinding struct {
	Operation string `json:"operation"`
	Finding
}

func (s *suite) report(started time.Time, found []scenarioRun) *Report {
	o := s.options
	maxWait := "unbounded"
	if o.MaxWait >= 0 {
		maxWait = o.MaxWait.String()
	}
	results := make([]Result, len(found))
	for i := range found {
		results[i] = found[i].record(s.secrets)
	}
	r := &Report{
		Format: ReportFormat,
		Target: TargetReport{
			URL: s.target.root, Version: s.target.version.String(), ReportedVersion: s.target.says,
			Revision: s.target.revision,
			Licensed: s.facts.Licensed, Missing: s.facts.Missing, Service: s.serviceURL(),
		},
		Run: RunReport{
			ID: o.RunID, Product: o.Product, Command: o.Command, Shard: o.Shard.String(), Started: started.UTC(),
			Seconds: o.Clock().Sub(started).Seconds(),
			Only:    o.Only, Levels: o.Levels, MaxWait: maxWait, Strict: o.Strict, Catalogue: s.catalogue,
		},
		Totals: map[string]int{}, Scenarios: results, Coverage: s.target.coverage.table(s.target.contract),
		Fixtures: s.fixtures, Remaining: s.left, Stays: staysOf(s.stays),
		Profile: o.Profile.report(results, s.patterns),
	}
	for _, outcome := range Outcomes {
		r.Totals[outcome.String()] = 0
	}
	for _, result := range results {
		r.Totals[result.Outcome.String()]++
	}
	for _, cause := range r.causes() {
		r.Causes = append(r.Causes, cause.Cause)
	}
	return r
}

// judge weighs the must scenarios: one that does not hold decides; one that could not be carried out, or was left out
// although it says something about the target, leaves the verdict open.
func (r *Report) judge() {
	must := map[Outcome][]string{}
	for _, result := range r.Scenarios {
		if result.Level == scenario.Must && !result.Moot {
			must[result.Outcome] = append(must[result.Outcome], result.ID)
		}
	}
	r.Verdict = Conformant
	if len(must[Known]) > 0 {
		r.Verdict = KnownVerdict
	}
	if len(must[Errored]) > 0 || len(must[Skipped]) > 0 || !r.Target.Licensed || r.Refused > 0 || r.Run.Interrupted {
		r.Verdict = NotJudged
	}
	if len(must[Failed]) > 0 {
		r.Verdict = NotConformant
	}
	if text := r.interruption(); text != "" {
		r.Reasons = append(r.Reasons, text)
	}
	if !r.Target.Licensed && r.Target.Version != unknownRelease {
		r.Reasons = append(r.Reasons, "the target has no licence for external status checks (Ultimate), so only "+
			"what it refuses could be seen; give it a licence to have it judged"+flagOfFirst(r.Target.Version))
	}
	if r.Refused > 0 {
		r.Reasons = append(r.Reasons, fmt.Sprintf("the target has others under the ids of %d things that the run "+
			"made, so that these were not removed; what is left is listed, and the ledger is kept", r.Refused))
	}
	r.explain(must[Failed], "must scenario did not hold", "must scenarios did not hold")
	r.explain(must[Errored], "must scenario could not be carried out", "must scenarios could not be carried out")
	r.open()
	if r.Profile != nil {
		r.explain(must[Known], "must scenario is a known difference of "+r.Profile.Name,
			"must scenarios are known differences of "+r.Profile.Name)
	}
}

func (r *Report) explain(ids []string, one, many string) {
	if len(ids) == 0 {
		return
	}
	words := many
	if len(ids) == 1 {
		words = one
	}
	r.Reasons = append(r.Reasons, fmt.Sprintf("%d %s: %s", len(ids), words, someOf(ids)))
}

// ExitCode returns the exit code for the verdict.
func (r *Report) ExitCode() int {
	switch r.Verdict {
	case Conformant, KnownVerdict:
		return ExitConformant
	case NotConformant:
		return ExitNotConformant
	}
	return ExitNotJudged
}

// Notes returns remarks for every reader, such as what the verdict does not include.
func (r *Report) Notes() []string {
	var notes []string
	if note := r.Target.releaseNote(); note != "" {
		notes = append(notes, note)
	}
	if c := r.Run.Catalogue; c.Chosen < c.Scenarios {
		notes = append(notes, fmt.Sprintf("%d of the %d scenarios were asked for; the verdict is about these alone",
			c.Chosen, c.Scenarios))
	}
	if r.Run.Shard != "" {
		notes = append(notes, fmt.Sprintf("this is the shard %s of a run; the verdict is about its %d scenarios "+
			"alone, and statuschecks merge-reports joins the reports of all shards", r.Run.Shard, len(r.Scenarios)))
	}
	if r.Changes != nil && r.Changes.Apart > 0 {
		notes = append(notes, fmt.Sprintf("%d scenarios are not compared with the earlier run, as one of the two was "+
			"not asked for them", r.Changes.Apart))
	}
	if r.Profile != nil {
		for _, difference := range r.Profile.Differences {
			for _, pattern := range difference.NoLonger {
				notes = append(notes, fmt.Sprintf("%s no longer differs as the profile %s says (%s); take it out of "+
					"the profile", pattern, r.Profile.Name, difference.Reason))
			}
		}
	}
	return notes
}

// catalogueReport names a catalogue by what it holds.
func catalogueReport(files fs.FS, all, chosen int) (CatalogueReport, error) {
	sum := sha256.New()
	if files == nil {
		files = scenarios.Files
		sum.Write(scenario.Format(Negatives()))
	}
	err := scenario.EachFile(files, func(file scenario.File) {
		fmt.Fprintf(sum, "%s %d\n", file.Name, len(file.Data))
		sum.Write(file.Data)
	})
	return CatalogueReport{Scenarios: all, Chosen: chosen, Digest: "sha256:" + hex.EncodeToString(sum.Sum(nil))}, err
}
