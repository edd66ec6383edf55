package mockserver_test

import (
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// life is a mock with a frozen clock, in which one event follows the other.
type life struct {
	t    *testing.T
	mock *mockserver.Server
}

func newLife(t *testing.T) life {
	t.Helper()
	mock, err := mockserver.New(mockserver.Options{
		Now: func() time.Time { return time.Date(2026, 2, 3, 10, 0, 0, 0, time.UTC) },
	})
	assert.NilError(t, err)
	return life{t, mock}
}

func (l life) trigger(asked control.Trigger) control.Triggered {
	l.t.Helper()
	done, err := l.mock.Trigger(l.t.Context(), asked)
	assert.NilError(l.t, err)
	return done
}

// actions are the actions in the deliveries of an event; "retry" for a delivery without an action.
func (l life) actions(done control.Triggered) string {
	var actions []string
	for _, d := range l.mock.Deliveries() {
		for _, id := range done.Deliveries {
			if d.ID == id {
				action := d.Action
				if action == "" {
					action = "retry"
				}
				actions = append(actions, action)
			}
		}
	}
	return strings.Join(actions, " ")
}

// TestTrigger_wholeLife triggers each event, and checks the merge request and the deliveries. In the default world two
// checks apply to the merge request.
func TestTrigger_wholeLife(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	steps := []struct {
		asked              control.Trigger
		user, state, tells string
	}{
		{control.Trigger{Event: control.EventUpdate}, "owner", "opened", "update update"},
		{control.Trigger{Event: control.EventPush, User: "developer"}, "developer", "opened", "update update"},
		{control.Trigger{Event: control.EventApprove}, "owner", "opened", "approved approved"},
		{control.Trigger{Event: control.EventUnapprove}, "owner", "opened", "unapproval unapproval"},
		{control.Trigger{Event: control.EventClose}, "owner", "closed", "close close update update"},
		{control.Trigger{Event: control.EventReopen}, "owner", "opened", "reopen reopen update update"},
		{control.Trigger{Event: control.EventMerge, MergeRequest: 4}, "owner", "merged", "merge merge"},
	}
	for _, step := range steps {
		done := l.trigger(step.asked)
		assert.Equal(t, done.User, step.user, "%s", step.asked.Event)
		assert.Equal(t, done.MergeRequest.State, step.state, "%s", step.asked.Event)
		assert.Equal(t, l.actions(done), step.tells, "%s", step.asked.Event)
	}
	opened := l.trigger(control.Trigger{Event: control.EventOpen})
	assert.Equal(t, opened.MergeRequest.State, "opened")
	assert.Assert(t, opened.MergeRequest.IID != 4)
	assert.Equal(t, l.actions(opened), "open open")
	pushed := l.trigger(control.Trigger{Event: control.EventPush})
	assert.Equal(t, pushed.MergeRequest.IID, opened.MergeRequest.IID)
	assert.Assert(t, pushed.MergeRequest.SHA != opened.MergeRequest.SHA)
}

// A pending response times out. A failed check can be retried, which notifies only that check.
func TestTrigger_timeoutAndRetry(t *testing.T) {
	t.Parallel()
	l := newLife(t)
	_, err := l.mock.Trigger(t.Context(), control.Trigger{Event: control.EventRetry})
	assert.ErrorContains(t, err, "there is no merge request in any project for retry, which takes one with a "+
		"failed check")
	opened := l.trigger(control.Trigger{Event: control.EventOpen}) // which makes pending responses
	before := opened.Clock.Now
	late := l.trigger(control.Trigger{Event: control.EventTimeout})
	assert.Equal(t, late.MergeRequest.IID, opened.MergeRequest.IID)
	assert.Equal(t, late.Clock.Now.Sub(before), 2*time.Minute+time.Microsecond)
	for _, r := range l.mock.State().Responses {
		if r.MergeRequestID == opened.MergeRequest.ID {
			assert.Equal(t, r.Status, "failed")
		}
	}
	retried := l.trigger(control.Trigger{Event: control.EventRetry, Check: 2})
	assert.Equal(t, l.actions(retried), "retry")
	assert.Equal(t, len(retried.Deliveries), 1)
}

// An event that cannot happen is refused with a reason, and changes nothing.
func TestTrigger_refusals(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		asked control.Trigger
		says  string
	}{
		"unknown event": {control.Trigger{Event: "explode"}, `there is no event "explode"`},
		"unknown merge request": {
			control.Trigger{Event: "push", MergeRequest: 99},
			"no merge request !99 in any project",
		},
		"unknown project": {
			control.Trigger{Event: "push", Project: 99},
			"no merge request in project 99 for push, which takes an open one",
		},
		"unknown user": {control.Trigger{Event: "push", User: "nobody"}, `there is no user "nobody"`},
		"user may not": {
			control.Trigger{Event: "push", User: "guest"},
			"GitLab refuses to push merge request !4 for guest with status 403: pushing to",
		},
		"nothing closed": {
			control.Trigger{Event: "reopen"}, "no merge request in any project for reopen, which takes a closed one",
		},
		"nothing approved": {
			control.Trigger{Event: "unapprove", MergeRequest: 4},
			"no member of flightjs/Flight may unapprove",
		},
		"nothing failed": {
			control.Trigger{Event: "retry", MergeRequest: 4},
			"no external status check of merge request !4 has failed",
		},
		"nothing pending": {
			control.Trigger{Event: "timeout", MergeRequest: 4},
			"no response of merge request !4 is pending",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLife(t)
			before := l.mock.State()
			_, err := l.mock.Trigger(t.Context(), test.asked)
			assert.ErrorContains(t, err, test.says)
			assert.DeepEqual(t, l.mock.State(), before)
		})
	}
}

// The deliveries of an event are signed for the check, as all other deliveries are.
func TestTrigger_deliveriesAreSigned(t *testing.T) {
	t.Parallel()
	world := seed.Default()
	world.Projects[0].ExternalStatusChecks[0].SharedSecret = "hush"
	mock, err := mockserver.New(mockserver.Options{Seed: &world})
	assert.NilError(t, err)
	done, err := mock.Trigger(t.Context(), control.Trigger{Event: control.EventPush})
	assert.NilError(t, err)
	for _, d := range mock.Deliveries() {
		assert.Equal(t, d.CheckID == 1, d.Signature != "")
		assert.Assert(t, strings.Contains(d.Body, done.MergeRequest.SHA))
	}
}

// A delivery that goes out before a request has told the mock's URL has whole URLs all the same.
func TestTrigger_deliveriesHaveWholeURLs(t *testing.T) {
	t.Parallel()
	mock, err := mockserver.New(mockserver.Options{})
	assert.NilError(t, err)
	_, err = mock.Trigger(t.Context(), control.Trigger{Event: control.EventPush})
	assert.NilError(t, err)
	deliveries := mock.Deliveries()
	assert.Assert(t, len(deliveries) > 0)
	for _, d := range deliveries {
		assert.Assert(t, !strings.Contains(d.Body, `url":"/`), d.Body)
		assert.Assert(t, strings.Contains(d.Body, `"web_url":"http://localhost/flightjs/Flight"`), d.Body)
	}
}
