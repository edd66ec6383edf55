package mockserver

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/internal/orderedjson"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// hookEventOperations are those of lib/api/hooks/events.rb, trigger_test.rb and resend_hook.rb.
var hookEventOperations = map[string]operation{
	"listProjectHookEvents":  {run: listProjectHookEvents, before: mayManageHooks},
	"testProjectHook":        {run: testProjectHook, before: mayManageHooks},
	"resendProjectHookEvent": {run: resendProjectHookEvent, before: mayManageHooks},
}

// loggedDays is how far back the log of a webhook reaches: to the beginning of the day so many days ago.
const loggedDays = 7

// listProjectHookEvents shows the deliveries that were made, the newest first.
func listProjectHookEvents(c *call, tx *gitlab.Tx) (reply, error) {
	h, err := c.findHook(tx)
	if err != nil {
		return reply{}, err
	}
	since := tx.Now.AddDate(0, 0, -loggedDays).Truncate(24 * time.Hour)
	statuses := c.params.texts("status")
	made := kept(tx.HookDeliveries(h.ID), func(d gitlab.Delivery) bool {
		return len(d.Attempts) > 0 && !d.Attempts[0].At.Before(since) && hasStatus(d.Attempts[0], statuses)
	})
	slices.Reverse(made)
	return listed(c, tx, made, presentHookEvent)
}

// internalError is the status in the log of a delivery without a response.
const internalError = "internal error"

func statusInLog(a gitlab.Attempt) string {
	if a.Status == 0 {
		return internalError
	}
	return strconv.Itoa(a.Status)
}

// hasStatus reports whether an attempt has one of some statuses. Without statuses all do.
//
// Source: app/finders/web_hooks/web_hook_logs_finder.rb.
func hasStatus(a gitlab.Attempt, statuses []string) bool {
	return len(statuses) == 0 || slices.ContainsFunc(statuses, func(status string) bool {
		switch status {
		case "successful":
			return a.Status/100 == 2
		case "client_failure":
			return a.Status/100 == 4
		case "server_failure":
			return a.Status/100 == 5 || a.Status == 0
		}
		return status == statusInLog(a)
	})
}

// hookEventEntity is a delivery in the log of a webhook.
//
// Source: lib/api/entities/web_hook_log.rb.
type hookEventEntity struct {
	ID                gitlab.DeliveryID   `json:"id"`
	URL               string              `json:"url"`
	Trigger           string              `json:"trigger"`
	RequestHeaders    *orderedjson.Object `json:"request_headers"`
	RequestData       any                 `json:"request_data"`
	ResponseHeaders   map[string]string   `json:"response_headers"`
	ResponseBody      string              `json:"response_body"`
	ExecutionDuration float64             `json:"execution_duration"`
	ResponseStatus    string              `json:"response_status"`
}

// loggedHeaders are the headers that GitLab keeps of a request, as it spells them.
var loggedHeaders = strings.Fields("Content-Type User-Agent Idempotency-Key X-Gitlab-Event X-Gitlab-Webhook-UUID " +
	"X-Gitlab-Instance webhook-id webhook-timestamp X-Gitlab-Event-UUID X-Gitlab-Token webhook-signature")

func presentHookEvent(d gitlab.Delivery) hookEventEntity {
	a := d.Attempts[0]
	e := hookEventEntity{
		ID: d.ID, URL: withoutPassword(d.URL), Trigger: d.Hook.Trigger(), RequestHeaders: orderedjson.Of(),
		ResponseHeaders: map[string]string{}, ResponseBody: strings.ToValidUTF8(string(a.ResponseBody), ""),
		ExecutionDuration: a.Duration.Seconds(), ResponseStatus: statusInLog(a),
	}
	sent := http.Header(a.RequestHeader)
	for _, name := range loggedHeaders {
		if value := sent.Get(name); value != "" {
			e.RequestHeaders.Set(name, value)
		}
	}
	for name, values := range a.ResponseHeader {
		e.ResponseHeaders[name] = strings.Join(values, ", ")
	}
	data, _ := orderedjson.Parse(d.Body.Bytes(), func(n json.Number) any { return n })
	e.RequestData = withoutEmails(data)
	return e
}

// withoutPassword hides the user and the password in a URL.
func withoutPassword(text string) string {
	before, after, _ := strings.Cut(text, "://")
	host, rest, path := strings.Cut(after, "/")
	i := strings.LastIndexByte(host, '@')
	if i < 0 {
		return text
	}
	text = before + "://*****:*****" + host[i:]
	if path {
		text += "/" + rest
	}
	return text
}

// withoutEmails hides the texts in the data of an event that are e-mail addresses.
//
// Source: app/models/hooks/web_hook_log.rb.
func withoutEmails(value any) any {
	switch v := value.(type) {
	case string:
		if emailAddress().MatchString(v) {
			return "[REDACTED]"
		}
	case []any:
		for i := range v {
			v[i] = withoutEmails(v[i])
		}
	case *orderedjson.Object:
		for _, name := range slices.Sorted(maps.Keys(v.Members)) {
			v.Members[name] = withoutEmails(v.Members[name])
		}
	}
	return value
}

// emailAddress is an e-mail address as HTML has it, which Ruby's URI::MailTo follows.
var emailAddress = lazy.Regexp("^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?" +
	`(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*$`)

// testProjectHook sends a delivery at once, and responds with what came of it.
func testProjectHook(c *call, tx *gitlab.Tx) (reply, error) {
	h, err := c.findHook(tx)
	if err != nil {
		return reply{}, err
	}
	d, err := tx.TestProjectHook(c.actor, c.project, h, gitlab.HookEvent(c.params.text("trigger")))
	return reply{sends: &sending{d.ID, func(a gitlab.Attempt) (reply, error) {
		switch {
		case a.Status/100 == 2:
			return created(messageBody{"201 Created"})
		case a.Status == 0:
			return reply{}, unprocessable(a.Error, "the webhook did not respond")
		}
		return reply{}, unprocessable(string(a.ResponseBody), "the webhook responded with another status than 2xx")
	}}}, err
}

func unprocessable(text, reason string) error {
	return &gitlab.Refusal{Kind: gitlab.Unprocessable, Text: text, Reason: reason}
}

// resentEvent is the response to sending an event again.
//
// Source: lib/api/entities/retry_webhook_event.rb.
type resentEvent struct {
	ResponseStatus int `json:"response_status"`
}

func resendProjectHookEvent(c *call, tx *gitlab.Tx) (reply, error) {
	h, err := c.findHook(tx)
	if err != nil {
		return reply{}, err
	}
	d, err := tx.ResendToHook(h, gitlab.DeliveryID(c.params.number("hook_log_id")))
	return reply{sends: &sending{d.ID, func(a gitlab.Attempt) (reply, error) {
		if a.Status == 0 {
			return reply{}, unprocessable(a.Error, "the webhook did not respond")
		}
		return created(resentEvent{a.Status})
	}}}, err
}
