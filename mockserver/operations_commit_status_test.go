package mockserver_test

import (
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

const (
	sayPath            = "/projects/6/statuses/"
	commitStatusesPath = commitsPath + "/" + headSHA + "/statuses"
)

// saying is the body of a commit status, with pairs of a name and a value.
func saying(state string, pairs ...any) map[string]any {
	body := map[string]any{"state": state}
	for i := 0; i < len(pairs); i += 2 {
		body[pairs[i].(string)] = pairs[i+1]
	}
	return body
}

// say tells a status of the head of the merge request.
func say(h *harness, state string, pairs ...any) response {
	h.t.Helper()
	return h.do("developer", "POST", sayPath+headSHA, saying(state, pairs...))
}

func TestCommitStatuses_refusals(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 256)
	protect := func(h *harness) { h.do("maintainer", "POST", protectedPath, set("name", patchBranch)).want(201) }
	waits := func(h *harness) { say(h, "running").want(201) }
	pending := func(h *harness) { say(h, "pending").want(201) }
	const tooLong = `"is too long (maximum is 255 characters)"`
	for _, tc := range []struct {
		name    string
		arrange func(*harness)
		as      string
		path    string // what follows the project's statuses
		body    any
		status  int
		want    string
	}{
		{"by nobody", nil, "", headSHA, saying("success"), 401, `{"message":"401 Unauthorized"}`},
		{"by a Reporter", nil, "reporter", headSHA, saying("success"), 403, forbidden},
		{
			"no state", nil, "reporter", headSHA, set("ref", "main"), 400,
			errorText("state is missing, state does not have a valid value"),
		},
		{
			"unknown state", nil, "developer", headSHA, saying("done"), 400,
			errorText("state does not have a valid value"),
		},
		{
			"no number", nil, "developer", headSHA, saying("success", "coverage", "all"), 400,
			errorText("coverage is invalid"),
		},
		{"no commit", nil, "developer", "gone", saying("success"), 404, `{"message":"404 Commit Not Found"}`},
		{
			"no ref", nil, "developer", headSHA, saying("success", "ref", ""), 404,
			`{"message":"404 References for commit Not Found"}`,
		},
		{
			"no such pipeline", nil, "developer", headSHA, saying("success", "pipeline_id", 9), 404,
			`{"message":"404 Pipeline for pipeline_id, sha and ref Not Found"}`,
		},
		{"protected", protect, "developer", headSHA, saying("success", "ref", patchBranch), 403, forbidden},
		{
			"blank name", nil, "developer", headSHA, saying("success", "name", " "), 400,
			`{"message":{"name":["can't be blank"]}}`,
		},
		{
			"no address", nil, "developer", headSHA, saying("success", "target_url", "git://example.com"), 400,
			`{"message":{"target_url":["is blocked: Only allowed schemes are http, https"]}}`,
		},
		{"long texts", nil, "developer", headSHA, saying("success", "ref", long, "target_url",
			"https://example.com/"+long, "description", long), 400, `{"message":{"description":[` + tooLong +
			`],"ref":[` + tooLong + `],"target_url":[` + tooLong + "," + tooLong + `]}}`},
		{
			"running twice", waits, "developer", headSHA, saying("running", "description", "again"), 400,
			`{"message":"Cannot transition status via :run from :running (Reason(s): Status cannot transition via ` +
				`\"run\")"}`,
		},
		{
			"pending twice", pending, "developer", headSHA, saying("pending"), 400,
			`{"message":"Cannot transition status via :enqueue from :pending (Reason(s): Status cannot transition ` +
				`via \"enqueue\")"}`,
		},
		{
			"skipped late", waits, "developer", headSHA, saying("skipped"), 400,
			`{"message":"Cannot transition status via :skip from :running (Reason(s): Status cannot transition via ` +
				`\"skip\")"}`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			if tc.arrange != nil {
				tc.arrange(h)
			}
			h.do(tc.as, "POST", sayPath+tc.path, tc.body).wantBody(tc.status, tc.want)
		})
	}
	runExchanges(t, []exchangeCase{
		{name: "list as Guest", as: "guest", method: "GET", path: commitStatusesPath, status: 403, want: forbidden},
		{name: "list as nobody", arrange: (*harness).publish, method: "GET", path: commitStatusesPath, status: 401},
		{
			name: "list of none", as: "reporter", method: "GET", path: commitsPath + "/gone/statuses", status: 404,
			want: `{"message":"404 Commit Not Found"}`,
		},
		{
			name: "list in no order", as: "reporter", method: "GET", path: commitStatusesPath + "?order_by=name",
			status: 400, want: errorText("order_by does not have a valid value"),
		},
	})
}

func TestCommitStatuses(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	first := say(h, "running", "context", "ci/build", "target_url", " https://ci.example.com/1 ", "coverage", 80)
	first.want(201)
	assert.Equal(t, first.text("ref")+" "+first.text("name")+" "+first.text("target_url"), patchBranch+
		" ci/build https://ci.example.com/1")
	assert.Assert(t, strings.Contains(string(first.body),
		`"allow_failure":false,"coverage":80.0,"pipeline_id":1,"author":{`))
	assert.Equal(t, first.text("finished_at"), "<nil>")
	h.clock.advance(time.Minute)
	done := h.do("developer", "POST", sayPath+headSHA+"?state=success&name=ci%2Fbuild&description=&coverage=90.25",
		nil).want(201)
	assert.Equal(t, done.text("id")+" "+done.text("coverage")+" "+done.text("description"), first.text("id")+
		" 90.25 <nil>")
	assert.Equal(t, done.text("started_at"), first.text("created_at"))
	assert.Assert(t, done.text("finished_at") != "<nil>")
	again := say(h, "failed", "name", "ci/build").want(201)
	assert.Equal(t, again.text("started_at"), "<nil>")
	other := h.do("maintainer", "POST", sayPath+"main", saying("pending", "ref", "main")).want(201)
	assert.Equal(t, other.text("pipeline_id")+" "+other.text("sha"), "2 "+firstSHA)
	list := h.do("reporter", "GET", commitStatusesPath, nil).want(200)
	assert.DeepEqual(t, list.column("id"), []string{again.text("id")})
	all := h.do("reporter", "GET", commitStatusesPath+"?all=true&sort=desc&order_by=pipeline_id", nil).want(200)
	assert.DeepEqual(t, all.column("id"), []string{again.text("id"), first.text("id")})
	assert.Equal(t, all.header.Get("X-Total"), "2")
	for query, want := range map[string]int{
		"?ref=main": 0, "?stage=external": 1, "?stage=build": 0, "?name=ci/build": 1, "?name=default": 0,
		"?pipeline_id=1": 1, "?pipeline_id=2": 0,
	} {
		found := h.do("reporter", "GET", commitStatusesPath+query, nil).want(200)
		assert.Equal(t, len(found.column("id")), want, query)
	}
	named := h.do("reporter", "GET", commitsPath+"/"+patchBranch+"/statuses", nil)
	named.wantBody(200, "[]") // not by the whole SHA
}

func TestCommitStatuses_ofOthers(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	mine := say(h, "running").want(201)
	theirs := h.do("maintainer", "POST", sayPath+headSHA, saying("pending")).want(201)
	assert.Assert(t, mine.text("id") != theirs.text("id"))
	assert.Equal(t, mine.text("pipeline_id"), theirs.text("pipeline_id"))
	list := h.do("reporter", "GET", commitStatusesPath, nil).want(200)
	assert.DeepEqual(t, list.column("author.username"), []string{theirs.text("author.username")})
}

// A pipeline that is made for a status stays without it if the status is refused.
func TestCommitStatus_refusedLeavesPipeline(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	say(h, "success", "target_url", "git://example.com").want(400)
	list := h.do("developer", "GET", "/projects/6/pipelines", nil).want(200)
	assert.Equal(t, list.text("0.status")+list.text("1.status"), "created<nil>")
	say(h, "success", "target_url", "git://example.com").want(400)
	say(h, "success").want(201)
	list = h.do("developer", "GET", "/projects/6/pipelines", nil).want(200)
	assert.Equal(t, list.text("0.status")+list.text("1.status"), "success<nil>")
}
