package scenario

import (
	"slices"

	"github.com/statuschecks/statuschecks/conformance/internal/reader"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// serviceStep decodes a step that is about an external service.
func (d *decoder) serviceStep(kind string, n *reader.Node, step *Step, s *Scenario) {
	switch kind {
	case "answer":
		step.Answer = d.answer(n, s)
	case "calls":
		step.Calls = d.callsOfService(n)
	case "deliver":
		step.Deliver = d.deliver(n, s)
	case "fault":
		step.Fault = d.openMap(n, "fault")
	case "secrets":
		step.Secrets = d.Word(n, "word", []string{"kept"})
	}
}

func checkKeys(s *Scenario) []string {
	keys := make([]string, len(s.Given.Checks))
	for i, check := range s.Given.Checks {
		keys[i] = check.Key
	}
	return keys
}

func (d *decoder) answer(n *reader.Node, s *Scenario) *AnswerStep {
	fields := d.fields(n, "answer")
	answer := &AnswerStep{
		Check: d.Word(fields["check"], "check", checkKeys(s)), Within: d.Duration(fields["within"], "within"),
	}
	for _, item := range d.List(fields["status"], "status") {
		answer.Status = append(answer.Status, d.Word(item, "status", statuses))
	}
	if fields["check"] == nil || s.Given.MergeRequest == nil {
		d.P.At(n, "answer needs the key of a check, and given.merge_request")
	}
	return answer
}

func (d *decoder) callsOfService(n *reader.Node) *Calls {
	fields := d.fields(n, "calls")
	calls := &Calls{
		Operation: d.Text(fields["operation"], "operation"), None: d.Flag(fields["none"], "none"),
		AtLeast: d.count(fields["at_least"], "at_least"), AtMost: d.count(fields["at_most"], "at_most"),
		Paged: d.Flag(fields["paged"], "paged"), Within: d.Duration(fields["within"], "within"),
	}
	if id := calls.Operation; id != "" && !slices.Contains(d.contract.IDs, id) {
		d.P.At(fields["operation"], "the contract has no operation %s%s", id, strictyaml.DidYouMean(id,
			d.contract.IDs))
	}
	if !calls.None && calls.AtLeast == 0 && calls.AtMost == 0 && !calls.Paged {
		d.P.At(n, "calls expects nothing: it has none of none, at_least, at_most, paged")
	}
	return calls
}

// count is a number from 1.
func (d *decoder) count(n *reader.Node, what string) int {
	if n == nil {
		return 0
	}
	number, isNumber := n.Value.(int64)
	if !isNumber || number < 1 || number > 10_000 {
		d.P.At(n, "%s must be a number from 1 to 10000", what)
	}
	return int(number)
}

func (d *decoder) deliver(n *reader.Node, s *Scenario) *Deliver {
	fields := d.fields(n, "deliver")
	deliver := &Deliver{
		Check: d.Word(fields["check"], "check", checkKeys(s)), Set: d.openMap(fields["set"], "set"),
		Drop: d.Texts(fields["drop"], "drop"), Body: d.Text(fields["body"], "body"), HasBody: fields["body"] != nil,
		Form:   d.Word(fields["form"], "form", forms),
		Sign:   d.Word(fields["sign"], "signing", signings),
		Expect: d.Word(fields["expect"], "reception", receptions),
	}
	d.refer(fields["body"])
	if fields["check"] == nil || s.Given.MergeRequest == nil {
		d.P.At(n, "deliver needs the key of a check, and given.merge_request: it changes a delivery that came")
	}
	if fields["expect"] == nil {
		d.P.At(n, "deliver needs expect: taken, refused or survived")
	}
	return deliver
}
