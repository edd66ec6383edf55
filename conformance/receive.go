package conformance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/conformance/scenario"
)

const (
	deliveryPatience = 30 * time.Second
	quietTime        = 3 * time.Second
)

// receive waits for a delivery that is as expected, or makes sure that none comes.
func (x *execution) receive(ctx context.Context, want *scenario.Receive) *mishap {
	if want.None {
		return x.receiveNone(ctx, want)
	}
	within := want.Within
	if within == 0 {
		within = deliveryPatience
	}
	var failure *mishap
	_, err := x.suite.target.poll(ctx, within, func() (bool, error) {
		err := x.suite.control.flush(ctx)
		if err == nil {
			failure, err = x.receiveOne(want)
		}
		return failure == nil, err
	})
	if err != nil {
		return x.trouble("receive", err)
	}
	if failure != nil {
		failure.Message = fmt.Sprintf("%s within %s", failure.Message, within)
		if want.Body != nil && len(failure.Mismatches) == 0 {
			failure.Message += "; expected one like " + x.suite.secrets.redact(jsonvalue.Short(want.Body.Source))
		}
	}
	return failure
}

func (x *execution) receiveNone(ctx context.Context, want *scenario.Receive) *mishap {
	if err := x.quiet(ctx, want.Within); err != nil {
		return x.trouble("receive", err)
	}
	for _, d := range x.arrived(want) {
		m, _, err := x.compare(want, d)
		if err != nil {
			return x.trouble("receive", err)
		}
		if len(m.found) == 0 {
			return &mishap{Failure: Failure{
				Action:  "receive nothing for " + want.Place(),
				Message: "a delivery came that must not: " + x.suite.secrets.redact(cut(string(d.raw), 600)),
			}, outcome: Failed}
		}
	}
	return nil
}

// quiet waits until what is on its way has arrived.
func (x *execution) quiet(ctx context.Context, within time.Duration) error {
	if within == 0 {
		within = quietTime
	}
	if err := x.settle(ctx, within); err != nil {
		return err
	}
	return x.suite.control.flush(ctx)
}

// arrived are the deliveries that a step may look at. Each is held against the contract once; what is found belongs to
// no step, as it is said of the payload alone, and is told beside the scenarios.
func (x *execution) arrived(want *scenario.Receive) []*delivery {
	all := x.suite.options.Receiver.at(x.hooks+"/"+want.Address(), x.iid)
	for _, d := range all {
		if d.isJSON() && x.suite.options.Receiver.firstLook(d) {
			x.suite.fixtureFindings(d.deliveringOperation(), findings(x.suite.target, "delivery",
				x.suite.target.checkDelivery(d)))
		}
	}
	return all
}

// receiveOne looks through what has come. The failure shows the delivery that was nearest.
func (x *execution) receiveOne(want *scenario.Receive) (*mishap, error) {
	nearest := &mishap{Failure: Failure{
		Action: "receive a delivery for " + want.Place(), Message: "no delivery came",
	}, outcome: Failed}
	if stray := x.suite.options.Receiver.stray(x.hooks + "/" + want.Address()); stray != "" {
		nearest.Message = "no delivery came that tells which merge request it is about; there came " +
			x.suite.secrets.redact(stray) + ","
	}
	arrived := x.arrived(want)
	for _, d := range arrived {
		m, shown, err := x.compare(want, d)
		if err != nil {
			return nil, err
		}
		if len(m.found) == 0 {
			x.suite.options.Receiver.use(d)
			x.lookAt(want, d)
			return nil, x.captureFrom(want.Capture, d.answer())
		}
		if nearest.Mismatches == nil || len(m.found) < len(nearest.Mismatches) {
			nearest.Message = fmt.Sprintf("none of the deliveries that came (%d) is as expected", len(arrived))
			nearest.Mismatches, nearest.Diff = x.redacted(m.found), x.suite.secrets.redact(shown.Diff())
		}
	}
	return nearest, nil
}

// compare matches one delivery.
func (x *execution) compare(want *scenario.Receive, d *delivery) (*judgement, scenario.Views, error) {
	a := d.answer()
	m := &judgement{answer: a.seen(), variables: x.vars}
	if err := matchHeaders(m, want.Headers, d.header); err != nil {
		return nil, scenario.Views{}, err
	}
	if method := cmp.Or(want.Method, http.MethodPost); d.method != method && (want.Method != "" || !want.None) {
		m.wrong("method", method, d.method)
	}
	if want.Answered != "" {
		a, replied, trouble := x.suite.options.Receiver.received(d)
		if !replied {
			trouble = errors.New("it has given none yet")
		}
		matchReception(m, want.Answered, a, trouble)
	}
	if want.Signed != nil {
		matchSignature(m, *want.Signed, d, jsonvalue.Text(x.vars["check."+want.Check+".secret"]))
	}
	if want.Body == nil {
		return m, scenario.Views{}, nil
	}
	shown, err := m.match("", want.Body, a.body)
	return m, shown, err
}

func matchSignature(m *judgement, signed bool, d *delivery, secret string) {
	if !signed {
		if given := d.header.Get(signatureHeader); given != "" {
			m.wrong("header "+signatureHeader, "nothing", given)
		}
		return
	}
	if err := d.verify(secret); err != nil {
		m.wrong("signature", "a valid one", err.Error())
	}
}
