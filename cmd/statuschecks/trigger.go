package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver/control"
)

// triggerEvents are what can be triggered, in the order of a merge request's life.
var triggerEvents = []control.Event{
	control.EventOpen, control.EventPush, control.EventUpdate, control.EventClose, control.EventReopen,
	control.EventApprove, control.EventUnapprove, control.EventMerge, control.EventRetry, control.EventTimeout,
}

type triggerOptions struct {
	url, controlToken, world, user string
	to, key, caFile                string
	version                        releaseFlag
	project, mergeRequest, check   int
	print                          bool
}

func newTrigger(sys system) *cobra.Command {
	o := &triggerOptions{url: "http://" + defaultListen}
	cmd := &cobra.Command{
		Use:   "trigger EVENT",
		Short: "Let something happen to a merge request, so that webhook deliveries leave",
		Long: `Let something happen to a merge request of a running mock, as if a member did it in GitLab: open, push,
update, close, reopen, approve, unapprove, merge, retry (of a failed check) or timeout (the clock of the
mock moves on until the pending responses have timed out).

With --to no mock has to run: one delivery goes to that URL, exactly as GitLab would send it, signed with
--secret, and the response is shown. The exit code is 1 if nobody answers.`,
		Example: "  statuschecks trigger push\n  statuschecks trigger retry --check 1\n" +
			"  statuschecks trigger open --to http://127.0.0.1:3000/hook --secret hush --print",
		Args:      oneEvent,
		ValidArgs: eventNames(),
		RunE: func(cmd *cobra.Command, args []string) error {
			return o.run(cmd.Context(), sys, control.Event(args[0]))
		},
	}
	f := cmd.Flags()
	f.Var(newText(&o.url, ownURL), "url", "root `URL` of the mock")
	f.Var(newSecret(&o.controlToken), "control-token", "`token` for the mock's control surface, if it has one")
	f.Var(newText(&o.caFile, readable), "tls-ca", "PEM `file` with the authority that signed the mock's certificate")
	f.Var(newText(&o.world, anyName), "world", "`name` of the world in the mock (default: the one at the root)")
	f.Var(
		&number{&o.project, 1, math.MaxInt32},
		"project",
		"`id` of the project (default: that of the first merge request that fits)",
	)
	f.Var(
		&number{&o.mergeRequest, 1, math.MaxInt32},
		"merge-request",
		"`iid` of the merge request (default: the first that fits)",
	)
	f.Var(
		&number{&o.check, 1, math.MaxInt32},
		"check",
		"`id` of the external status check, for retry and timeout (default: the first that fits)",
	)
	f.Var(newText(&o.user, anyName), "user", "`username` of who does it (default: a member who may)")
	f.Var(newText(&o.to, ownURL), "to", "send one delivery to this `URL`, without a running mock")
	f.Var(newSharedSecret(&o.key), "secret", "with --to: shared `secret` to sign with")
	f.Var(&o.version, "gitlab-version", "with --to: GitLab release to send as (default 18.9)")
	nameVariable(f, "project", "event-project") // verify has another
	giveWay(f, []string{"tls-ca"}, "to")
	f.BoolVar(&o.print, "print", false, "print the delivery, byte by byte")
	return cmd
}

func eventNames() []string {
	names := make([]string, len(triggerEvents))
	for i, e := range triggerEvents {
		names[i] = string(e)
	}
	return names
}

// oneEvent asks for the event.
func oneEvent(_ *cobra.Command, args []string) error {
	if len(args) == 1 && slices.Contains(eventNames(), args[0]) {
		return nil
	}
	if len(args) != 1 {
		return wrongUsage("trigger takes one event: %s", strings.Join(eventNames(), ", "))
	}
	return wrongUsage("there is no event %q%s; the events are %s", args[0],
		strictyaml.DidYouMean(args[0], eventNames()), strings.Join(eventNames(), ", "))
}

func (o *triggerOptions) run(ctx context.Context, sys system, event control.Event) error {
	if o.to != "" {
		if o.caFile != "" {
			return wrongUsage("--tls-ca is for the certificate of a running mock, so it does not go with --to")
		}
		return o.sendAlone(ctx, sys, event)
	}
	if o.key != "" {
		return wrongUsage("--secret goes with --to; a check of the mock has its own")
	}
	transport, err := trusting(o.caFile)
	if err != nil {
		return err
	}
	mock := controlCaller{url: o.url, token: o.controlToken, transport: transport}
	if o.world != "" {
		mock = mock.world(o.world)
	}
	done, err := o.call(ctx, mock, event)
	if err != nil {
		return &exitError{exitNotReady, err}
	}
	_, err = io.WriteString(sys.out, summary(done))
	if err == nil && o.print {
		err = printDeliveries(ctx, sys, mock, done.Deliveries)
	}
	return err
}

// summary says what has happened.
func summary(done control.Triggered) string {
	var b strings.Builder
	mr := done.MergeRequest
	fmt.Fprintf(&b, "%s of merge request !%d of project %d", done.Event, mr.IID, mr.ProjectID)
	if done.User != "" {
		fmt.Fprintf(&b, " by %s", done.User)
	}
	fmt.Fprintf(&b, ": it is %s at %s\n", mr.State, mr.SHA)
	if done.Event == control.EventTimeout {
		fmt.Fprintf(
			&b,
			"the clock of the mock is now at %s\n",
			done.Clock.Now.Format("2006-01-02 15:04:05.000000 MST"),
		)
	}
	switch len(done.Deliveries) {
	case 0:
		b.WriteString("no delivery came of it\n")
	default:
		fmt.Fprintf(&b, "deliveries: %s\n", strings.Trim(fmt.Sprint(done.Deliveries), "[]"))
	}
	return b.String()
}

// call lets the event happen in a running mock.
func (o *triggerOptions) call(ctx context.Context, mock controlCaller, event control.Event) (
	done control.Triggered, err error,
) {
	asked := map[string]any{"event": event}
	for name, n := range map[string]int{"project": o.project, "merge_request": o.mergeRequest, "check": o.check} {
		if n > 0 {
			asked[name] = n
		}
	}
	if o.user != "" {
		asked["user"] = o.user
	}
	return done, mock.call(ctx, controlRequest{operation: "triggerEvent", body: asked}, &done)
}

// printDeliveries prints deliveries of a running mock.
func printDeliveries(ctx context.Context, sys system, mock controlCaller, ids []int64) error {
	for _, id := range ids {
		var d control.Delivery
		asked := controlRequest{operation: "getDelivery", path: map[string]string{"delivery_id": fmt.Sprint(id)}}
		if err := mock.call(ctx, asked, &d); err != nil {
			return &exitError{exitNotReady, err}
		}
		if err := printDelivery(sys.out, d); err != nil {
			return err
		}
	}
	return nil
}

// printDelivery prints a delivery as it is on the wire, without the headers of the connection.
func printDelivery(w io.Writer, d control.Delivery) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\ndelivery %d, %s\n", d.ID, d.State)
	for _, a := range d.Attempts {
		fmt.Fprintf(&b, "%s %s\n", a.Method, a.URL)
		writeHeaders(&b, a.RequestHeaders)
		fmt.Fprintf(&b, "\n%s\n\n", d.Body)
		if a.Error != "" {
			fmt.Fprintf(&b, "no response: %s\n", printable(a.Error))
			continue
		}
		fmt.Fprintf(&b, "response after %s: %d %s\n", a.Duration.Duration, a.Status, http.StatusText(a.Status))
		for line := range strings.Lines(a.ResponseBody) {
			b.WriteString("  " + printable(strings.TrimRight(line, "\r\n")) + "\n")
		}
	}
	if len(d.Attempts) == 0 {
		fmt.Fprintf(&b, "%s\n", d.Body)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeHeaders(b *strings.Builder, h http.Header) {
	for _, name := range slices.Sorted(maps.Keys(h)) {
		fmt.Fprintf(b, "%s: %s\n", name, printable(strings.Join(h[name], ", ")))
	}
}
