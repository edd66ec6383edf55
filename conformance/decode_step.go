package conformance

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/openapi"
)

func (d *decoder) steps(n *node, s *Scenario) {
	d.captured = nil
	items := d.list(n, "steps")
	for _, item := range items { // roles first: ${user.ROLE.id} may stand before the role's first step
		if as := item.get("as"); item.mapping() && as != nil && as.text != string(Anonymous) {
			d.known = append(d.known, "user."+as.text+".id")
		}
	}
	d.known = append(d.known, "user."+string(Maintainer)+".id")
	for _, item := range items {
		s.Steps = append(s.Steps, d.step(item, s))
	}
}

func (d *decoder) step(n *node, s *Scenario) Step {
	fields := d.fields(n, "step")
	step := Step{
		Position: Position{File: d.p.File, Line: n.line, Column: n.column},
		Note:     d.text(fields["note"], "note"),
	}
	kind := d.stepKind(n, fields)
	switch kind {
	case "call":
		d.call(fields, &step, s)
	case "let":
		step.Let = d.let(fields["let"])
	case "receive":
		step.Receive = d.receive(fields["receive"], s)
		d.captures(step.Receive.Capture)
	case "push":
		push := d.fields(fields["push"], "push")
		step.Push = &Push{Message: d.text(push["message"], "message")}
		if s.Given.MergeRequest == nil {
			d.p.at(n, "push needs given.merge_request: it adds a commit to its source branch")
		}
	}
	return step
}

// stepKind is the one key that says what the step does; empty when there is none or more than one.
func (d *decoder) stepKind(n *node, fields map[string]*node) string {
	var kinds []string
	for _, kind := range []string{"call", "let", "receive", "push"} {
		if fields[kind] != nil {
			kinds = append(kinds, kind)
		}
	}
	switch len(kinds) {
	case 0:
		d.p.at(n, "the step does nothing: it has none of call, let, receive, push")
		return ""
	case 1:
	default:
		d.p.at(n, "the step does more than one thing: %s", strings.Join(kinds, ", "))
		return ""
	}
	for _, p := range n.pairs {
		key := p.key.text
		if fields[key] != nil && key != "note" && key != kinds[0] && !slices.Contains(stepKeys[kinds[0]], key) {
			d.p.at(p.key, "%s does not go with %s", key, kinds[0])
		}
	}
	return kinds[0]
}

func (d *decoder) call(fields map[string]*node, step *Step, s *Scenario) {
	step.As = d.role(fields["as"])
	if step.As == "" {
		step.As = Maintainer
	}
	step.Call = d.text(fields["call"], "call")
	op := d.operation(fields["call"], step.Call)
	step.With = d.values(fields["with"], "with", step.Call)
	d.provisioning(fields["call"], step, s)
	d.pathParameters(fields, op, step, s)
	step.Query = d.openMap(fields["query"], "query")
	d.withBytes(func() { step.Headers = d.openMap(fields["headers"], "headers") })
	step.Encode = d.word(fields["encode"], "encoding", encodings)
	if body := fields["json"]; body != nil {
		d.refer(body)
		step.JSON, step.HasJSON = body.plainValue(), true
	}
	if raw := fields["raw"]; raw != nil {
		d.withBytes(func() { step.Raw = d.raw(raw) })
	}
	step.Lenient = d.flag(fields["lenient"], "lenient")
	if expect := fields["expect"]; expect != nil {
		step.Expect = d.expect(expect, op, step)
	}
	step.Await = d.duration(fields["await"], "await")
	if step.Await > 0 && step.Expect == nil {
		d.p.at(fields["await"], "await needs expect: it repeats the call until that holds")
	}
	step.OrSkip = d.text(fields["or_skip"], "or_skip")
	step.Capture = d.captureMap(fields["capture"])
	d.captures(step.Capture)
}

func (d *decoder) operation(n *node, id string) *openapi.Operation {
	if id == "" {
		return nil
	}
	op := d.contract.doc.Operation(id)
	if op == nil {
		d.p.at(n, "the contract has no operation %s%s", id, didYouMean(id, d.contract.ids))
		return nil
	}
	return op
}

// provisioning refuses what is left to it, as the ledger is kept there. A project of the scenario's own may be deleted:
// the ledger copes with it.
func (d *decoder) provisioning(n *node, step *Step, s *Scenario) {
	_, named := step.With["id"]
	if !slices.Contains(fixtureOperations, step.Call) || step.Call == "deleteProject" && s.Isolation == OwnProject &&
		!named {
		return
	}
	hint := ""
	if step.Call == "deleteProject" {
		hint = "; only a project of the scenario's own may be deleted, by isolation: project and without id"
	}
	d.p.at(n, "%s is left to provisioning, which keeps the ledger of what was made%s", step.Call, hint)
}

// values is a map of parameters of an operation.
func (d *decoder) values(n *node, what, operation string) map[string]any {
	if n == nil {
		return nil
	}
	if !n.mapping() {
		d.p.at(n, "%s must be a mapping of parameters, not %s", what, n.kind())
		return nil
	}
	if op := d.contract.doc.Operation(operation); op != nil {
		names := parameterNames(op)
		for _, p := range n.pairs {
			if !slices.Contains(names, p.key.text) {
				d.p.at(p.key, "%s has no parameter %q%s; one that GitLab must ignore goes under query or json",
					operation, p.key.text, didYouMean(p.key.text, names))
			}
		}
	}
	d.refer(n)
	return n.plainValue().(map[string]any)
}

// pathParameters demands a value for every variable part of the path.
func (d *decoder) pathParameters(fields map[string]*node, op *openapi.Operation, step *Step, s *Scenario) {
	if op == nil {
		return
	}
	for _, p := range op.Parameters() {
		if _, given := step.With[p.Name]; p.In != "path" || given {
			continue
		}
		fallback := defaultFor(op, p.Name)
		if fallback == "" {
			d.p.at(fields["call"], "%s needs %s under with", op.ID, p.Name)
		} else if fallback == ownGroupID && !s.needsGroup() {
			d.p.at(fields["call"], "%s needs a group: given.project.group, or group with a branch", op.ID)
		} else if fallback == "${mr.iid}" && s.Given.MergeRequest == nil {
			d.p.at(fields["call"], "%s needs given.merge_request, or merge_request_iid under with", op.ID)
		}
	}
}

// openMap is a mapping with the author's own keys.
func (d *decoder) openMap(n *node, what string) map[string]any {
	if n == nil {
		return nil
	}
	if !n.mapping() {
		d.p.at(n, "%s must be a mapping, not %s", what, n.kind())
		return nil
	}
	d.refer(n)
	return n.plainValue().(map[string]any)
}

func (d *decoder) raw(n *node) *Raw {
	fields := d.fields(n, "raw")
	d.refer(n)
	raw := &Raw{
		Method:  d.text(fields["method"], "method"),
		API:     d.text(fields["api"], "api"),
		Prefix:  d.text(fields["prefix"], "prefix"),
		Suffix:  d.text(fields["suffix"], "suffix"),
		Query:   d.text(fields["query"], "query"),
		HasBody: fields["body"] != nil,
		Chunked: d.flag(fields["chunked"], "chunked"),
		NoType:  d.flag(fields["no_type"], "no_type"),
		Escape:  d.word(fields["escape"], "escaping", escapings),
	}
	raw.Body, raw.Parts = d.rawBody(fields["body"])
	if raw.Method != "" && raw.Method != strings.ToUpper(raw.Method) {
		d.p.at(fields["method"], "a method is written in capitals")
	}
	return raw
}

// expect is either a status alone or a mapping.
func (d *decoder) expect(n *node, op *openapi.Operation, step *Step) *Expect {
	expect := &Expect{}
	if n.scalar {
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
		expect.Body, expect.HasBody = d.pattern(body), true
	}
	if text := fields["text"]; text != nil {
		expect.Text, expect.HasText = d.pattern(text), true
	}
	expect.Empty = d.flag(fields["empty"], "empty")
	if expect.Empty && (expect.HasBody || expect.HasText) {
		d.p.at(fields["empty"], "empty excludes body and text")
	}
	if expect.HasText && expect.HasBody {
		d.p.at(fields["text"], "text and body exclude each other: text is for a body that is no JSON")
	}
	return expect
}

// statuses is one status or a list; each must be documented for the operation, unless the request is bent so far that
// it is no request of the operation any more.
func (d *decoder) statuses(n *node, op *openapi.Operation, step *Step) []int {
	items := []*node{n}
	if n.list {
		items = n.items
	}
	bent := step.Raw != nil && (step.Raw.Method != "" || step.Raw.Prefix != "" || step.Raw.Suffix != "")
	var statuses []int
	for _, item := range items {
		number, isNumber := item.value.(int64)
		if !isNumber || number < 100 || number > 599 {
			d.p.at(item, "a status is a number from 100 to 599")
			continue
		}
		status := int(number)
		statuses = append(statuses, status)
		if op == nil || bent {
			continue
		}
		if documented := d.contract.documented(op.ID); len(documented) > 0 && !slices.Contains(documented, status) {
			d.p.at(item, "the contract documents no %d for %s; it documents %s", status, op.ID, joinInts(documented))
		}
	}
	return statuses
}

func joinInts(numbers []int) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, ", ")
}

func (d *decoder) headerPatterns(n *node) map[string]any {
	if !n.mapping() {
		d.p.at(n, "headers must be a mapping, not %s", n.kind())
		return nil
	}
	patterns := map[string]any{}
	for _, p := range n.pairs {
		patterns[http.CanonicalHeaderKey(p.key.text)] = d.pattern(p.value)
	}
	return patterns
}

// captureMap maps names to expressions over status, headers and body.
func (d *decoder) captureMap(n *node) map[string]string {
	if n == nil {
		return nil
	}
	captures := map[string]string{}
	for _, entry := range d.keyed(n, "capture") {
		expression := d.text(entry.value, "a capture")
		if _, err := compileCapture(expression); err != nil {
			d.p.at(entry.value, "the expression cannot be read: %s", expressionError(err))
		}
		if slices.ContainsFunc(d.known,
			func(name string) bool { return strings.SplitN(name, ".", 2)[0] == entry.key.text }) {
			d.p.at(entry.key, "%s is the name of something given; choose another", entry.key.text)
		}
		captures[entry.key.text] = expression
	}
	return captures
}

func (d *decoder) captures(captures map[string]string) {
	for name := range captures {
		d.captured = append(d.captured, name)
	}
}

func (d *decoder) let(n *node) *Let {
	fields := d.fields(n, "let")
	let := &Let{Pass: d.duration(fields["pass"], "pass"), Freeze: d.flag(fields["freeze"], "freeze")}
	if licensed := fields["licensed"]; licensed != nil {
		value := d.flag(licensed, "licensed")
		let.Licensed = &value
	}
	if required := fields["require_sha"]; required != nil {
		value := d.flag(required, "require_sha")
		let.RequireSHA = &value
	}
	if n.mapping() && let.Pass == 0 && !let.Freeze && let.Licensed == nil && let.RequireSHA == nil {
		d.p.at(n, "let changes nothing: it has none of pass, freeze, licensed, require_sha")
	}
	return let
}

func (d *decoder) receive(n *node, s *Scenario) *Receive {
	fields := d.fields(n, "receive")
	keys := make([]string, len(s.Given.Checks))
	for i, check := range s.Given.Checks {
		keys[i] = check.Key
	}
	receive := &Receive{
		Check:   d.word(fields["check"], "check", keys),
		At:      d.word(fields["at"], "reply", replyKeys(s.Given.Replies)),
		Method:  d.word(fields["method"], "method", deliveryVerbs),
		Within:  d.duration(fields["within"], "within"),
		None:    d.flag(fields["none"], "none"),
		Capture: d.captureMap(fields["capture"]),
	}
	if fields["check"] == nil {
		d.p.at(n, "receive needs the key of a check")
	}
	if headers := fields["headers"]; headers != nil {
		receive.Headers = d.headerPatterns(headers)
	}
	if body := fields["body"]; body != nil {
		receive.Body, receive.HasBody = d.pattern(body), true
	}
	if signed := fields["signed"]; signed != nil {
		value := d.flag(signed, "signed")
		receive.Signed = &value
	}
	return receive
}
