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
		Answer: when(func(v *visit) bool { return strings.HasPrefix(string(v.body), strings.Repeat("[", 33)) }, func(v *visit) { v.body = []byte("[]") }),
	},
	{
		ID: "json-without-comments", Area: "http", Wrong: "A JSON body may hold no comments.",
		Answer: when(func(v *visit) bool { return strings.Contains(string(v.body), "/*") }, refuse(400, complaint("Invalid JSON format"))),
	},
	{ID: "nul-taken", Area: "http", Wrong: "A NUL in a parameter counts as nothing.", Answer: stripped("%00", `\u0000`)},
	{ID: "not-utf-8-taken", Area: "http", Wrong: "What is not UTF-8 counts as nothing.", Answer: stripped("%c0")},
	{ID: "percent-taken", Area: "http", Wrong: "An escape that is none stands for itself.", Answer: stripped("%zz")},
	{ID: "kinds-mixed", Area: "http", Wrong: "Of a parameter that is given in two kinds one counts.", Answer: stripped("&x[]=2")},
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
		ID: "no-type-taken", Area: "http", Wrong: "A Content-Type that names no type counts as JSON.",
		Answer: when(func(v *visit) bool { return v.request.Header.Get("Content-Type") == "garbage" }, func(v *visit) { v.request.Header.Set("Content-Type", "application/json") }),
	},
	{
		ID: "preflight-204", Area: "http", Wrong: "The question of a browser is answered with 204.",
		Answer: when(asks, after(func(v *visit) { v.status = http.StatusNoContent })),
	},
	{ID: "guards-everywhere", Area: "http", Wrong: "Every refusal keeps browsers from framing.", Answer: header("X-Frame-Options", "SAMEORIGIN")},
	{
		ID: "head-with-etag", Area: "http", Wrong: "HEAD carries an ETag.",
		Answer: when(withMethod("HEAD"), header("Etag", `W/"00000000000000000000000000000000"`)),
	},
	{ID: "go-unknown", Area: "http", Wrong: "The go command is answered like everybody.", Answer: func(v *visit) { v.query(func(q url.Values) { q.Del("go-get") }) }},
}

func hasJSON(v *visit) bool { return v.request.Header.Get("Content-Type") == "application/json" }
