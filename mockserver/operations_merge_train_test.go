package mockserver_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// trainWorld has a merge request in each place on the trains of main and release: !1 to !4 on that of main, !5 on that
// of release, !6 on none.
const trainWorld = `
users:
  - {username: ada, tokens: [{secret: glpat-ada}]}
  - {username: bob, tokens: [{secret: glpat-bob}]}
projects:
  - path: ada/engine
    members: [{user: bob, access_level: reporter}]
    branches:
      - {name: main, commits: [{message: Begin, files: {a: a}}]}
      - {name: release, from: main}
      - {name: one, from: main, commits: [{message: One, files: {one: "1"}}]}
      - {name: two, from: main, commits: [{message: Two, files: {two: "2"}}]}
      - {name: three, from: main, commits: [{message: Three, files: {three: "3"}}]}
    merge_requests:
      - {iid: 1, source_branch: one, target_branch: main, title: A, author: ada, state: merged,
         merge_train_car: {status: merged, created_at: 2026-01-01T00:00:00Z, merged_at: 2026-01-01T00:00:10.9Z}}
      - {iid: 2, source_branch: one, target_branch: main, title: B, author: ada, state: merged,
         merge_train_car: {status: skip_merged, created_at: 2026-01-01T00:00:00Z}}
      - {iid: 3, source_branch: one, target_branch: main, title: C, author: ada, merge_train_car: {status: merging}}
      - {iid: 4, source_branch: two, target_branch: main, title: D, author: ada,
         merge_train_car: {status: fresh, user: bob}}
      - {iid: 5, source_branch: three, target_branch: release, title: E, author: ada, merge_train_car: {status: idle}}
      - {iid: 6, source_branch: three, target_branch: main, title: F, author: ada}
`

const (
	trainPath = "/projects/1/merge_trains"
	carOf     = trainPath + "/merge_requests/"
)

func TestMergeTrains_listed(t *testing.T) {
	t.Parallel()
	h := seeded(t, trainWorld)
	for query, want := range map[string]string{
		"":                                 "5 4 3 2 1",
		"?sort=asc":                        "1 2 3 4 5",
		"?scope=active":                    "5 4",
		"?scope=complete&sort=asc":         "1 2 3",
		"/main":                            "4 3 2 1",
		"/release?scope=active":            "5",
		"/release.json":                    "5",
		"/release?scope=complete":          "",
		"/none":                            "",
		"/merge_requests":                  "",
		"?per_page=2&page=2":               "3 2",
		"/main?sort=asc&per_page=1&page=4": "4",
	} {
		got := h.do("ada", "GET", trainPath+query, nil).want(http.StatusOK)
		assert.Equal(t, strings.Join(got.column("id"), " "), want, query)
	}
	h.do("ada", "GET", trainPath+"/release-1.2.3", nil).wantBody(http.StatusNotFound, `{"error":"404 Not Found"}`)
	h.do("ada", "GET", trainPath+"?scope=all", nil).
		wantBody(http.StatusBadRequest, `{"error":"scope does not have a valid value"}`)
	h.do("ada", "GET", trainPath+"?scope=active&per_page=1", nil).want(http.StatusOK)
	assert.Equal(t, h.do("ada", "GET", trainPath+"?scope=active", nil).header.Get("X-Total"), "2")
}

func TestMergeTrains_shown(t *testing.T) {
	t.Parallel()
	h := seeded(t, trainWorld)
	car := h.do("bob", "GET", carOf+"1", nil).want(http.StatusOK)
	for path, want := range map[string]string{
		"merge_request.iid": "1", "merge_request.title": "A", "merge_request.state": "merged", "user.username": "ada",
		"pipeline": "<nil>", "target_branch": "main", "status": "merged", "duration": "10",
		"merged_at": "2026-01-01T00:00:10.900Z",
	} {
		assert.Equal(t, car.text(path), want, path)
	}
	skipped := h.do("bob", "GET", carOf+"2", nil).want(http.StatusOK)
	assert.Equal(t, skipped.text("duration")+skipped.text("merged_at"), "<nil>2026-01-01T00:00:00.000Z")
	h.do("bob", "GET", carOf+"6", nil).
		wantBody(http.StatusNotFound, `{"message":"404 Merge Train Merge Request Not Found"}`)
	for _, iid := range []string{"7", "none", "-1"} {
		h.do("bob", "GET", carOf+iid, nil).wantBody(http.StatusNotFound, `{"message":"404 Not found"}`)
	}
	h.do("", "GET", carOf+"1", nil).wantBody(http.StatusNotFound, `{"message":"404 Project Not Found"}`)
}

// A merge request on a train is set to auto-merge, which the train carries out; the mock has none that does.
func TestMergeTrains_setAutoMerge(t *testing.T) {
	t.Parallel()
	h := seeded(t, trainWorld)
	for iid, want := range map[int]string{
		1: "false <nil>", 2: "false <nil>", 3: "true ada", 4: "true bob", 6: "false <nil>",
	} {
		mr := h.do("ada", "GET", fmt.Sprintf("/projects/1/merge_requests/%d", iid), nil).want(http.StatusOK)
		user := mr.text("merge_user")
		if user != "<nil>" && mr.text("state") == "opened" {
			user = mr.text("merge_user.username")
		}
		if mr.text("state") == "merged" {
			user = "<nil>"
		}
		assert.Equal(t, mr.text("merge_when_pipeline_succeeds")+" "+user, want, iid)
	}
	strategies := map[int]string{}
	h.view(func(tx *gitlab.Tx) {
		for _, mr := range tx.MergeRequests(1) {
			strategies[int(mr.IID)] = tx.AutoMergeStrategy(mr)
		}
	})
	const awaits = "merge_when_checks_pass"
	assert.DeepEqual(t, strategies, map[int]string{
		1: "merge_train", 2: awaits, 3: "merge_train", 4: "merge_train", 5: "merge_train", 6: awaits,
	})
	h.do("ada", "POST", "/projects/1/merge_requests/4/notes", set("body", "x")).want(http.StatusCreated)
	h.do("ada", "POST", "/projects/1/merge_requests/4/approve", nil)
	h.do("bob", "GET", carOf+"4", nil).want(http.StatusOK)
	assert.Equal(t, h.do("ada", "GET", "/projects/1/merge_requests/4", nil).text("state"), "opened")
}

func TestMergeTrains_left(t *testing.T) {
	t.Parallel()
	push := map[string]any{
		"branch": "two", "commit_message": "More",
		"actions": []any{map[string]any{"action": "create", "file_path": "new", "content": "x"}},
	}
	tests := map[string]struct {
		method, path string
		body         any
		iid          int
		want         string // the status of the car; 404 without one
	}{
		"closed":              {"PUT", "/merge_requests/4", set("state_event", "close"), 4, "404"},
		"into another branch": {"PUT", "/merge_requests/4", set("target_branch", "release"), 4, "404"},
		"with new commits":    {"POST", "/repository/commits", push, 4, "404"},
		"merged":              {"PUT", "/merge_requests/4/merge", nil, 4, "404"},
		"merged in its turn":  {"PUT", "/merge_requests/3/merge", nil, 3, "merged"},
		"deleted":             {"DELETE", "/merge_requests/4", nil, 4, "404"},
		"changed":             {"PUT", "/merge_requests/4", set("title", "Draft: D"), 4, "fresh"},
		"of another":          {"PUT", "/merge_requests/5", set("state_event", "close"), 4, "fresh"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := seeded(t, trainWorld)
			answer := h.do("ada", test.method, "/projects/1"+test.path, test.body)
			assert.Assert(t, answer.status < 300, "%s", answer.body)
			car := h.do("bob", "GET", fmt.Sprint(carOf, test.iid), nil)
			if got := fmt.Sprint(car.status); got == "404" || test.want == "404" {
				assert.Equal(t, got, test.want)
				assert.Equal(t, len(h.do("bob", "GET", trainPath, nil).column("id")), 4)
				return
			}
			assert.Equal(t, car.text("status"), test.want)
		})
	}
}
