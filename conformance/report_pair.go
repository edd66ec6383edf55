package conformance

import (
	"encoding/json"
	"fmt"
	"io"
)

// The forms of the JSON that comparisons and explorations are written as.
const (
	ComparisonFormat  = "statuschecks/comparison/v2"
	ExplorationFormat = "statuschecks/exploration/v2"
)

// comparisonClaim is a comparison as JSON.
type comparisonClaim struct {
	Format      string            `json:"format"`
	Interrupted bool              `json:"interrupted,omitempty"` // before all was compared
	A           comparedSide      `json:"a"`
	B           comparedSide      `json:"b"`
	Same        int               `json:"same"` // scenarios that ran on both and differ in nothing
	Differences []differenceClaim `json:"differences"`
	NotCompared []leftOutClaim    `json:"not_compared"`
}

type comparedSide struct {
	URL       string   `json:"url"`
	Version   string   `json:"version"`
	Remaining []string `json:"remaining,omitempty"` // what was not removed from it
}

type differenceClaim struct {
	ID      string      `json:"id"`
	Summary string      `json:"summary"`
	A       Outcome     `json:"a"`
	B       Outcome     `json:"b"`
	Steps   []stepClaim `json:"steps,omitempty"` // absent when only the outcome differs
}

type stepClaim struct {
	Step string `json:"step"`
	Diff string `json:"diff"` // with - for A and + for B
}

type leftOutClaim struct {
	ID     string `json:"id"`
	Reason string `json:"reason"`
}

// WriteJSON writes the comparison as JSON in the form that its "format" names.
func (c *Comparison) WriteJSON(w io.Writer) error {
	side := func(r *Report) comparedSide { return comparedSide{r.Target.URL, r.Target.Version, r.Remaining} }
	claim := comparisonClaim{
		Format: ComparisonFormat, Interrupted: c.Interrupted(), A: side(c.A), B: side(c.B), Same: c.Same,
		Differences: []differenceClaim{},
		NotCompared: []leftOutClaim{},
	}
	for _, d := range c.Differences {
		one := differenceClaim{ID: d.A.ID, Summary: d.A.Summary, A: d.A.Outcome, B: d.B.Outcome}
		for _, step := range d.Steps {
			one.Steps = append(one.Steps, stepClaim(step))
		}
		claim.Differences = append(claim.Differences, one)
	}
	for _, one := range c.NotCompared {
		claim.NotCompared = append(claim.NotCompared, leftOutClaim(one))
	}
	return writeClaim(w, claim)
}

// explorationClaim is an exploration as JSON.
type explorationClaim struct {
	Format      string           `json:"format"`
	Interrupted bool             `json:"interrupted,omitempty"` // before all steps were taken
	Target      exploredClaim    `json:"target"`
	Reference   exploredClaim    `json:"reference"`
	Seed        uint64           `json:"seed"`
	Asked       int              `json:"asked"` // steps that were asked for
	Steps       int              `json:"steps"`
	Walks       int              `json:"walks"`
	Divergence  *divergenceClaim `json:"divergence,omitempty"`
	Remaining   []string         `json:"remaining,omitempty"`
}

type exploredClaim struct {
	URL             string `json:"url"`
	Version         string `json:"version"`
	ReportedVersion string `json:"reported_version,omitempty"`
}

type divergenceClaim struct {
	Walk     int       `json:"walk"`
	Step     int       `json:"step"`
	Replays  int       `json:"replays"`
	Again    bool      `json:"again"` // it came again when the same steps were replayed
	Stopped  string    `json:"stopped,omitempty"`
	Diff     string    `json:"diff"` // with - for the reference and + for the target
	Exchange *Exchange `json:"exchange,omitempty"`
	Scenario string    `json:"scenario"` // the file that shows it
}

// WriteJSON writes the exploration as JSON in the form that its "format" names.
func (e *Exploration) WriteJSON(w io.Writer) error {
	side := func(s Explored) exploredClaim { return exploredClaim{s.URL, s.release(), s.ReportedVersion} }
	claim := explorationClaim{
		Format: ExplorationFormat, Interrupted: e.Interrupted, Target: side(e.Target), Reference: side(e.Reference),
		Seed: e.Seed, Asked: e.Asked,
		Steps: e.Steps, Walks: e.Walks, Remaining: e.Remaining,
	}
	if d := e.Divergence; d != nil {
		claim.Divergence = &divergenceClaim{
			Walk: d.Walk, Step: d.Step, Replays: d.Replays, Again: d.Again, Stopped: d.Stopped, Diff: d.Diff,
			Exchange: d.Exchange, Scenario: string(d.File()),
		}
	}
	return writeClaim(w, claim)
}

func writeClaim(w io.Writer, claim any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(claim); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
