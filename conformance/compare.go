package conformance

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/release"
)

// Comparison describes how two targets differ, as far as scenarios can see it.
type Comparison struct {
	A, B        *Report
	Differences []ScenarioDifference
	Same        int       // scenarios that ran on both and differ in nothing
	NotCompared []LeftOut // scenarios that did not run on both
}

// ScenarioDifference is a scenario for which the two targets differ.
type ScenarioDifference struct {
	A, B  *Result
	Steps []StepDifference // empty when only the outcome differs
}

// StepDifference is one step for which the responses differ.
type StepDifference struct {
	Step string
	Diff string // with - for A and + for B
}

// LeftOut is a scenario that could not be compared.
type LeftOut struct {
	ID     string
	Reason string // that says on which side, and why
}

// Compare runs the same scenarios on two targets at the same time. If a scenario has the same outcome on both, the
// responses are compared as well; ids, times, host names and the names of the runs count as equal. The runs have the
// names o.RunID+"a" and o.RunID+"b". Their ledgers are o.Ledger with an "a" and a "b" before the extension; a target
// in this process has none. Progress counts the scenarios of both. The error is that of the run that was not possible.
func Compare(ctx context.Context, a, b Target, o RunOptions) (*Comparison, error) {
	o = options{RunOptions: o}.withDefaults().RunOptions
	o.shareHooks()
	var runs [2]*runResult
	var errs [2]error
	var wait sync.WaitGroup
	for i, target := range []Target{a, b} {
		side := options{Target: target, RunOptions: o, compare: true}
		suffix := string(rune('a' + i))
		side.RunID, side.Ledger = o.RunID+suffix, besideLedger(o.Ledger, suffix, target)
		wait.Go(func() { runs[i], errs[i] = run(ctx, side) })
	}
	wait.Wait()
	for i, side := range []string{"A", "B"} {
		if errs[i] != nil {
			return nil, sideTrouble(side, errs[i])
		}
	}
	return redacted(compared(runs[0], runs[1]), runs[0].secrets, runs[1].secrets), nil
}

func sideTrouble(side string, err error) error {
	if known, is := err.(*TargetError); is {
		return &TargetError{Kind: known.Kind, Message: side + ": " + known.Message, Err: known.Err}
	}
	return err // about the scenarios or the options, which both have
}

// shareHooks lets two runs call the functions of their options one at a time, and count their scenarios together.
func (o *RunOptions) shareHooks() {
	var mu sync.Mutex
	if begun := o.Begun; begun != nil {
		o.Begun = func(sc *scenario.Scenario) {
			mu.Lock()
			defer mu.Unlock()
			begun(sc)
		}
	}
	if slowed := o.Slowed; slowed != nil {
		o.Slowed = func(length time.Duration) {
			mu.Lock()
			defer mu.Unlock()
			slowed(length)
		}
	}
	if progress := o.Progress; progress != nil {
		both := 0
		o.Progress = func(_, total int, last *Result) {
			mu.Lock()
			defer mu.Unlock()
			both++
			progress(both, 2*total, last)
		}
	}
}

// ReadVersion requests the release of a target.
func ReadVersion(ctx context.Context, target Target, o RunOptions) (release.Version, error) {
	s, err := newSuite(options{Target: target, RunOptions: o}.withDefaults())
	if err != nil {
		return release.Version{}, err
	}
	if err := s.target.connect(ctx); err != nil {
		return release.Version{}, s.redacted(err)
	}
	return s.target.version, nil
}

// Interrupted reports whether one of the two runs ended early.
func (c *Comparison) Interrupted() bool { return c.A.Run.Interrupted || c.B.Run.Interrupted }

func compared(one, two *runResult) *Comparison {
	c := &Comparison{A: one.report, B: two.report}
	other := map[string]*Result{}
	for i := range c.B.Scenarios {
		other[c.B.Scenarios[i].ID] = &c.B.Scenarios[i]
	}
	for i := range c.A.Scenarios {
		a := &c.A.Scenarios[i]
		b := other[a.ID]
		if b == nil {
			continue
		}
		if reason := leftOut(a, b); reason != "" {
			c.NotCompared = append(c.NotCompared, LeftOut{a.ID, reason})
			continue
		}
		steps := compareViews(one.views[a.ID], two.views[a.ID])
		if a.Outcome == b.Outcome && len(steps) == 0 {
			c.Same++
			continue
		}
		c.Differences = append(c.Differences, ScenarioDifference{A: a, B: b, Steps: steps})
	}
	return c
}

func leftOut(a, b *Result) string {
	switch {
	case a.Outcome == Skipped && b.Outcome == Skipped && a.Reason == b.Reason:
		return "both: " + a.Reason
	case a.Outcome == Skipped:
		return "A: " + a.Reason
	case b.Outcome == Skipped:
		return "B: " + b.Reason
	}
	return ""
}

// compareViews compares step by step, as far as both came.
func compareViews(a, b []view) []StepDifference {
	var found []StepDifference
	for i := range min(len(a), len(b)) {
		if a[i].step != b[i].step {
			break
		}
		if text := diffLinesOf(a[i].lines(), b[i].lines()); text != "" {
			found = append(found, StepDifference{a[i].place(), text})
		}
	}
	return found
}

// ExitCode returns ExitConformant if nothing differs, ExitNotConformant if something differs, and ExitNotJudged if
// nothing could be compared or the comparison was interrupted.
func (c *Comparison) ExitCode() int {
	switch {
	case len(c.Differences) > 0:
		return ExitNotConformant
	case c.Same == 0 || c.Interrupted():
		return ExitNotJudged
	}
	return ExitConformant
}

// WriteText writes the differences for people.
func (c *Comparison) WriteText(w io.Writer, o TextOptions) error {
	t := &textReport{color: o.Color}
	if c.Interrupted() {
		t.line("interrupted: what did not run on both was not compared\n")
	}
	t.line("A  %s at %s", c.A.Target.Name(), c.A.Target.URL)
	t.line("B  %s at %s\n", c.B.Target.Name(), c.B.Target.URL)
	for i := range c.Differences {
		t.difference(&c.Differences[i])
	}
	t.notCompared(c.NotCompared)
	for side, r := range []*Report{c.A, c.B} {
		for _, text := range r.Remaining {
			t.line("! %c: %s", 'A'+side, text)
		}
		for _, stay := range r.Stays {
			t.line("! %c: %s stays", 'A'+side, stay.String())
		}
	}
	summary := fmt.Sprintf("%d scenarios differ, %d do not, %d could not be compared", len(c.Differences), c.Same,
		len(c.NotCompared))
	t.line("%s", t.paint(bold, summary))
	_, err := io.WriteString(w, t.out.String())
	return err
}

func (t *textReport) difference(d *ScenarioDifference) {
	t.line("%s %s  %s", t.paint(yellow, "≠"), t.paint(bold, d.A.ID), d.A.Summary)
	if d.A.Outcome != d.B.Outcome {
		for side, r := range []*Result{d.A, d.B} {
			text := r.Outcome.String()
			if r.Failure != nil {
				text += ": " + r.Failure.headline()
			}
			t.field(string(rune('A'+side)), text)
		}
	}
	for _, step := range d.Steps {
		t.field("at", step.Step)
		t.diffOf(step.Diff, "- A, + B")
	}
	t.line("")
}

func (t *textReport) notCompared(list []LeftOut) {
	report := &Report{}
	for _, one := range list {
		report.Scenarios = append(report.Scenarios, Result{ID: one.ID, Outcome: Skipped, Reason: one.Reason})
	}
	for _, group := range report.skipGroups() {
		t.line("%s %d not compared, %s", t.paint(dim, "-"), len(group.ids), group.reason)
		t.line("    %s", t.paint(dim, wrap(slices.Clone(group.ids), 110)))
	}
	if len(list) > 0 {
		t.line("")
	}
}
