package conformance

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/statuschecks/statuschecks/openapi"
)

// control reaches a mock's control surface, where the target has one. A zero control has none.
type control struct {
	maker   *maker
	present bool
	clock   bool
	licence bool
}

// has tells whether a capability is there.
func (c *control) has(need string) bool {
	switch need {
	case NeedControl:
		return c.present
	case NeedClock:
		return c.clock
	case NeedLicence:
		return c.licence
	}
	return false
}

// discover asks for the clock and the licence; a server without a control surface answers neither.
func (c *control) discover(ctx context.Context) {
	c.clock = c.answers(ctx, "getClock", "now")
	c.licence = c.answers(ctx, "getLicence", "licensed")
	c.present = c.clock || c.licence
}

// answers tells whether an operation is there: its answer is JSON with the member asked for. A GitLab answers such a
// path with a web page.
func (c *control) answers(ctx context.Context, operation, member string) bool {
	a, _, err := c.call(ctx, operation, nil)
	if err != nil || a.status != http.StatusOK {
		return false
	}
	_, has := dig(a.body, []string{member})
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
	a, err := c.maker.t.send(ctx, r, "", "control")
	return a, r, err
}

func (c *control) must(ctx context.Context, doing, operation string, with map[string]any) error {
	a, r, err := c.call(ctx, operation, with)
	if err != nil && r == nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if err != nil || a.status >= 300 {
		return &fixtureError{Doing: doing, Exchange: c.maker.t.secrets.record(r, a, err), Err: err}
	}
	return nil
}

func (c *control) advance(ctx context.Context, by time.Duration) error {
	return c.must(ctx, "advance the clock", "advanceClock", map[string]any{"by": by.String()})
}

func (c *control) freeze(ctx context.Context) error {
	return c.must(ctx, "stop the clock", "setClock", map[string]any{"mode": "frozen"})
}

func (c *control) license(ctx context.Context, licensed bool) error {
	return c.must(ctx, "switch the licence", "setLicence", map[string]any{"licensed": licensed})
}

// flush returns when every delivery that is due has been sent.
func (c *control) flush(ctx context.Context) error {
	if !c.present {
		return nil
	}
	return c.must(ctx, "send the deliveries that are due", "flushDeliveries", nil)
}

// restore lets the clock run and gives the licence back.
func (c *control) restore(ctx context.Context, frozen, unlicensed bool) error {
	if frozen {
		if err := c.must(ctx, "let the clock run", "setClock", map[string]any{"mode": "offset"}); err != nil {
			return err
		}
	}
	if unlicensed && c.licence {
		return c.license(ctx, true)
	}
	return nil
}
