package conformance

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"time"
)

const (
	deliveryPatience = 30 * time.Second
	quietTime        = 3 * time.Second
)

// receive waits for a delivery that is as expected, or makes sure that none comes.
func (x *execution) receive(ctx context.Context, want *Receive) *Failure {
	if want.None {
		return x.receiveNone(ctx, want)
	}
	within := want.Within
	if within == 0 {
		within = deliveryPatience
	}
	var failure *Failure
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
		if want.HasBody && len(failure.Mismatches) == 0 {
			failure.Message += "; expected one like " + x.suite.secrets.redact(short(want.Body))
		}
	}
	return failure
}

func (x *execution) receiveNone(ctx context.Context, want *Receive) *Failure {
	if err := x.quiet(ctx, want.Within); err != nil {
		return x.trouble("receive", err)
	}
	for _, d := range x.arrived(want) {
		m, _, err := x.compare(want, d)
		if err != nil {
			return x.trouble("receive", err)
		}
		if len(m.found) == 0 {
			return &Failure{
				Doing: "receive nothing for " + want.place(), outcome: Fail,
				Message: "a delivery came that must not: " + x.suite.secrets.redact(cut(string(d.raw), 600)),
			}
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
func (x *execution) arrived(want *Receive) []*delivery {
	all := x.suite.options.Receiver.at(x.hooks+"/"+want.address(), x.iid)
	for _, d := range all {
		if d.isJSON() && x.suite.options.Receiver.firstLook(d) {
			x.suite.fixtureFindings(deliveringOperation, findings(x.suite.target, "delivery",
				x.suite.target.checkDelivery(d)))
		}
	}
	return all
}

// receiveOne looks through what has come. The failure shows the delivery that was nearest.
func (x *execution) receiveOne(want *Receive) (*Failure, error) {
	nearest := &Failure{Doing: "receive a delivery for " + want.place(), Message: "no delivery came", outcome: Fail}
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
			nearest.Mismatches, nearest.Diff = x.redacted(m.found), x.suite.secrets.redact(diff(shown))
		}
	}
	return nearest, nil
}

// compare matches one delivery.
func (x *execution) compare(want *Receive, d *delivery) (*matcher, views, error) {
	a := d.answer()
	m := &matcher{answer: a, variables: x.vars}
	headers, err := x.vars.fill(want.Headers)
	if err != nil {
		return nil, views{}, err
	}
	m.matchHeaders(headers, d.header)
	if method := cmp.Or(want.Method, http.MethodPost); d.method != method && (want.Method != "" || !want.None) {
		m.wrong("method", method, d.method)
	}
	if want.Signed != nil {
		m.matchSignature(*want.Signed, d, asText(x.vars["check."+want.Check+".secret"]))
	}
	if !want.HasBody {
		return m, views{}, nil
	}
	body, err := x.vars.fill(want.Body)
	if err != nil {
		return nil, views{}, err
	}
	return m, m.match("", body, a.body), nil
}

func (m *matcher) matchSignature(signed bool, d *delivery, secret string) {
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
