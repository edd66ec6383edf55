package conformance

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/openapi"
)

// control reaches a mock's control surface, where the target has one. A zero control has none.
type control struct {
	maker   *maker
	token   string // that it demands; empty means none
	present bool
	clock   bool
	licence bool
	sha     bool
}

// has tells whether a capability is there.
func (c *control) has(need string) bool {
	switch need {
	case scenario.NeedControl:
		return c.present
	case scenario.NeedClock:
		return c.clock
	case scenario.NeedLicence:
		return c.licence
	case scenario.NeedSHASwitch:
		return c.sha
	}
	return false
}

// discover asks for the clock and the licence; a server without a control surface answers neither.
func (c *control) discover(ctx context.Context) {
	c.clock = c.answers(ctx, "getClock", "now")
	c.licence = c.answers(ctx, "getLicence", "licensed")
	c.sha = c.answers(ctx, "getSHARequirement", "required")
	c.present = c.clock || c.licence
}

// answers tells whether an operation is there: its answer is JSON with the member asked for. A GitLab answers such a
// path with a web page.
func (c *control) answers(ctx context.Context, operation, member string) bool {
	a, _, err := c.call(ctx, operation, nil)
	if err != nil || a.status != http.StatusOK {
		return false
	}
	_, has := jsonvalue.Dig(a.body, []string{member})
	return has
}

func (c *control) call(ctx context.Context, operation string, with map[string]any) (*answer, *request, error) {
	op := openapi.Control().Operation(operation)
	if op == nil {
		return nil, nil, fmt.Errorf("%s: %w", operation, errNoOperation)
	}
	r, err := (&builder{root: c.maker.t.root + "/-/mock"}).build(op, input{with: with})
	if err != nil {
		return nil, nil, err
	}
	if c.token != "" {
		r.header.Set("X-Control-Token", c.token)
	}
	a, err := c.maker.t.send(ctx, r, "", "control")
	return a, r, err
}

func (c *control) must(ctx context.Context, doing, operation string, with map[string]any) error {
	a, r, err := c.call(ctx, operation, with)
	if err != nil && r == nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if err != nil || a.status >= 300 {
		return &fixtureError{Action: doing, exchange: c.maker.t.secrets.record(r, a, err), Err: err}
	}
	return nil
}

// patience is how long the mock may take for a call that sends deliveries; by itself it gives up after a second in
// which nothing moves.
const patience = "1m"

func (c *control) advance(ctx context.Context, by time.Duration) error {
	return c.must(ctx, "advance the clock", "advanceClock", map[string]any{"by": by.String(), "wait": patience})
}

// stoppedClock is a clock that stands still, with what is needed to let it go on.
type stoppedClock struct {
	mode   string // how it went before
	offset time.Duration
	passed time.Duration // while it stood
}

// freeze stops the clock where it is.
func (c *control) freeze(ctx context.Context) (*stoppedClock, error) {
	a, _, err := c.call(ctx, "getClock", nil)
	if err != nil {
		return nil, err
	}
	offset, err := time.ParseDuration(a.text("offset"))
	if err != nil {
		return nil, fmt.Errorf("read the clock's offset: %w", err)
	}
	return &stoppedClock{mode: a.text("mode"), offset: offset}, c.must(ctx, "stop the clock", "setClock",
		map[string]any{"mode": "frozen"})
}

// thaw lets a stopped clock go on from where it stands or later, never from earlier.
func (c *control) thaw(ctx context.Context, s *stoppedClock) error {
	if s == nil || s.mode == "frozen" {
		return nil
	}
	with := map[string]any{"mode": "offset", "offset": (s.offset + s.passed).String()}
	return c.must(ctx, "let the clock go on", "setClock", with)
}

// license gives or takes the licence of one project; nil lets it follow the instance again.
func (c *control) license(ctx context.Context, project int64, licensed any) error {
	return c.must(ctx, "switch the licence", "setLicence", map[string]any{"project": project, "licensed": licensed})
}

// requireSHA says whether merging in a namespace must name the commit; nil lets the namespace follow what is above it
// again.
func (c *control) requireSHA(ctx context.Context, namespace string, required any) error {
	return c.must(ctx, "demand the commit for merging", "setSHARequirement", map[string]any{
		"namespace": namespace,
		"required":  required,
	})
}

// flush returns when every delivery that is due has been sent.
func (c *control) flush(ctx context.Context) error {
	if !c.present {
		return nil
	}
	return c.must(ctx, "send the deliveries that are due", "flushDeliveries", map[string]any{"wait": patience})
}

// busy tells whether the target still has something to do about a merge request or a push to its source branch (to any,
// if none is named), timeouts aside.
func (c *control) busy(ctx context.Context, mergeRequest, project int64, branch string) (bool, error) {
	// there can be hundreds of timeouts
	a, _, err := c.call(ctx, "listJobs", map[string]any{"not_kind": "time_out_response"})
	if err != nil {
		return false, err
	}
	jobs, _ := a.body.([]any)
	return slices.ContainsFunc(jobs, func(job any) bool {
		about, _ := jsonvalue.Dig(job, []string{"merge_request_id"})
		in, _ := jsonvalue.Dig(job, []string{"project_id"})
		pushed, _ := jsonvalue.Dig(job, []string{"branch"})
		return jsonvalue.Equal(about, mergeRequest) ||
			jsonvalue.Equal(in, project) && pushed != nil && (branch == "" || pushed == branch)
	}), nil
}
