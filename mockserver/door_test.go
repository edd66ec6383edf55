package mockserver_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/control"
)

const textBad = "400 text/plain Bad Request"

// knock is a request to the front door.
type knock struct {
	as, method, path string // as is a role; a method that is empty is POST
	kind, body       string // no kind means no Content-Type
	header           http.Header
}

func (k knock) send(h *harness) response {
	if k.method == "" {
		k.method = http.MethodPost
	}
	if k.path == "" {
		k.path = checksPath
	}
	r := h.request(k.as, k.method, "/", k.body)
	r.URL.Path, r.URL.RawPath, r.URL.RawQuery, r.RequestURI = "", "", "", ""
	path, query, _ := strings.Cut(k.path, "?")
	if !strings.HasPrefix(path, "/api") && !strings.HasPrefix(path, "//") {
		path = apiPrefix + path
	}
	plain, err := url.PathUnescape(path)
	assert.NilError(h.t, err)
	r.URL.Path, r.URL.RawPath = plain, path
	r.URL.RawQuery = query
	r.Header.Del("Content-Type")
	if k.kind != "" {
		r.Header.Set("Content-Type", strings.TrimPrefix(k.kind, "-"))
	}
	for name, values := range k.header {
		r.Header[name] = values
	}
	return h.send(r)
}

// answer is status, type and body, as far as they are there.
func (k knock) answer(h *harness) string {
	r := k.send(h)
	return strings.TrimSpace(fmt.Sprintf("%d %s %s", r.status, r.header.Get("Content-Type"), r.body))
}

type doorCase struct {
	name  string
	knock knock
	want  string
}

func runDoorCases(t *testing.T, release string, cases []doorCase) {
	t.Helper()
	h := newUnjudged(t, asRelease(parseVersion(t, release)))
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			got := tc.knock.answer(h)
			if strings.HasSuffix(tc.want, "…") {
				got = got[:min(len(got), len(tc.want)-len("…"))] + "…"
			}
			assert.Equal(t, got, tc.want)
		})
	}
}

func broken(text string) string { return "400 application/json " + errorText(text) }

func TestDoor_json(t *testing.T) {
	t.Parallel()
	const unauthorized = `401 application/json {"message":"401 Unauthorized"}`
	deep := strings.Repeat("[", 33) + strings.Repeat("]", 33)
	runDoorCases(t, "18.9", []doorCase{
		{"malformed", knock{kind: typeJSON, body: "{ bad json }"}, broken(invalidJSON)},
		{"with a character set", knock{kind: "Application/JSON; charset=utf-8", body: "{"}, broken(invalidJSON)},
		{"on GET", knock{method: "GET", kind: typeJSON, body: "{"}, broken(invalidJSON)},
		{"on an unknown path", knock{path: "/nowhere", kind: typeJSON, body: "{"}, broken(invalidJSON)},
		{"outside of the API", knock{path: "//nowhere", kind: typeJSON, body: "{"}, broken(invalidJSON)},
		{"LFS", knock{kind: typeLFS, body: "{"}, broken(invalidJSON)},
		{"good LFS", knock{kind: typeLFS, body: "{}"}, `415 application/json {"error":"The provided content-type ` +
			`'application/vnd.git-lfs+json' is not supported."}`},
		{"two documents", knock{kind: typeJSON, body: "{}{}"}, textBad},
		{"NUL", knock{kind: typeJSON, body: `{"a":["\u0000"]}`}, textBad},
		{"comment before", knock{kind: typeJSON, body: "/* x */{}"}, unauthorized},
		{"comment behind", knock{kind: typeJSON, body: "{}/* x */"}, broken(mockserver.MalformedJSON)},
		{"comment behind, on GET", knock{method: "GET", kind: typeJSON, body: "{}/* x */"}, unauthorized},
		{"list", knock{kind: typeJSON, body: "[1]"}, unauthorized},
		{"number", knock{kind: typeJSON, body: "12"}, broken(invalidJSON)},
		{"deep", knock{kind: typeJSON, body: deep}, broken("Parameters nested too deeply")},
		{
			"long list",
			knock{kind: typeJSON, body: "[" + strings.Repeat("1,", 50_000) + "1]"},
			broken("Array parameter too large"),
		},
		{
			"many members",
			knock{kind: typeJSON, body: `{"a":1` + strings.Repeat(`,"a":1`, 49_999) + "}"},
			broken("Too many total parameters"),
		},
		{
			"malformed, with a malformed path",
			knock{path: "/nowhere%00", kind: typeJSON, body: "{"},
			broken(invalidJSON),
		},
	})
	runDoorCases(t, "18.1", []doorCase{
		{"deep", knock{kind: typeJSON, body: deep}, unauthorized},
		{"deeper", knock{kind: typeJSON, body: strings.Repeat("[", 101) + strings.Repeat("]", 101)}, textBad},
		{"number", knock{kind: typeJSON, body: "12"}, unauthorized},
		{"blank", knock{kind: typeJSON, body: " "}, textBad},
		{"escape", knock{kind: typeJSON, body: `{"a":"\q"}`}, broken(mockserver.MalformedJSON)},
	})
	asJSON := http.Header{"Accept": {"application/json"}}
	runDoorCases(t, "16.4", []doorCase{
		{"malformed", knock{kind: typeJSON, body: "{"}, "400 text/html; charset=utf-8"},
		{
			"malformed, for programs",
			knock{kind: typeJSON, body: "{", header: asJSON},
			`400 application/json; charset=utf-8 {"status":400,"error":"Bad Request"}`,
		},
		{"NUL", knock{kind: typeJSON, body: `{"a":"\u0000"}`}, textBad},
	})
}

func TestDoor_strings(t *testing.T) {
	t.Parallel()
	form := func(body string) knock { return knock{kind: typeForm, body: body} }
	query := func(text string) knock { return knock{method: "GET", path: checksPath + "?" + text} }
	with := func(name, value string) knock { return knock{method: "GET", header: http.Header{name: {value}}} }
	var cases []doorCase
	for name, k := range map[string]knock{
		"NUL in the path": {method: "GET", path: checksPath + "%00"}, "invalid UTF-8 in the path": {
			method: "GET",
			path:   checksPath + "%c0",
		},
		"NUL in the query": query("x=a%00"), "invalid UTF-8 in the query": query("x=%c0"),
		"no escape in the query": query("x=%zz"), "NUL in a key": query("%00=1"),
		"invalid UTF-8 in a key": query("a[%ff]=1"), "NUL deep in the query": query("a[b][]=%00"),
		"NUL in a form": form("name=a%00"), "invalid UTF-8 in a form": form("name=%c0"),
		"no escape in a form": form("name=100%"),
		"kinds: plain, list":  form("x=1&x[]=2"), "kinds: plain, object": query("x=1&x[a]=2"),
		"kinds: object, list": query("x[a]=1&x[]=2"), "kinds: list, plain": query("x[]=1&x=2"),
		"many parameters": form(strings.Repeat("a=1&", 4096) + "a=1"), "deep": form("a" + strings.Repeat("[x]", 100) +
			"=1"), "long key": form(strings.Repeat("k", 65_537) + "=1"),
		"long form": form("a=" + strings.Repeat("x", 4<<20)), "gzip": form("\x1f\x8b\x08\x00"),
		"form on GET":      {method: "GET", kind: typeForm, body: "a=%zz"},
		"broken multipart": {kind: "multipart/form-data; boundary=b", body: "x"},
		"cut multipart": {
			kind: "multipart/form-data; boundary=b",
			body: "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx",
		},
		"Referer": with("Referer", "http://x/100%"), "Referer with a NUL": with("Referer", "http://x/%00"),
		"Bearer": with("Authorization", "Bearer \xc0"), "Basic": with("Authorization", "Basic YTpiAGM="),
		"bad form and traversal": {path: "/projects/6/../7", kind: typeForm, body: "a=%00"},
	} {
		cases = append(cases, doorCase{name, k, textBad})
	}
	const unauthorized = `401 application/json {"message":"401 Unauthorized"}`
	for name, k := range map[string]knock{
		"40 deep": form("a" + strings.Repeat("[x]", 40) + "=1"), "99 deep": form("a" + strings.Repeat("[x]", 99) +
			"=1"), "4096 parameters": form(strings.Repeat("a=1&", 4095) + "a=1"),
		"semicolon": query("x=1;y=2"), "twice": query("x=1&x=2"),
		"no boundary":           {kind: "multipart/form-data", body: "x"},
		"Basic as it should be": with("Authorization", "Basic YTpi"),
	} {
		cases = append(cases, doorCase{name, k, unauthorized})
	}
	runDoorCases(t, "18.9", append(cases,
		doorCase{
			"text is not looked at",
			knock{kind: "text/plain", body: "\x00"},
			`415 application/json {"error":"The provided content-type 'text/plain' is not supported."}`,
		},
		doorCase{"no type is not looked at", knock{body: "\x00"}, `415 application/json {"error":"The provided ` +
			`content-type '' is not supported."}`},
	))
	runDoorCases(t, "18.8", []doorCase{{"Referer", with("Referer", "http://x/100%"), unauthorized}})
}

func TestDoor_multipartLimits(t *testing.T) {
	t.Parallel()
	body := func(fields, files int) string {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		assert.NilError(t, w.SetBoundary("b"))
		for range fields {
			assert.NilError(t, w.WriteField("a", "1"))
		}
		for range files {
			_, err := w.CreateFormFile("f", "f")
			assert.NilError(t, err)
		}
		assert.NilError(t, w.Close())
		return b.String()
	}
	const kind, unauthorized = "multipart/form-data; boundary=b", `401 application/json {"message":"401 Unauthorized"}`
	runDoorCases(t, "18.9", []doorCase{
		{"most parts", knock{kind: kind, body: body(4096, 0)}, unauthorized},
		{"too many parts", knock{kind: kind, body: body(4097, 0)}, "500  " + mockserver.LowLevelError},
		{"most files", knock{kind: kind, body: body(0, 127)}, unauthorized},
		{"too many files", knock{kind: kind, body: body(0, 128)}, "500  " + mockserver.LowLevelError},
		{"too many files on PUT", knock{method: "PUT", kind: kind, body: body(0, 128)}, textBad},
	})
}

func TestDoor_traversal(t *testing.T) {
	t.Parallel()
	var cases []doorCase
	for _, path := range []string{
		"/projects/6/../7/external_status_checks", "/projects/6/%2e%2e/7",
		"/projects/6%2F..%2F7/external_status_checks", "/projects/6/..", "/projects/6/%252e%252e/7",
		checksPath + "?x=a/../y", checksPath + "?x=/../", checksPath + "?x[]=a/../b", checksPath + "?a[b]=x/../y",
		checksPath + "?x=a%5C..%5Cb", checksPath + "?per_page=a/../b",
		checksPath + "?external_url=http://x/../y", checksPath + "?x=..", checksPath + "?../x=1",
	} {
		cases = append(cases, doorCase{
			path, knock{method: "GET", path: path}, "400 text/plain " + mockserver.TraversalText,
		})
	}
	for _, path := range []string{
		checksPath + "?search=a/../b", checksPath + "?x=a..b", checksPath + "?x=..a/b",
		checksPath + "?x=a/.../b",
	} {
		cases = append(cases, doorCase{
			path,
			knock{method: "GET", path: path},
			`401 application/json {"message":"401 Unauthorized"}`,
		})
	}
	assert.Equal(t, len(mockserver.TraversalText), 112)
	runDoorCases(t, "18.9", append(cases, doorCase{
		"in a body",
		knock{kind: typeForm, body: "x=a/../b"},
		`401 application/json {"message":"401 Unauthorized"}`,
	}))
	runDoorCases(t, "18.1", []doorCase{{
		"before",
		knock{method: "GET", path: "/projects/6/../7"},
		`404 application/json {"error":"404 Not Found"}`,
	}})
}

func TestDoor_verbs(t *testing.T) {
	t.Parallel()
	check := checksPath + "/1"
	override := func(verb string) http.Header { return http.Header{"X-Http-Method-Override": {verb}} }
	runDoorCases(t, "18.9", []doorCase{
		{"by header, with JSON", knock{
			as: "maintainer", path: check, kind: typeJSON, body: `{"name":"renamed"}`,
			header: override("put"),
		}, `200 application/json {"id":1,"name":"renamed"…`},
		{
			"GET",
			knock{as: "maintainer", path: checksPath, header: override("GET")},
			`200 application/json [{"id":1,"name":"renamed"…`,
		},
		{
			"in the query",
			knock{as: "maintainer", path: check + "?_method=DELETE"},
			`404 application/json {"error":"404 Not Found"}`,
		},
		{
			"in JSON",
			knock{as: "maintainer", path: check, kind: typeJSON, body: `{"_method":"DELETE"}`},
			`404 application/json {"error":"404 Not Found"}`,
		},
		{"on PUT", knock{
			as: "maintainer", method: "PUT", path: check, kind: typeForm,
			body: "_method=DELETE&name=again",
		}, `200 application/json {"id":1,"name":"again"…`},
		{"form before header", knock{
			as: "maintainer", path: check, kind: typeForm, body: "_method=DELETE",
			header: override("PUT"),
		}, "204"},
		{
			"unknown",
			knock{as: "maintainer", path: check, header: override("FOO")},
			`404 application/json {"error":"404 Not Found"}`,
		},
		{"LINK", knock{path: check, header: override("LINK")}, "405 text/html; charset=utf-8"},
		{"TRACE", knock{method: "TRACE"}, `404 application/json {"error":"404 Not Found"}`},
		{"FOO", knock{method: "FOO"}, "501  FOO method is not supported"},
		{"lower case", knock{method: "get"}, "400  " + mockserver.LowLevelError},
		{"long query", knock{method: "GET", path: checksPath + "?x=" + strings.Repeat("y", 10<<10)}, "400  " +
			mockserver.LowLevelError},
		{"long path", knock{method: "GET", path: "/" + strings.Repeat("y", 8<<10)}, "400  " + mockserver.LowLevelError},
		{"long header", knock{method: "GET", header: http.Header{"X-Long": {strings.Repeat("y", 80<<10+1)}}}, "400  " +
			mockserver.LowLevelError},
	})
	assert.Equal(t, len(mockserver.LowLevelError), 75)
}

func TestDoor_types(t *testing.T) {
	t.Parallel()
	const page, data = "406 text/html; charset=utf-8", `406 application/json; charset=utf-8 {"status":406,` +
		`"error":"Not Acceptable"}`
	empty := http.Header{"Content-Type": {""}}
	runDoorCases(t, "18.9", []doorCase{
		{"empty", knock{header: empty, body: "{}"}, page},
		{"empty, for programs", knock{header: http.Header{"Content-Type": {""}, "Accept": {"application/json"}}}, data},
		{
			"empty, for XML",
			knock{header: http.Header{"Content-Type": {""}, "Accept": {"application/xml"}}},
			`406 application/xml; charset=utf-8 <?xml version="1.0" encoding="UTF-8"?>` +
				"\n<hash>\n  <status type=\"integer\">406</status>\n  <error>Not Acceptable</error>\n</hash>",
		},
		{"empty on GET", knock{method: "GET", header: empty}, page},
		{"a word", knock{kind: "garbage", body: "{}"}, page},
		{"three parts", knock{method: "GET", kind: "a/b/c/d e"}, page},
		{
			"absent",
			knock{body: "{}"},
			`415 application/json {"error":"The provided content-type '' is not supported."}`,
		},
		{"addresses", knock{method: "GET", header: http.Header{
			"Client-Ip":       {"10.0.0.1"},
			"X-Forwarded-For": {"10.0.0.2", "10.0.0.3"},
		}}, "500 text/html; charset=utf-8 <!DOCTYPE html>…"},
		{"equal addresses", knock{method: "GET", header: http.Header{
			"Client-Ip":       {"10.0.0.3"},
			"X-Forwarded-For": {"10.0.0.2, 10.0.0.3"},
		}}, `401 application/json {"message":"401 Unauthorized"}`},
	})
}

func TestDoor_go(t *testing.T) {
	t.Parallel()
	const found = `200 text/html <html><head><meta name="go-import" content="example.com/api/v4 git ` +
		`http://example.com/api/v4.git"></head><body>go get example.com/api/v4</body></html>`
	runDoorCases(t, "18.9", []doorCase{
		{"query", knock{as: "maintainer", method: "GET", path: checksPath + "?go-get=1"}, found},
		{"form", knock{path: checksPath, kind: typeForm, body: "go-get=1"}, found},
		{"JSON", knock{path: checksPath, kind: typeJSON, body: `{"go-get":1}`}, found},
		{"signed in", knock{
			method: "GET", path: checksPath + "?go-get=1",
			header: http.Header{"Authorization": {"Bearer x"}},
		}, "404 text/plain Go package not found or access " +
			"denied.…"},
		{
			"another value",
			knock{method: "GET", path: checksPath + "?go-get=2"},
			`401 application/json {"message":"401 Unauthorized"}`,
		},
	})
}

// doorHeaders are the headers that tell how far a request came.
var doorHeaders = []string{
	"X-Request-Id", "X-Gitlab-Meta", "X-Runtime", "Nel", "Cache-Control", "Etag", "Vary",
	"Access-Control-Allow-Origin", "X-Frame-Options", "X-Content-Type-Options", "Content-Length",
}

// doorKinds are the kinds of answers, each with the headers that it has.
var doorKinds = []struct {
	name  string
	knock knock
	want  string
}{
	{"of the web server", knock{method: "FOO"}, "Content-Length"},
	{"of the JSON validation", knock{kind: typeJSON, body: "{"}, doorIDs + " Content-Length"},
	{"`Bad Request`", knock{path: checksPath + "?x=%00"}, doorIDs + " Content-Length"},
	{"an error page", knock{kind: "garbage"}, doorIDs + " Content-Length"},
	{
		"to a preflight",
		knock{method: "OPTIONS", header: http.Header{"Access-Control-Request-Method": {"PUT"}}},
		doorIDs +
			" Nel Cache-Control=no-cache Access-Control-Allow-Origin Content-Length",
	},
	{"`415`", knock{body: "{}"}, doorIDs + " Nel Cache-Control=no-cache Vary Access-Control-Allow-Origin " +
		"Content-Length"},
	{"`406` for a format", knock{method: "GET", path: checksPath + "?format=xml"}, doorIDs +
		" Nel Cache-Control=no-cache Vary Access-Control-Allow-Origin Content-Length"},
	{"`401` of the API", knock{}, doorIDs + " Nel Cache-Control=no-cache Vary Access-Control-Allow-Origin " +
		"X-Frame-Options " +
		"X-Content-Type-Options Content-Length"},
	{"`404` for a path", knock{path: "/nowhere"}, doorIDs +
		" Nel Cache-Control=no-cache Vary Access-Control-Allow-Origin X-Frame-Options X-Content-Type-Options " +
		"Content-Length"},
	{"`200` with a body", knock{as: "maintainer", method: "GET"}, doorIDs +
		" Nel Cache-Control=max-age=0, private, must-revalidate Etag Vary Access-Control-Allow-Origin " +
		"X-Frame-Options X-Content-Type-Options Content-Length"},
	{"`200` to HEAD", knock{as: "maintainer", method: "HEAD"}, doorIDs +
		" Nel Cache-Control=no-cache Vary Access-Control-Allow-Origin X-Frame-Options X-Content-Type-Options " +
		"Content-Length"},
}

const doorIDs = "X-Request-Id X-Gitlab-Meta X-Runtime"

// fromElsewhere is the request as a page of another origin makes it.
func (k knock) fromElsewhere() knock {
	headers := http.Header{"Origin": {"https://elsewhere.example"}}
	for name, values := range k.header {
		headers[name] = values
	}
	k.header = headers
	return k
}

func TestDoor_headers(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t)
	for _, tc := range doorKinds {
		got := tc.knock.fromElsewhere().send(h).header
		var names []string
		for _, name := range doorHeaders {
			if name == "Cache-Control" && got.Get(name) != "" {
				names = append(names, name+"="+got.Get(name))
			} else if got.Get(name) != "" {
				names = append(names, name)
			}
		}
		assert.Equal(t, strings.Join(names, " "), tc.want, tc.name)
	}
}

func TestDoor_etags(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t)
	etag := knock{as: "maintainer", method: "GET"}.send(h).header.Get("Etag")
	ask := func(method, known string) string {
		r := knock{as: "maintainer", method: method, header: http.Header{"If-None-Match": {known}}}.send(h)
		return fmt.Sprintf("%d %s%s", r.status, r.header.Get("Content-Type"), r.header.Get("Etag"))
	}
	assert.Equal(t, ask("GET", etag), "304 "+etag)
	for _, other := range []string{"*", strings.TrimPrefix(etag, "W/"), `"x", ` + etag, etag + `, "x"`} {
		assert.Equal(t, ask("GET", other), "200 application/json"+etag, other)
	}
	assert.Equal(t, ask("HEAD", etag), "200 application/json")
}

func TestDoor_requestIDs(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t)
	for given, want := range map[string]string{
		"a b;c_d@-9": "abc_d@-9", ";": "",
		strings.Repeat("x", 300): strings.Repeat("x", 255),
	} {
		r := knock{method: "GET", header: http.Header{"X-Request-Id": {given}}}.send(h)
		assert.Equal(t, r.header.Get("X-Request-Id"), want)
		assert.Equal(t, r.header.Get("X-Gitlab-Meta"), `{"correlation_id":"`+want+`","version":"1"}`)
	}
}

func TestDoor_origins(t *testing.T) {
	t.Parallel()
	h := newUnjudged(t)
	ask := func(k knock) http.Header { return k.send(h).header }
	own := ask(knock{method: "GET", header: http.Header{"Origin": {testBaseURL}}})
	assert.Equal(t, own.Get("Access-Control-Allow-Origin")+own.Get("Access-Control-Allow-Credentials"), testBaseURL+
		"true")
	question := http.Header{
		"Origin": {"null"}, "Access-Control-Request-Method": {"PUT"},
		"Access-Control-Request-Headers": {"x-a, X-B"},
	}
	assert.Equal(t, ask(knock{method: "OPTIONS", path: "/nowhere", header: question}).
		Get("Access-Control-Allow-Headers"), "x-a, X-B")
	question["Access-Control-Request-Method"] = []string{"FOO"}
	assert.Equal(t, knock{method: "OPTIONS", header: question}.answer(h), "200")
	assert.Equal(t, ask(knock{method: "OPTIONS", header: question}).Get("Access-Control-Allow-Origin"), "")
	question["Access-Control-Request-Method"] = []string{"GET"}
	assert.Equal(t, ask(knock{method: "OPTIONS", path: "//nowhere", header: question}).
		Get("Access-Control-Allow-Origin"), "")
}

func TestDoor_writes(t *testing.T) {
	t.Parallel()
	for mode, want := range map[control.Writing]string{
		{Mode: control.WritingMaintenance}: `503 application/json {"message":"GitLab is undergoing ` +
			`maintenance"}`,
		{Mode: control.WritingMaintenance, Message: "until ten"}: `503 application/json {"message":"until ten"}`,
		{Mode: control.WritingReadOnly}: `403 application/json {"message":"You cannot perform ` +
			`write operations on a read-only instance"}`,
	} {
		h := newUnjudged(t)
		assert.NilError(t, h.server.SetWriting(mode.Mode, mode.Message))
		r := knock{kind: typeJSON, body: "{}"}.send(h)
		assert.Equal(t, fmt.Sprintf("%d %s %s", r.status, r.header.Get("Content-Type"), r.body), want)
		assert.Equal(t, r.header.Get("Retry-After") == "900", mode.Mode == control.WritingMaintenance)
		assert.Equal(t, r.header.Get("Cache-Control")+r.header.Get("Vary"), "")
		assert.Assert(t, r.header.Get("Nel") != "")
		r = knock{method: "DELETE", path: checksPath + "/1"}.send(h)
		assert.Equal(t, fmt.Sprintf("%d %s", r.status, r.header.Get("Location")), "301 "+testBaseURL+"/")
		r = knock{method: "DELETE", path: checksPath + "/1", header: http.Header{"Referer": {"http://x/y"}}}.send(h)
		assert.Equal(t, r.header.Get("Location"), "http://x/y")
		knock{as: "maintainer", method: "GET"}.send(h).want(200)
		assert.Equal(t, knock{kind: typeJSON, body: "{"}.answer(h), broken(invalidJSON))
	}
}

// doorBoundaries are the changes of the front door.
var doorBoundaries = []boundary{
	{change: "exposes-more-headers", version: "16.0", probe: func(h *harness) string {
		exposed := knock{method: "GET", header: http.Header{"Origin": {"null"}}}.send(h).
			header.Get("Access-Control-Expose-Headers")
		return exposed[strings.LastIndex(exposed, ",")+2:]
	}, before: "X-Gitlab-Size", after: "ETag"},
	{
		change: "text-for-malformed-json", version: "16.5", probe: knock{kind: typeJSON, body: "{"}.answer,
		before: "400 text/html; charset=utf-8", after: textBad,
	},
	{change: "refuses-path-traversal", version: "18.2", probe: knock{method: "GET", path: checksPath +
		"?x=/../"}.answer, before: `401 application/json {"message":"401 Unauthorized"}`, after: "400 text/plain " +
		mockserver.TraversalText},
	{
		change: "limits-json", version: "18.2", probe: knock{kind: typeJSON, body: strings.Repeat("[", 33) +
			strings.Repeat("]", 33)}.answer,
		before: `401 application/json {"message":"401 Unauthorized"}`,
		after:  `400 application/json {"error":"Parameters nested too deeply"}`,
	},
	{
		change: "names-malformed-json", version: "18.6", probe: knock{kind: typeJSON, body: "{"}.answer,
		before: textBad,
		after:  `400 application/json {"error":"Invalid JSON format"}`,
	},
	{
		change: "tells-when-to-retry", version: "18.5", arrange: limited("project_api=1/1m"),
		probe: func(h *harness) string {
			h.handler = h.server // the contract has no 429
			h.do("owner", "GET", "/projects/6", nil).want(200)
			r := h.do("owner", "GET", "/projects/6", nil)
			return fmt.Sprintf("%s %s", r.header.Get("Retry-After"), r.body)
		}, before: ` {"message":{"error":"This endpoint has been requested too many times. Try again later."}}`,
		after: `60 {"message":{"error":"This endpoint has been requested too many times. Try again later."}}`,
	},
	{
		change: "tells-of-rate-limits", version: "18.6", arrange: limited("throttle_authenticated_api=7200/1h"),
		probe: func(h *harness) string {
			header := h.do("owner", "GET", "/version", nil).want(200).header
			return header.Get("Ratelimit-Limit") + " " + header.Get("Ratelimit-Remaining")
		}, before: " ", after: "120 7199",
	},
	{
		change: "reads-referer", version: "18.9",
		probe:  knock{method: "GET", header: http.Header{"Referer": {"100%"}}}.answer,
		before: `401 application/json {"message":"401 Unauthorized"}`, after: textBad,
	},
	{change: "reads-client-address", version: "18.9", probe: func(h *harness) string {
		return fmt.Sprint(knock{method: "GET", header: http.Header{
			"Client-Ip":       {"::1"},
			"X-Forwarded-For": {"::2"},
		}}.send(h).status)
	}, before: "401", after: "500"},
	{
		change: "sends-network-error-policy", version: "18.9",
		probe: func(h *harness) string { return knock{method: "GET"}.send(h).header.Get("Nel") }, before: "",
		after: `{"max_age": 0}`,
	},
}
