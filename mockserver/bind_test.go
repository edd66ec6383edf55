package mockserver

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

const (
	invalidJSON = "Invalid JSON format"
	typeJSON    = "application/json"
	typeForm    = "application/x-www-form-urlencoded"
)

// bindCase is a request to an operation, and its result: the parameters, or the text of the refusal.
type bindCase struct {
	name  string
	query string
	kind  string
	body  string
	want  params
	error string
}

func (bc bindCase) bind(operation string) (params, error) {
	r := httptest.NewRequest("POST", "/", strings.NewReader(bc.body))
	r.URL.RawQuery = bc.query
	if bc.kind != "" {
		r.Header.Set("Content-Type", bc.kind)
	}
	c, err := entered(r)
	if err != nil {
		return nil, err
	}
	op := openapi.GitLab().At(release.Reference).Operation(operation)
	path := map[string]string{}
	for _, p := range op.Parameters() {
		if p.In == "path" {
			path[p.Name] = "1"
		}
	}
	return bind(op, path, c.body, c.query)
}

// entered is a request that has passed the front door and was read.
func entered(r *http.Request) (*call, error) {
	c := &call{request: r, arrival: &arrival{request: r, behind: changeable{}}}
	if re := c.arrival.read(); re != nil {
		return nil, errors.New(re.reason)
	}
	if re := c.arrival.enter(); re != nil {
		return nil, &failure{status: re.status, body: re.body, reason: re.reason}
	}
	return c, c.read()
}

func runBindCases(t *testing.T, operation string, cases []bindCase) {
	t.Helper()
	for _, bc := range cases {
		t.Run(bc.name, func(t *testing.T) {
			t.Parallel()
			got, err := bc.bind(operation)
			if bc.error != "" {
				var f *failure
				assert.Assert(t, errors.As(err, &f), "got %v and no failure", got)
				assert.Equal(t, f.body.(errorBody).Error, bc.error)
				assert.Assert(t, f.reason != "")
				return
			}
			assert.NilError(t, err)
			for _, name := range []string{"id", "check_id", "merge_request_iid"} {
				delete(got, name)
			}
			assert.DeepEqual(t, got, bc.want)
		})
	}
}

func TestBind_createExternalStatusCheck(t *testing.T) {
	t.Parallel()
	const missing = "name is missing, external_url is missing"
	both := func(name any) params { return params{"name": name, "external_url": "u"} }
	withIDs := func(ids ...int64) params {
		if ids == nil {
			ids = []int64{}
		}
		return params{"name": "n", "external_url": "u", "protected_branch_ids": ids}
	}
	idsAs := func(json string) string { return `{"name":"n","external_url":"u","protected_branch_ids":` + json + `}` }
	runBindCases(t, "createExternalStatusCheck", []bindCase{
		{name: "nothing", error: missing},
		{name: "JSON array", kind: typeJSON, body: `[1]`, error: missing},
		{name: "JSON null", kind: typeJSON, body: `null`, error: missing},
		{name: "JSON text", kind: typeJSON, body: `"x"`, error: missing},
		{name: "type without a body", kind: typeJSON, error: missing},
		{name: "JSON sent as a form", kind: typeForm, body: `{"name":"n","external_url":"u"}`, error: missing},
		{name: "one missing", kind: typeJSON, body: `{"name":"n"}`, error: "external_url is missing"},
		{name: "JSON", kind: typeJSON, body: `{"name":"n","external_url":"u"}`, want: both("n")},
		{
			name: "charset", kind: "application/json; charset=utf-8", body: `{"name":"n","external_url":"u"}`,
			want: both("n"),
		},
		{name: "capitals", kind: "Application/JSON", body: `{"name":"n","external_url":"u"}`, want: both("n")},
		{name: "form", kind: typeForm, body: "name=n&external_url=u", want: both("n")},
		{name: "query", query: "name=n&external_url=u", want: both("n")},
		{
			name: "body wins over query", query: "name=q&external_url=u", kind: typeJSON, body: `{"name":"b"}`,
			want: both("b"),
		},
		{
			name: "path wins over all", query: "id=9&name=n&external_url=u", kind: typeJSON, body: `{"id":8}`,
			want: both("n"),
		},
		{name: "last of two in the query", query: "name=a&name=n&external_url=u", want: both("n")},
		{name: "last of two keys", kind: typeJSON, body: `{"name":"a","name":"n","external_url":"u"}`, want: both("n")},
		{name: "unknown keys", kind: typeJSON, body: `{"name":"n","external_url":"u","protected_branche_ids":[1],` +
			`"protected_branch_ids[]":"2"}`, want: both("n")},
		{name: "null name", kind: typeJSON, body: `{"name":null,"external_url":"u"}`, want: both(nil)},
		{
			name: "empty URL", kind: typeJSON, body: `{"name":"n","external_url":""}`,
			want: params{"name": "n", "external_url": ""},
		},
		{name: "number for text", kind: typeJSON, body: `{"name":5,"external_url":"u"}`, want: both("5")},
		{name: "float for text", kind: typeJSON, body: `{"name":1.5,"external_url":"u"}`, want: both("1.5")},
		{name: "exponent for text", kind: typeJSON, body: `{"name":1e3,"external_url":"u"}`, want: both("1000.0")},
		{name: "boolean for text", kind: typeJSON, body: `{"name":true,"external_url":"u"}`, want: both("true")},
		{
			name: "list and object for text", kind: typeJSON, body: `{"name":["n"],"external_url":{"a":1}}`,
			error: "name is invalid, external_url is invalid",
		},
		{name: "ids: integer", kind: typeJSON, body: idsAs(`5`), want: withIDs()},
		{name: "ids: boolean", kind: typeJSON, body: idsAs(`true`), want: withIDs()},
		{name: "ids: object", kind: typeJSON, body: idsAs(`{}`), want: withIDs()},
		{name: "ids: null", kind: typeJSON, body: idsAs(`null`), want: withIDs()},
		{name: "ids: empty text", kind: typeJSON, body: idsAs(`""`), want: withIDs()},
		{name: "ids: empty list", kind: typeJSON, body: idsAs(`[]`), want: withIDs()},
		{name: "ids: list of empty text", kind: typeJSON, body: idsAs(`[""]`), want: withIDs()},
		{name: "ids: text", kind: typeJSON, body: idsAs(`"1, 2,x"`), want: withIDs(1, 2, 0)},
		{name: "ids: mixed list", kind: typeJSON, body: idsAs(`["1","2,3",4]`), want: withIDs(1, 2, 3, 4)},
		{
			name: "ids: numbered form", kind: typeForm,
			body: "name=n&external_url=u&protected_branch_ids[0]=7&protected_branch_ids[1]=8", want: withIDs(),
		},
		{
			name: "ids: plain form", kind: typeForm, body: "name=n&external_url=u&protected_branch_ids=7",
			want: withIDs(7),
		},
		{
			name: "ids: bracketed form", kind: typeForm,
			body: "name=n&external_url=u&protected_branch_ids[]=1&protected_branch_ids[]=2", want: withIDs(1, 2),
		},
		{
			name: "ids: escaped brackets", kind: typeForm, body: "name=n&external_url=u&protected_branch_ids%5B%5D=1",
			want: withIDs(1),
		},
		{
			name: "multipart", kind: "multipart/form-data; boundary=b",
			body: "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nn\r\n--b\r\nContent-Disposition: " +
				"form-data; name=\"external_url\"\r\n\r\nu\r\n--b--\r\n", want: both("n"),
		},
		{name: "malformed JSON", kind: typeJSON, body: `{"name":`, error: invalidJSON},
		{name: "white space", kind: typeJSON, body: "  ", error: invalidJSON},
		{name: "text after JSON", kind: typeJSON, body: `{} x`, error: invalidJSON},
		{name: "comment after JSON", kind: typeJSON, body: `{} // x`, error: malformedJSON},
		{name: "other type", kind: "text/plain", body: "x", error: "The provided content-type 'text/plain' is not " +
			"supported."},
		{
			name: "vendor JSON", kind: "application/vnd.api+json", body: "{}",
			error: "The provided content-type 'application/vnd.api+json' is not supported.",
		},
		{name: "no type", body: "name=n", error: "The provided content-type '' is not supported."},
		{name: "another format", query: "format=xml", error: "The requested format 'xml' is not supported."},
	})
}

func TestBind_createStatusCheckResponse(t *testing.T) {
	t.Parallel()
	given := func(id any) params {
		return params{"external_status_check_id": id, "sha": "s", "status": "passed"}
	}
	withID := func(id string) string { return `{"external_status_check_id":` + id + `,"sha":"s","status":"passed"}` }
	withStatus := func(s string) string { return `{"external_status_check_id":1,"sha":"s","status":` + s + `}` }
	const badStatus = "status does not have a valid value"
	runBindCases(t, "createStatusCheckResponse", []bindCase{
		{name: "nothing", error: "external_status_check_id is missing, sha is missing, status is missing, status " +
			"does not have a valid value"},
		{
			name: "no sha", kind: typeJSON, body: `{"external_status_check_id":1,"status":"passed"}`,
			error: "sha is missing",
		},
		{
			name: "no status", kind: typeJSON, body: `{"external_status_check_id":1,"sha":"s"}`,
			error: "status is missing, " + badStatus,
		},
		{name: "unknown status", kind: typeJSON, body: withStatus(`"approved"`), error: badStatus},
		{name: "status in capitals", kind: typeJSON, body: withStatus(`"PASSED"`), error: badStatus},
		{name: "null status", kind: typeJSON, body: withStatus(`null`), error: badStatus},
		{name: "empty status", kind: typeJSON, body: withStatus(`""`), error: badStatus},
		{name: "boolean status", kind: typeJSON, body: withStatus(`true`), error: badStatus},
		{name: "list of statuses", kind: typeJSON, body: withStatus(`["passed"]`), error: "status is invalid"},
		{name: "id as text", kind: typeJSON, body: withID(`"1"`), want: given(int64(1))},
		{name: "id with a space", kind: typeJSON, body: withID(`" 1"`), want: given(int64(1))},
		{name: "id with an underscore", kind: typeJSON, body: withID(`"1_0"`), want: given(int64(10))},
		{name: "id cut", kind: typeJSON, body: withID(`1.7`), want: given(int64(1))},
		{name: "negative id", kind: typeJSON, body: withID(`-3`), want: given(int64(-3))},
		{name: "huge id", kind: typeJSON, body: withID(`99999999999999999999999`), want: given(int64(1<<63 - 1))},
		{name: "empty id", kind: typeJSON, body: withID(`""`), want: given(nil)},
		{name: "null id", kind: typeJSON, body: withID(`null`), want: given(nil)},
		{name: "id abc", kind: typeJSON, body: withID(`"abc"`), error: "external_status_check_id is invalid"},
		{
			name: "id in hexadecimal", kind: typeJSON, body: withID(`"0x1"`),
			error: "external_status_check_id is invalid",
		},
		{
			name: "id with a fraction as text", kind: typeJSON, body: withID(`"1.7"`),
			error: "external_status_check_id is invalid",
		},
		{name: "boolean id", kind: typeJSON, body: withID(`true`), error: "external_status_check_id is invalid"},
		{name: "id as a list", kind: typeJSON, body: withID(`[1]`), error: "external_status_check_id is invalid"},
		{name: "id as an object", kind: typeJSON, body: withID(`{}`), error: "external_status_check_id is invalid"},
		{
			name: "null sha", kind: typeJSON, body: `{"external_status_check_id":1,"sha":null,"status":"failed"}`,
			want: params{"external_status_check_id": int64(1), "sha": nil, "status": "failed"},
		},
	})
}

func TestBind_pages(t *testing.T) {
	t.Parallel()
	at := func(page, perPage int64) params { return params{"page": page, "per_page": perPage} }
	runBindCases(t, "listExternalStatusChecks", []bindCase{
		{name: "defaults", want: at(1, 20)},
		{name: "empty", query: "page=&per_page=", want: at(1, 20)},
		{name: "given", query: "page=2&per_page=5", want: at(2, 5)},
		{name: "negative", query: "page=-1&per_page=-5", want: at(-1, -5)},
		{name: "zero per_page", query: "per_page=0", error: "per_page has a value not allowed"},
		{name: "text", query: "per_page=abc", error: "per_page is invalid"},
		{name: "fraction", query: "per_page=2.5", error: "per_page is invalid"},
		{name: "list", query: "per_page[]=2", error: "per_page is invalid"},
		{name: "both", query: "page=x&per_page=y", error: "page is invalid, per_page is invalid"},
	})
}

func TestReadForm_nested(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]map[string]any{
		"a=1&b":             {"a": "1", "b": nil},
		"a[]=1&a[]=2":       {"a": []any{"1", "2"}},
		"a[x]=1&a[y]=2":     {"a": map[string]any{"x": "1", "y": "2"}},
		"a[][x]=1&a[][y]=2": {"a": []any{map[string]any{"x": "1", "y": "2"}}},
		"a[][x]=1&a[][x]=2": {"a": []any{map[string]any{"x": "1"}, map[string]any{"x": "2"}}},
		"a[x][]=1&a[x][]=2": {"a": map[string]any{"x": []any{"1", "2"}}},
		"a=%7a&&=&c=1+2":    {"a": "z", "c": "1 2"},
		"]a[=1":             {"]a[": "1"},
	} {
		got, err := readForm(text)
		assert.NilError(t, err, text)
		assert.DeepEqual(t, got, want)
	}
	for _, text := range []string{"a[]=1&a[x]=2", "a=1&a[]=2", "a[x]=1&a[]=2", "a[x]=1&a=2"} {
		_, err := readForm(text)
		assert.ErrorContains(t, err, "at the same time", text)
	}
}

func FuzzBind(f *testing.F) {
	for _, kind := range []string{typeJSON, typeForm, "multipart/form-data; boundary=b", ""} {
		f.Add("page=1&a[]=2", kind, `{"name":"n","external_url":["u"],"protected_branch_ids":"1,2"}`)
		f.Add("x[a][][b]=1", kind, "name=n&external_url=u&protected_branch_ids[]=1")
		f.Add("", kind, "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nn\r\n--b--\r\n")
	}
	operations := openapi.GitLab().At(release.Reference).Operations()
	f.Fuzz(func(t *testing.T, query, kind, body string) {
		bc := bindCase{query: query, kind: kind, body: body}
		if strings.ContainsAny(query, " #") || !validHeader(query) || !validHeader(kind) {
			t.Skip("not a request that can be sent")
		}
		for _, op := range operations {
			_, err := bc.bind(op.ID)
			var failed *failure
			if err != nil && (!errors.As(err, &failed) || failed.status >= 500) {
				t.Fatalf("%s: %v", op.ID, err)
			}
		}
	})
}

func validHeader(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' })
}

func TestRubyNumbers(t *testing.T) {
	t.Parallel()
	got := map[string]any{}
	for _, text := range []string{"12", " 12 ", "+5", "-5", "1__0", "_1", "1_", "٣"} {
		got[text] = coerceInteger(text)
	}
	want := map[string]any{
		"12": int64(12), " 12 ": int64(12), "+5": int64(5), "-5": int64(-5), "1__0": "1__0",
		"_1": "_1", "1_": "1_", "٣": "٣",
	}
	assert.Assert(t, cmp.Equal(got, want), cmp.Diff(want, got))
}

// changeable is an instance with all changes, which accepts writes.
type changeable struct{}

// Has reports that the release has a change.
func (changeable) Has(gitlab.Change) bool { return true }

// Writing is the mode of writing.
func (changeable) Writing() (w gitlab.Writing) { return w }
