package conformance

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// maker makes requests outside of a scenario's steps: probes, fixtures, clean-up.
type maker struct {
	t        *target
	scenario string // for the User-Agent
	findings func(operation string, found []Finding)
}

// fixtureError says which request of provisioning was refused.
type fixtureError struct {
	Doing    string
	Exchange Exchange
	Err      error // the trouble with the connection; nil when an answer came
}

// Error says what was being done and what came back.
func (e *fixtureError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s", e.Doing, e.Exchange.Trouble)
	}
	return fmt.Sprintf("%s: %s %s answered %d %s", e.Doing, e.Exchange.Method, e.Exchange.URL, e.Exchange.Status, cut(e.Exchange.Reply, 300))
}

// Unwrap is the trouble with the connection.
func (e *fixtureError) Unwrap() error { return e.Err }

func cut(text string, length int) string {
	if len(text) <= length {
		return text
	}
	return text[:length] + "…"
}

// call makes one request of an operation and gives whatever is answered.
func (m *maker) call(ctx context.Context, token, operation string, with map[string]any) (*answer, *request, error) {
	op := m.t.operation(operation)
	if op == nil {
		return nil, nil, fmt.Errorf("%s: %w", operation, errNoOperation)
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
	if found := m.t.check(r, a); len(found) > 0 && m.findings != nil {
		m.findings(operation, findings(m.t, "answer", found))
	}
	return a, r, nil
}

// make makes a request that must succeed with one of the statuses; none given means any from 200 to 299.
func (m *maker) make(ctx context.Context, doing, token, operation string, with map[string]any, statuses ...int) (*answer, error) {
	a, r, err := m.call(ctx, token, operation, with)
	if err != nil && r == nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	if err != nil {
		return nil, &fixtureError{Doing: doing, Exchange: m.t.secrets.record(r, nil, err), Err: err}
	}
	good := slices.Contains(statuses, a.status)
	if len(statuses) == 0 {
		good = a.status >= http.StatusOK && a.status < http.StatusMultipleChoices
	}
	if !good {
		return a, &fixtureError{Doing: doing, Exchange: m.t.secrets.record(r, a, nil)}
	}
	return a, nil
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
