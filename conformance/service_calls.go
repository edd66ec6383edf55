package conformance

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/openapi"
)

// watch follows in the mock's journal what the service calls.
type watch struct {
	control *control
	user    string // whose token the service has

	mu    sync.Mutex
	next  int64 // number of the next entry
	calls []serviceCall
	// paths of the scenarios' merge requests: a service may be busy with an earlier one
	known []string
}

// meet notes a merge request of a scenario.
func (w *watch) meet(mergeRequest string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.known = append(w.known, mergeRequest)
}

// serviceCall is a call of the service.
type serviceCall struct {
	operation, path string
	status          int
	worked          bool
	entry           any
}

func (c *serviceCall) text(path ...string) string {
	value, _ := jsonvalue.Dig(c.entry, path)
	if value == nil {
		return ""
	}
	return jsonvalue.Text(value)
}

// parameter is a parameter of the call, wherever it stood.
func (c *serviceCall) parameter(name string) string {
	for _, place := range []string{"body", "query"} {
		if text := c.text(place, name); text != "" && text != hidden {
			return text
		}
	}
	return ""
}

// hidden stands in the journal for what a release does not know as a parameter.
const hidden = "…"

// sets tells whether the call has set a status for a check on a commit.
func (c *serviceCall) sets(check, sha string) bool {
	return c.operation == "createStatusCheckResponse" && c.worked &&
		c.parameter("external_status_check_id") == check && c.parameter("sha") == sha
}

// journalPage is how many entries are asked for at once.
const journalPage = 1000

// look reads what is new in the journal and gives how many calls there are in all.
func (w *watch) look(ctx context.Context) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for {
		with := map[string]any{"kind": "call", "user": w.user, "since": w.next, "limit": journalPage}
		a, _, err := w.control.call(ctx, "listJournal", with)
		if err != nil {
			return 0, err
		}
		if a.status != http.StatusOK {
			return 0, fmt.Errorf("the mock's journal cannot be read: it answered %d", a.status)
		}
		entries, _ := a.member("entries").([]any)
		for _, e := range entries {
			w.calls = append(w.calls, newServiceCall(e))
		}
		if next := a.integer("next"); next > w.next {
			w.next = next
		}
		if a.member("more") != true {
			return len(w.calls), nil
		}
	}
}

func newServiceCall(entry any) serviceCall {
	c := serviceCall{entry: entry}
	c.operation, c.path = c.text("operation"), c.text("path")
	c.status, _ = strconv.Atoi(c.text("status"))
	c.worked = c.text("worked") == "true"
	return c
}

// since are the calls from a mark on, but for those about a merge request of another scenario.
func (w *watch) since(mark int, own string) []serviceCall {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(w.calls[min(mark, len(w.calls)):]), func(c serviceCall) bool {
		return slices.ContainsFunc(w.known, func(mergeRequest string) bool {
			return mergeRequest != own && strings.Contains(c.path+"/", mergeRequest+"/")
		})
	})
}

// latest are the service's calls since the last event, but for those about other scenarios.
func (x *execution) latest() []serviceCall { return x.suite.watch.since(x.mark, x.mergeRequestPath()) }

// mergeRequestPath is how paths of the API name the scenario's merge request.
func (f *fixture) mergeRequestPath() string {
	where := strings.NewReplacer("{id}", strconv.FormatInt(f.project.id, 10), "{merge_request_iid}",
		strconv.FormatInt(f.iid, 10))
	return where.Replace(openapi.GitLab().Operation("getMergeRequest").Path)
}

// describeCalls shows a few calls to people.
func describeCalls(calls []serviceCall) string {
	const most = 12
	if len(calls) == 0 {
		return "it called nothing"
	}
	var words []string
	for i := range calls[:min(len(calls), most)] {
		c := &calls[i]
		name := c.operation
		if name == "" {
			name = c.text("method") + " " + c.path
		}
		if status := c.parameter("status"); status != "" {
			name += " (" + status + ")"
		}
		words = append(words, fmt.Sprintf("%s %d", name, c.status))
	}
	text := "it called " + strings.Join(words, ", ")
	if len(calls) > most {
		text += fmt.Sprintf(" and %d more", len(calls)-most)
	}
	return text
}

// event notes that something is about to happen: what the service calls from here on is its answer to it.
func (x *execution) event(ctx context.Context) error {
	if x.suite.watch == nil {
		return nil
	}
	n, err := x.suite.watch.look(ctx)
	x.mark = n
	return err
}

// rest waits until the service calls nothing any more, and nothing is on its way to it.
func (x *execution) rest(ctx context.Context, within time.Duration) error {
	quiet := x.suite.service.Quiet
	pause, still, seen := quiet/5, time.Duration(0), -1
	for waited := time.Duration(0); still < quiet && waited < within; waited += pause {
		if err := x.suite.control.flush(ctx); err != nil {
			return err
		}
		n, err := x.suite.watch.look(ctx)
		if err != nil {
			return err
		}
		if n != seen {
			seen, still = n, 0
		}
		if err := x.suite.target.wait(ctx, pause); err != nil {
			return err
		}
		still += pause
	}
	_, err := x.suite.watch.look(ctx)
	return err
}

// restTime is how long a service may take to come to rest.
const restTime = 5 * time.Second

// serviceCalls judges what the service has called since the last event.
func (x *execution) serviceCalls(ctx context.Context, want *scenario.Calls) *mishap {
	within := want.Within
	if within == 0 {
		within = restTime
	}
	_, err := x.suite.target.poll(ctx, x.suite.service.Patience, func() (bool, error) {
		if err := x.suite.control.flush(ctx); err != nil {
			return false, err
		}
		_, err := x.suite.watch.look(ctx)
		return len(callsTo(x.latest(), want.Operation)) >= want.AtLeast, err
	})
	if err == nil {
		err = x.rest(ctx, within)
	}
	if err != nil {
		return x.trouble("wait for the service to be at rest", err)
	}
	since := x.latest()
	calls := callsTo(since, want.Operation)
	message := ""
	switch n := len(calls); {
	case want.None && n > 0:
		message = "the service called something, and should not have: " + describeCalls(calls)
	case want.AtMost > 0 && n > want.AtMost:
		message = fmt.Sprintf("the service made %d calls within %s, where %d are enough: %s", n, within, want.AtMost,
			describeCalls(calls))
	case n < want.AtLeast:
		message = fmt.Sprintf("the service made %d calls of %s, and not at least %d; %s", n, want.Operation,
			want.AtLeast, describeCalls(since))
	case want.Paged:
		message = unread(calls)
	}
	if message == "" {
		return nil
	}
	return &mishap{Failure: Failure{
		Action: "look at the service's calls", Message: x.suite.secrets.redact(message),
	}, outcome: Failed}
}

// callsTo are the calls of an operation; all if none is named.
func callsTo(calls []serviceCall, operation string) []serviceCall {
	return slices.DeleteFunc(slices.Clone(calls), func(c serviceCall) bool {
		return operation != "" && c.operation != operation
	})
}

// unread says which list has a next page that nobody asked for; empty means none.
func unread(calls []serviceCall) string {
	for i := range calls {
		next := calls[i].text("response_headers", "X-Next-Page")
		if next == "" {
			continue
		}
		asked := slices.ContainsFunc(calls, func(c serviceCall) bool {
			return c.path == calls[i].path && c.text("query", "page") == next
		})
		if !asked {
			return fmt.Sprintf("the service read a page of %s that has a next page, %s, and never asked for that",
				calls[i].operation, next)
		}
	}
	return ""
}
