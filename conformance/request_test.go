package conformance

import (
	"net/http"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/openapi"
)

func TestBuild(t *testing.T) {
	t.Parallel()
	with := map[string]any{
		"id": "group/sub.project", "name": "a b&c", "external_url": "https://x/?y=1",
		"protected_branch_ids": []any{int64(1), int64(2)},
	}
	path := "http://gitlab.test/api/v4/projects/group%2Fsub.project/external_status_checks"
	tests := []struct {
		name, operation   string
		in                input
		method, url, kind string
		body              string
	}{
		{
			"json", "createExternalStatusCheck",
			input{with: with},
			"POST", path, "application/json",
			`{"external_url":"https://x/?y=1","name":"a b&c","protected_branch_ids":[1,2]}`,
		},
		{
			"form", "createExternalStatusCheck",
			input{with: with, encode: "form"},
			"POST", path, "application/x-www-form-urlencoded",
			"external_url=https%3A%2F%2Fx%2F%3Fy%3D1&name=a+b%26c" +
				"&protected_branch_ids%5B%5D=1&protected_branch_ids%5B%5D=2",
		},
		{
			"multipart", "createExternalStatusCheck",
			input{with: map[string]any{"id": int64(5), "name": "x"}, encode: "multipart"},
			"POST",
			"http://gitlab.test/api/v4/projects/5/external_status_checks", "multipart/form-data; boundary=" + boundary,
			"--" + boundary + "\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nx\r\n--" + boundary + "--\r\n",
		},
		{
			"query", "createExternalStatusCheck",
			input{with: map[string]any{"id": int64(5), "name": "x"}, encode: "query"},
			"POST",
			"http://gitlab.test/api/v4/projects/5/external_status_checks?name=x", "", "",
		},
		{
			"query beside a body", "createExternalStatusCheck",
			input{with: map[string]any{"id": int64(5), "name": "x"}, query: map[string]any{
				"name": "y",
				"z":    []any{"1"},
			}},
			"POST",
			"http://gitlab.test/api/v4/projects/5/external_status_checks?name=y&z%5B%5D=1", "application/json",
			`{"name":"x"}`,
		},
		{
			"whole body", "createExternalStatusCheck",
			input{with: map[string]any{"id": int64(5)}, json: []any{nil, "x"}, hasJSON: true},
			"POST",
			"http://gitlab.test/api/v4/projects/5/external_status_checks", "application/json", `[null,"x"]`,
		},
		{
			"get", "listExternalStatusChecks",
			input{with: map[string]any{"id": int64(5), "per_page": int64(2), "page": nil}},
			"GET",
			"http://gitlab.test/api/v4/projects/5/external_status_checks?page=&per_page=2", "", "",
		},
		{
			"no body", "retryStatusCheck",
			input{with: map[string]any{
				"id": int64(5), "merge_request_iid": int64(1),
				"external_status_check_id": int64(9),
			}},
			"POST",
			"http://gitlab.test/api/v4/projects/5/merge_requests/1/status_checks/9/retry", "", "",
		},
		{
			"bent", "listExternalStatusChecks",
			input{with: map[string]any{"id": int64(5)}, raw: &scenario.Raw{
				Method: "PATCH", Prefix: "//", Suffix: ".json",
				Query: "a=b&a=c", Body: "{", HasBody: true,
			}},
			"PATCH",
			"http://gitlab.test/api/v4///projects/5/external_status_checks.json?a=b&a=c", "", "{",
		},
		{
			"no type", "createExternalStatusCheck",
			input{with: map[string]any{"id": int64(5), "name": "x"}, raw: &scenario.Raw{NoType: true}},
			"POST",
			"http://gitlab.test/api/v4/projects/5/external_status_checks", "", `{"name":"x"}`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r, err := (&builder{root: "http://gitlab.test/api/v4"}).build(openapi.GitLab().Operation(test.operation),
				test.in)
			assert.NilError(t, err)
			assert.Equal(t, r.method, test.method)
			assert.Equal(t, r.url, test.url)
			assert.Equal(t, r.header.Get("Content-Type"), test.kind)
			assert.Equal(t, string(r.body), test.body)
		})
	}
	_, err := (&builder{}).build(openapi.GitLab().Operation("getProject"), input{})
	assert.ErrorContains(t, err, "getProject needs id")
}

func TestInstanceRoot(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"http://a.test": "http://a.test", "https://a.test/": "https://a.test",
		"http://a.test:8080/api/v4": "http://a.test:8080",
		"http://a.test/api/v4/":     "http://a.test", " https://a.test/gitlab/api/v4 ": "https://a.test/gitlab",
		"http://a.test/worlds/x//": "http://a.test/worlds/x",
	} {
		root, err := instanceRoot(address)
		assert.NilError(t, err, address)
		assert.Equal(t, root, want, address)
	}
	for _, address := range []string{
		"", "a.test", "ftp://a.test", "http://", "http://user:pass@a.test",
		"http://a.test?x=1", "http://a.test/#x", "://",
	} {
		_, err := instanceRoot(address)
		assert.Equal(t, ExitCode(err), ExitUsage, address)
	}
	_, err := instanceRoot("http://user:geheim@a.test")
	assert.Assert(t, err != nil)
	assert.Assert(t, !strings.Contains(err.Error(), "geheim"), err.Error())
}

func TestCurl(t *testing.T) {
	t.Parallel()
	s := newSecrets()
	s.add("glpat-secret-1", "$TOKEN_DEVELOPER")
	s.add("it's \"quoted\"", "$SECRET_QA")
	r := &request{
		operation: "createExternalStatusCheck", method: "POST", url: "http://a.test/x?private_token=glpat-secret-1",
		header: http.Header{
			"Private-Token": {"glpat-secret-1"}, "Content-Type": {"application/json"},
			"User-Agent": {"statuschecks"},
		},
		body: []byte(`{"name":"it's","shared_secret":"it's \"quoted\""}`), hasBody: true,
	}
	e := s.record(r, newAnswer(401, http.Header{"X-Token": {"glpat-secret-1"}},
		[]byte(`{"message":"no glpat-secret-1"}`)), nil).shown(s)
	assert.Equal(t, e.Curl, `curl -i -X POST -H 'Content-Type: application/json' -H 'Private-Token: `+
		`'"$TOKEN_DEVELOPER" `+
		`--data-raw '{"name":"it'\''s","shared_secret":"'"$SECRET_QA"'"}' `+
		`'http://a.test/x?private_token='"$TOKEN_DEVELOPER"`)
	assert.Equal(t, e.ResponseBody, `{"message":"no $TOKEN_DEVELOPER"}`)
	assert.DeepEqual(t, e.ResponseHeader, []string{"X-Token: $TOKEN_DEVELOPER"})
	get := s.record(&request{method: "GET", url: "http://a.test/it's", header: http.Header{}}, nil, nil).shown(s)
	assert.Equal(t, get.Curl, `curl -i 'http://a.test/it'\''s'`)
	head := s.record(&request{method: "HEAD", url: "http://a.test/", header: http.Header{}}, nil, nil).shown(s)
	assert.Equal(t, head.Curl, `curl -I 'http://a.test/'`)
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	s := newSecrets()
	s.add("short", "$NO")
	s.add("      ", "$NO")
	s.add("a&b <c> \"d\"", "$SECRET")
	s.add("glpat-abc", "$TOKEN")
	s.add("glpat-abcdef", "$TOKEN_OWNER")
	for text, want := range map[string]string{
		"short stays": "short stays", "glpat-abcdef glpat-abc": "$TOKEN_OWNER $TOKEN",
		`a&b <c> "d"`: "$SECRET", "x=a%26b+%3Cc%3E+%22d%22": "x=$SECRET", `"a\u0026b \u003cc\u003e \"d\""`: `"$SECRET"`,
		"a&amp;b &lt;c&gt; &#34;d&#34;": "$SECRET", `{"s":"a&b <c> \"d\""}`: `{"s":"$SECRET"}`,
	} {
		assert.Equal(t, s.redact(text), want)
	}
}

func TestBuilder_roots(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		root, want string
		op         *openapi.Operation
	}{
		{
			"http://gitlab.test/below/api/v4", "http://gitlab.test/below/api/v4/user",
			openapi.GitLab().Operation("getCurrentUser"),
		},
		{
			"http://gitlab.test/below/api/v4", "http://gitlab.test/below/api/graphql",
			openapi.GitLab().Operation("postGraphQL"),
		},
		{"http://gitlab.test/-/mock", "http://gitlab.test/-/mock/clock", openapi.Control().Operation("getClock")},
	} {
		r, err := (&builder{root: test.root}).build(test.op, input{})
		assert.NilError(t, err)
		assert.Equal(t, r.url, test.want)
	}
}
