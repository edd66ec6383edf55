package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// sendAlone sends one delivery from a mock that lives for that long only.
func (o *triggerOptions) sendAlone(ctx context.Context, sys system, event control.Event) error {
	if event == control.EventTimeout {
		return wrongUsage("nothing is sent when a response times out, so timeout does not go with --to")
	}
	world := o.worldFor(event)
	mock, err := mockserver.New(mockserver.Options{
		Version: o.version.version, Now: sys.now, Seed: &world, Faults: []fault.Plan{onlyOne},
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return wrongUsage("%w", err)
	}
	done, err := mock.Trigger(ctx, control.Trigger{Event: event, MergeRequest: 4})
	if err != nil {
		return err
	}
	if len(done.Deliveries) == 0 {
		return fmt.Errorf("GitLab %s sends nothing for %s", mock.Release().Version, event)
	}
	if _, err := mock.Flush(ctx); err != nil {
		return fmt.Errorf("send the delivery: %w", err)
	}
	return o.tellResponse(sys, mock.Deliveries()[0])
}

// onlyOne lets the first delivery go out alone: GitLab sends two for some events, as for close.
var onlyOne = fault.Plan{ID: "only-one", Faults: []fault.Fault{{
	Deliveries: &fault.Deliveries{}, First: 2, Delivery: fault.Lost,
}}}

// worldFor is the default world with one check, and its merge request in the state that an event needs.
func (o *triggerOptions) worldFor(event control.Event) seed.Document {
	world := seed.Default()
	world.Settings.BlockLocalRequests = false
	p := &world.Projects[0]
	check := &p.ExternalStatusChecks[0]
	check.ExternalURL, check.SharedSecret = o.to, o.key
	p.ExternalStatusChecks = p.ExternalStatusChecks[:1]
	mr := &p.MergeRequests[0]
	mr.Responses = nil
	switch event {
	case control.EventReopen:
		mr.State = "closed"
	case control.EventUnapprove:
		mr.ApprovedBy = []string{"developer"}
	case control.EventRetry:
		mr.Responses = []seed.Response{{Check: check.Name, Status: "failed"}}
	}
	return world
}

// tellResponse shows what came of the delivery.
func (o *triggerOptions) tellResponse(sys system, d control.Delivery) error {
	if o.print {
		if err := printDelivery(sys.out, d); err != nil {
			return err
		}
	}
	if len(d.Attempts) == 0 {
		return &exitError{exitNotReady, fmt.Errorf("the delivery could not be sent to %s", o.to)}
	}
	last := d.Attempts[len(d.Attempts)-1]
	if last.Error != "" {
		return &exitError{exitNotReady, fmt.Errorf("nobody answered at %s: %s", o.to, printable(last.Error))}
	}
	_, err := fmt.Fprintf(sys.out, "%d bytes sent to %s, answered with %d after %s\n", len(d.Body), o.to, last.Status,
		last.Duration.Duration)
	return err
}
