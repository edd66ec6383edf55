package conformance

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/release"
)

// divergence tells of what was found, with a scenario that reproduces it.
func (x *explorer) divergence(f *counterexample) *Divergence {
	last := f.last()
	d := &Divergence{Scenario: x.scenario(f), Diff: last.heard.diff}
	if e := last.heard.exchange; e != nil {
		d.Exchange = e.shown(x.secrets()...)
	}
	return d
}

// secrets are those of both sides.
func (x *explorer) secrets() []*secrets { return []*secrets{x.sides[0].secrets, x.sides[1].secrets} }

// scenario is what was found as a scenario that holds for the reference and not for the target.
func (x *explorer) scenario(f *counterexample) *scenario.Scenario {
	last := f.last()
	s := &scenario.Scenario{
		ID: fmt.Sprintf("explore.seed-%d", x.options.Seed),
		Summary: fmt.Sprintf("In the end, %s is answered as by the reference, with %d.", describeCall(&last.step),
			last.heard.view[ofReference].status),
		Level: scenario.Must, Evidence: "R",
		Source: fmt.Sprintf("statuschecks explore --seed %d: what the reference, GitLab %s at %s, answered",
			x.options.Seed, x.result.Reference.Version, x.result.Reference.URL),
		Why: "The expectation is what the reference answered. Look it up in GitLab's source before calling it " +
			"a fact.",
		Isolation: scenario.OwnProject, Given: f.given,
	}
	if x.result.Target.Version == x.result.Reference.Version {
		s.Since, s.Until = x.result.Reference.Version, x.result.Reference.Version
	}
	for i := range f.steps {
		s.Steps = append(s.Steps, x.expecting(&f.steps[i], i == len(f.steps)-1))
	}
	for i := range s.Steps {
		s.Steps[i].Capture = neededCaptures(s.Steps[i].Capture, s.Steps[i+1:])
	}
	return s
}

// expecting is a step with the reference's answer as its expectation: the status, and of the last step all that
// differs.
func (x *explorer) expecting(t *walkStep, isLast bool) scenario.Step {
	step := t.step
	if step.Kind() != "call" || step.Await > 0 {
		return step
	}
	want, got := t.heard.view[ofReference], t.heard.view[ofTarget]
	step.Lenient = t.heard.lenient
	step.Expect = &scenario.Expect{Status: []int{want.status}}
	if !isLast {
		return step
	}
	if x.reads(&step) {
		step.Await = x.options.Grace
	}
	if want.status == got.status {
		step.Expect.Headers = patternsOf(differingHeaders(want.header, got.header))
	}
	switch {
	case slices.Equal(view{body: want.body}.lines(), view{body: got.body}.lines()):
	case want.body == nil:
		step.Expect.Empty = true
	case step.Call == "getMergeRequest":
		step.Expect.Body = patternOf(want.body)
	default:
		step.Expect.Body = patternOf(map[string]any{"$exact": want.body})
	}
	return step
}

// patternOf compiles what a server answered. It is nil if that happens to be no pattern, as with a key "$match";
// nothing is expected of the body then.
func patternOf(source any) *scenario.Pattern {
	p, err := scenario.NewPattern(source)
	if err != nil {
		return nil
	}
	return p
}

func patternsOf(sources map[string]any) map[string]*scenario.Pattern {
	if sources == nil {
		return nil
	}
	patterns := map[string]*scenario.Pattern{}
	for name, source := range sources {
		if p := patternOf(source); p != nil {
			patterns[name] = p
		}
	}
	return patterns
}

// differingHeaders are patterns of the headers in which answers differ, as the first has them.
func differingHeaders(want, got map[string]string) map[string]any {
	patterns := map[string]any{}
	for _, name := range comparedHeaders {
		text, has := want[name]
		other, also := got[name]
		switch {
		case has == also && text == other:
		case !has:
			patterns[name] = map[string]any{"$absent": true}
		case name == "Link" || name == "Location":
			patterns[name] = map[string]any{"$match": text}
		case name == "Content-Type":
			patterns[name] = map[string]any{"$contains": text}
		default:
			patterns[name] = text
		}
	}
	if len(patterns) == 0 {
		return nil
	}
	return patterns
}

// neededCaptures are those that a later step refers to.
func neededCaptures(captures map[string]*scenario.Capture,
	later []scenario.Step,
) map[string]*scenario.Capture {
	kept := maps.Clone(captures)
	maps.DeleteFunc(kept, func(name string, _ *scenario.Capture) bool {
		return !slices.ContainsFunc(later, func(step scenario.Step) bool {
			names := stepReferences(&step)
			if step.Expect != nil {
				if step.Expect.Body != nil {
					names = append(names, step.Expect.Body.References()...)
				}
				for _, pattern := range step.Expect.Headers {
					names = append(names, pattern.References()...)
				}
			}
			return slices.ContainsFunc(names, func(n string) bool {
				return n == name ||
					strings.HasPrefix(n, name+".")
			})
		})
	})
	return kept
}

// stepTitle names a step in a few words.
func stepTitle(step *scenario.Step) string {
	switch step.Kind() {
	case "push":
		return "push a commit"
	case "let":
		return "let " + step.Let.Pass.String() + " pass"
	}
	return describeCall(step)
}

// stepLine is a step in one line: what is called, by whom, with what.
func stepLine(step *scenario.Step) string {
	line := stepTitle(step)
	if step.Await > 0 {
		line += ", until the server is ready"
	}
	if len(step.With) == 0 {
		return line
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(step.With)) {
		parts = append(parts, name+"="+jsonvalue.Short(step.With[name]))
	}
	return line + ", " + strings.Join(parts, " ")
}

// File returns the scenario as a file. `statuschecks verify --scenarios` can run it.
func (d *Divergence) File() []byte { return scenario.Format([]*scenario.Scenario{d.Scenario}) }

// ExitCode returns ExitConformant if nothing differs, and ExitNotConformant if something differs. It returns
// ExitNotJudged if a difference did not occur again, or if the exploration was interrupted before it found a
// difference.
func (e *Exploration) ExitCode() int {
	switch {
	case e.Divergence == nil && e.Interrupted:
		return ExitNotJudged
	case e.Divergence == nil:
		return ExitConformant
	case e.Divergence.Replays > 0 && !e.Divergence.Again && e.Divergence.Stopped == "":
		return ExitNotJudged
	}
	return ExitNotConformant
}

// WriteText writes the result for people: the difference, the steps to it, and the scenario if it was not written to
// a file.
func (e *Exploration) WriteText(w io.Writer, o TextOptions, file string) error {
	t := &textReport{color: o.Color}
	if e.Interrupted {
		t.line("interrupted: not all steps were taken\n")
	}
	t.line("Target     %s", e.Target)
	t.line("Reference  %s\n", e.Reference)
	if e.Divergence != nil {
		t.divergence(e.Divergence, file)
	}
	for _, text := range e.Remaining {
		t.line("! %s", text)
	}
	t.line("%s", t.paint(bold, e.summary()))
	_, err := io.WriteString(w, t.out.String())
	return err
}

func (e *Exploration) summary() string {
	walks := fmt.Sprintf("%s in %d walks, seed %d", counted(e.Steps, "step"), e.Walks, e.Seed)
	if e.Walks == 1 {
		walks = fmt.Sprintf("%s in one walk, seed %d", counted(e.Steps, "step"), e.Seed)
	}
	switch {
	case e.Divergence == nil:
		return "no difference in " + walks
	case e.ExitCode() == ExitNotJudged:
		return "a difference that did not come again after " + walks
	}
	return "a difference after " + walks
}

func (t *textReport) divergence(d *Divergence, file string) {
	steps := d.Scenario.Steps
	t.line("%s %s", t.paint(yellow, "≠"), t.paint(bold, stepTitle(&steps[len(steps)-1])+" is answered differently"))
	t.field("met", fmt.Sprintf("at step %d of walk %d", d.Step, d.Walk))
	switch {
	case d.Replays == 0:
		t.field("shrunk", "not, as was asked")
	case d.Again:
		t.field("shrunk", fmt.Sprintf("to %d by %d replays", len(steps), d.Replays))
	case d.Stopped == "":
		t.field("replayed", "once, without the difference: the answer may depend on time or chance")
	}
	if d.Stopped != "" {
		t.field("stopped", "the shrinking ended early: "+d.Stopped)
	}
	for i := range steps {
		t.field(fmt.Sprintf("step %d", i+1), stepLine(&steps[i]))
	}
	t.diffOf(d.Diff, "- reference, + target")
	t.exchange(d.Exchange)
	if file != "" {
		t.field("scenario", file)
		t.line("")
		return
	}
	t.line("\nThe scenario that shows it, for a file in a folder of its own and verify --scenarios:\n")
	t.line("%s", string(d.File()))
}

// String is the server in one line.
func (e Explored) String() string {
	text := fmt.Sprintf("%s at %s", TargetReport{Version: e.release()}.Name(), e.URL)
	if e.ReportedVersion != "" {
		text += fmt.Sprintf(", which says it is %q", e.ReportedVersion)
	}
	return text
}

func (e Explored) release() string {
	if e.Version == (release.Version{}) {
		return unknownRelease
	}
	return e.Version.String()
}

// explored is what an exploration knows of a server.
func explored(t *target) Explored {
	return Explored{URL: t.root, Version: t.version, ReportedVersion: t.says}
}
