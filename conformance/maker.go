package conformance

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/openapi"
)

// maker makes requests outside of a scenario's steps: probes, fixtures, clean-up.
type maker struct {
	t        *target
	scenario string // for the User-Agent
	findings func(operation string, found []Finding)
	cleaning bool // up: it goes by the target's own release
}

// fixtureError says which request of provisioning was refused.
type fixtureError struct {
	Action   string
	exchange exchange
	Err      error // the trouble with the connection; nil when an answer came
}

// Error says what was being done and what came back.
func (e *fixtureError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s", e.Action, e.exchange.Error)
	}
	return fmt.Sprintf("%s: %s %s answered %d %s", e.Action, e.exchange.Method, e.exchange.URL, e.exchange.Status,
		cut(strings.TrimSpace(e.exchange.ResponseBody), 300))
}

// Unwrap is the trouble with the connection.
func (e *fixtureError) Unwrap() error { return e.Err }

// idError is about an answer that says a thing was made and gives it no id by which it could be asked for again.
type idError struct {
	doing, key string
	got        any // in place of the id
	exchange   exchange
}

// Error says what came instead of an id.
func (e *idError) Error() string {
	return fmt.Sprintf("%s: %d %s", e.short(), e.exchange.Status, cut(strings.TrimSpace(e.exchange.ResponseBody), 300))
}

// short says so without the answer.
func (e *idError) short() string {
	text := fmt.Sprintf("%s: the answer has no %s that is a positive integer", e.doing, e.key)
	if e.got != nil {
		text += ", but " + cut(jsonvalue.Short(e.got), 60)
	}
	return text
}

func cut(text string, length int) string {
	if len(text) <= length {
		return text
	}
	return text[:length] + "…"
}

// call makes one request of an operation and gives whatever is answered.
func (m *maker) call(ctx context.Context, token, operation string, with map[string]any) (*answer, *request, error) {
	op := m.t.operation(operation)
	if m.cleaning {
		op = m.t.ownOperation(operation)
	}
	if op == nil {
		return nil, nil, fmt.Errorf("%s: %w", operation, errNoOperation)
	}
	if err := namesNothing(op, with); err != nil {
		return nil, nil, err
	}
	r, err := (&builder{root: m.t.api()}).build(op, input{with: with})
	if err != nil {
		return nil, nil, err
	}
	a, err := m.t.send(ctx, r, token, m.scenario)
	if err != nil {
		return nil, r, err
	}
	m.t.coverage.add(operation, a.status)
	if m.cleaning && m.t.own != m.t.contract {
		return a, r, nil // it is not judged as what it is
	}
	if found := m.t.check(r, a); len(found) > 0 && m.findings != nil {
		m.findings(operation, findings(m.t, "answer", found))
	}
	return a, r, nil
}

// errand is a request that fixtures need.
type errand struct {
	doing     string // what for, as a message says it
	token     string
	operation string
	with      map[string]any
}

// make makes a request that must succeed with one of the statuses; none given means any from 200 to 299.
func (m *maker) make(ctx context.Context, e errand, statuses ...int) (*answer, error) {
	a, _, err := m.made(ctx, e, statuses)
	return a, err
}

func (m *maker) made(ctx context.Context, e errand, statuses []int) (*answer, *request, error) {
	a, r, err := m.call(ctx, e.token, e.operation, e.with)
	if err != nil && r == nil {
		return nil, nil, fmt.Errorf("%s: %w", e.doing, err)
	}
	if err != nil {
		return nil, r, &fixtureError{Action: e.doing, exchange: m.t.secrets.record(r, nil, err), Err: err}
	}
	good := slices.Contains(statuses, a.status)
	if len(statuses) == 0 {
		good = a.status >= http.StatusOK && a.status < http.StatusMultipleChoices
	}
	if !good {
		return a, r, &fixtureError{Action: e.doing, exchange: m.t.secrets.record(r, a, nil)}
	}
	return a, r, nil
}

// creatingTime is how long an interrupted run waits for the answer about a thing that it has asked for. The server may
// make it after the run has gone, and looking for it before that finds nothing.
const creatingTime = 5 * time.Second

// create makes a thing, and gives the id by which it is asked for from then on: the member key of the answer.
func (m *maker) create(ctx context.Context, doing, token, operation string, with map[string]any) (*answer, int64,
	error,
) {
	if ctx.Err() == nil {
		var done context.CancelFunc
		ctx, done = aftercare(ctx, creatingTime)
		defer done()
	}
	a, r, err := m.made(ctx, errand{doing, token, operation, with}, nil)
	if err != nil {
		return a, 0, err
	}
	key := "id"
	if operation == "createMergeRequest" {
		key = "iid"
	}
	id := a.integer(key)
	if id < 1 {
		return a, 0, &idError{doing, key, a.member(key), m.t.secrets.record(r, a, nil)}
	}
	return a, id, nil
}

// namesNothing holds that a request outside of scenarios names in its path what can be: no server has a thing with the
// id 0.
func namesNothing(op *openapi.Operation, with map[string]any) error {
	for _, p := range op.Parameters() {
		if p.In != "path" {
			continue
		}
		switch text := jsonvalue.Text(with[p.Name]); {
		case text == "", text == "0", strings.HasPrefix(text, "-"):
			return fmt.Errorf("%s cannot be asked for with %q as %s", op.ID, cut(text, 40), p.Name)
		}
	}
	return nil
}

// poll repeats a check until it is done, with growing pauses that add up to at most within.
func (t *target) poll(ctx context.Context, within time.Duration, check func() (done bool, err error)) (bool, error) {
	pause, waited := 20*time.Millisecond, time.Duration(0)
	for {
		done, err := check()
		if done || err != nil {
			return done, err
		}
		if waited >= within {
			return false, nil
		}
		pause = min(pause, within-waited)
		if err := t.wait(ctx, pause); err != nil {
			return false, err
		}
		waited += pause
		pause = min(pause*3/2, 2*time.Second)
	}
}
