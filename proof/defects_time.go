package proof

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"time"
)

// now is the time on the good server's clock.
func (v *visit) now() time.Time {
	answer := httptest.NewRecorder()
	v.server.good.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, serverURL+"/-/mock/clock", http.NoBody))
	if o, ok := parse(answer.Body.Bytes()).(*object); ok {
		at, _ := time.Parse(time.RFC3339Nano, text(o.Get("now")))
		return at
	}
	return time.Time{}
}

// stamp remembers when something happened.
func (v *visit) stamp(name string) { v.server.memory.note(name, v.now().Format(time.RFC3339Nano)) }

// age is how long ago something happened; 0 when it never did.
func (v *visit) age(name string) time.Duration {
	at, err := time.Parse(time.RFC3339Nano, v.server.memory.noted(name))
	if err != nil {
		return 0
	}
	return v.now().Sub(at)
}

// notingLast remembers what was last said about each check, by a response or a retry, and when.
var notingLast = on(respond+" "+retry, after(func(v *visit) {
	if !v.succeeded() {
		return
	}
	said := "retried"
	if v.op == respond {
		said = text(v.given("status"))
		v.stamp("answered " + v.key(v.check()))
	}
	v.server.memory.note("last "+v.key(v.check()), said)
}))

func (v *visit) last(o *object) string {
	return v.server.memory.noted("last " + v.key(text(o.Get("id"))))
}

// timedOut tells a check that is failed although nobody has said so.
func timedOut(v *visit, o *object) bool { return o.Get("status") == "failed" && v.last(o) != "failed" }

// showing lists some checks with another status.
func showing(status string, holds func(v *visit, o *object) bool) alteration {
	return listed(func(v *visit, o *object) {
		if holds(v, o) {
			o.Set("status", status)
		}
	})
}

const interval = 2 * time.Minute

// passing lets the clock be advanced by another length of time.
func passing(change func(time.Duration) time.Duration) alteration {
	return on("advanceClock", taking("by", func(_ *visit, value any) any {
		by, err := time.ParseDuration(text(value))
		if err != nil {
			return value
		}
		return change(by).String()
	}))
}

var timeDefects = []Defect{
	{
		ID: "nothing-times-out", Area: "timeout", Wrong: "A check that is pending stays pending.",
		Answer: all(notingLast, showing("pending", timedOut)),
	},
	{
		ID: "times-out-after-a-minute", Area: "timeout", Wrong: "A pending row fails after one minute.",
		Answer: passing(func(by time.Duration) time.Duration { return 2 * by }),
	},
	{
		ID: "times-out-at-two-minutes", Area: "timeout", Wrong: "A row of exactly two minutes has failed.",
		Answer: passing(func(by time.Duration) time.Duration {
			if by == interval {
				by += time.Millisecond
			}
			return by
		}),
	},
	{
		ID: "retry-does-not-restart", Area: "timeout", Wrong: "The two minutes count from the response, whatever " +
			"retry came after.",
		Answer: all(notingLast, showing("failed", func(v *visit, o *object) bool {
			return v.last(o) == "retried" && v.age("answered "+v.key(text(o.Get("id")))) > interval
		})),
	},
	{
		ID: "retried-never-times-out", Area: "timeout", Wrong: "A retried check stays pending until it is answered.",
		Answer: all(notingLast, showing("pending", timedOutAfter("retried"))),
	},
	{
		ID: "passes-time-out", Area: "timeout", Wrong: "A check that passed fails after two minutes.",
		Answer: all(notingLast, showing("failed", func(v *visit, o *object) bool {
			return v.last(o) == "passed" && v.age("answered "+v.key(text(o.Get("id")))) > interval
		})),
	},
	{
		ID: "unanswered-times-out", Area: "timeout", Wrong: "Every check that nobody answers fails two minutes " +
			"after the merge request was made, as documented.",
		Answer: all(notingLast,
			on("createMergeRequest", after(func(v *visit) {
				if o, ok := v.answered().(*object); ok {
					v.stamp("made " + text(number(v.project())) + "/" + text(o.Get("iid")))
				}
			})),
			showing("failed", func(v *visit, o *object) bool {
				return v.last(o) == "" && v.age("made "+text(number(v.project()))+"/"+v.mr()) > interval
			})),
	},
	{
		ID: "push-adds-rows", Area: "timeout", Wrong: "A push gives every check a pending row, which times out.",
		Answer: all(
			on("createCommit", after(func(v *visit) {
				if v.given("start_branch") == nil {
					v.stamp("pushed " + text(number(v.project())))
				}
			})),
			showing("failed", func(v *visit, o *object) bool {
				return o.Get("status") == "pending" && v.age("pushed "+text(number(v.project()))) > interval
			})),
	},
	{
		ID: "no-rows-for-new-merge-requests", Area: "timeout", Wrong: "A new merge request has no pending rows.",
		Answer: all(notingLast, showing("pending", timedOutAfter(""))),
	},
	{
		ID: "pending-responses-do-not-time-out", Area: "timeout", Wrong: "A response that says pending stays.",
		Answer: all(notingLast, showing("pending", timedOutAfter("pending"))),
	},
	{
		ID: "timeout-passes", Area: "timeout", Wrong: "A check that timed out has passed.",
		Answer: all(notingLast, showing("passed", timedOut)),
	},
	{
		ID: "timed-out-is-final", Area: "timeout", Wrong: "A check that timed out cannot be retried.",
		Answer: all(on(retry, func(v *visit) {
			if v.statusOf(v.check()) == "failed" && v.server.memory.noted("last "+v.key(v.check())) != "failed" {
				v.say(422, sentence("External status check must be failed"))
			}
		}), notingLast),
	},
	{
		ID: "timeout-told", Area: "timeout", Wrong: "A timeout is told to the external service.",
		Answer: all(notingLast, on(listStatuses, after(func(v *visit) {
			for _, o := range objects(v.answered()) {
				if timedOut(v, o) {
					v.server.tellAgain(v.mr(), text(o.Get("id")))
				}
			}
		}))), Deliver: (*parcel).remember,
	},
}

// remember keeps what the check was last told about a merge request.
func (p *parcel) remember() {
	id, _ := p.check()
	p.server.memory.note("told "+text(p.attributes().Get("iid"))+"/"+id, string(p.body))
}

// tellAgain sends a check once more what it was last told.
func (s *Server) tellAgain(mr, id string) {
	body := s.memory.noted("told " + mr + "/" + id)
	if body == "" {
		return
	}
	r := httptest.NewRequest(http.MethodPost, s.memory.check(id).url, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	if response, err := s.receiver.RoundTrip(r); err == nil {
		_ = response.Body.Close()
	}
}

// timedOutAfter tells of a check that timed out whether it last said a word.
func timedOutAfter(last string) func(*visit, *object) bool {
	return func(v *visit, o *object) bool { return timedOut(v, o) && v.last(o) == last }
}
