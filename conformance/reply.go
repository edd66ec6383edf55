package conformance

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/statuschecks/statuschecks/conformance/internal/jsonvalue"
	"github.com/statuschecks/statuschecks/conformance/scenario"
)

// reply is what the receiver answers at one address instead of 200 at once.
type reply struct {
	iid    int64 // of the merge request that deliveries must be about; 0 is any
	status int
	header http.Header
	body   []byte
	closes bool // ends the connection without an answer
	after  time.Duration
	wait   Waiter
	while  context.Context // nobody waits for the answer once this has ended
}

// send answers a delivery.
func (r *reply) send(w http.ResponseWriter, req *http.Request) {
	if r.closes {
		closeConnection(w)
		return
	}
	if r.after > 0 {
		ctx, cancel := context.WithCancel(req.Context())
		defer cancel()
		defer context.AfterFunc(r.while, cancel)()
		_ = r.wait(ctx, r.after) // who does not wait any more gets the answer sooner, if at all
	}
	for name, values := range r.header {
		w.Header()[name] = values
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body)
}

// closeConnection ends a connection without an answer. Where it belongs to others too (HTTP/2) that cannot be done, and
// 500 says so.
func closeConnection(w http.ResponseWriter) {
	if buffer, inProcess := w.(*responseBuffer); inProcess {
		buffer.closed = true
		return
	}
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "the connection cannot be closed: "+err.Error(), http.StatusInternalServerError)
		return
	}
	_ = connection.Close()
}

// lateHeader tells a mock that an answer counts as one that came later, so that neither it nor the run has to wait.
const lateHeader = "X-Mock-Late"

// replies has the receiver answer as the scenario says until the scenario is over.
func (f *fixture) replies(ctx context.Context) error {
	if len(f.scenario.Given.Replies) == 0 {
		return nil
	}
	ctx, f.forget = context.WithCancel(context.WithoutCancel(ctx))
	for _, given := range f.scenario.Given.Replies {
		f.vars["hook."+given.Key] = f.hook(given.Key)
	}
	for _, given := range f.scenario.Given.Replies {
		r, err := f.reply(ctx, given)
		if err != nil {
			return err
		}
		f.suite.options.Receiver.reply(f.hooks+"/"+given.Key, r)
	}
	return nil
}

// reply fills one in. Where the target's clock can be moved it says how late it is instead of waiting.
func (f *fixture) reply(ctx context.Context, given scenario.ReplyGiven) (*reply, error) {
	r := &reply{iid: f.iid, status: given.Status, header: http.Header{}, closes: given.Close, while: ctx}
	for name, value := range given.Headers {
		text, err := f.vars.Text(value)
		if err != nil {
			return nil, err
		}
		r.header.Set(name, text)
	}
	if given.HasBody {
		filled, err := f.vars.Fill(given.Body)
		if err != nil {
			return nil, err
		}
		if text, isText := filled.(string); isText {
			r.body = []byte(text)
		} else if r.body, err = json.Marshal(jsonvalue.Plain(filled)); err != nil {
			return nil, err
		} else if r.header.Get("Content-Type") == "" {
			r.header.Set("Content-Type", "application/json")
		}
	}
	switch {
	case given.After == 0:
	case f.suite.control.has(scenario.NeedClock):
		r.header.Set(lateHeader, given.After.String())
	default:
		r.after, r.wait = given.After, f.suite.target.wait
	}
	return r, nil
}

// endReplies has the receiver answer 200 at once again, also what is tried again after the scenario.
func (f *fixture) endReplies() {
	if f.forget == nil {
		return
	}
	f.forget()
	for _, given := range f.scenario.Given.Replies {
		f.suite.options.Receiver.reply(f.hooks+"/"+given.Key, nil)
	}
}
