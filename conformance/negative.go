package conformance

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/statuschecks/statuschecks/conformance/internal/contract"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

// NegativeArea is the area of the scenarios that Negatives makes.
const NegativeArea = "negative"

// Negatives returns scenarios that are generated from the contract. For each parameter of the judged operations and
// each rule about it, they send requests that break only this rule. The target must refuse all of them with 400 and
// GitLab's message. GitLab checks parameters before everything except the token, the project and its licence, so
// these scenarios need no fixtures. The ids are negative.OPERATION.PARAMETER.RULE. A scenario applies to the releases
// whose contract has the rule.
//
// Before a step sends its request, the parameters are read back from its bytes and checked against the contract of
// the target's release. If the request does not break exactly the intended rule, this is an error of the suite,
// whatever the target answers.
func Negatives() []*scenario.Scenario { return slices.Clone(negatives()) }

var negatives = sync.OnceValue(func() []*scenario.Scenario {
	var all []*scenario.Scenario
	for _, op := range openapi.GitLab().Operations() {
		if aboutStatusChecks(op) {
			all = append(all, negativesOf(op)...)
		}
	}
	return all
})

// negative is a scenario in the making: requests that break one rule about one parameter in the same releases.
type negative struct {
	op           *openapi.Operation
	breach       scenario.Breach
	variant      string // of the rule: a word that other releases take
	since, until release.Version
	steps        []scenario.Step
}

func negativesOf(op *openapi.Operation) []*scenario.Scenario {
	history := releasesOf(op)
	if len(history) == 0 {
		return nil
	}
	var found []*negative
	for i := range op.Parameters() {
		p := &op.Parameters()[i]
		for _, c := range candidates(op, p) {
			for _, n := range c.breaches(op, p, history) {
				found = gather(found, n)
			}
		}
	}
	scenarios := make([]*scenario.Scenario, len(found))
	for i, n := range found {
		scenarios[i] = n.scenario(history)
	}
	return scenarios
}

// gather puts requests that break the same rule in the same releases into one scenario.
func gather(found []*negative, n *negative) []*negative {
	for _, other := range found {
		if other.breach == n.breach && other.variant == n.variant && other.since == n.since && other.until == n.until {
			other.steps = append(other.steps, n.steps...)
			return found
		}
	}
	return append(found, n)
}

// releasesOf are the operation in the first release of each of its epochs, within which its parameters stay what they
// are.
func releasesOf(op *openapi.Operation) []epoch {
	var all []epoch
	for _, v := range op.Epochs() {
		if at := openapi.GitLab().At(v).Operation(op.ID); at != nil {
			all = append(all, epoch{v, at})
		}
	}
	return all
}

// epoch is an operation as it is from a release on.
type epoch struct {
	version release.Version
	op      *openapi.Operation
}

// breaches are the spans of releases in which a candidate breaks exactly one rule, always the same and refused in the
// same words.
func (c *candidate) breaches(op *openapi.Operation, p *openapi.Parameter, history []epoch) []*negative {
	step, sent, err := c.step(op, p)
	if err != nil {
		return nil
	}
	var spans []*negative
	var last *negative
	words := ""
	for i, r := range history {
		found := violated(r.op, sent)
		if !breaksOnly(found, p.Name) {
			last = nil
			continue
		}
		if last == nil || last.breach.Rule != found[0].Code || words != grapeWords(found) {
			words = grapeWords(found)
			last = &negative{
				op: op, breach: scenario.Breach{Parameter: p.Name, Rule: found[0].Code},
				variant: c.variant, since: r.version,
			}
			last.steps = []scenario.Step{withBreach(step, last.breach, found, c.what+", "+c.place(p))}
			spans = append(spans, last)
		}
		last.until = lastOf(op, history, i)
	}
	return spans
}

// lastOf is the last release of an epoch.
func lastOf(op *openapi.Operation, history []epoch, i int) release.Version {
	if i+1 == len(history) {
		return cmp.Or(op.Until, release.Newest)
	}
	all := release.All()
	return all[slices.Index(all, history[i+1].version)-1]
}

// breaksOnly tells whether violations are there and all about one parameter.
func breaksOnly(found []openapi.Violation, parameter string) bool {
	return len(found) > 0 &&
		!slices.ContainsFunc(found, func(v openapi.Violation) bool { return v.Parameter != parameter })
}

// withBreach gives a step with what it breaks, and with the refusal that GitLab has for it.
func withBreach(s scenario.Step, b scenario.Breach, found []openapi.Violation, sent string) scenario.Step {
	s.Breaks = &b
	s.Note = fmt.Sprintf("parameter %s breaks %s: %s (%s)", b.Parameter, b.Rule, found[0].Message, sent)
	refusal := map[string]any{"$exact": map[string]any{"error": grapeWords(found)}}
	s.Expect = &scenario.Expect{Status: []int{400}, Body: scenario.MustPattern(refusal)}
	return s
}

// grapeWords is how GitLab refuses violations.
func grapeWords(found []openapi.Violation) string {
	var texts []string
	for _, v := range found {
		words := "is invalid"
		switch v.Code {
		case "required":
			words = "is missing"
		case "enum":
			words = "does not have a valid value"
		case "not":
			words = "has a value not allowed"
		}
		if text := v.Parameter + " " + words; !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, ", ")
}

func (n *negative) scenario(history []epoch) *scenario.Scenario {
	s := &scenario.Scenario{
		Position: scenario.Position{File: "openapi/gitlab.yaml"}, Area: NegativeArea, Tags: []string{"generated"},
		ID:      strings.Join([]string{NegativeArea, dashed(n.op.ID), dashed(n.breach.Parameter), n.rule()}, "."),
		Summary: n.summary(), Why: "Whoever sends this has made a mistake, and must be told which.",
		Level: scenario.Must, Evidence: "R", Source: "Grape 2.0.0, run with the parameters of " + n.op.Source,
		Isolation: scenario.Shared, Given: scenario.Given{Project: scenario.ProjectGiven{Visibility: "private"}},
		Steps: n.steps,
	}
	if n.breach.Rule == "not" {
		s.Evidence = "V"
	}
	if n.since != release.Oldest {
		s.Since = n.since
	}
	if n.until != release.Newest {
		s.Until = n.until
	}
	if n.cameLater(history) {
		// That the later release declares the parameter was read, what follows from it was not seen.
		s.Level, s.Evidence = scenario.Observed, "D"
	}
	return s
}

// cameLater tells whether the parameter stood before the rule about it.
func (n *negative) cameLater(history []epoch) bool {
	for _, r := range history {
		if r.version.Compare(n.since) < 0 && slices.Contains(contract.ParameterNames(r.op), n.breach.Parameter) {
			return true
		}
	}
	return false
}

func (n *negative) rule() string {
	if n.variant != "" {
		return n.breach.Rule + "-" + dashed(n.variant)
	}
	return n.breach.Rule
}

func (n *negative) summary() string {
	name := n.breach.Parameter
	what := "A value of " + name + " that breaks the rule " + n.breach.Rule
	switch n.breach.Rule {
	case "required":
		what = "A request without " + name
	case "type":
		what = "A value of the wrong type for " + name
	case "enum":
		what = "A word for " + name + " that is none of those allowed"
	case "not":
		what = "A value of " + name + " that is not allowed"
	}
	if n.variant != "" {
		what = "The word " + n.variant + " for " + name + ", which other releases take,"
	}
	return what + " is refused by " + n.op.ID + " with 400."
}

var capital = lazy.Regexp(`([a-z0-9])([A-Z])`)

// dashed spells the contract's names as ids do.
func dashed(name string) string {
	return strings.ToLower(strings.ReplaceAll(capital().ReplaceAllString(name, "$1-$2"), "_", "-"))
}
