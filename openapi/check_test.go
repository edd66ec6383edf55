package openapi

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/release"
)

func places(violations []Violation) []string {
	out := []string{}
	for _, v := range violations {
		out = append(out, strings.TrimSpace(v.Code+" "+v.Place()))
	}
	return out
}

const (
	respond = "/projects/flightjs%2FFlight/merge_requests/4/status_check_responses"
	form    = "application/x-www-form-urlencoded"
	full    = `{"external_status_check_id": 1, "sha": "` + headSHA + `", "status": "passed"}`
)

var requestTests = []struct {
	name, id, path, contentType, body string
	want                              []string
}{
	{"JSON", "createStatusCheckResponse", respond, "application/json", full, []string{}},
	{"form", "createStatusCheckResponse", respond, form, "external_status_check_id=1&sha=x&status=failed", []string{}},
	{
		"query", "createStatusCheckResponse", respond + "?external_status_check_id=1&sha=x&status=failed", "", "",
		[]string{},
	},
	{"query, wrong word", "createStatusCheckResponse", respond + "?status=good", "", "", []string{"enum /status"}},
	{
		"fields", "createStatusCheckResponse", respond, "application/json",
		`{"external_status_check_id": "1", "status": "good"}`,
		[]string{
			"type /external_status_check_id", "enum /status", "required /sha",
		},
	},
	{"other type", "createStatusCheckResponse", respond, "text/plain", full, []string{"content-type Content-Type"}},
	{"no JSON", "createStatusCheckResponse", respond, "application/json", `{`, []string{"type"}},
	{"other path", "createStatusCheckResponse", "/projects/6/merge_requests/4/status_checks", "", "", []string{"path"}},
	{
		"empty segment", "createStatusCheckResponse", "/projects//merge_requests/4/status_check_responses", "", "",
		[]string{"path"},
	},
	{
		"bad escape of a number", "createStatusCheckResponse", "/projects/6/merge_requests/x/status_check_responses",
		"",
		"",
		[]string{
			"type /merge_request_iid",
		},
	},
	{"page", "listExternalStatusChecks", "/projects/6/external_status_checks?page=x", "", "", []string{"type /page"}},
	{"per_page 5", "listExternalStatusChecks", "/projects/6/external_status_checks?per_page=5", "", "", []string{}},
	{
		"per_page 0", "listExternalStatusChecks", "/projects/6/external_status_checks?per_page=0", "", "",
		[]string{"not /per_page"},
	},
	{"empty page", "listExternalStatusChecks", "/projects/6/external_status_checks?page=", "", "", []string{}},
	{
		"list in the query", "createExternalStatusCheck",
		"/projects/6/external_status_checks?protected_branch_ids=1&protected_branch_ids=2", "", "",
		[]string{},
	},
	{
		"retry with null", "retryStatusCheck", "/projects/6/merge_requests/4/status_checks/1/retry", "application/json",
		"null",
		[]string{},
	},
	{"branch with a slash", "getBranch", "/projects/6/repository/branches/a%2Fb", "", "", []string{}},
}

func TestCheckRequest(t *testing.T) {
	t.Parallel()
	for _, test := range requestTests {
		t.Run(test.id+" "+test.name, func(t *testing.T) {
			t.Parallel()
			o := GitLab().At(release.Reference).Operation(test.id)
			r := httptest.NewRequest(o.Method, "/worlds/one/api/v4"+test.path, strings.NewReader(test.body))
			if test.contentType != "" {
				r.Header.Set("Content-Type", test.contentType)
			}
			url := r.URL.String()
			assert.DeepEqual(t, places(o.CheckRequest(r, []byte(test.body))), test.want)

			left, err := io.ReadAll(r.Body)
			assert.NilError(t, err)
			assert.Equal(t, string(left), test.body, "the request must stay as it was")
			assert.Equal(t, r.URL.String(), url)
		})
	}
}

func pageHeaders() http.Header {
	return http.Header{
		"Content-Type": {"application/json"}, "X-Per-Page": {"20"}, "X-Page": {"1"}, "X-Next-Page": {""},
		"X-Prev-Page": {""},
		"Link":        {`<http://example.com>; rel="first"`}, "X-Total": {"1"}, "X-Total-Pages": {"1"},
	}
}

var (
	plain    = http.Header{"Content-Type": {"application/json"}}
	withPoll = with(pageHeaders(), "Poll-Interval", "10000")
	badPoll  = with(pageHeaders(), "Poll-Interval", "soon")
	badETag  = with(withPoll.Clone(), "ETag", `"strong"`)
)

const check = `{"id":1,"name":"a","project_id":6,"external_url":"u","protected_branches":[],"hmac":false}`

func with(header http.Header, name, value string) http.Header {
	header.Set(name, value)
	return header
}

var responseTests = []struct {
	name, id string
	status   int
	header   http.Header
	body     string
	want     []string
}{
	{"as it should be", "listExternalStatusChecks", 200, pageHeaders(), "[" + check + "]", []string{}},
	{"empty", "listExternalStatusChecks", 200, pageHeaders(), "[]", []string{}},
	{
		"charset", "listExternalStatusChecks", 401,
		http.Header{"Content-Type": {"application/json; charset=utf-8"}},
		`{"message":"401 Unauthorized"}`,
		[]string{},
	},
	{"without headers", "listExternalStatusChecks", 200, plain, "[]", []string{
		"header-missing X-Per-Page", "header-missing X-Page", "header-missing X-Next-Page",
		"header-missing X-Prev-Page",
		"header-missing Link",
	}},
	{
		"wrong item", "listExternalStatusChecks", 200, pageHeaders(), `[` + check + `,{"id":"1","hmac":null}]`,
		[]string{
			"null /1/hmac", "type /1/id", "required /1/name", "required /1/project_id", "required /1/external_url",
			"required /1/protected_branches",
		},
	},
	{"no JSON", "listExternalStatusChecks", 200, pageHeaders(), "<html>", []string{"invalid-json"}},
	{"nothing", "listExternalStatusChecks", 200, pageHeaders(), "", []string{"invalid-json"}},
	{"null", "listExternalStatusChecks", 200, pageHeaders(), "null", []string{"null"}},
	{
		"unchanged", "listExternalStatusChecks", 304,
		http.Header{"Etag": {`W/"0123456789abcdef0123456789abcdef"`}},
		"",
		[]string{},
	},
	{"unchanged with a body", "listExternalStatusChecks", 304, nil, "x", []string{"unexpected-body"}},
	{
		"moved", "listExternalStatusChecks", 301,
		http.Header{"Content-Type": {"text/plain"}, "Location": {"/x"}},
		"moved",
		[]string{},
	},
	{
		"moved where", "listExternalStatusChecks", 301,
		http.Header{"Content-Type": {"text/plain"}},
		"moved",
		[]string{"header-missing Location"},
	},
	{"teapot", "listExternalStatusChecks", 418, plain, "{}", []string{"undocumented-status"}},
	{
		"HTML", "listExternalStatusChecks", 401,
		http.Header{"Content-Type": {"text/html"}},
		"{}",
		[]string{"content-type Content-Type"},
	},

	{"not allowed", "createExternalStatusCheck", 500, plain, `{"message":["Not allowed"]}`, []string{}},
	{"broken", "createExternalStatusCheck", 500, plain, `{"message":"500 Internal Server Error"}`, []string{}},
	{
		"no longer 401 with a list", "createExternalStatusCheck", 401, plain, `{"message":["Not allowed"]}`,
		[]string{"any-of"},
	},
	{"invalid", "createExternalStatusCheck", 422, plain, `{"message":["Name has already been taken"]}`, []string{}},
	{
		"invalid as text", "createExternalStatusCheck", 422, plain, `{"message":"Name has already been taken"}`,
		[]string{"type /message"},
	},
	{"not allowed", "updateExternalStatusCheck", 401, plain, `{"message":["Not allowed"]}`, []string{}},
	{"as it should be", "deleteExternalStatusCheck", 204, nil, "", []string{}},
	{"with a body", "deleteExternalStatusCheck", 204, nil, "{}", []string{"unexpected-body"}},
	{"changed", "deleteExternalStatusCheck", 412, plain, `{"message":"412 Precondition Failed"}`, []string{}},

	{
		"as it should be", "listMergeRequestStatusChecks", 200, withPoll,
		`[{"id":1,"name":"a","external_url":"","status":"pending"}]`,
		[]string{},
	},
	{
		"old word", "listMergeRequestStatusChecks", 200, withPoll,
		`[{"id":1,"name":"a","external_url":"","status":"approved"}]`,
		[]string{"enum /0/status"},
	},
	{
		"without Poll-Interval", "listMergeRequestStatusChecks", 200, pageHeaders(), "[]",
		[]string{"header-missing Poll-Interval"},
	},
	{"odd Poll-Interval", "listMergeRequestStatusChecks", 200, badPoll, "[]", []string{"header-type Poll-Interval"}},
	{"odd ETag", "listMergeRequestStatusChecks", 200, badETag, "[]", []string{"header-pattern Etag"}},
	{"never 409", "listMergeRequestStatusChecks", 409, plain, `{"error":"x"}`, []string{"undocumented-status"}},

	{"null", "createStatusCheckResponse", 404, plain, `{"message":null}`, []string{}},
	{"sha", "createStatusCheckResponse", 400, plain, `{"message":["Sha can't be blank"]}`, []string{}},
	{"missing", "createStatusCheckResponse", 400, plain, `{"error":"sha is missing"}`, []string{}},
	{"empty", "createStatusCheckResponse", 201, plain, `{"id":1}`, []string{
		"required /merge_request",
		"required /external_status_check",
	}},
	{
		"part", "createStatusCheckResponse", 201, plain,
		`{"id":1,"merge_request":{"user":{}},"external_status_check":` + check + `}`, nil,
	},
	{"as it should be", "retryStatusCheck", 202, plain, `{"message":"202 Accepted"}`, []string{}},
	{
		"not failed", "retryStatusCheck", 422, plain, `{"message":["External status check must be failed"]}`,
		[]string{"type /message"},
	},
	{
		"scope", "retryStatusCheck", 403, plain, `{"error":"insufficient_scope","error_description":"x","scope":"api"}`,
		[]string{},
	},
	{"more in an error", "retryStatusCheck", 403, plain, `{"message":"403 Forbidden","hint":"x"}`, []string{"one-of"}},
}

func TestCheckResponse(t *testing.T) {
	t.Parallel()
	for _, test := range responseTests {
		t.Run(test.id+" "+test.name, func(t *testing.T) {
			t.Parallel()
			got := places(GitLab().At(release.Reference).Operation(test.id).CheckResponse(test.status, test.header,
				[]byte(test.body)))
			if test.want == nil {
				assert.Assert(t, len(got) > 50, "every missing key is named: %d", len(got))
				assert.Assert(t, strings.Contains(strings.Join(got, "\n"), "required /merge_request/user/can_merge"))
				return
			}
			assert.DeepEqual(t, got, test.want)
		})
	}
}

// A secret must not appear in a message, wherever it was sent.
func TestViolationsKeepSecrets(t *testing.T) {
	t.Parallel()
	const secret = "glpat-0123456789"
	r := httptest.NewRequest("POST", "/api/v4/projects/6/merge_requests/"+secret+"/status_check_responses?status="+
		secret, nil)
	body := []byte(`{"external_status_check_id":"` + secret + `","sha":{"a":"` + secret + `"},"status":"` + secret +
		`"}`)
	r.Header.Set("Content-Type", "application/json")
	o := GitLab().At(release.Reference).Operation("createStatusCheckResponse")
	all := o.CheckRequest(r, body)
	all = append(all, o.CheckResponse(201, http.Header{"Content-Type": {secret}, "Etag": {secret}}, body)...)
	all = append(all, o.CheckResponse(400, http.Header{"Content-Type": {"application/json"}}, []byte(secret))...)
	assert.Assert(t, len(all) > 5)
	for _, v := range all {
		assert.Assert(t, !strings.Contains(v.String(), secret), v.String())
	}
}

func TestCheckSchema(t *testing.T) {
	t.Parallel()
	d := GitLab().At(release.Reference)
	assert.DeepEqual(t, places(d.CheckSchema("EventCheck",
		[]byte(`{"id":1,"name":"QA","external_url":"https://example.com/"}`))), []string{})
	assert.DeepEqual(t, places(d.CheckSchema("EventCheck", []byte(`{"id":"1"}`))), []string{
		"type /id", "required /name", "required /external_url",
	})
	assert.DeepEqual(t, places(d.CheckSchema("EventCheck", []byte(`{`))), []string{"invalid-json"})
	assert.DeepEqual(t, places(d.CheckSchema("EventChek", []byte(`{}`))), []string{"unknown-schema"})
}
