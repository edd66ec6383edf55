package mockserver_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// documented is a request that a page of GitLab's documentation describes, with the success that it promises.
type documented struct {
	what    string
	arrange func(*harness)
	as      string
	method  string
	path    string
	body    any
	status  int
	want    string // the exact body, if the page shows it
	shows   map[string]string
}

// documentation is what a page describes, and the releases that it is about.
type documentation struct {
	page     string
	releases []string
	features map[string]bool
	requests []documented
}

func answered(status string) func(*harness) {
	return func(h *harness) {
		h.t.Helper()
		h.do("developer", "POST", respondPath, responseBody(1, headSHA, status)).want(http.StatusCreated)
	}
}

// ofChecks are the requests about a project's checks. All pages about the API describe them in the same way, except for
// the secret.
func ofChecks(secret bool) []documented {
	create := map[string]any{"name": "QA", "external_url": "https://example.com/", "protected_branch_ids": []int{14}}
	update := map[string]any{"name": "QA", "external_url": "https://example.com/qa", "protected_branch_ids": []int{}}
	listed := map[string]string{
		"0.id": "1", "0.name": "Compliance Tool", "0.project_id": "6",
		"0.external_url": "https://checks.example/compliance-tool", "0.protected_branches.0.id": "14",
		"0.protected_branches.0.name": "main",
	}
	hmac := "<nil>"
	if secret {
		create["shared_secret"], update["shared_secret"] = "secret", "other"
		hmac, listed["0.hmac"] = "true", "true"
	}
	return []documented{
		{what: "get a project's checks", as: "maintainer", method: "GET", path: checksPath, status: 200, shows: listed},
		{
			what: "create a check", as: "maintainer", method: "POST", path: checksPath, body: create, status: 201,
			shows: map[string]string{
				"id": "3", "name": "QA", "external_url": "https://example.com/",
				"protected_branches.0.name": "main", "hmac": hmac,
			},
		},
		{
			what: "create a check with the least", as: "maintainer", method: "POST", path: checksPath,
			body: map[string]any{"name": "QA", "external_url": "https://example.com/"}, status: 201,
			shows: map[string]string{"protected_branches": "[]"},
		},
		{
			what: "update a check", as: "maintainer", method: "PUT", path: checksPath + "/1", body: update, status: 200,
			shows: map[string]string{
				"id": "1", "name": "QA", "external_url": "https://example.com/qa",
				"protected_branches": "[]", "hmac": hmac,
			},
		},
		{what: "delete a check", as: "maintainer", method: "DELETE", path: checksPath + "/1", status: 204},
	}
}

// ofStatuses are the requests about a merge request's checks.
func ofStatuses(body any, first, second string) []documented {
	return []documented{
		{
			what: "list a merge request's checks", as: "developer", method: "GET", path: statusesPath, status: 200,
			shows: map[string]string{
				"0.id": "1", "0.status": first, "1.id": "2", "1.name": "Service 1",
				"1.external_url": "https://checks.example/test-endpoint", "1.status": second,
			},
		},
		{
			what: "set the status of a check", as: "developer", method: "POST", path: respondPath, body: body,
			status: 201,
			shows:  map[string]string{"merge_request.iid": "4", "external_status_check.id": "1"},
		},
	}
}

func response14(more ...any) map[string]any {
	body := map[string]any{"external_status_check_id": 1, "sha": headSHA}
	for i := 0; i+1 < len(more); i += 2 {
		body[more[i].(string)] = more[i+1]
	}
	return body
}

// docPages are the pages of the documentation about external status checks, as they were published with one release or
// another.
var docPages = []documentation{
	{
		page: "API, 14.0", releases: []string{"14.0"}, features: map[string]bool{gitlab.FlagStatusChecks: true},
		requests: append(ofChecks(false), ofStatuses(response14(), "pending", "approved")...),
	},
	{
		page: "API, 14.9, without the flag", releases: []string{"14.9", "14.10"},
		requests: append(ofChecks(false), ofStatuses(response14("status", "pass"), "pending", "approved")...),
	},
	{
		page: "API, 14.9, with the flag", releases: []string{"14.9", "14.10"},
		features: map[string]bool{gitlab.FlagStatusField: true},
		requests: append(ofStatuses(response14("status", "passed"), "pending", "passed"),
			documented{
				what: "fail a check", as: "developer", method: "POST", path: respondPath,
				body: response14("status", "failed"), status: 201,
			},
			documented{
				what: "list a failed check", arrange: answered("failed"), as: "developer", method: "GET",
				path: statusesPath, status: 200, shows: map[string]string{"0.status": "failed"},
			},
		),
	},
	{
		page: "API, 17.3 and later", releases: []string{"17.3", "18.0", "18.9", "19.4"},
		requests: append(append(ofChecks(true), ofStatuses(response14("status", "passed"), "pending", "passed")...),
			documented{
				what: "fail a check", as: "developer", method: "POST", path: respondPath,
				body: response14("status", "failed"), status: 201,
			},
			documented{
				what: "put a check to pending", as: "developer", method: "POST", path: respondPath,
				body: response14("status", "pending"), status: 201,
			},
			documented{
				what: "retry a failed check", arrange: answered("failed"), as: "developer", method: "POST",
				path: retryPath(1), status: 202, want: `{"message":"202 Accepted"}`,
			},
			documented{
				what: "retry a passed check", arrange: answered("passed"), as: "developer", method: "POST",
				path: retryPath(1), status: 422, want: mustBeFailed,
			},
		),
	},
	{
		page: "user's guide, 15.8 and 15.9", releases: []string{"15.8", "15.9"},
		features: map[string]bool{gitlab.FlagMergeGate: true}, requests: []documented{
			{
				what: "demand that all have passed", as: "maintainer", method: "PUT", path: "/projects/6",
				body: set("only_allow_merge_if_all_status_checks_passed", true), status: 200,
				shows: map[string]string{"only_allow_merge_if_all_status_checks_passed": "true"},
			},
			{
				what: "answer for another head", as: "developer", method: "POST", path: respondPath,
				body: responseBody(1, firstSHA, "passed"), status: 409,
			},
			{
				what: "retry a failed check", arrange: answered("failed"), as: "developer", method: "POST",
				path:   retryPath(1),
				status: 202,
			},
		},
	},
	{page: "user's guide, 18.x", releases: []string{"18.0", "18.9"}, requests: []documented{
		{
			what: "see as Reporter", as: "reporter", method: "GET", path: statusesPath, status: 200,
			shows: map[string]string{"0.status": "pending"},
		},
		{
			what: "see in an internal project", arrange: visibility(gitlab.Internal), as: "stranger", method: "GET",
			path: statusesPath, status: 200, shows: map[string]string{"1.status": "passed"},
		},
		{
			what: "demand that all have passed", as: "maintainer", method: "PUT", path: "/projects/6",
			body: set("only_allow_merge_if_all_status_checks_passed", true), status: 200,
		},
		{
			what: "merge what has failed, by default", arrange: answered("failed"), as: "maintainer", method: "PUT",
			path: mergeRequestPath + "/merge", status: 200, shows: map[string]string{"state": "merged"},
		},
		{
			what:    "not merge what has failed, if all must pass",
			arrange: func(h *harness) { answered("failed")(h); gated(h) }, as: "maintainer", method: "PUT",
			path: mergeRequestPath + "/merge", status: 405,
		},
		{
			what: "answer for another head", as: "developer", method: "POST", path: respondPath,
			body: responseBody(1, firstSHA, "passed"), status: 409,
		},
		{
			what: "see failed what was pending for more than two minutes", arrange: func(h *harness) {
				answered("pending")(h)
				h.clock.advance(2*time.Minute + time.Second)
			}, as: "developer", method: "GET", path: statusesPath, status: 200,
			shows: map[string]string{"0.status": "failed"},
		},
		{
			what: "take a name twice", as: "maintainer", method: "POST", path: checksPath,
			body: map[string]any{"name": "Service 1", "external_url": "https://example.com/"}, status: 422,
			want: `{"message":["Name has already been taken"]}`,
		},
		{
			what: "take a URL twice", as: "maintainer", method: "POST", path: checksPath,
			body: map[string]any{"name": "QA", "external_url": "https://checks.example/test-endpoint"}, status: 422,
			want: `{"message":["External url has already been taken"]}`,
		},
	}},
}

// TestGitLabDocs sends every request that GitLab's documentation describes to a fresh server of a release that the page
// is about.
func TestGitLabDocs(t *testing.T) {
	t.Parallel()
	for _, p := range docPages {
		for _, release := range p.releases {
			version := parseVersion(t, release)
			features := map[string]bool{}
			for _, f := range mockserver.FeatureFlags() {
				if on, named := p.features[f.Name]; named && f.In(version) {
					features[f.Name] = on
				}
			}
			for _, d := range p.requests {
				t.Run(strings.Join([]string{p.page, release, d.what}, "/"), func(t *testing.T) {
					t.Parallel()
					h := newHarness(t, func(o *mockserver.Options) { o.Version, o.Features = version, features })
					if d.arrange != nil {
						d.arrange(h)
					}
					d.check(t, h)
				})
			}
		}
	}
}

func (d documented) check(t *testing.T, h *harness) {
	t.Helper()
	r := h.do(d.as, d.method, d.path, d.body).want(d.status)
	if d.want != "" {
		assert.Equal(t, string(r.body), d.want)
	}
	for path, want := range d.shows {
		assert.Equal(t, r.text(path), want, path)
	}
}

// TestGitLabDocs_events checks that external services are notified of everything that the user's guide lists.
func TestGitLabDocs_events(t *testing.T) {
	t.Parallel()
	for _, release := range []string{"15.9", "18.9"} {
		h := newHarness(t, asRelease(parseVersion(t, release)))
		h.retitle("Another title")
		h.do("developer", "PUT", mergeRequestPath, set("state_event", "close")).want(200)
		h.do("developer", "PUT", mergeRequestPath, set("state_event", "reopen")).want(200)
		h.do("maintainer", "POST", mergeRequestPath+"/approve", nil).want(201)
		h.do("maintainer", "POST", mergeRequestPath+"/unapprove", nil).want(201)
		h.do("developer", "POST", commitsPath, commitOf(action("create", "a", "content", "x"))).want(201)
		h.do("maintainer", "PUT", mergeRequestPath+"/merge", nil).want(200)
		told := map[string]bool{}
		for _, d := range sent(h, 2) {
			told[d.Action] = true
		}
		for _, event := range strings.Fields("update close reopen approved unapproved merge") {
			assert.Check(t, told[event] || told[strings.Replace(event, "approved", "approval", 1)],
				fmt.Sprintf("%s in %s: %v", event, release, told))
		}
	}
}
