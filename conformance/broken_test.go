package conformance_test

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/mockserver"
)

// rewrite is a transport that changes some answers on their way back, or answers by itself.
type rewrite struct {
	http.RoundTripper
	method, suffix string
	instead        func(*http.Request) *http.Response          // nil, or an answer of nil, lets the request through
	change         func(status int, body string) (int, string) // nil leaves the answer
}

// RoundTrip breaks what the fields are about.
func (b rewrite) RoundTrip(r *http.Request) (*http.Response, error) {
	about := r.Method == b.method && strings.HasSuffix(r.URL.Path, b.suffix) || b.suffix == "*"
	if about && b.instead != nil {
		if response := b.instead(r); response != nil {
			return response, nil
		}
	}
	response, err := b.RoundTripper.RoundTrip(r)
	if err != nil || !about || b.change == nil {
		return response, err
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	status, changed := b.change(response.StatusCode, string(body))
	response.StatusCode = status
	response.Body, response.ContentLength = io.NopCloser(strings.NewReader(changed)), int64(len(changed))
	return response, nil
}

// signedBadly is a transport of deliveries that spells signatures as other webhooks do.
type signedBadly struct{ http.RoundTripper }

// RoundTrip changes the header.
func (b signedBadly) RoundTrip(r *http.Request) (*http.Response, error) {
	if signature := r.Header.Get("X-Gitlab-Signature"); signature != "" {
		r.Header.Set("X-Gitlab-Signature", "sha256="+signature)
	}
	return b.RoundTripper.RoundTrip(r)
}

// paddedBody is a transport of deliveries that changes the bytes after they were signed.
type paddedBody struct{ http.RoundTripper }

// RoundTrip adds a space.
func (b paddedBody) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	body = append(body, ' ')
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return b.RoundTripper.RoundTrip(r)
}

func noContent(r *http.Request) *http.Response {
	return &http.Response{
		StatusCode: 204, Header: http.Header{"Cache-Control": {"no-cache"}}, Body: http.NoBody,
		Request: r,
	}
}

func swap(from, to int) func(int, string) (int, string) {
	return func(status int, body string) (int, string) {
		if status == from {
			status = to
		}
		return status, body
	}
}

func replace(from, to string) func(int, string) (int, string) {
	return func(status int, body string) (int, string) { return status, strings.ReplaceAll(body, from, to) }
}

// TestBrokenServersAreCaught runs the catalogue, or the areas named, against servers that are wrong in one way each,
// and holds which scenarios catch it: neither fewer nor more.
func TestBrokenServersAreCaught(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		only   []string
		broken rewrite
		mock   func(*mockserver.Options)
		caught []string
	}{
		{
			name: "tells a stale sha with 422", only: []string{"respond"},
			broken: rewrite{method: "POST", suffix: "/status_check_responses", change: swap(409, 422)},
			caught: []string{
				"respond.fork", "respond.sha.branch", "respond.sha.capitals", "respond.sha.empty",
				"respond.sha.longer", "respond.sha.short", "respond.sha.zeros", "respond.stale-sha",
			},
		},
		{
			name: "answers a retry with 200", only: []string{"retry"}, broken: rewrite{
				method: "POST", suffix: "/retry",
				change: swap(202, 200),
			},
			caught: []string{
				"retry.again", "retry.body.capitals", "retry.body.form", "retry.body.null",
				"retry.body.object", "retry.closed", "retry.failed", "retry.other-branch",
			},
		},
		{
			name: "retries what has not failed", only: []string{"retry"},
			broken: rewrite{method: "POST", suffix: "/retry", change: swap(422, 202)},
			caught: []string{"retry.again", "retry.old-failure", "retry.passed", "retry.pending", "retry.unanswered"},
		},
		{name: "deletes nothing", only: []string{"checks", "isolation"}, broken: rewrite{
			method: "DELETE", suffix: "*",
			instead: func(r *http.Request) *http.Response {
				if r.Method == http.MethodDelete && strings.Contains(r.URL.Path, "/external_status_checks/") {
					return noContent(r)
				}
				return nil
			},
		}, caught: []string{
			"checks.delete.from-merge-requests", "checks.delete.gone",
			"checks.delete.unmodified-since", "checks.order.delete", "isolation.delete",
		}},
		{
			name: "shows secrets", only: []string{"checks.create.*", "masking"},
			broken: rewrite{
				method: "POST", suffix: "/external_status_checks",
				change: replace(`"hmac":true`, `"shared_secret":"x","hmac":true`),
			},
			caught: []string{"checks.create.with-secret"},
		},
		{
			name: "calls passed approved", only: []string{"list", "respond.status.*"},
			broken: rewrite{method: "GET", suffix: "/status_checks", change: replace(`"status":"passed"`,
				`"status":"approved"`)},
			caught: []string{"list.closed", "list.etag", "list.latest-wins", "list.merged", "respond.status.passed"},
		},
		{
			name: "masks only the value behind the question mark", only: []string{"masking"},
			broken: rewrite{method: "GET", suffix: "/status_checks", change: replace(`mock.api.test/status"`,
				`mock.api.test/status?token=[MASKED]"`)},
			caught: []string{"masking.developer"},
		},
		{
			name: "refuses to list with 403", only: []string{"roles.list-checks.*", "http"},
			broken: rewrite{method: "GET", suffix: "/external_status_checks", change: swap(401, 403)},
			caught: []string{
				"http.anonymous", "http.door.addresses", "http.door.exposed", "http.door.network-errors",
				"http.door.own-origin", "http.door.vary", "http.headers", "http.no-cache", "http.wrong-token",
				"roles.list-checks.anonymous",
				"roles.list-checks.developer", "roles.list-checks.guest",
				"roles.list-checks.planner", "roles.list-checks.reporter", "roles.list-checks.stranger-internal",
				"roles.list-checks.stranger-public",
			},
		},
		{
			name: "never times out", only: []string{"timeout"}, broken: rewrite{
				method: "POST", suffix: "/advance",
				instead: noContent,
			},
			caught: []string{
				"timeout.beside-an-answer", "timeout.can-be-retried", "timeout.not-told",
				"timeout.pending-response", "timeout.retried", "timeout.rows-of-new-merge-requests",
				"timeout.rows-of-other-branches", "timeout.strictly-older",
			},
		},
		{
			name: "signs with a prefix", only: []string{"deliver"},
			mock: func(o *mockserver.Options) { o.Transport = signedBadly{o.Transport} },
			caught: []string{
				"deliver.redirect.signed-get", "deliver.redirect.signed-post", "deliver.secret-removed",
				"deliver.signature",
			},
		},
		{
			name: "changes bytes after signing", only: []string{"deliver"},
			mock: func(o *mockserver.Options) { o.Transport = paddedBody{o.Transport} },
			caught: []string{
				"deliver.redirect.signed-get", "deliver.redirect.signed-post", "deliver.secret-removed",
				"deliver.signature",
			},
		},
		{
			name: "merges whatever the checks say", only: []string{"merge"}, broken: rewrite{
				method: "GET", suffix: "*",
				change: replace(`"detailed_merge_status":"status_checks_must_pass"`,
					`"detailed_merge_status":"mergeable"`),
			},
			caught: []string{
				"merge.conflict", "merge.gate.after-approvals", "merge.gate.after-push", "merge.gate.before-draft",
				"merge.gate.before-rebase",
				"merge.gate.closed", "merge.gate.failed", "merge.gate.unanswered",
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) {
				o := mock(t, test.mock)
				test.broken.RoundTripper = o.Transport
				o.Transport, o.Only = test.broken, test.only
				report, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
				assert.NilError(t, err)
				var caught []string
				for _, result := range report.Scenarios {
					if result.Outcome > conformance.Passed {
						caught = append(caught, result.ID)
					}
				}
				slices.Sort(caught)
				assert.DeepEqual(t, caught, test.caught)
			})
		})
	}
}
