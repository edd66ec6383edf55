package mockserver_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// answering is a transport that responds to every delivery, and keeps the media type of the latest. Deliveries of
// several checks are sent at once.
type answering struct{ mediaType atomic.Value }

func (a *answering) RoundTrip(r *http.Request) (*http.Response, error) {
	a.mediaType.Store(r.Header.Get("Content-Type"))
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("")),
		Request: r,
	}, nil
}

// deliveryBoundaries are the changes of deliveries.
var deliveryBoundaries = []boundary{
	{
		change: "tells-of-discussions", version: "15.0", probe: tells("assignee_ids", "blocking_discussions_resolved"),
		before: "assignee_ids", after: "assignee_ids blocking_discussions_resolved",
	},
	{
		change: "delivers-as-json", version: "15.4",
		arrange: func(o *mockserver.Options) { o.Transport = &answering{} },
		probe: func(h *harness) string {
			h.retitle("Another title")
			h.deliver()
			return h.server.Transport().(*answering).mediaType.Load().(string)
		}, before: "application/x-www-form-urlencoded", after: "application/json",
	},
	{change: "tells-of-people", version: "15.7", probe: tells("first_contribution", "labels", "reviewer_ids",
		"last_commit"), before: "last_commit", after: "first_contribution labels reviewer_ids last_commit"},
	{change: "drops-blocked-deliveries", version: "17.3", arrange: func(o *mockserver.Options) {
		onlyCheck("http://127.0.0.1:9/")(o)
		o.BlockLocalRequests = true
	}, probe: attempted, before: "queued 1", after: "blocked 1"},
	{change: "drops-blocked-deliveries", version: "17.3", arrange: func(o *mockserver.Options) {
		onlyCheck("http://service.example/")(o)
		o.Transport = roundTrip(func(*http.Request) (*http.Response, error) {
			answer := answerWith(http.StatusFound, "")
			answer.Header.Set("Location", "http://-x/")
			return answer, nil
		})
	}, probe: attempted, before: "queued 1", after: "blocked 1"},
	{
		change: "tells-of-preparation", version: "18.0", probe: tells("draft", "prepared_at", "iid"), before: "iid",
		after: "draft prepared_at iid",
	},
	{change: "announces-approval-resets", version: "18.5", probe: func(h *harness) string {
		project(func(p *gitlab.Project) { p.ApprovalsReset, p.ApprovalsRequired = true, 1 })(h)
		h.do("maintainer", "POST", mergeRequestPath+"/approve", nil).want(201)
		h.do("developer", "POST", commitsPath, commitOf(action("create", "a", "content", "x"))).want(201)
		var told []string
		for _, d := range sent(h, 2) {
			told = append(told, d.Action)
		}
		return strings.Join(told, " ") + ": " + tells("system")(h)
	}, before: "approved update: ", after: "approved update unapproved: system"},
	{
		change: "targets-reset-approvals", version: "16.2",
		probe: approvalsAfter(func(h *harness) {
			h.do("developer", "POST", branchesPath, map[string]any{"branch": "other", "ref": "main"}).want(201)
			h.do("developer", "PUT", mergeRequestPath, set("target_branch", "other")).want(200)
		}), before: "1", after: "0",
	},
	{
		change: "compares-patches", version: "16.7",
		probe: approvalsAfter(func(h *harness) {
			h.do("developer", "POST", commitsPath, commitOf(action("update", "a", "content", "two  words"))).want(201)
		}), before: "0", after: "1",
	},
	{change: "opens-while-preparing", version: "15.10", probe: func(h *harness) string {
		newBranch(h)
		h.do("developer", "POST", mergeRequestsPath, newMergeRequest()).want(201)
		h.do("guest", "GET", "/version", nil) // lets due jobs run
		var event struct {
			ObjectAttributes struct {
				MergeStatus string `json:"merge_status"`
			} `json:"object_attributes"`
			Changes struct {
				MergeStatus struct{ Previous, Current string } `json:"merge_status"`
			}
		}
		assert.NilError(h.t, json.Unmarshal(sent(h, 1)[0].Body.Bytes(), &event))
		return fmt.Sprint(event.ObjectAttributes.MergeStatus, ", ", event.Changes.MergeStatus)
	}, before: "preparing, {unchecked preparing}", after: "checking, {preparing checking}"},
	{
		change: "tells-when-it-acted", version: "18.11", probe: tells("action", "actioned_at"), before: "action",
		after: "action actioned_at",
	},
	{
		change: "tells-of-reviews", version: "18.6", probe: func(h *harness) string {
			h.do("developer", "PUT", mergeRequestPath, set("reviewer_ids", []int{3})).want(200)
			var event struct {
				Reviewers []struct{ State string }
				Changes   struct {
					Reviewers struct{ Previous, Current []map[string]any }
				}
			}
			assert.NilError(h.t, json.Unmarshal(sent(h, 2)[0].Body.Bytes(), &event))
			_, again := event.Changes.Reviewers.Current[0]["re_requested"]
			return fmt.Sprintf("%q %v %v", event.Reviewers[0].State, again, len(event.Changes.Reviewers.Previous))
		}, before: `"" false 0`, after: `"unreviewed" true 0`,
	},
	{
		change: "tells-of-approval-rules", version: "18.6", probe: tells("approval_rules", "state"), before: "state",
		after: "approval_rules state",
	},
}

// approvalsAfter tells how many approvals are left of one, after something happened.
func approvalsAfter(what func(*harness)) func(*harness) string {
	return func(h *harness) string {
		project(func(p *gitlab.Project) { p.ApprovalsReset = true })(h)
		h.do("developer", "POST", commitsPath, commitOf(action("create", "a", "content", "two words"))).want(201)
		h.do("maintainer", "POST", mergeRequestPath+"/approve", nil).want(201)
		what(h)
		return fmt.Sprint(asListed(h.do("developer", "GET", mergeRequestPath+"/approvals", nil), "approved_by"))
	}
}

// contractBoundaries are changes that only the contract describes. What a release does not have in the contract is
// missing, or is ignored.
var contractBoundaries = []boundary{
	{
		change: "metadata", version: "15.2", probe: shows("guest", "GET", "/metadata", nil),
		before: `404 {"error":"404 Not Found"}`, after: `200 {"version":"15.2.0-ee","revision":"statuschecks",` +
			`"kas":{"enabled":false,"externalUrl":null,"externalK8sProxyUrl":null,"version":null}}`,
	},
	{
		change: "own token", version: "15.5", probe: codeOf("guest", "GET", "/personal_access_tokens/self", nil),
		before: "404", after: "200",
	},
	{change: "merge gate as a parameter", version: "15.5", probe: func(h *harness) string {
		return codeOf("maintainer", "PUT", "/projects/6", set("only_allow_merge_if_all_status_checks_passed", true))(h)
	}, before: "400", after: "200"},
	{change: "retry", version: "15.7", probe: func(h *harness) string {
		h.do("developer", "POST", respondPath, responseBody(1, headSHA, "failed")).want(201)
		return shows("developer", "POST", retryPath(1), nil)(h)
	}, before: `404 {"error":"404 Not Found"}`, after: `202 {"message":"202 Accepted"}`},
	{change: "responding pending", version: "16.5", probe: codeOf("developer", "POST", respondPath,
		responseBody(1, headSHA, "pending")), before: "400", after: "201"},
	{change: "shared secret as a parameter", version: "17.3", probe: func(h *harness) string {
		h.do("maintainer", "PUT", checksPath+"/2", set("shared_secret", "s")).want(200)
		h.retitle("Another title")
		return fmt.Sprint(sent(h, 2)[0].Signature != "")
	}, before: "false", after: "true"},
	{change: "auto_merge", version: "17.11", probe: func(h *harness) string {
		gated(h)
		return codeOf("maintainer", "PUT", mergeRequestPath+"/merge", set("auto_merge", true))(h)
	}, before: "405", after: "200"},
	{
		change: "number of the merge request", version: "19.4", probe: shows("developer", "GET",
			"/projects/6/merge_requests/abc/status_checks", nil), before: "404 " + recordMissing,
		after: `400 {"error":"merge_request_iid is invalid"}`,
	},
	{change: "page of the statuses stays undeclared", version: "19.4", probe: func(h *harness) string {
		return codeOf("developer", "GET", statusesPath+"?per_page=abc", nil)(h) +
			codeOf("developer", "GET", statusesPath+"?per_page=0", nil)(h)
	}, before: "200500", after: "200500"},
}

// attempted says what happened to a delivery, and how many attempts it had.
func attempted(h *harness) string {
	h.retitle("Another title")
	h.deliver()
	d := h.soleDelivery()
	return fmt.Sprintf("%s %d", d.State, len(d.Attempts))
}
