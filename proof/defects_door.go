package proof

import (
	"net/http"
	"net/url"
	"strings"
)

// stripped takes texts out of body and query.
func stripped(texts ...string) alteration {
	return func(v *visit) {
		for _, text := range texts {
			v.body = []byte(strings.ReplaceAll(string(v.body), text, ""))
			u := *v.request.URL
			u.RawQuery = strings.ReplaceAll(u.RawQuery, text, "")
			v.request.URL = &u
		}
	}
}

// pathWithout takes a text out of the path.
func pathWithout(text string) alteration {
	return when(func(v *visit) bool { return strings.Contains(v.request.URL.Path, text) },
		func(v *visit) { v.setPath(strings.ReplaceAll(v.request.URL.Path, text, "")) })
}

// asks tells the question of a browser that comes before a request.
func asks(v *visit) bool {
	return v.method() == http.MethodOptions && v.request.Header.Get("Access-Control-Request-Method") != ""
}

func says(text string) func(*visit) bool {
	return func(v *visit) bool { return strings.Contains(string(v.answer), text) }
}

// doorDefects are about what is answered before paths and tokens are looked at.
var doorDefects = []Defect{
	{
		ID: "json-looked-at-where-read", Area: "http", Wrong: "A body that is not read may be anything.",
		Answer: when(withMethod("GET"), func(v *visit) {
			v.body = nil
			if hasJSON(v) {
				v.request.Header.Del("Content-Type")
			}
		}),
	},
	{
		ID: "json-as-deep-as-it-is", Area: "http", Wrong: "A JSON body may be as deep as it likes.",
		Answer: when(func(v *visit) bool { return strings.HasPrefix(string(v.body), strings.Repeat("[", 33)) },
			func(v *visit) { v.body = []byte("[]") }),
	},
	{
		ID: "json-without-comments", Area: "http", Wrong: "A JSON body may hold no comments.",
		Answer: when(func(v *visit) bool { return strings.Contains(string(v.body), "/*") },
			refuse(400, complaint("Invalid JSON format"))),
	},
	{
		ID: "nul-taken", Area: "http", Wrong: "A NUL in a parameter counts as nothing.",
		Answer: stripped("%00", `\u0000`),
	},
	{ID: "not-utf-8-taken", Area: "http", Wrong: "What is not UTF-8 counts as nothing.", Answer: stripped("%c0")},
	{ID: "percent-taken", Area: "http", Wrong: "An escape that is none stands for itself.", Answer: stripped("%zz")},
	{
		ID: "kinds-mixed", Area: "http", Wrong: "Of a parameter that is given in two kinds one counts.",
		Answer: stripped("&x[]=2"),
	},
	{
		ID: "first-document-read", Area: "http", Wrong: "Of several JSON documents in a body the first counts.",
		Answer: when(func(v *visit) bool { return string(v.body) == "{}{}" }, func(v *visit) { v.body = []byte("{}") }),
	},
	{
		ID: "traversal-not-found", Area: "http", Wrong: "A path or query that leads upwards is not found.",
		Answer: after(when(says("Potential path traversal"), refuse(404, complaint("404 Not Found")))),
	},
	{
		ID: "verb-stays", Area: "http", Wrong: "A header cannot name another verb than the request's.",
		Answer: func(v *visit) { v.request.Header.Del("X-Http-Method-Override") },
	},
	{
		ID: "form-verb-stays", Area: "http", Wrong: "A form cannot name another verb than the request's.",
		Answer: stripped("_method=DELETE"),
	},
	{
		ID: "nested-without-end", Area: "http", Wrong: "Parameters may be nested as deeply as they like.",
		Answer: stripped(strings.Repeat("[a]", 100)),
	},
	{ID: "path-with-nul", Area: "http", Wrong: "A NUL in the path counts as nothing.", Answer: pathWithout("\x00")},
	{
		ID: "path-not-utf-8", Area: "http", Wrong: "What is not UTF-8 in the path counts as nothing.",
		Answer: pathWithout("\xc0"),
	},
	{
		ID: "referer-not-read", Area: "http", Wrong: "The header Referer may hold anything.",
		Answer: func(v *visit) { v.request.Header.Del("Referer") },
	},
	{
		ID: "password-with-nul", Area: "http", Wrong: "A password may hold a NUL.",
		Answer: when(func(v *visit) bool { return strings.HasPrefix(v.request.Header.Get("Authorization"), "Basic ") },
			func(v *visit) { v.request.Header.Del("Authorization") }),
	},
	{
		ID: "empty-type-taken", Area: "http", Wrong: "An empty Content-Type counts as none.",
		Answer: func(v *visit) {
			if values, given := v.request.Header["Content-Type"]; given && values[0] == "" {
				v.request.Header.Del("Content-Type")
			}
		},
	},
	{
		ID: "refusals-for-all-origins", Area: "http", Wrong: "Pages of other origins may read what is refused at " +
			"the front door.",
		Answer: after(when(says("Bad Request"), func(v *visit) { v.header.Set("Access-Control-Allow-Origin", "*") })),
	},
	at(18, 7, "malformed-json-breaks", "breaks over a body that is no JSON", when(
		func(v *visit) bool { return hasJSON(v) && strings.HasPrefix(string(v.body), "{ bad") },
		refuse(500, sentence("500 Internal Server Error")))),
	{
		ID: "no-type-taken", Area: "http", Wrong: "A Content-Type that names no type counts as JSON.",
		Answer: when(func(v *visit) bool { return v.request.Header.Get("Content-Type") == "garbage" },
			func(v *visit) { v.request.Header.Set("Content-Type", "application/json") }),
	},
	{
		ID: "preflight-204", Area: "http", Wrong: "The question of a browser is answered with 204.",
		Answer: when(asks, after(func(v *visit) { v.status = http.StatusNoContent })),
	},
	{
		ID: "guards-everywhere", Area: "http", Wrong: "Every refusal keeps browsers from framing.",
		Answer: header("X-Frame-Options", "SAMEORIGIN"),
	},
	{
		ID: "head-with-etag", Area: "http", Wrong: "HEAD carries an ETag.",
		Answer: when(withMethod("HEAD"), header("Etag", `W/"00000000000000000000000000000000"`)),
	},
	{
		ID: "go-unknown", Area: "http", Wrong: "The go command is answered like everybody.",
		Answer: func(v *visit) { v.query(func(q url.Values) { q.Del("go-get") }) },
	},
}

func hasJSON(v *visit) bool { return v.request.Header.Get("Content-Type") == "application/json" }
