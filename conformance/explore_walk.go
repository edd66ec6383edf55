package conformance

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/statuschecks/statuschecks/conformance/internal/contract"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/openapi"
)

// walk is one project on each side and the steps that were taken in both.
type walk struct {
	x     *explorer
	given scenario.Given
	grace time.Duration // how long answers to a GET may differ
	sides [2]*execution
	began [2]time.Time
	steps []walkStep
}

// walkStep is a step with what came of it.
type walkStep struct {
	step  scenario.Step
	heard *answerPair
}

// answerPair is what both sides answered to a step; nothing for a step that is no call.
type answerPair struct {
	request  [2]*request
	answer   [2]*answer
	view     [2]view
	diff     string // with - for the reference and + for the target; empty when they answer alike
	exchange *exchange
	lenient  bool // the request departs from the contract
}

// maxAge bounds how long a walk lasts. Rows that wait for an answer time out after two minutes, though not at the same
// moment on both sides.
const maxAge = 90 * time.Second

var (
	errNoReference = errors.New("a step refers to what is not there")
	errTooLate     = errors.New("the walk took too long: what waits for an answer times out")
)

// stuckError says that a server cannot go on to the next step.
type stuckError struct{ error }

// Unwrap is what happened.
func (e *stuckError) Unwrap() error { return e.error }

// startWalk makes a project with what is given on both sides.
func (x *explorer) startWalk(ctx context.Context, what string, given scenario.Given) (*walk, error) {
	x.named++
	w := &walk{x: x, given: given, grace: x.options.Grace}
	sc := &scenario.Scenario{
		ID: fmt.Sprintf("explore.%s-%d", what, x.named), Level: scenario.Must, Isolation: scenario.OwnProject,
		Given: given,
	}
	return w, x.both(func(i int, s *suite) error {
		w.began[i] = s.target.clock()
		f, err := s.prepare(ctx, sc, s.maker(sc.ID), nil)
		w.sides[i] = &execution{fixture: f}
		return err
	})
}

// end removes the projects of the walk. What cannot be removed now is tried again when the exploration ends, and told
// then.
func (w *walk) end(ctx context.Context) {
	var wait sync.WaitGroup
	for i, s := range w.x.sides {
		if s.options.Keep || ctx.Err() != nil {
			continue
		}
		wait.Go(func() {
			project := w.sides[i].project
			entry := entryFor("project", project.id, "", project.path)
			if s.removeInSteps(ctx, entry) == nil {
				s.ledger.gone(entry)
			}
		})
	}
	wait.Wait()
}

// late tells whether rows that wait may be about to time out.
func (w *walk) late() bool {
	for i, s := range w.x.sides {
		if s.target.clock().Sub(w.began[i]) > maxAge {
			return true
		}
	}
	return false
}

// take takes a step on both sides and compares what they answer. Where reading differs it is read again for a while, as
// either server may still be busy with what went before.
func (w *walk) take(ctx context.Context, step *scenario.Step) (*answerPair, error) {
	if w.late() {
		return nil, errTooLate
	}
	var h *answerPair
	_, err := w.x.sides[ofTarget].target.poll(ctx, w.patience(step), func() (bool, error) {
		h = &answerPair{}
		err := w.x.both(func(i int, _ *suite) error { return w.perform(ctx, i, step, h) })
		if err == nil {
			h.diff = diffLinesOf(h.view[ofReference].lines(), h.view[ofTarget].lines())
		}
		return h.diff == "", err
	})
	if err != nil {
		return nil, err
	}
	w.steps = append(w.steps, walkStep{*step, h})
	if h.diff != "" {
		return h, nil
	}
	return h, w.x.both(func(i int, _ *suite) error { return w.settled(ctx, i, step) })
}

// patience is how long the answers to a step may differ.
func (w *walk) patience(step *scenario.Step) time.Duration {
	if w.x.reads(step) {
		return w.grace
	}
	return 0
}

// reads tells whether a step changes nothing, so that it can be taken again.
func (x *explorer) reads(step *scenario.Step) bool {
	op := x.sides[ofReference].target.operation(step.Call)
	return op != nil && op.Method == http.MethodGet
}

// perform does a step on one side.
func (w *walk) perform(ctx context.Context, i int, step *scenario.Step, h *answerPair) error {
	x := w.sides[i]
	if !x.knows(step) {
		return errNoReference
	}
	switch step.Kind() {
	case "push":
		return x.pushIfOpen(ctx)
	case "let":
		return x.suite.control.advance(ctx, step.Let.Pass)
	}
	if step.Await == 0 {
		return w.call(ctx, i, step, h)
	}
	var failure *mishap
	_, err := x.suite.target.poll(ctx, x.suite.options.Patience, func() (bool, error) {
		err := w.call(ctx, i, step, h)
		if err == nil {
			failure, err = x.judge(step, h.request[i], h.answer[i])
		}
		return failure == nil || !isOpen(h.answer[i]), err // what is closed follows no branch any more
	})
	if err == nil && failure != nil {
		err = &stuckError{&fixtureError{
			Action: fmt.Sprintf("wait %s until %s is as the next step needs it", x.suite.options.Patience,
				describeCall(step)),
			exchange: x.suite.target.secrets.record(h.request[i], h.answer[i], nil),
		}}
	}
	return err
}

// pushIfOpen adds a commit to the merge request, which must be open to follow its branch.
func (x *execution) pushIfOpen(ctx context.Context) error {
	a, err := x.make(ctx, "read the merge request", "getMergeRequest", map[string]any{"merge_request_iid": x.iid})
	if err == nil && !isOpen(a) {
		return &stuckError{fmt.Errorf("the merge request !%d is %s, so it follows its branch no more", x.iid,
			a.text("state"))}
	}
	if err == nil {
		err = x.push(ctx, "")
	}
	if lost := new(fixtureError); err != nil && ctx.Err() == nil && (!errors.As(err, &lost) || lost.Err == nil) {
		return &stuckError{err}
	}
	return err
}

func isOpen(mergeRequest *answer) bool { return mergeRequest.text("state") == "opened" }

// knows tells whether all that a step refers to is there.
func (x *execution) knows(step *scenario.Step) bool {
	for _, name := range stepReferences(step) {
		if _, is := x.vars.Get(name); !is {
			return false
		}
	}
	return true
}

// call makes a step's request on one side and keeps its answer, as it is and as it is compared.
func (w *walk) call(ctx context.Context, i int, step *scenario.Step, h *answerPair) error {
	x := w.sides[i]
	t := x.suite.target
	op := t.operation(step.Call)
	if op == nil {
		return errNoOperation
	}
	in, err := x.input(op, step)
	if err != nil {
		return err
	}
	who, err := x.suite.projects.identity(ctx, x.project, step.As)
	if err != nil {
		return err
	}
	r, err := (&builder{root: t.api()}).build(op, in)
	if err != nil {
		return err
	}
	x.hide(in)
	a, err := t.send(ctx, r, who.token, x.scenario.ID)
	exchange := t.secrets.record(r, a, err)
	if err != nil {
		return &fixtureError{Action: describeCall(step), exchange: exchange, Err: err}
	}
	if saysNothing(a.status) {
		return trouble(Unreachable, nil, "%s answered %d to %s, which says nothing about the API: the server, or a "+
			"proxy before it, did not let the request through.",
			t.root, a.status, describeCall(step))
	}
	h.request[i], h.answer[i], h.view[i] = r, a, x.formOf(op, a)
	if i == ofTarget {
		h.exchange = &exchange
	} else {
		h.lenient = a.status < 400 && len(findings(t, "request", t.checkRequest(r))) > 0
	}
	if err := x.made(step, a); err != nil {
		return err
	}
	return x.keepMade(step, a)
}

// keepMade captures what a step made, under the name that the step gives it.
func (x *execution) keepMade(step *scenario.Step, a *answer) error {
	if a.status != http.StatusCreated {
		return nil
	}
	for name := range step.Capture {
		x.vars[name] = a.body
	}
	return nil
}

// unsettling are the operations after which a server goes on working on merge requests for a while.
var unsettling = []string{"createMergeRequest", "updateMergeRequest", "mergeMergeRequest", "createCommit"}

// settled waits until one side has done what follows from a step.
func (w *walk) settled(ctx context.Context, i int, step *scenario.Step) error {
	x := w.sides[i]
	control := x.suite.control
	opens := step.Call == "getMergeRequest" && step.Await > 0
	switch {
	case step.Kind() == "call" && !opens && !slices.Contains(unsettling, step.Call):
		return nil
	case !control.has(scenario.NeedControl) && opens && x.suite.lags.Load():
		return x.suite.target.wait(ctx, settling)
	case !control.has(scenario.NeedControl):
		return nil
	}
	for _, id := range x.mergeRequests() {
		_, err := x.suite.target.poll(ctx, x.suite.options.Patience, func() (bool, error) {
			busy, err := control.busy(ctx, id, x.project.id, "")
			return !busy, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// mergeRequests are the ids of the walk's merge requests.
func (x *execution) mergeRequests() []int64 {
	var ids []int64
	for _, name := range slices.Sorted(maps.Keys(x.vars)) {
		if name != "mr.id" && !strings.HasPrefix(name, openedName) {
			continue
		}
		value, _ := x.vars.Get(strings.TrimSuffix(name, ".id") + ".id")
		if id, is := value.(int64); is {
			ids = append(ids, id)
		}
	}
	return ids
}

// stepReferences are the names that a step refers to, those of its path that it leaves out included.
func stepReferences(step *scenario.Step) []string {
	var names []string
	if step.Kind() == "push" {
		return []string{"mr.iid"}
	}
	names = append(names, valueReferences(step.With)...)
	if step.Expect != nil && step.Expect.Body != nil {
		names = append(names, valueReferences(step.Expect.Body.Source)...)
	}
	op := openapi.GitLab().Operation(step.Call)
	if op == nil {
		return names
	}
	for _, p := range op.Parameters() {
		if _, given := step.With[p.Name]; p.In == "path" && !given {
			names = append(names, scenario.References(contract.DefaultFor(op, p.Name))...)
		}
	}
	return names
}

// valueReferences are the names that the texts in a value refer to.
func valueReferences(value any) []string {
	var names []string
	switch value := value.(type) {
	case string:
		return scenario.References(value)
	case []any:
		for _, item := range value {
			names = append(names, valueReferences(item)...)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			names = append(names, valueReferences(value[key])...)
		}
	}
	return names
}
