package mockserver_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
)

// lastHeader is a transport that responds to every delivery, and keeps the headers of the latest.
type lastHeader struct {
	mu     sync.Mutex
	header http.Header
}

func (l *lastHeader) RoundTrip(r *http.Request) (*http.Response, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.header = r.Header.Clone()
	return answerWith(http.StatusOK, ""), nil
}

// sendsHeaders returns which of some headers a delivery to a webhook has.
func sendsHeaders(names ...string) func(*harness) string {
	return func(h *harness) string {
		hookedTo(h, hookURL, map[string]any{"signing_token": signingToken})
		h.retitle("Headers")
		h.deliver()
		last := h.server.Transport().(*lastHeader)
		last.mu.Lock()
		defer last.mu.Unlock()
		var there []string
		for _, name := range names {
			if last.header.Get(name) != "" {
				there = append(there, name)
			}
		}
		return strings.Join(there, " ")
	}
}

func keepsHeaders(o *mockserver.Options) {
	noChecks(o)
	o.Transport = &lastHeader{}
}

// hookBoundaries are the changes of webhooks.
var hookBoundaries = []boundary{
	{
		change: "tells-event-uuid", version: "14.8", arrange: keepsHeaders,
		probe:  sendsHeaders("X-Gitlab-Event", "X-Gitlab-Event-Uuid"),
		before: "X-Gitlab-Event", after: "X-Gitlab-Event X-Gitlab-Event-Uuid",
	},
	{
		change: "tells-instance", version: "15.5", arrange: keepsHeaders,
		probe: sendsHeaders("X-Gitlab-Event", "X-Gitlab-Instance"), before: "X-Gitlab-Event",
		after: "X-Gitlab-Event X-Gitlab-Instance",
	},
	{
		change: "tells-webhook-uuid", version: "16.2", arrange: keepsHeaders,
		probe:  sendsHeaders("X-Gitlab-Event", "X-Gitlab-Webhook-Uuid"),
		before: "X-Gitlab-Event", after: "X-Gitlab-Event X-Gitlab-Webhook-Uuid",
	},
	{
		change: "notes-have-actions", version: "16.11", arrange: noChecks, probe: func(h *harness) string {
			hookedTo(h, hookURL, nil)
			h.do("developer", "POST", notesPath, set("body", "Fine.")).want(201)
			var event map[string]any
			assert.NilError(h.t, json.Unmarshal(h.soleDelivery().Body.Bytes(), &event))
			return keysIn(event["object_attributes"], []string{"note", "action"})
		}, before: "note", after: "note action",
	},
	{
		change: "names-webhooks", version: "17.1", probe: func(h *harness) string {
			addHook(set("name", "Bot"))(h)
			return hasKeys("owner", hookPath, "", "url", "name", "description")(h)
		}, before: "url", after: "url name description",
	},
	{
		change: "tells-idempotency-key", version: "17.4", arrange: keepsHeaders,
		probe: sendsHeaders("X-Gitlab-Event", "Idempotency-Key"), before: "X-Gitlab-Event",
		after: "X-Gitlab-Event Idempotency-Key",
	},
	{
		change: "signs-webhooks", version: "19.0", arrange: keepsHeaders, probe: func(h *harness) string {
			headers := sendsHeaders("X-Gitlab-Event", "Webhook-Id", "Webhook-Timestamp", "Webhook-Signature")(h)
			return headers + ": " + hasKeys("owner", hookPath, "", "url", "token_present", "signing_token_present")(h)
		}, before: "X-Gitlab-Event: url",
		after: "X-Gitlab-Event Webhook-Id Webhook-Timestamp Webhook-Signature: url token_present " +
			"signing_token_present",
	},
}
