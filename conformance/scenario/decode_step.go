package scenario

import (
	"net/http"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/conformance/internal/contract"
	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/conformance/internal/reader"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/openapi"
)

func (d *decoder) steps(n *reader.Node, s *Scenario) {
	for i, item := range d.List(n, "steps") {
		if as := item.Get("as"); item.IsMapping() && as != nil && as.Text != string(Anonymous) {
			d.roles = append(d.roles, as.Text)
		}
		d.at = place{ofSteps, i}
		s.Steps = append(s.Steps, d.step(item, s))
	}
}

func (d *decoder) step(n *reader.Node, s *Scenario) Step {
	fields := d.fields(n, "step")
	step := Step{
		Position: Position{File: d.P.File, Line: n.Line, Column: n.Column},
		Note:     d.Text(fields["note"], "note"),
	}
	kind := d.stepKind(n, fields)
	switch kind {
	case "call":
		d.call(fields, &step, s)
	case "let":
		step.Let = d.let(fields["let"])
	case "receive":
		step.Receive = d.receive(fields["receive"], s)
	case "push":
		push := d.fields(fields["push"], "push")
		step.Push = &Push{Message: d.Text(push["message"], "message")}
		if s.Given.MergeRequest == nil {
			d.P.At(n, "push needs given.merge_request: it adds a commit to its source branch")
		}
	default:
		d.serviceStep(kind, fields[kind], &step, s)
	}
	return step
}

// stepKind is the one key that says what the step does; empty when there is none or more than one.
func (d *decoder) stepKind(n *reader.Node, fields map[string]*reader.Node) string {
	var kinds []string
	for _, kind := range stepKinds {
		if fields[kind] != nil {
			kinds = append(kinds, kind)
		}
	}
	switch len(kinds) {
	case 0:
		d.P.At(n, "the step does nothing: it has none of %s", strings.Join(stepKinds, ", "))
		return ""
	case 1:
	default:
		d.P.At(n, "the step does more than one thing: %s", strings.Join(kinds, ", "))
		return ""
	}
	for _, p := range n.Pairs {
		key := p.Key.Text
		if fields[key] != nil && key != "note" && key != kinds[0] && !slices.Contains(stepKeys[kinds[0]], key) {
			d.P.At(p.Key, "%s does not go with %s", key, kinds[0])
		}
	}
	return kinds[0]
}

func (d *decoder) call(fields map[string]*reader.Node, step *Step, s *Scenario) {
	step.As = d.role(fields["as"])
	if step.As == "" {
		step.As = Maintainer
	}
	step.Call = d.Text(fields["call"], "call")
	op := d.operation(fields["call"], step.Call)
	step.With = d.values(fields["with"], "with", step.Call)
	d.provisioning(fields["call"], step, s)
	d.pathParameters(fields, op, step, s)
	step.Query = d.openMap(fields["query"], "query")
	d.withBytes(func() { step.Headers = d.openMap(fields["headers"], "headers") })
	step.Encode = d.Word(fields["encode"], "encoding", encodings)
	if body := fields["json"]; body != nil {
		d.refer(body)
		step.JSON, step.HasJSON = body.Plain(), true
	}
	if raw := fields["raw"]; raw != nil {
		d.withBytes(func() { step.Raw = d.raw(raw) })
	}
	step.Lenient = d.Flag(fields["lenient"], "lenient")
	if expect := fields["expect"]; expect != nil {
		step.Expect = d.expect(expect, op, step)
	}
	step.Await = d.Duration(fields["await"], "await")
	if step.Await > 0 && step.Expect == nil {
		d.P.At(fields["await"], "await needs expect: it repeats the call until that holds")
	}
	step.OrSkip = d.Text(fields["or_skip"], "or_skip")
	step.Capture = d.captureMap(fields["capture"])
}

func (d *decoder) operation(n *reader.Node, id string) *openapi.Operation {
	if id == "" {
		return nil
	}
	op := d.contract.Doc.Operation(id)
	if op == nil {
		d.P.At(n, "the contract has no operation %s%s", id, strictyaml.DidYouMean(id, d.contract.IDs))
		return nil
	}
	return op
}

// provisioning refuses what is left to it, as the ledger is kept there. A project of the scenario's own may be deleted:
// the ledger copes with it.
func (d *decoder) provisioning(n *reader.Node, step *Step, s *Scenario) {
	_, named := step.With["id"]
	if !slices.Contains(contract.Provisioning, step.Call) || step.Call == "deleteProject" &&
		s.Isolation == OwnProject &&
		!named {
		return
	}
	hint := ""
	if step.Call == "deleteProject" {
		hint = "; only a project of the scenario's own may be deleted, by isolation: project and without id"
	}
	d.P.At(n, "%s is left to provisioning, which keeps the ledger of what was made%s", step.Call, hint)
}

// values is a map of parameters of an operation.
func (d *decoder) values(n *reader.Node, what, operation string) map[string]any {
	if n == nil {
		return nil
	}
	if !n.IsMapping() {
		d.P.At(n, "%s must be a mapping of parameters, not %s", what, n.Kind())
		return nil
	}
	if op := d.contract.Doc.Operation(operation); op != nil {
		names := contract.ParameterNames(op)
		for _, p := range n.Pairs {
			if !slices.Contains(names, p.Key.Text) {
				d.P.At(p.Key, "%s has no parameter %q%s; one that GitLab must ignore goes under query or json",
					operation, p.Key.Text, strictyaml.DidYouMean(p.Key.Text, names))
			}
		}
	}
	d.refer(n)
	return n.Plain().(map[string]any)
}

// pathParameters demands a value for every variable part of the path.
func (d *decoder) pathParameters(fields map[string]*reader.Node, op *openapi.Operation, step *Step, s *Scenario) {
	if op == nil {
		return
	}
	for _, p := range op.Parameters() {
		if _, given := step.With[p.Name]; p.In != "path" || given {
			continue
		}
		fallback := contract.DefaultFor(op, p.Name)
		if fallback == "" {
			d.P.At(fields["call"], "%s needs %s under with", op.ID, p.Name)
		} else if fallback == contract.GroupID && !s.NeedsGroup() {
			d.P.At(fields["call"], "%s needs a group: given.project.group, or group with a branch", op.ID)
		} else if fallback == "${mr.iid}" && s.Given.MergeRequest == nil {
			d.P.At(fields["call"], "%s needs given.merge_request, or merge_request_iid under with", op.ID)
		}
	}
}

// openMap is a mapping with the author's own keys.
func (d *decoder) openMap(n *reader.Node, what string) map[string]any {
	if n == nil {
		return nil
	}
	if !n.IsMapping() {
		d.P.At(n, "%s must be a mapping, not %s", what, n.Kind())
		return nil
	}
	d.refer(n)
	return n.Plain().(map[string]any)
}

func (d *decoder) raw(n *reader.Node) *Raw {
	fields := d.fields(n, "raw")
	d.refer(n)
	raw := &Raw{
		Method:  d.Text(fields["method"], "method"),
		API:     d.Text(fields["api"], "api"),
		Prefix:  d.Text(fields["prefix"], "prefix"),
		Suffix:  d.Text(fields["suffix"], "suffix"),
		Query:   d.Text(fields["query"], "query"),
		HasBody: fields["body"] != nil,
		Chunked: d.Flag(fields["chunked"], "chunked"),
		NoType:  d.Flag(fields["no_type"], "no_type"),
		Escape:  d.Word(fields["escape"], "escaping", escapings),
	}
	raw.Body, raw.Parts = d.rawBody(fields["body"])
	if raw.Method != "" && raw.Method != strings.ToUpper(raw.Method) {
		d.P.At(fields["method"], "a method is written in capitals")
	}
	return raw
}

// expect is either a status alone or a mapping.
func (d *decoder) expect(n *reader.Node, op *openapi.Operation, step *Step) *Expect {
	expect := &Expect{}
	if n.IsScalar {
		expect.Status = d.statuses(n, op, step)
		return expect
	}
	fields := d.fields(n, "expect")
	if status := fields["status"]; status != nil {
		expect.Status = d.statuses(status, op, step)
	}
	if headers := fields["headers"]; headers != nil {
		expect.Headers = d.headerPatterns(headers)
	}
	if body := fields["body"]; body != nil {
		expect.Body = d.compiled(body)
	}
	if text := fields["text"]; text != nil {
		expect.Text = d.compiled(text)
	}
	expect.Empty = d.Flag(fields["empty"], "empty")
	if expect.Empty && (expect.Body != nil || expect.Text != nil) {
		d.P.At(fields["empty"], "empty excludes body and text")
	}
	if expect.Text != nil && expect.Body != nil {
		d.P.At(fields["text"], "text and body exclude each other: text is for a body that is no JSON")
	}
	return expect
}

// statuses is one status or a list; each must be documented for the operation, unless the request is bent so far that
// it is no request of the operation any more.
func (d *decoder) statuses(n *reader.Node, op *openapi.Operation, step *Step) []int {
	items := []*reader.Node{n}
	if n.IsList {
		items = n.Items
	}
	bent := step.Raw != nil && (step.Raw.Method != "" || step.Raw.Prefix != "" || step.Raw.Suffix != "")
	var statuses []int
	for _, item := range items {
		number, isNumber := item.Value.(int64)
		if !isNumber || number < 100 || number > 599 {
			d.P.At(item, "a status is a number from 100 to 599")
			continue
		}
		status := int(number)
		statuses = append(statuses, status)
		if op == nil || bent {
			continue
		}
		if documented := d.contract.Documented(op.ID); len(documented) > 0 && !slices.Contains(documented, status) {
			d.P.At(item, "the contract documents no %d for %s; it documents %s", status, op.ID,
				jsonvalue.JoinInts(documented))
		}
	}
	return statuses
}

func (d *decoder) headerPatterns(n *reader.Node) map[string]*Pattern {
	if !n.IsMapping() {
		d.P.At(n, "headers must be a mapping, not %s", n.Kind())
		return nil
	}
	patterns := map[string]*Pattern{}
	for _, p := range n.Pairs {
		patterns[http.CanonicalHeaderKey(p.Key.Text)] = d.compiled(p.Value)
	}
	return patterns
}

// captureMap maps names to filters over an object with status, headers and body.
func (d *decoder) captureMap(n *reader.Node) map[string]*Capture {
	if n == nil {
		return nil
	}
	captures := map[string]*Capture{}
	for _, entry := range d.Keyed(n, "capture") {
		text := d.Text(entry.Value, "a capture")
		capture, err := NewCapture(text)
		if err != nil {
			d.P.At(entry.Value, "%s", err)
		}
		d.literal(entry.Value, text)
		d.captureNames = append(d.captureNames, captureName{entry.Key, d.at})
		captures[entry.Key.Text] = capture
	}
	return captures
}

func (d *decoder) let(n *reader.Node) *Let {
	fields := d.fields(n, "let")
	let := &Let{Pass: d.Duration(fields["pass"], "pass"), Freeze: d.Flag(fields["freeze"], "freeze")}
	if licensed := fields["licensed"]; licensed != nil {
		value := d.Flag(licensed, "licensed")
		let.Licensed = &value
	}
	if required := fields["require_sha"]; required != nil {
		value := d.Flag(required, "require_sha")
		let.RequireSHA = &value
	}
	if n.IsMapping() && let.Pass == 0 && !let.Freeze && let.Licensed == nil && let.RequireSHA == nil {
		d.P.At(n, "let changes nothing: it has none of pass, freeze, licensed, require_sha")
	}
	return let
}

func (d *decoder) receive(n *reader.Node, s *Scenario) *Receive {
	fields := d.fields(n, "receive")
	receive := &Receive{
		Check:    d.Word(fields["check"], "check", checkKeys(s)),
		At:       d.Word(fields["at"], "reply", replyKeys(s.Given.Replies)),
		Method:   d.Word(fields["method"], "method", deliveryVerbs),
		Within:   d.Duration(fields["within"], "within"),
		None:     d.Flag(fields["none"], "none"),
		Answered: d.Word(fields["answered"], "reception", receptions),
		Capture:  d.captureMap(fields["capture"]),
	}
	if fields["check"] == nil {
		d.P.At(n, "receive needs the key of a check")
	}
	if headers := fields["headers"]; headers != nil {
		receive.Headers = d.headerPatterns(headers)
	}
	if body := fields["body"]; body != nil {
		receive.Body = d.compiled(body)
	}
	if signed := fields["signed"]; signed != nil {
		value := d.Flag(signed, "signed")
		receive.Signed = &value
	}
	return receive
}
