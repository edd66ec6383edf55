package conformance

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/conformance/scenario"
)

// Preview describes what a run would do.
type Preview struct {
	URL, Version string
	RunID        string
	Sent         []string // the operations that were called to find this out; all of them only read
	Makes        []string // for all scenarios together
	Scenarios    []PreviewScenario
	LeftOut      []Planned
	Requests     int           // about how many a run sends
	Waits        time.Duration // the longest that a scenario really waits
	Keep         bool
	EndsAfter    bool // the server is gone with what is made on it
}

// PreviewScenario lists what one scenario would create and send.
type PreviewScenario struct {
	ID, Summary string
	Makes       []string
	Sends       []string
}

// Look finds out what Run would do. It only reads from the target: its version, the token's user, and a mock's
// control surface. It cannot know which requests the target would refuse.
func Look(ctx context.Context, target Target, o RunOptions) (*Preview, error) {
	s, chosen, err := prepareRun(options{Target: target, RunOptions: o}.withDefaults())
	if err != nil {
		return nil, err
	}
	if err := s.target.connect(ctx); err != nil {
		return nil, s.redacted(err)
	}
	s.facts = Facts{
		Version: s.target.version, Patch: s.target.patch, Newer: s.target.newer, Licensed: true,
		Missing: map[string]string{},
	}
	s.probeControl(ctx)
	if err := s.probeToken(ctx); err != nil {
		return nil, s.redacted(err)
	}
	p := &Preview{
		URL: s.target.root, Version: s.target.version.String(), RunID: s.options.RunID, Keep: s.options.Keep,
		EndsAfter: s.options.EndsAfter,
		Sent:      []string{"getVersion", "getCurrentUser", "getClock", "getLicence"},
	}
	if s.options.Project != "" {
		s.facts.Missing[ownProject] = noOwnProject
		s.facts.Missing[scenario.NeedAdmin] = noAdminsProject
		s.facts.Missing[ownGroup] = noGroupInGiven
	} else if s.options.Namespace != "" {
		s.facts.Missing[ownGroup] = noGroupInNamespaces
	}
	s.preview(p, s.plan(chosen))
	return p, nil
}

func (s *suite) preview(p *Preview, plan []Planned) {
	var together []string
	for _, planned := range plan {
		if !planned.Run {
			p.LeftOut = append(p.LeftOut, planned)
			continue
		}
		p.Waits = max(p.Waits, planned.Waits)
		one, shared, requests := s.previewOf(planned.Scenario)
		together = append(together, shared...)
		p.Requests += requests
		p.Scenarios = append(p.Scenarios, one)
	}
	slices.SortFunc(p.Scenarios, func(a, b PreviewScenario) int { return strings.Compare(a.ID, b.ID) })
	slices.Sort(together)
	p.Makes = slices.Compact(together)
	p.Requests += 3 * len(p.Makes)
}

// previewOf tells what a scenario makes and sends, what it shares with others, and about how many requests that is.
func (s *suite) previewOf(sc *scenario.Scenario) (one PreviewScenario, shared []string, requests int) {
	one = PreviewScenario{ID: sc.ID, Summary: sc.Summary}
	where := s.previewProject(sc)
	switch {
	case s.options.Project != "":
		shared = append(shared, "branch statuschecks-"+s.options.RunID+"-main, protected, in "+s.options.Project)
	case s.inOwnProject(sc):
		one.Makes = append(one.Makes, where)
		requests += 5
	default:
		shared = append(shared, where)
	}
	if sc.WithAdmin() {
		shared = append(shared, "user statuschecks-"+s.options.RunID+" with a personal access token")
	}
	if sc.NeedsGroup() {
		shared = append(shared, "private group statuschecks-"+s.options.RunID+"-group")
	}
	if sc.Given.Project.Group == scenario.BelowTopGroup {
		shared = append(shared, "private group statuschecks-"+s.options.RunID+"-below, in the other one")
	}
	if sc.Given.Other || slices.Contains(sc.Roles(), scenario.Stranger) {
		shared = append(shared, "private project statuschecks-"+s.options.RunID+
			"-other with a check and a merge request")
	}
	for _, role := range sc.Roles() {
		if role.AccessLevel() > 0 && s.options.Tokens[role] == "" {
			shared = append(shared, "project access token for "+string(role)+" in each project where one is needed")
		}
	}
	given := previewGiven(sc)
	one.Makes = append(one.Makes, given...)
	for i := range sc.Steps {
		one.Sends = append(one.Sends, s.previewStep(&sc.Steps[i]))
	}
	return one, shared, requests + 2*len(given) + len(one.Sends)
}

func (s *suite) previewProject(sc *scenario.Scenario) string {
	name, owner := "shared-"+sc.Given.Project.Visibility, ""
	switch {
	case sc.WithAdmin():
		name, owner = name+"-user", ", owned by the run's user"
	case sc.WithCustomRoles():
		name, owner = name+"-group", ", in a group of the run's own"
	}
	if s.inOwnProject(sc) {
		name = ownSlug(sc.ID)
	}
	text := sc.Given.Project.Visibility + " project statuschecks-" + s.options.RunID + "-" + name + owner
	switch {
	case sc.Given.Project.Group == scenario.InTopGroup:
		return text + ", in the run's group"
	case sc.Given.Project.Group == scenario.BelowTopGroup:
		return text + ", in the group below the run's"
	case s.options.Namespace != "" && owner == "":
		text += ", in " + s.options.Namespace
	}
	return text
}

func previewGiven(sc *scenario.Scenario) []string {
	var things []string
	for _, b := range sc.Given.Branches {
		text := "branch " + b.Key
		switch {
		case b.Wildcard:
			text = "protection of " + b.Name
		case b.Protected:
			text += ", protected"
		case b.Group:
			text += ", protected in the run's group"
		}
		things = append(things, text)
	}
	for _, c := range sc.Given.Checks {
		things = append(things, "check "+c.Key)
	}
	for _, r := range sc.Given.Replies {
		things = append(things, "at the receiver, "+r.Key+" "+r.Describe())
	}
	for _, t := range sc.Given.Tokens {
		things = append(things, "project access token "+t.Key+" for "+string(t.Role)+" with the scopes "+
			strings.Join(t.Scopes, ", "))
	}
	for _, m := range sc.Given.Members {
		text := "user " + m.Key + " with a personal access token, " + string(m.Role)
		switch {
		case m.Group:
			text += " in a group of their own"
		case len(m.Abilities) > 0:
			text += " with a custom role that adds " + strings.Join(m.Abilities, ", ")
		}
		things = append(things, text)
	}
	if mr := sc.Given.MergeRequest; mr != nil {
		text := "merge request to " + mr.Target + " by " + string(mr.Author)
		if mr.Fork {
			text += " from a fork"
		}
		things = append(things, text)
	}
	return things
}

// previewStep shows a step with its references, which only the run fills.
func (s *suite) previewStep(step *scenario.Step) string {
	switch step.Kind() {
	case "let":
		return "let time pass or the world change: " + previewLet(step.Let)
	case "receive":
		return "look at what the receiver got for " + step.Receive.Place()
	case "push":
		return "push a commit to the source branch"
	}
	op := s.target.operation(step.Call)
	if op == nil {
		return step.Call
	}
	method, path := op.Method, op.Path
	if step.Raw != nil {
		path = step.Raw.API + step.Raw.Prefix + path + step.Raw.Suffix
		if step.Raw.Method != "" {
			method = step.Raw.Method
		}
	}
	text := fmt.Sprintf("%-10s %s %s", step.As, method, path)
	for _, part := range []any{step.With, step.Query, step.JSON} {
		if values, isMap := part.(map[string]any); part != nil && (!isMap || len(values) > 0) {
			text += " " + s.secrets.redact(jsonvalue.Short(part))
		}
	}
	if step.Raw != nil {
		for _, part := range []string{step.Raw.Query, step.Raw.BodyInShort()} {
			if part != "" {
				text += " " + s.secrets.redact(part)
			}
		}
	}
	return text
}

func previewLet(let *scenario.Let) string {
	var parts []string
	if let.Freeze {
		parts = append(parts, "stop the clock")
	}
	if let.Pass > 0 {
		parts = append(parts, let.Pass.String()+" pass")
	}
	if let.Licensed != nil {
		parts = append(parts, fmt.Sprintf("licence %t", *let.Licensed))
	}
	if let.RequireSHA != nil {
		parts = append(parts, fmt.Sprintf("merging needs the commit %t", *let.RequireSHA))
	}
	return strings.Join(parts, ", ")
}

// WriteText writes the preview for people.
func (p *Preview) WriteText(w io.Writer) error {
	t := &textReport{}
	t.line("Nothing was made. To find this out, %s were called at %s (GitLab %s).\n", strings.Join(p.Sent, ", "), p.URL,
		p.Version)
	t.line("A run would make, for all scenarios together:")
	for _, thing := range p.Makes {
		t.line("  %s", thing)
	}
	which := "the scenario"
	if n := len(p.Scenarios); n > 1 {
		which = fmt.Sprintf("each of %d scenarios", n)
	}
	t.line("\nand for %s:", which)
	for _, one := range p.Scenarios {
		t.line("\n%s  %s", one.ID, one.Summary)
		if len(one.Makes) > 0 {
			t.line("  makes %s", strings.Join(one.Makes, "; "))
		}
		for _, text := range one.Sends {
			t.line("  %s", text)
		}
	}
	t.line("")
	report := &Report{}
	for _, planned := range p.LeftOut {
		report.Scenarios = append(report.Scenarios, skipped(planned).Result)
	}
	t.leftOut(report.skipGroups())
	t.line("That is about %d requests; no scenario really waits longer than %s, beside polling.", p.Requests, p.Waits)
	switch {
	case p.Keep:
		t.line("What is made would be kept.")
	case p.EndsAfter:
		t.line("What is made goes with the server, which ends with the run.")
	default:
		t.line("What is made would be removed at the end.")
	}
	_, err := io.WriteString(w, t.out.String())
	return err
}

func (t *textReport) leftOut(groups []skipGroup) {
	for _, group := range groups {
		t.line("It would leave out %d: %s", len(group.ids), group.reason)
		t.line("    %s", wrap(group.ids, 110))
	}
	if len(groups) > 0 {
		t.line("")
	}
}
