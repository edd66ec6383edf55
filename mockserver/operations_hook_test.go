package mockserver_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
	"gotest.tools/v3/golden"

	"github.com/statuschecks/statuschecks/internal/logtest"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/journal"
	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/openapi/openapitest"
	"github.com/statuschecks/statuschecks/release"
)

const (
	hooksPath    = "/projects/6/hooks"
	hookPath     = hooksPath + "/1"
	hookURL      = "https://example.com/hook"
	invalidURL   = `{"error":"Invalid url given"}`
	signingToken = "whsec_dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q="
)

// addHook adds a webhook with some attributes.
func addHook(attributes map[string]any) func(*harness) {
	return func(h *harness) {
		body := map[string]any{"url": hookURL}
		for name, value := range attributes {
			body[name] = value
		}
		h.do("maintainer", "POST", hooksPath, body).want(201)
	}
}

func TestHooks_refusals(t *testing.T) {
	t.Parallel()
	runExchanges(t, []exchangeCase{
		{
			name: "without a token", method: "GET", path: hooksPath, status: 401,
			want: `{"message":"401 Unauthorized"}`,
		},
		{name: "as Developer", as: "developer", method: "GET", path: hooksPath, status: 403, want: forbidden},
		{
			name: "the ability before the parameters", as: "developer", method: "POST", path: hooksPath, body: "{}",
			status: 403, want: forbidden,
		},
		{
			name: "without a URL", as: "maintainer", method: "POST", path: hooksPath, body: set("note_events", true),
			status: 400, want: `{"error":"url is missing"}`,
		},
		{
			name: "another scheme", as: "maintainer", method: "POST", path: hooksPath,
			body: set("url", "ftp://example.com"), status: 422, want: invalidURL,
		},
		{
			name: "no URL", as: "maintainer", method: "POST", path: hooksPath, body: set("url", ""), status: 422,
			want: invalidURL,
		},
		{
			name: "a variable without a value", as: "maintainer", method: "POST", path: hooksPath,
			body: set("url", "https://example.com/{token}"), status: 422, want: invalidURL,
		},
		{
			name: "a filter that names nothing", as: "maintainer", method: "POST", path: hooksPath,
			body:   map[string]any{"url": hookURL, "push_events_branch_filter": "~badbranchname/"},
			status: 422, want: `{"error":"Invalid branch filter given"}`,
		},
		{
			name: "a filter that is no expression", as: "maintainer", method: "POST", path: hooksPath,
			body: map[string]any{
				"url": hookURL, "push_events_branch_filter": "(", "branch_filter_strategy": "regex",
			},
			status: 422, want: `{"error":"Invalid branch filter given"}`,
		},
		{
			name: "another strategy", as: "maintainer", method: "POST", path: hooksPath,
			body: map[string]any{"url": hookURL, "branch_filter_strategy": "bla"}, status: 400,
			want: `{"error":"branch_filter_strategy does not have a valid value"}`,
		},
		{
			name: "a token of two lines", as: "maintainer", method: "POST", path: hooksPath,
			body: map[string]any{"url": hookURL, "token": "foo\nbar"}, status: 422,
			want: `{"error":"Token is invalid"}`,
		},
		{
			name: "a token of two lines in an update", as: "maintainer", arrange: addHook(nil), method: "PUT",
			path: hookPath, body: set("token", "foo\nbar"), status: 422, want: `{"message":{"token":["is invalid"]}}`,
		},
		{
			name: "a name that is too long", as: "maintainer", arrange: addHook(nil), method: "PUT", path: hookPath,
			body: set("name", strings.Repeat("ä", 256)), status: 422,
			want: `{"message":{"name":["is too long (maximum is 255 characters)"]}}`,
		},
		{
			name: "a description that is too long", as: "maintainer", arrange: addHook(nil),
			method: "PUT", path: hookPath, body: set("description", strings.Repeat("a", 2049)), status: 422,
			want: `{"message":{"description":["is too long (maximum is 2048 characters)"]}}`,
		},
		{
			name: "a token that is too long", as: "maintainer", arrange: addHook(nil), method: "PUT", path: hookPath,
			body: set("token", strings.Repeat("a", 8193)), status: 422,
			want: `{"message":{"token":["is too long (maximum is 8192 characters)"]}}`,
		},
		{
			name: "a URL that is too long", as: "maintainer", arrange: addHook(nil), method: "PUT", path: hookPath,
			body: set("url", "http://example.com/"+strings.Repeat("a", 8192)), status: 422,
			want: `{"error":"Invalid url given"}`,
		},
		{
			name: "no change", as: "maintainer", arrange: addHook(nil), method: "PUT", path: hookPath, body: "{}",
			status: 400, want: `{"error":"No parameters provided"}`,
		},
		{
			name: "a change to a bad URL", as: "maintainer", arrange: addHook(nil), method: "PUT", path: hookPath,
			body: set("url", "ftp://example.com"), status: 422, want: invalidURL,
		},
		{name: "show nothing", as: "maintainer", method: "GET", path: hookPath, status: 404, want: notFoundBody},
		{
			name: "change nothing", as: "maintainer", method: "PUT", path: hookPath, body: set("url", hookURL),
			status: 404, want: notFoundBody,
		},
		{name: "delete nothing", as: "maintainer", method: "DELETE", path: hookPath, status: 404, want: notFoundBody},
	})
}

const notFoundBody = `{"message":"404 Not found"}`

// A local address is refused where GitLab may not call one.
func TestHooks_localAddresses(t *testing.T) {
	t.Parallel()
	h := newHarness(t, blockLocal)
	for _, url := range []string{"http://localhost/", "http://127.0.0.1:8080/x", "http://[::1]/", "http://10.0.0.1/"} {
		h.do("maintainer", "POST", hooksPath, set("url", url)).wantBody(422, invalidURL)
	}
	h.do("maintainer", "POST", hooksPath, set("url", hookURL)).want(201)
}

func TestHooks_life(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	made := h.do("maintainer", "POST", hooksPath, map[string]any{
		"url": hookURL, "token": "quite secret", "merge_requests_events": true, "push_events": false,
		"branch_filter_strategy": "all_branches", "push_events_branch_filter": "x", "name": "Bot",
	}).want(201)
	for key, want := range map[string]any{
		"id": json.Number("1"), "url": hookURL, "name": "Bot", "description": nil, "push_events": false,
		"merge_requests_events": true, "confidential_note_events": nil, "enable_ssl_verification": true,
		"push_events_branch_filter": nil, "branch_filter_strategy": "all_branches", "alert_status": "executable",
	} {
		assert.DeepEqual(t, made.get(key), want)
	}
	changed := h.do("owner", "PUT", hookPath, map[string]any{"note_events": true, "enable_ssl_verification": false}).
		want(200)
	assert.Equal(t, changed.get("note_events"), true)
	assert.Equal(t, changed.get("merge_requests_events"), true)
	assert.Equal(t, changed.get("enable_ssl_verification"), false)
	listed := h.do("owner", "GET", hooksPath, nil).want(200)
	assert.DeepEqual(t, listed.column("id"), []string{"1"})
	assert.Assert(t, !bytes.Contains(listed.body, []byte("url_variables")))
	assert.Assert(t, !bytes.Contains(listed.body, []byte("quite secret")))
	h.do("owner", "DELETE", hookPath, nil).want(204)
	h.do("owner", "GET", hookPath, nil).want(404)
}

// A new URL forgets the token, unless a token comes with it.
func TestHooks_newURL(t *testing.T) {
	t.Parallel()
	token := func(h *harness) (token string) {
		h.view(func(tx *gitlab.Tx) { token = tx.ProjectHooks(6)[0].Token })
		return token
	}
	h := newHarness(t)
	addHook(set("token", "first"))(h)
	h.do("owner", "PUT", hookPath, set("note_events", true)).want(200)
	assert.Equal(t, token(h), "first")
	h.do("owner", "PUT", hookPath, map[string]any{"url": hookURL + "/2", "token": "second"}).want(200)
	assert.Equal(t, token(h), "second")
	h.do("owner", "PUT", hookPath, set("url", hookURL+"/3")).want(200)
	assert.Equal(t, token(h), "")
}

// hookedTo is the default world without checks, whose project has a webhook for everything at an address.
func hookedTo(h *harness, url string, attributes map[string]any) {
	h.t.Helper()
	body := map[string]any{
		"url": url, "merge_requests_events": true, "note_events": true, "confidential_note_events": true,
	}
	for name, value := range attributes {
		body[name] = value
	}
	h.do("maintainer", "POST", hooksPath, body).want(201)
}

func noChecks(o *mockserver.Options) {
	s := seed.Default()
	s.Projects[0].ExternalStatusChecks = nil
	s.Projects[0].MergeRequests[0].Responses = nil
	o.Seed = &s
}

// The payload of each event, key by key.
func TestHooks_payload(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, schema string
		action       func(*harness)
	}{
		{"hook_merge_request", "MergeRequestHookEvent", func(h *harness) { h.retitle("Hooked") }},
		{"hook_push", "PushHookEvent", func(h *harness) {
			h.do("developer", "POST", commitsPath, commitOf(action("create", "a", "content", "x"),
				action("update", "README.md", "content", "y"))).want(201)
		}},
		{"hook_note", "NoteHookEvent", func(h *harness) {
			h.do("developer", "POST", notesPath, set("body", "Looks <good>.")).want(201)
		}},
		{"hook_confidential_note", "NoteHookEvent", func(h *harness) {
			h.do("maintainer", "POST", discussionsPath, map[string]any{"body": "Between us."}).want(201)
			h.do("maintainer", "POST", notesPath, map[string]any{"body": "Between us.", "internal": true}).want(201)
		}},
		{"hook_branch", "PushHookEvent", func(h *harness) {
			h.do("developer", "POST", branchesPath, map[string]any{"branch": "new", "ref": "main"}).want(201)
		}},
		{"hook_no_branch", "PushHookEvent", func(h *harness) {
			h.do("developer", "POST", branchesPath, map[string]any{"branch": "new", "ref": "main"}).want(201)
			h.do("developer", "DELETE", branchesPath+"/new", nil).want(204)
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t, noChecks)
			hookedTo(h, "https://service.example/", nil)
			tc.action(h)
			var last gitlab.Delivery
			contract := openapi.GitLab().At(release.Reference)
			for _, d := range h.deliveries() {
				if len(contract.CheckSchema(tc.schema, d.Body.Bytes())) == 0 {
					last = d
				}
			}
			assert.Assert(t, last.ID != 0, "nothing was sent that fits the contract")
			var shown bytes.Buffer
			assert.NilError(t, json.Indent(&shown, last.Body.Bytes(), "", "  "))
			golden.Assert(t, shown.String()+"\n", "payload/"+tc.name+".golden")
			openapitest.Fits(t, contract, tc.schema, json.RawMessage(last.Body.Bytes()))
		})
	}
}

// Each event goes to the webhooks that want it, and pushes to those whose filter fits.
func TestHooks_choose(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		attributes map[string]any
		want       string
	}{
		{map[string]any{}, "Push Hook"},
		{set("push_events_branch_filter", "root-*"), "Push Hook"},
		{set("push_events_branch_filter", "main"), ""},
		{map[string]any{"push_events_branch_filter": "^root", "branch_filter_strategy": "regex"}, "Push Hook"},
		{map[string]any{"push_events_branch_filter": "^main$", "branch_filter_strategy": "regex"}, ""},
		{map[string]any{"push_events": false, "merge_requests_events": true}, "Merge Request Hook"},
		{map[string]any{"push_events": false, "note_events": true}, "Note Hook"},
		{map[string]any{"push_events": false, "confidential_note_events": true}, "Confidential Note Hook"},
		{map[string]any{"push_events": false, "issues_events": true}, ""},
	} {
		h := newHarness(t, noChecks)
		addHook(tc.attributes)(h)
		h.do("developer", "POST", commitsPath, commitOf(action("create", "a", "content", "x"))).want(201)
		h.do("developer", "POST", notesPath, set("body", "Open.")).want(201)
		h.do("maintainer", "POST", notesPath, map[string]any{"body": "Between us.", "internal": true}).want(201)
		h.do("guest", "GET", "/version", nil) // lets due jobs run
		var told []string
		for _, d := range h.deliveries() {
			told = append(told, d.Hook.Header())
		}
		assert.Equal(t, strings.Join(told, " "), tc.want, "%v", tc.attributes)
	}
}

// A webhook and a check at one address get different headers and bodies. What is kept has no tokens.
func TestHooks_headers(t *testing.T) {
	t.Parallel()
	service := newReceiver(t, nil)
	log := &logtest.Buffer{}
	h := newHarness(t, withChecks(service.URL+"/check", "http://no.example/"), func(o *mockserver.Options) {
		o.Log, o.Version = slog.New(slog.NewTextHandler(log, nil)), release.Of(19, 4)
		o.BaseURL = testBaseURL + "/gitlab"
	})
	hookedTo(h, service.URL+"/hook", map[string]any{"token": "quite secret", "signing_token": signingToken})
	h.retitle("Both")
	h.deliver()
	var hook, check arrived
	for _, r := range service.all() {
		switch r.path {
		case "/hook":
			hook = r
		case "/check":
			check = r
		}
	}
	assert.Equal(t, hook.header.Get("X-Gitlab-Event"), "Merge Request Hook")
	assert.Equal(t, hook.header.Get("X-Gitlab-Token"), "quite secret")
	assert.Equal(t, hook.header.Get("X-Gitlab-Instance"), testBaseURL, "without the path")
	assert.Assert(t, strings.HasPrefix(hook.header.Get("User-Agent"), "GitLab/19.4."))
	assert.Equal(t, hook.header.Get("Webhook-Id"), hook.header.Get("Idempotency-Key"))
	assert.Equal(t, hook.header.Get("Webhook-Signature"), standardSignature(hook))
	for _, name := range []string{"X-Gitlab-Event-Uuid", "X-Gitlab-Webhook-Uuid", "Idempotency-Key"} {
		assert.Assert(t, len(hook.header.Get(name)) == 36, name)
		assert.Equal(t, check.header.Get(name), "")
	}
	assert.Equal(t, check.header.Get("User-Agent"), "Ruby")
	assert.Equal(t, check.header.Get("X-Gitlab-Event"), "")
	assert.Equal(t, hook.body[:len(hook.body)-1], check.body[:len(hook.body)-1])
	assert.Assert(t, !strings.Contains(hook.body, "external_approval_rule"))
	kept, err := json.Marshal([]any{h.server.Deliveries(), h.server.Journal(journal.Filter{}), log.String()})
	assert.NilError(t, err)
	assert.Assert(t, !strings.Contains(string(kept), "quite secret") && !strings.Contains(string(kept), "whsec_"))
}

// standardSignature signs a delivery as Standard Webhooks says, apart from the code that is tested.
func standardSignature(r arrived) string {
	mac := hmac.New(sha256.New, []byte("testtesttesttesttesttesttesttest"))
	mac.Write([]byte(r.header.Get("Webhook-Id") + "." + r.header.Get("Webhook-Timestamp") + "." + r.body))
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// GitLab sends a delivery to a webhook once, whatever comes of it.
func TestHooks_areSentOnce(t *testing.T) {
	t.Parallel()
	h := newHarness(t, noChecks, func(o *mockserver.Options) {
		o.Transport = roundTrip(func(*http.Request) (*http.Response, error) { return nil, http.ErrHandlerTimeout })
	})
	hookedTo(h, hookURL, nil)
	h.retitle("Nobody is there")
	assert.Equal(t, h.deliver(), 1)
	assert.Equal(t, h.soleDelivery().State, gitlab.GaveUp)
}

// A deleted webhook leaves no deliveries.
func TestHooks_deletedWithTheirLog(t *testing.T) {
	t.Parallel()
	h := newHarness(t, noChecks)
	hookedTo(h, hookURL, nil)
	h.retitle("Waits")
	assert.Equal(t, len(h.deliveries()), 1)
	h.do("owner", "DELETE", hookPath, nil).want(204)
	assert.Equal(t, len(h.deliveries()), 0)
	assert.Equal(t, h.deliver(), 0)
}

// What is sent again has the same key, and other UUIDs.
func TestHooks_sentAgain(t *testing.T) {
	t.Parallel()
	h := newHarness(t, noChecks)
	hookedTo(h, hookURL, nil)
	h.retitle("Again")
	first := h.soleDelivery()
	_, err := h.server.Redeliver(int64(first.ID))
	assert.NilError(t, err)
	again := h.deliveries()[1]
	assert.Equal(t, again.Hook.IdempotencyKey, first.Hook.IdempotencyKey)
	assert.Assert(t, again.Hook.WebhookUUID != first.Hook.WebhookUUID)
	assert.Equal(t, string(again.Body.Bytes()), string(first.Body.Bytes()))
	fresh, err := h.server.RedeliverFresh(int64(first.ID))
	assert.NilError(t, err)
	assert.Assert(t, !strings.Contains(fresh.Body, "external_approval_rule"))
}
