package mockserver_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
)

// responding is a transport that gives each delivery the same response.
func responding(status int, body string) func(*mockserver.Options) {
	return func(o *mockserver.Options) {
		noChecks(o)
		o.Transport = roundTrip(func(*http.Request) (*http.Response, error) {
			answer := answerWith(status, body)
			answer.Header.Set("X-Service", "yes")
			return answer, nil
		})
	}
}

func silent(o *mockserver.Options) {
	noChecks(o)
	o.Transport = roundTrip(func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF })
}

func TestHookTest_responses(t *testing.T) {
	t.Parallel()
	noted := func(h *harness) { h.do("developer", "POST", notesPath, set("body", "Fine.")).want(201) }
	for _, tc := range []struct {
		trigger string
		service func(*mockserver.Options)
		arrange func(*harness)
		status  int
		want    string
	}{
		{"push_events", responding(200, ""), nil, 201, `{"message":"201 Created"}`},
		{"tag_push_events", responding(204, ""), nil, 201, `{"message":"201 Created"}`},
		{"merge_requests_events", responding(200, ""), nil, 201, `{"message":"201 Created"}`},
		{"note_events", responding(200, ""), noted, 201, `{"message":"201 Created"}`},
		{"note_events", responding(200, ""), nil, 422, `{"message":"Ensure the project has notes."}`},
		{"issues_events", responding(200, ""), nil, 422, `{"message":"Ensure the project has issues."}`},
		{"pipeline_events", responding(200, ""), nil, 422, `{"message":"Ensure the project has CI pipelines."}`},
		{
			"confidential_note_events", responding(200, ""), nil, 422,
			`{"message":"Testing not available for this hook"}`,
		},
		{"push_events", responding(400, "Error response"), nil, 422, `{"message":"Error response"}`},
		{"push_events", silent, nil, 422, `{"message":"unexpected EOF"}`},
		{"xyz", responding(200, ""), nil, 400, `{"error":"trigger does not have a valid value"}`},
	} {
		h := newHarness(t, tc.service)
		addHook(set("push_events", false))(h)
		if tc.arrange != nil {
			tc.arrange(h)
		}
		h.do("maintainer", "POST", hookPath+"/test/"+tc.trigger, nil).wantBody(tc.status, tc.want)
	}
}

func TestHookEvents_log(t *testing.T) {
	t.Parallel()
	h := newHarness(t, responding(500, "No."))
	addHook(map[string]any{"token": "quite secret", "url": "https://user:password@example.com/hook"})(h)
	h.do("maintainer", "POST", hookPath+"/test/push_events", nil).want(422)
	h.do("maintainer", "POST", hookPath+"/test/merge_requests_events", nil).want(422)
	h.retitle("Not wanted")
	events := h.do("maintainer", "GET", hookPath+"/events", nil).want(200)
	assert.DeepEqual(t, events.column("trigger"), []string{"merge_request_hooks", "push_hooks"})
	for _, part := range []string{
		`"url":"https://*****:*****@example.com/hook","trigger":"push_hooks"`, `"X-Gitlab-Token":"[REDACTED]"`,
		`"X-Gitlab-Event":"Push Hook"`, `"email":"[REDACTED]"`, `"response_headers":{"X-Service":"yes"}`,
		`"response_body":"No."`, `"response_status":"500"`,
	} {
		assert.Assert(t, strings.Contains(string(events.body), part), "%s\n%s", part, events.body)
	}
	for _, hidden := range []string{"quite secret", "password", "admin@example.com"} {
		assert.Assert(t, !strings.Contains(string(events.body), hidden), hidden)
	}
	for status, count := range map[string]int{
		"500": 2, "server_failure": 2, "client_failure": 0, "successful,500": 2, "404": 0,
	} {
		got := h.do("maintainer", "GET", hookPath+"/events?status="+status, nil).want(200)
		assert.Equal(t, len(got.column("id")), count, status)
	}
	h.do("maintainer", "GET", hookPath+"/events?status=7", nil).
		wantBody(400, `{"error":"status does not have a valid value"}`)
	h.do("maintainer", "GET", hookPath+"/events?per_page=21", nil).
		wantBody(400, `{"error":"per_page does not have a valid value"}`)
	h.do("developer", "GET", hookPath+"/events", nil).wantBody(403, forbidden)
}

func TestHookEvents_resend(t *testing.T) {
	t.Parallel()
	h := newHarness(t, responding(200, ""))
	hookedTo(h, hookURL, nil)
	h.retitle("Once")
	resend := hookPath + "/events/1/resend"
	h.do("maintainer", "POST", resend, nil).wantBody(404, notFoundBody) // it was not sent yet
	h.deliver()
	h.do("maintainer", "POST", resend, nil).wantBody(201, `{"response_status":200}`)
	list := h.deliveries()
	assert.Equal(t, len(list), 2)
	assert.Equal(t, list[1].Hook.IdempotencyKey, list[0].Hook.IdempotencyKey)
	h.do("maintainer", "POST", hookPath+"/events/9/resend", nil).wantBody(404, notFoundBody)
	h.do("maintainer", "PUT", hookPath, set("url", hookURL+"/2")).want(200)
	h.do("maintainer", "POST", resend, nil).
		wantBody(422, `{"message":"The hook URL has changed, and this log entry cannot be retried"}`)
}

func TestHookEvents_resendToNobody(t *testing.T) {
	t.Parallel()
	h := newHarness(t, silent)
	hookedTo(h, hookURL, nil)
	h.retitle("Once")
	h.deliver()
	h.do("maintainer", "POST", hookPath+"/events/1/resend", nil).wantBody(422, `{"message":"unexpected EOF"}`)
}
