package mockserver_test

import (
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

const pipelinesPath = "/projects/6/pipelines"

func TestPipelines_refusals(t *testing.T) {
	t.Parallel()
	runExchanges(t, []exchangeCase{
		{
			name: "no such pipeline", as: "reporter", method: "GET", path: pipelinesPath + "/1", status: 404,
			want: recordMissing,
		},
		{
			name: "no number", as: "reporter", method: "GET", path: pipelinesPath + "/first", status: 400,
			want: errorText("pipeline_id is invalid"),
		},
		{
			name: "no latest", as: "reporter", method: "GET", path: pipelinesPath + "/latest", status: 403,
			want: forbidden,
		},
		{
			name: "no branch", as: "reporter", method: "GET", path: pipelinesPath + "/latest?ref=gone", status: 403,
			want: forbidden,
		},
		{
			name: "of a stranger", as: "stranger", method: "GET", path: pipelinesPath, status: 404,
			want: `{"message":"404 Project Not Found"}`,
		},
		{
			name: "unknown scope", as: "reporter", method: "GET", path: pipelinesPath + "?scope=all", status: 400,
			want: errorText("scope does not have a valid value"),
		},
		{
			name: "of a merge request as Guest", as: "guest", method: "GET", path: mergeRequestPath + "/pipelines",
			status: 403, want: forbidden,
		},
		{
			name: "of no merge request", as: "reporter", method: "GET", path: mergeRequestsPath + "/99/pipelines",
			status: 404, want: recordMissing,
		},
		{name: "none", as: "reporter", method: "GET", path: mergeRequestPath + "/pipelines", status: 200, want: "[]"},
		{name: "none in the project", as: "guest", method: "GET", path: pipelinesPath, status: 200, want: "[]"},
	})
}

func TestPipelines(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	say(h, "pending").want(201)
	pending := h.do("guest", "GET", pipelinesPath+"/1", nil).want(200)
	assert.Equal(t, pending.text("status")+pending.text("detailed_status.text"), "pendingPending")
	h.clock.advance(3 * time.Second)
	say(h, "running", "coverage", 50).want(201)
	h.clock.advance(4 * time.Second)
	say(h, "success", "coverage", 80).want(201)
	say(h, "success", "name", "lint", "coverage", 81).want(201)
	shown := h.do("reporter", "GET", pipelinesPath+"/1", nil).want(200)
	for path, want := range map[string]string{
		"id": "1", "iid": "1", "project_id": "6", "sha": headSHA, "ref": patchBranch, "status": "success",
		"source": "external", "before_sha": strings.Repeat("0", 40), "tag": "false", "yaml_errors": "<nil>",
		"user.username": "developer", "committed_at": "<nil>", "duration": "0", "queued_duration": "3",
		"coverage": "80.50", "archived": "false", "name": "<nil>",
		"web_url":                      testBaseURL + "/flightjs/Flight/-/pipelines/1",
		"detailed_status.details_path": "/flightjs/Flight/-/pipelines/1", "detailed_status.label": "passed",
		"detailed_status.icon": "status_success",
	} {
		assert.Equal(t, shown.text(path), want, path)
	}
	latest := h.do("", "GET", pipelinesPath+"/latest?ref="+patchBranch, nil)
	latest.want(404) // the project is private
	latest = h.do("guest", "GET", pipelinesPath+"/latest?ref="+patchBranch, nil).want(200)
	assert.Equal(t, string(latest.body), string(shown.body))
	commit := h.do("reporter", "GET", commitsPath+"/"+headSHA, nil).want(200)
	assert.Equal(t, commit.text("status")+" "+commit.text("last_pipeline.id"), "success 1")
}

func TestPipelines_followTheirStatuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ said, want string }{
		{"a:skipped", "skipped"},
		{"a:success b:skipped", "success"},
		{"a:success b:canceled", "canceled"},
		{"a:success b:failed", "failed"},
		{"a:failed b:running", "running"},
		{"a:failed a:success", "success"},
		{"a:pending b:success", "running"},
		{"a:success b:pending", "running"},
		{"a:skipped b:pending", "pending"},
		{"a:running a:failed b:canceled", "failed"},
	} {
		h := newHarness(t)
		for word := range strings.FieldsSeq(tc.said) {
			name, state, _ := strings.Cut(word, ":")
			say(h, state, "name", name).want(201)
		}
		got := h.do("reporter", "GET", pipelinesPath+"/1", nil).want(200).text("status")
		assert.Equal(t, got, tc.want, tc.said)
	}
}

func TestPipelines_listed(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	say(h, "success").want(201)
	h.do("maintainer", "POST", sayPath+firstSHA, saying("failed", "ref", "main")).want(201)
	h.do("developer", "POST", sayPath+firstSHA, saying("running", "ref", "gone")).want(201)
	list := h.do("guest", "GET", pipelinesPath, nil).want(200)
	assert.DeepEqual(t, list.column("id"), []string{"3", "2", "1"})
	assert.Equal(t, list.text("0.name")+" "+list.text("0.iid")+" "+list.header.Get("X-Total"), "<nil> 3 3")
	const later = "2199-01-01T00:00:00Z"
	for query, want := range map[string][]string{
		"?sort=asc":               {"1", "2", "3"},
		"?order_by=ref":           {"1", "2", "3"},
		"?scope=running":          {"3"},
		"?scope=pending":          {},
		"?scope=finished":         {"2", "1"},
		"?scope=branches":         {"2", "1"},
		"?scope=tags":             {},
		"?status=failed":          {"2"},
		"?ref=main":               {"2"},
		"?sha=" + firstSHA:        {"3", "2"},
		"?username=maintainer":    {"2"},
		"?username=nobody":        {},
		"?source=push":            {},
		"?source=external":        {"3", "2", "1"},
		"?name=Build":             {},
		"?yaml_errors=true":       {},
		"?per_page=1&page=2":      {"2"},
		"?updated_after=" + later: {},
		"?created_after=" + later: {},
	} {
		assert.DeepEqual(t, h.do("reporter", "GET", pipelinesPath+query, nil).want(200).column("id"), want)
	}
}

// The head pipeline of a merge request stays what it is until there is one for a new head.
func TestMergeRequestPipelines(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	head := func(path string) string {
		t.Helper()
		return h.do("reporter", "GET", mergeRequestPath, nil).want(200).text(path)
	}
	assert.Equal(t, head("head_pipeline")+head("pipeline"), "<nil><nil>")
	say(h, "running").want(201)
	assert.Equal(t, head("head_pipeline.id")+head("head_pipeline.status")+head("pipeline.id"), "1running1")
	assert.Assert(t, head("latest_build_started_at") != "<nil>" && head("latest_build_finished_at") == "<nil>")
	say(h, "success").want(201)
	assert.Assert(t, head("latest_build_finished_at") != "<nil>")
	h.do("maintainer", "POST", sayPath+headSHA, saying("success", "ref", "main")).want(201)
	sha := push(h, action("create", "a", "content", "1"))
	assert.Equal(t, head("head_pipeline.id")+" "+head("head_pipeline.sha"), "1 "+headSHA)
	h.do("developer", "POST", sayPath+sha, saying("failed", "ref", patchBranch)).want(201)
	assert.Equal(t, head("head_pipeline.id")+head("head_pipeline.status")+head("pipeline.id"), "3failed1")
	list := h.do("reporter", "GET", mergeRequestPath+"/pipelines", nil).want(200)
	assert.DeepEqual(t, list.column("id"), []string{"3", "1"})
	assert.Equal(t, list.get("0.name"), nil)
}

func TestMergeRequest_waitsForThePipeline(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	status := func(want string) {
		t.Helper()
		assert.Equal(t, h.do("reporter", "GET", mergeRequestPath, nil).want(200).text("detailed_merge_status"), want)
	}
	merge := func(pairs ...any) response {
		t.Helper()
		body := saying("", pairs...)
		delete(body, "state")
		return h.do("maintainer", "PUT", mergeRequestPath+"/merge", body)
	}
	const notAllowed = `{"message":"405 Method Not Allowed"}`
	merge("auto_merge", true).wantBody(405, notAllowed) // there is nothing to wait for
	h.do("maintainer", "PUT", "/projects/6", set("only_allow_merge_if_pipeline_succeeds", true)).want(200)
	status("ci_must_pass")
	say(h, "pending").want(201)
	status("ci_still_running")
	merge().wantBody(405, notAllowed)
	say(h, "failed").want(201)
	status("ci_must_pass")
	say(h, "skipped").want(201)
	status("ci_must_pass")
	h.do("maintainer", "PUT", "/projects/6", set("allow_merge_on_skipped_pipeline", true)).want(200)
	status("mergeable")
	h.do("maintainer", "PUT", "/projects/6", set("allow_merge_on_skipped_pipeline", false)).want(200)
	say(h, "running").want(201)
	waiting := merge("auto_merge", true).want(200)
	assert.Equal(t, waiting.text("merge_when_pipeline_succeeds")+waiting.text("detailed_merge_status"),
		"trueci_still_running")
	say(h, "success").want(201)
	assert.Equal(t, h.do("reporter", "GET", mergeRequestPath, nil).want(200).text("state"), "merged")
}

// Auto-merge does not merge for somebody who may no longer do so.
func TestMergeRequest_autoMergeNeedsTheRight(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	say(h, "running").want(201)
	waiting := h.do("maintainer", "PUT", mergeRequestPath+"/merge", set("auto_merge", true)).want(200)
	h.do("owner", "PUT", "/projects/6/members/"+waiting.text("merge_user.id"), set("access_level", 20)).want(200)
	say(h, "success").want(201)
	assert.Equal(t, h.do("reporter", "GET", mergeRequestPath, nil).want(200).text("state"), "opened")
}

// Auto-merge waits for a pipeline even where it need not succeed. Once it has succeeded, auto-merge means now.
func TestMergeRequest_autoMergeWaitsForPipelines(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	say(h, "running").want(201)
	assert.Equal(t, h.do("reporter", "GET", mergeRequestPath, nil).want(200).text("detailed_merge_status"), "mergeable")
	waiting := h.do("maintainer", "PUT", mergeRequestPath+"/merge", set("auto_merge", true)).want(200)
	assert.Equal(t, waiting.text("state")+waiting.text("detailed_merge_status"), "openedci_still_running")
	say(h, "failed").want(201)
	stopped := h.do("reporter", "GET", mergeRequestPath, nil).want(200)
	assert.Equal(t, stopped.text("detailed_merge_status"), "ci_must_pass")
	other := newHarness(t)
	say(other, "success").want(201)
	other.do("developer", "PUT", mergeRequestPath, set("title", "Draft: no")).want(200)
	other.do("maintainer", "PUT", mergeRequestPath+"/merge", set("auto_merge", true)).
		wantBody(422, `{"message":"Branch cannot be merged"}`)
	other.do("developer", "PUT", mergeRequestPath, set("title", "Yes")).want(200)
	now := other.do("maintainer", "PUT", mergeRequestPath+"/merge", set("auto_merge", true)).want(200)
	assert.Equal(t, now.text("state"), "merged")
}
