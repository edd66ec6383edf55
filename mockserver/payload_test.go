package mockserver_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"gotest.tools/v3/assert"
	"gotest.tools/v3/golden"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/openapi/openapitest"
	"github.com/statuschecks/statuschecks/release"
)

// sent returns the deliveries to a check since the harness began, in order.
func sent(h *harness, check gitlab.CheckID) []gitlab.Delivery {
	h.t.Helper()
	var deliveries []gitlab.Delivery
	h.view(func(tx *gitlab.Tx) {
		for _, d := range tx.Deliveries() {
			if d.CheckID == check {
				deliveries = append(deliveries, d)
			}
		}
	})
	return deliveries
}

// The payload of each event, key by key. The update flag of go test rewrites the files.
func TestPayload(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		check  gitlab.CheckID
		action func(*harness)
	}{
		{"open", 1, func(h *harness) {
			newBranch(h)
			h.do("developer", "POST", mergeRequestsPath, newMergeRequest("description", "Wings", "labels", "fast",
				"assignee_ids", []int{3}, "reviewer_ids", []int{4, 5}, "remove_source_branch", true)).want(201)
		}},
		{"update", 1, func(h *harness) {
			h.do("developer", "PUT", mergeRequestPath, map[string]any{
				"title":       "Draft: Update",
				"description": "Why & <how>", "add_labels": "fast,new", "assignee_ids": []int{4},
			}).want(200)
		}},
		{"update_choices", 2, func(h *harness) {
			h.do("maintainer", "POST", mergeRequestPath+"/approve", nil).want(201)
			h.do("developer", "PUT", mergeRequestPath, map[string]any{
				"remove_source_branch": false, "reviewer_ids": []int{3, 5},
			}).want(200)
		}},
		{"reviewer_unapproves", 2, func(h *harness) {
			h.do("developer", "PUT", mergeRequestPath, set("reviewer_ids", []int{3, 5})).want(200)
			h.do("maintainer", "POST", mergeRequestPath+"/approve", nil).want(201)
			h.do("maintainer", "POST", mergeRequestPath+"/unapprove", nil).want(201)
		}},
		{"update_nothing", 2, func(h *harness) {
			h.do("admin", "PUT", mergeRequestPath, map[string]any{"title": "Update README.md"}).want(200)
			h.clock.advance(time.Minute)
			h.do("admin", "PUT", mergeRequestPath, map[string]any{"title": "Update README.md"}).want(200)
		}},
		{"push", 2, func(h *harness) {
			h.do("developer", "POST", commitsPath, commitOf(action("create", "a", "content", "x"))).want(201)
		}},
		{"close", 2, func(h *harness) {
			h.do("developer", "PUT", mergeRequestPath, set("state_event", "close")).
				want(200)
		}},
		{"merge", 2, func(h *harness) {
			h.do("maintainer", "PUT", mergeRequestPath+"/merge", set("should_remove_source_branch", false)).want(200)
		}},
		{"approved", 2, func(h *harness) { h.do("maintainer", "POST", mergeRequestPath+"/approve", nil).want(201) }},
		{"approvals_reset", 2, func(h *harness) {
			project(func(p *gitlab.Project) { p.ApprovalsReset, p.ApprovalsRequired = true, 1 })(h)
			h.do("maintainer", "POST", mergeRequestPath+"/approve", nil).want(201)
			h.do("developer", "POST", commitsPath, commitOf(action("create", "a", "content", "x"))).want(201)
		}},
		{"retry", 2, func(h *harness) {
			h.do("developer", "POST", respondPath, responseBody(2, headSHA, "failed")).want(201)
			h.do("maintainer", "POST", retryPath(2), nil).want(202)
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			tc.action(h)
			h.do("guest", "GET", "/version", nil) // lets due jobs run
			deliveries := sent(h, tc.check)
			assert.Assert(t, len(deliveries) > 0, "nothing was sent")
			if tc.name == "close" {
				deliveries = deliveries[:1] // an update follows
			}
			last := deliveries[len(deliveries)-1]
			var compact, shown bytes.Buffer
			assert.NilError(t, json.Compact(&compact, last.Body.Bytes()))
			assert.Equal(t, compact.String(), string(last.Body.Bytes()), "the body is compact")
			assert.NilError(t, json.Indent(&shown, last.Body.Bytes(), "", "  "))
			golden.Assert(t, shown.String()+"\n", "payload/"+tc.name+".golden")
			contract := openapi.GitLab().At(release.Reference)
			openapitest.Fits(t, contract, "MergeRequestEvent", json.RawMessage(last.Body.Bytes()))
			for _, v := range contract.CheckSchema("MergeRequestEvent", last.Body.Bytes()) {
				t.Errorf("against the contract: %s", v)
			}
		})
	}
}
