package crosscheck

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

var strict = New(openapi.GitLab().At(release.Reference), Options{Strict: true})

func places(violations []openapi.Violation) []string {
	out := []string{}
	for _, v := range violations {
		out = append(out, strings.TrimSpace(v.Code+" "+v.Place()))
	}
	return out
}

func TestCheckRequest(t *testing.T) {
	t.Parallel()
	const respond = "/projects/flightjs%2FFlight/merge_requests/4/status_check_responses"
	full := `{"external_status_check_id": 1, "sha": "abc", "status": "passed"}`
	for _, test := range []struct {
		name, id, path, contentType, body string
		want                              []string
	}{
		{"JSON", "createStatusCheckResponse", respond, "application/json", full, []string{}},
		{
			"form", "createStatusCheckResponse", respond, "application/x-www-form-urlencoded",
			"external_status_check_id=1&sha=x&status=failed",
			[]string{},
		},
		{
			"query", "createStatusCheckResponse", respond + "?external_status_check_id=1&sha=x&status=failed", "", "",
			[]string{},
		},
		{
			"fields", "createStatusCheckResponse", respond, "application/json",
			`{"external_status_check_id": "1", "status": "good"}`,
			[]string{
				"type /external_status_check_id", "required /sha", "enum /status",
			},
		},
		{"other type", "createStatusCheckResponse", respond, "text/plain", full, []string{"content-type Content-Type"}},
		{"no JSON", "createStatusCheckResponse", respond, "application/json", `{`, []string{"invalid-json"}},
		{
			"other path", "createStatusCheckResponse", "/projects/6/merge_requests/4/status_checks", "", "",
			[]string{"path"},
		},
		{"two slashes", "listExternalStatusChecks", "//external_status_checks", "", "", []string{"path"}},
		{
			"unknown operation", "listNothing", "/projects/6/external_status_checks", "", "",
			[]string{"unknown-operation"},
		},
		{
			"null body", "retryStatusCheck", "/projects/6/merge_requests/4/status_checks/1/retry", "application/json",
			"null",
			[]string{},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("POST", "/worlds/one/api/v4"+test.path, strings.NewReader(test.body))
			if test.contentType != "" {
				r.Header.Set("Content-Type", test.contentType)
			}
			assert.DeepEqual(t, places(strict.CheckRequest(test.id, r, []byte(test.body))), test.want)
		})
	}
}

var plain = http.Header{"Content-Type": {"application/json"}, "X-Request-Id": {"extra headers are no matter"}}

var responseTests = []struct {
	name, id string
	status   int
	header   http.Header
	body     string
	want     []string
}{
	{"message", "retryStatusCheck", 202, plain, `{"message":"202 Accepted"}`, []string{}},
	{"type", "retryStatusCheck", 202, plain, `{"message":202}`, []string{"type /message"}},
	{"status", "retryStatusCheck", 299, plain, `{"message":"x"}`, []string{"undocumented-status"}},
	{
		"media type", "retryStatusCheck", 202,
		http.Header{"Content-Type": {"text/html"}},
		`{"message":"x"}`,
		[]string{"content-type Content-Type"},
	},
	{"empty", "retryStatusCheck", 202, plain, ``, []string{"invalid-json"}},
	{"null", "retryStatusCheck", 202, plain, `null`, []string{"null"}},
	{"body too many", "deleteExternalStatusCheck", 204, nil, `{}`, []string{"unexpected-body"}},
	{"no body", "deleteExternalStatusCheck", 204, nil, ``, []string{}},
	{"null where it may be", "createStatusCheckResponse", 404, plain, `{"message":null}`, []string{}},
	{"neither of two", "listExternalStatusChecks", 401, plain, `{"message":["x"]}`, []string{"one-of"}},
	{"headers", "listMergeRequestStatusChecks", 200, plain, `[]`, []string{
		"header-missing X-Per-Page", "header-missing X-Page", "header-missing X-Next-Page",
		"header-missing X-Prev-Page",
		"header-missing Link", "header-missing Poll-Interval",
	}},
	{"undeclared", "updateExternalStatusCheck", 200, plain, `{"id":1,"name":"a","project_id":6,"external_url":"u",
		"protected_branches":[],"hmac":true,"shared_secret":"s"}`, []string{"undeclared-property /shared_secret"}},
	{
		"undeclared in an allOf of an anyOf", "createProjectMember", 201, plain,
		`{"id":2,"username":"a","public_email":"","name":"A",
			"state":"active","locked":false,"avatar_url":null,"web_url":"u","access_level":30,"created_at":"2026-01-31T09:00:00Z",
			"expires_at":null,"membership_state":"active","role":"x"}`,
		[]string{"undeclared-property /role"},
	},
	{"undeclared below", "getMergeRequestApprovals", 200, plain, `{"id":1}`, nil},
	{"date", "listProjectAuditEvents", 400, plain, `{"error":"created_after is invalid"}`, []string{}},
}

func TestCheckResponse(t *testing.T) {
	t.Parallel()
	for _, test := range responseTests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			method := openapi.GitLab().Operation(test.id).Method
			path := strings.NewReplacer("{id}", "6", "{merge_request_iid}", "4", "{check_id}", "1",
				"{external_status_check_id}", "1").
				Replace(openapi.GitLab().Operation(test.id).Path)
			r := httptest.NewRequest(method, "/api/v4"+path, nil)
			got := places(strict.CheckResponse(test.id, r, test.status, test.header, []byte(test.body)))
			if test.want == nil {
				assert.Assert(t, len(got) > 10, got)
				return
			}
			assert.DeepEqual(t, got, test.want)
		})
	}
}

func TestHeadHasNoBody(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest("HEAD", "/api/v4/version", nil)
	got := strict.CheckResponse("getVersion", r, 200, http.Header{"Content-Type": {"application/json"}}, nil)
	assert.DeepEqual(t, places(got), []string{})
}

func TestLenientLetsMorePass(t *testing.T) {
	t.Parallel()
	v := New(openapi.GitLab().At(release.Reference), Options{})
	r := httptest.NewRequest("PUT", "/api/v4/projects/6/external_status_checks/1", nil)
	body := `{"id":1,"name":"a","project_id":6,"external_url":"u","protected_branches":[],"hmac":true,"more":1}`
	header := http.Header{"Content-Type": {"application/json"}}
	assert.DeepEqual(t, places(v.CheckResponse("updateExternalStatusCheck", r, 200, header, []byte(body))), []string{})
}

// The second validator reads the same documents, and accepts every example in them, including undeclared properties.
func TestSamplesPass(t *testing.T) {
	t.Parallel()
	for _, d := range []*openapi.Document{openapi.GitLab().At(release.Reference), openapi.Control()} {
		v := New(d, Options{Strict: true})
		text, err := d.JSON()
		assert.NilError(t, err)
		var document map[string]any
		assert.NilError(t, json.Unmarshal(text, &document))
		for _, o := range d.Operations() {
			path := document["paths"].(map[string]any)[o.Path].(map[string]any)
			item := path[strings.ToLower(o.Method)].(map[string]any)
			for status, answer := range item["responses"].(map[string]any) {
				checkSamples(t, v, d, document, o, status, resolve(document, answer))
			}
		}
	}
}

// Every operation can be checked in the oldest release and in the newest one. The examples show that for the reference.
func TestModelsAreBuilt(t *testing.T) {
	t.Parallel()
	for _, v := range []release.Version{release.Oldest, release.Newest} {
		d := openapi.GitLab().At(v)
		strictly := New(d, Options{Strict: true})
		for _, o := range d.Operations() {
			_, refused := strictly.find(o.ID)
			assert.Equal(t, len(refused), 0, "%s of %s: %v", o.ID, v, refused)
		}
	}
}

func checkSamples(
	t *testing.T, v *Validator, d *openapi.Document, document map[string]any, o *openapi.Operation, status string,
	answer map[string]any,
) {
	t.Helper()
	content, _ := answer["content"].(map[string]any)
	headers, _ := answer["headers"].(map[string]any)
	header := http.Header{}
	for name, written := range headers {
		if example := resolve(document, written)["example"]; example != nil {
			header.Set(name, strings.TrimSuffix(strings.Trim(jsonText(t, example), `"`), `\n`))
		} else {
			header.Set(name, "x")
		}
	}
	header.Del("ETag")
	code, err := strconv.Atoi(status)
	assert.NilError(t, err)
	for kind, media := range content {
		header.Set("Content-Type", kind)
		examples, _ := media.(map[string]any)["examples"].(map[string]any)
		for name, example := range examples {
			body := jsonText(t, example.(map[string]any)["value"])
			if kind == "text/plain" {
				body = strings.Trim(body, `"`)
			}
			path := d.Root() + strings.NewReplacer("{", "", "}", "").Replace(o.Path)
			r := httptest.NewRequest(o.Method, path, nil)
			for _, one := range v.CheckResponse(o.ID, r, code, header, []byte(body)) {
				t.Errorf("%s %s %s: %s", o.ID, status, name, one)
			}
			for _, one := range o.CheckResponse(code, header, []byte(body)) {
				t.Errorf("%s %s %s: kin: %s", o.ID, status, name, one)
			}
		}
	}
}

func jsonText(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	assert.NilError(t, err)
	return string(text)
}

func resolve(document map[string]any, value any) map[string]any {
	m, _ := value.(map[string]any)
	ref, ok := m["$ref"].(string)
	if !ok {
		return m
	}
	var at any = document
	for step := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		at = at.(map[string]any)[step]
	}
	return resolve(document, at)
}

// Values must not appear in messages.
func TestSecretsStay(t *testing.T) {
	t.Parallel()
	const secret = "glpat-0123456789"
	body := []byte(`{"external_status_check_id":"` + secret + `","sha":["` + secret + `"],"status":"` + secret + `"}`)
	r := httptest.NewRequest("POST", "/api/v4/projects/6/merge_requests/"+secret+"/status_check_responses?status="+
		secret, nil)
	r.Header.Set("Content-Type", "application/json")
	all := strict.CheckRequest("createStatusCheckResponse", r, body)
	all = append(all, strict.CheckResponse("createStatusCheckResponse", r, 409,
		http.Header{"Content-Type": {"application/json"}}, body)...)
	assert.Assert(t, len(all) > 4, all)
	for _, v := range all {
		assert.Assert(t, !strings.Contains(v.String(), secret), v.String())
	}
}

// Releases whose contract of an operation is the same share what checks it; others do not.
func TestValidator_sharesWhatIsTheSame(t *testing.T) {
	t.Parallel()
	of := func(v release.Version, strict bool) *judge {
		j, refused := New(openapi.GitLab().At(v), Options{Strict: strict}).find("listExternalStatusChecks")
		assert.Equal(t, len(refused), 0)
		return j
	}
	assert.Assert(t, of(release.Of(18, 5), true) == of(release.Of(18, 6), true))
	assert.Assert(t, of(release.Of(18, 9), true) != of(release.Of(18, 9), false))
	assert.Assert(t, of(release.Of(18, 9), true) != of(release.Of(14, 0), true)) // which shows no secrets
}
