package conformance

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/statuschecks/statuschecks/conformance/internal/contract"
	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/openapi"
)

// execution carries one scenario out, step by step.
type execution struct {
	*fixture
	seen     []func() exchange // what was sent, and what came back
	at       int               // the step at hand, counted from 0
	views    []view            // when targets are compared
	stopped  *stoppedClock     // the target's clock, once a step has stopped it
	switched bool              // the project's licence
	demanded bool              // whether merging must name the commit

	// where an external service is judged
	mark       int       // how many calls it had made at the last event
	faulty     bool      // whether a fault is in force
	receptions []*answer // to deliveries that steps have sent
}

// maxBefore bounds the exchanges that a report keeps of what went before a failure.
const maxBefore = 20

// run does all steps and gives what went wrong first, nil when nothing did.
func (x *execution) run(ctx context.Context) *mishap {
	for i := range x.scenario.Steps {
		step := &x.scenario.Steps[i]
		x.at = i
		failure := x.step(ctx, step)
		if failure == nil {
			continue
		}
		failure.Step, failure.File, failure.Note = i+1, step.Position.String(), step.Note
		return failure
	}
	return nil
}

func (x *execution) step(ctx context.Context, step *scenario.Step) *mishap {
	if step.Changes(x.suite.target.operation(step.Call)) {
		if err := x.event(ctx); err != nil {
			return x.trouble("look at the journal", err)
		}
	}
	switch step.Kind() {
	case "answer", "calls", "deliver", "fault", "secrets":
		return x.serviceStep(ctx, step)
	case "let":
		return x.trouble("let", x.let(ctx, step.Let))
	case "receive":
		return x.receive(ctx, step.Receive)
	case "push":
		return x.trouble("push a commit", x.push(ctx, step.Push.Message))
	}
	return x.call(ctx, step)
}

// trouble is the failure for an error outside of any expectation; nil for nil.
func (f *fixture) trouble(doing string, err error) *mishap {
	if err == nil {
		return nil
	}
	failure := &mishap{
		Failure: Failure{Action: doing, Message: f.suite.secrets.redact(err.Error())}, outcome: Errored,
	}
	var refused *fixtureError
	if errors.As(err, &refused) {
		failure.exchange, failure.Message = &refused.exchange, refused.Action
		if refused.Err != nil {
			lost := connectionTrouble(refused.Err, f.suite.target.root).Message
			failure.Message += ": " + f.suite.secrets.redact(lost)
		}
	}
	var strange *idError
	if errors.As(err, &strange) {
		failure.exchange, failure.Message = &strange.exchange, f.suite.secrets.redact(strange.short())
	}
	return failure
}

// call makes the step's request, again and again when it is awaited, until it is as expected.
func (x *execution) call(ctx context.Context, step *scenario.Step) *mishap {
	op := x.suite.target.operation(step.Call)
	if op == nil {
		return x.trouble(step.Call, errNoOperation)
	}
	in, err := x.input(op, step)
	if err != nil {
		return x.trouble(step.Call, err)
	}
	who, err := x.suite.projects.identity(ctx, x.project, step.As)
	if err != nil {
		return x.trouble("get the identity of "+string(step.As), err)
	}
	var failure *mishap
	attempts := 0
	_, err = x.suite.target.poll(ctx, step.Await, func() (bool, error) {
		attempts++
		failure, err = x.once(ctx, op, in, who, step)
		return failure == nil, err
	})
	if err != nil {
		failure = x.trouble(describeCall(step), err)
		if failure.exchange == nil && len(x.seen) > 0 {
			failure.show(x.seen[len(x.seen)-1])
		}
		return failure
	}
	if failure != nil && failure.sent != nil {
		failure.show(failure.sent)
	}
	if failure != nil && step.Await > 0 {
		failure.Attempts = attempts
		failure.Message = strings.TrimSpace(fmt.Sprintf("it did not become so within %s (%d attempts) %s", step.Await,
			attempts, failure.Message))
	}
	return x.weigh(step, failure)
}

// input fills the references of a step.
func (x *execution) input(op *openapi.Operation, step *scenario.Step) (input, error) {
	in := input{encode: step.Encode, json: step.JSON, hasJSON: step.HasJSON}
	with := map[string]any{}
	for _, p := range op.Parameters() {
		if reference := contract.DefaultFor(op, p.Name); p.In == "path" && reference != "" {
			with[p.Name] = reference
		}
	}
	for name, value := range step.With {
		with[name] = value
	}
	filled, err := x.vars.Fill([]any{with, orEmpty(step.Query), orEmpty(step.Headers), step.JSON})
	if err != nil {
		return in, err
	}
	parts := filled.([]any)
	in.with, _ = parts[0].(map[string]any)
	in.query, _ = parts[1].(map[string]any)
	in.headers, _ = parts[2].(map[string]any)
	in.json = parts[3]
	if step.Raw != nil {
		in.raw, err = x.raw(step.Raw)
	}
	return in, err
}

func orEmpty(values map[string]any) map[string]any {
	if values == nil {
		return map[string]any{}
	}
	return values
}

func (x *execution) raw(given *scenario.Raw) (*scenario.Raw, error) {
	filled := *given
	for _, text := range []*string{&filled.API, &filled.Prefix, &filled.Suffix, &filled.Query, &filled.Body} {
		var err error
		if *text, err = x.vars.Text(*text); err != nil {
			return nil, err
		}
	}
	if given.Parts == nil {
		return &filled, nil
	}
	var err error
	filled.Body, err = x.vars.Join(given.Parts)
	return &filled, err
}

// once makes one request and judges its answer.
func (x *execution) once(ctx context.Context, op *openapi.Operation, in input, who identity,
	step *scenario.Step) (*mishap,
	error,
) {
	t := x.suite.target
	r, err := (&builder{root: t.api()}).build(op, in)
	if err != nil {
		return nil, err
	}
	x.hide(in)
	if failure := x.generatorError(step, r); failure != nil {
		return failure, nil
	}
	a, err := t.send(ctx, r, who.token, x.scenario.ID)
	sent := sync.OnceValue(func() exchange { return t.secrets.record(r, a, err) })
	x.remember(sent)
	if err != nil {
		return &mishap{
			Failure: Failure{Action: describeCall(step), Message: connectionTrouble(err, t.root).Message},
			sent:    sent, outcome: Errored,
		}, nil
	}
	if saysNothing(a.status) && (step.Expect == nil || !slices.Contains(step.Expect.Status, a.status)) {
		failure := declined(step, a.status)
		failure.sent = sent
		return failure, nil
	}
	if r.op != nil {
		t.coverage.add(op.ID, a.status)
	}
	if err := x.made(step, a); err != nil {
		return nil, err
	}
	x.look(op, step, a)
	failure, err := x.judge(step, r, a)
	if err != nil || failure != nil {
		if failure != nil {
			failure.Action, failure.sent = describeCall(step), sent
		}
		return failure, err
	}
	return nil, x.captureFrom(step.Capture, a)
}

func describeCall(step *scenario.Step) string { return step.Call + " as " + string(step.As) }

// hide keeps shared secrets that a step itself sends out of every report.
func (x *execution) hide(in input) {
	for _, sent := range []any{in.with, in.query, in.json} {
		eachSharedSecret(sent, func(secret string) { x.suite.secrets.add(secret, "$SECRET") })
	}
}

// secretParameters are what secrets are called where they are given: those of checks, in REST and in GraphQL, and those
// of webhooks.
var secretParameters = []string{"shared_secret", "sharedSecret", "token", "signing_token"}

// eachSharedSecret finds the secrets in what is sent, in the variables of a query too.
func eachSharedSecret(sent any, found func(string)) {
	switch sent := sent.(type) {
	case map[string]any:
		for name, value := range sent {
			if secret, isText := value.(string); isText && slices.Contains(secretParameters, name) {
				found(secret)
			}
			eachSharedSecret(value, found)
		}
	case []any:
		for _, one := range sent {
			eachSharedSecret(one, found)
		}
	}
}

// remember keeps an exchange, which is only written down if the scenario fails.
func (x *execution) remember(sent func() exchange) {
	x.seen = append(x.seen, sent)
	if len(x.seen) > maxBefore {
		x.seen = x.seen[1:]
	}
}

// made records what a step made, so that it is removed, and how it renamed what the ledger holds. An answer without an
// id names nothing that could be removed; the contract's check says what is wrong with it.
func (x *execution) made(step *scenario.Step, a *answer) error {
	switch {
	case a.status == http.StatusOK:
		return x.renamed(step, a)
	case a.status != http.StatusCreated:
		return nil
	}
	id := a.integer("id")
	switch step.Call {
	case "createBranch":
		return x.keepStep("branch", a.text("name"), "")
	case "createProtectedBranch":
		return x.keepStep("protected_branch", a.text("name"), "")
	case "createMergeRequest":
		return x.keepStep("merge_request", jsonvalue.Text(a.member("iid")), a.text("source_branch"))
	case "createApprovalRule": // which others in the project would feel
		if id > 0 {
			return x.keepThing(entryFor("approval_rule", id, x.project.number(), a.text("name")))
		}
	case "createExternalStatusCheck":
		if id > 0 && a.integer("project_id") == x.project.id {
			return x.keep(id, a.text("name"), a.text("external_url"))
		}
	}
	return nil
}

// keepStep records what a step made in a given project, if the answer names it.
func (x *execution) keepStep(kind, id, name string) error {
	if id == "" || kind == "merge_request" && !isID(id) {
		return nil
	}
	return x.keepNew(kind, id, name)
}

// renamed records another name of a project or a check, so that it is known by it when it is removed.
func (x *execution) renamed(step *scenario.Step, a *answer) error {
	entry := ledgerEntry{
		Kind: "project", ID: jsonvalue.Text(a.member("id")), Name: a.text("path_with_namespace"), Also: true,
	}
	switch step.Call {
	case "updateProject":
	case "updateExternalStatusCheck":
		entry = ledgerEntry{
			Kind: "external_status_check", ID: entry.ID, In: x.project.number(), Name: a.text("name"),
			Address: a.text("external_url"), Also: true,
		}
	default:
		return nil
	}
	known := x.suite.ledger.known(entry)
	if len(known) == 0 || slices.ContainsFunc(known, func(k ledgerEntry) bool {
		return k.Name == entry.Name &&
			k.Address == entry.Address
	}) {
		return nil
	}
	return x.suite.ledger.add(entry)
}

// judge compares an answer with what is expected and with the contract.
func (x *execution) judge(step *scenario.Step, r *request, a *answer) (*mishap, error) {
	m := &judgement{answer: a.seen(), variables: x.vars}
	shown, err := x.expect(m, step, a)
	if err != nil {
		return nil, err
	}
	t := x.suite.target
	found := x.aside(step.Call, findings(t, "answer", t.check(r, a)))
	if len(m.found) > 0 || len(found) > 0 {
		return &mishap{Failure: Failure{
			Mismatches: x.redacted(m.found), Diff: t.secrets.redact(shown.Diff()), Contract: found,
		}, outcome: Failed}, nil
	}
	if departs := x.departs(step, r, a); len(departs) > 0 {
		return &mishap{Failure: Failure{
			Contract: departs,
			Message: "the scenario's own request departs from the contract although it is meant to succeed; mend it," +
				" or say lenient: true if the target is to take it",
		}, outcome: Errored}, nil
	}
	return nil, nil
}

func (x *execution) redacted(found []scenario.Mismatch) []scenario.Mismatch {
	for i := range found {
		found[i].Want, found[i].Got = x.suite.secrets.redact(found[i].Want), x.suite.secrets.redact(found[i].Got)
	}
	return found
}

// expect matches status, headers and body. Without an expectation a call must just succeed.
func (x *execution) expect(m *judgement, step *scenario.Step, a *answer) (scenario.Views, error) {
	e := step.Expect
	if e == nil {
		e = &scenario.Expect{}
	}
	matchStatus(m, e.Status, a)
	if err := matchHeaders(m, e.Headers, a.header); err != nil {
		return scenario.Views{}, err
	}
	if e.Empty && len(a.raw) > 0 {
		m.wrong("body", "an empty body", string(a.raw))
	}
	switch {
	case e.Text != nil:
		return m.match("body", e.Text, string(a.raw))
	case e.Body == nil:
		return scenario.Views{}, nil
	case !a.isJSON:
		m.wrong("body", "a JSON body", shownBody(a.raw))
		want, err := m.wanted(e.Body)
		return scenario.Views{Want: want, Got: shownBody(a.raw)}, err
	}
	return m.match("", e.Body, a.body)
}

// judgement compares one answer or delivery with what is expected of it, and collects the mismatches.
type judgement struct {
	answer    scenario.Answer
	variables scenario.Variables
	found     []scenario.Mismatch
}

func (j *judgement) wrong(pointer, want string, got any) {
	j.found = append(j.found, scenario.Differs(pointer, want, got))
}

func (j *judgement) match(pointer string, pattern *scenario.Pattern, value any) (scenario.Views, error) {
	shown, found, err := pattern.Match(pointer, value, j.answer, j.variables)
	j.found = append(j.found, found...)
	return shown, err
}

// wanted is what a pattern expects, as a body that has nothing of it shows.
func (j *judgement) wanted(pattern *scenario.Pattern) (any, error) {
	var nothing any = jsonvalue.Missing{}
	switch pattern.Source.(type) {
	case map[string]any:
		nothing = &jsonvalue.Object{}
	case []any:
		nothing = []any{}
	}
	shown, _, err := pattern.Match("", nothing, j.answer, j.variables)
	return shown.Want, err
}

func matchStatus(m *judgement, wanted []int, a *answer) {
	if len(wanted) == 0 && (a.status < 200 || a.status > 299) {
		m.wrong("status", "success (200 to 299)", int64(a.status))
	}
	if len(wanted) > 0 && !slices.Contains(wanted, a.status) {
		m.wrong("status", strings.ReplaceAll(jsonvalue.JoinInts(wanted), ", ", " or "), int64(a.status))
	}
}

func matchHeaders(m *judgement, wanted map[string]*scenario.Pattern, header http.Header) error {
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		var value any = jsonvalue.Missing{}
		if values := header.Values(name); len(values) > 0 {
			value = strings.Join(values, ", ")
		}
		if _, err := m.match("header "+name, wanted[name], value); err != nil {
			return err
		}
	}
	return nil
}

// departs is how a request that was taken departs from the contract without saying so.
func (x *execution) departs(step *scenario.Step, r *request, a *answer) []Finding {
	if step.Lenient || step.Raw != nil || step.Encode == "form" || step.Encode == "multipart" || a.status >= 400 {
		return nil
	}
	return findings(x.suite.target, "request", x.suite.target.checkRequest(r))
}

// captureFrom keeps values of an answer for the steps to come.
func (x *execution) captureFrom(captures map[string]*scenario.Capture, a *answer) error {
	seen := a.seen()
	for name, capture := range captures {
		value, err := capture.Value(seen)
		if err != nil {
			return fmt.Errorf("capture %s: %w", name, err)
		}
		x.vars[name] = value
	}
	return nil
}

// let changes the world: time passes, the clock stops, the licence comes or goes.
func (x *execution) let(ctx context.Context, let *scenario.Let) error {
	control := x.suite.control
	if let.Freeze && x.stopped == nil {
		var err error
		if x.stopped, err = control.freeze(ctx); err != nil {
			return err
		}
	}
	if let.Licensed != nil {
		x.switched = true
		if err := control.license(ctx, x.project.id, *let.Licensed); err != nil {
			return err
		}
	}
	if let.RequireSHA != nil {
		x.demanded = true
		if err := control.requireSHA(ctx, path.Dir(x.project.path), *let.RequireSHA); err != nil {
			return err
		}
	}
	if let.Pass == 0 {
		return nil
	}
	if control.has(scenario.NeedClock) {
		if x.stopped != nil {
			x.stopped.passed += let.Pass
		}
		return control.advance(ctx, let.Pass)
	}
	return x.seat.leave(ctx, func() error { return x.suite.target.wait(ctx, let.Pass) })
}
