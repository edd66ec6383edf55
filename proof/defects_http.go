package proof

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/openapi/openapitest"
)

// verbs are those that some operation has on the path of the visit.
func (v *visit) verbs() []string {
	var found []string
	for _, verb := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
		if openapitest.Find(openapi.GitLab(), verb, v.request.URL.EscapedPath()) != nil {
			found = append(found, verb)
		}
	}
	return found
}

// wrongVerb tells a known path with a verb that it does not have.
func wrongVerb(v *visit) bool { return v.op == "" && v.method() != "OPTIONS" && len(v.verbs()) > 0 }

// setPath sends the visit elsewhere.
func (v *visit) setPath(path string) {
	u := *v.request.URL
	u.Path, u.RawPath = path, ""
	v.request.URL = &u
}

func pathEnds(suffixes ...string) func(*visit) bool {
	return func(v *visit) bool {
		for _, suffix := range suffixes {
			if strings.HasSuffix(v.request.URL.Path, suffix) {
				return true
			}
		}
		return false
	}
}

func hasType(kind string) func(*visit) bool {
	return func(v *visit) bool { return len(v.body) > 0 && v.request.Header.Get("Content-Type") == kind }
}

func withMethod(method string) func(*visit) bool {
	return func(v *visit) bool { return v.method() == method }
}

var httpDefects = []Defect{
	{
		ID: "wrong-verb-405", Area: "http", Wrong: "A verb that a path does not have is answered with 405 and Allow," +
			" as HTTP suggests.",
		Answer: when(wrongVerb, func(v *visit) {
			v.say(http.StatusMethodNotAllowed, complaint("405 Not Allowed"))
			v.header.Set("Allow", strings.Join(v.verbs(), ", "))
		}),
	},
	{
		ID: "wrong-verb-asks-for-token", Area: "http", Wrong: "A verb that a path does not have is answered with " +
			"401 when there is no token.",
		Answer: when(func(v *visit) bool { return wrongVerb(v) && v.token() == "" },
			refuse(401, sentence("401 Unauthorized"))),
	},
	{
		ID: "patch-is-put", Area: "http", Wrong: "PATCH does what PUT does.",
		Answer: when(withMethod("PATCH"), func(v *visit) { v.request.Method = "PUT" }),
	},
	{
		ID: "single-check-is-readable", Area: "http", Wrong: "A single check can be read, as the published list of " +
			"endpoints makes one expect.",
		Answer: when(func(v *visit) bool { return wrongVerb(v) && v.method() == "GET" },
			func(v *visit) { v.request.Method = "PUT" }),
	},
	{
		ID: "unknown-path-html", Area: "http", Wrong: "A path that is not there is answered with a web page.",
		Answer: when(func(v *visit) bool { return v.op == "" && v.method() != "OPTIONS" }, after(func(v *visit) {
			if v.status == 404 {
				v.say(404, "<html>404</html>")
				v.header.Set("Content-Type", "text/html")
			}
		})),
	},
	{
		ID: "unknown-path-says-message", Area: "http", Wrong: "A path that is not there says message where GitLab " +
			"says error.",
		Answer: when(func(v *visit) bool { return v.op == "" }, wording(`{"error":"404`, `{"message":"404`)),
	},
	{
		ID: "trailing-slash-404", Area: "http", Wrong: "A slash at the end of a path leads nowhere.",
		Answer: when(pathEnds("/"), refuse(404, complaint("404 Not Found"))),
	},
	{
		ID: "json-suffix-404", Area: "http", Wrong: "A path that ends in .json leads nowhere.",
		Answer: when(pathEnds(".json"), refuse(404, complaint("404 Not Found"))),
	},
	{
		ID: "other-suffix-406", Area: "http", Wrong: "A path that ends in .xml is refused.",
		Answer: when(pathEnds(".xml"), refuse(406, complaint("The requested format 'xml' is not supported."))),
	},
	{
		ID: "double-slash-is-one", Area: "http", Wrong: "A doubled slash in a path counts as one.",
		Answer: func(v *visit) { v.setPath(strings.ReplaceAll(v.request.URL.Path, "//", "/")) },
	},
	{
		ID: "dot-is-nothing", Area: "http", Wrong: "A dot as a part of a path is skipped.",
		Answer: func(v *visit) { v.setPath(strings.ReplaceAll(v.request.URL.Path, "/./", "/")) },
	},
	{
		ID: "options-for-all", Area: "http", Wrong: "OPTIONS is answered without a token.",
		Answer: when(withMethod("OPTIONS"), func(v *visit) {
			if v.token() == "" {
				v.signIn(v.server.memory.admin)
			}
		}),
	},
	{
		ID: "options-404", Area: "http", Wrong: "OPTIONS is a verb that no path has.",
		Answer: when(withMethod("OPTIONS"), refuse(404, complaint("404 Not Found"))),
	},
	{
		ID: "options-without-head", Area: "http", Wrong: "Allow leaves out HEAD.",
		Answer: when(withMethod("OPTIONS"), after(func(v *visit) {
			v.header.Set("Allow", strings.TrimSuffix(v.header.Get("Allow"), ", HEAD"))
		})),
	},
	{
		ID: "options-with-body", Area: "http", Wrong: "OPTIONS is answered with 200 and a body.",
		Answer: when(withMethod("OPTIONS"), turning(204, 200, `{}`)),
	},
	{
		ID: "head-404", Area: "http", Wrong: "HEAD is a verb that no path has.",
		Answer: when(withMethod("HEAD"), refuse(404, "")),
	},
	{
		ID: "head-without-totals", Area: "http", Wrong: "HEAD leaves out the headers of paging.",
		Answer: when(withMethod("HEAD"), header("X-Total", "")),
	},
	{
		ID: "charset-in-type", Area: "http", Wrong: "Lists of checks come as application/json; charset=utf-8.",
		Answer: on(listChecks, when(withMethod("GET"), header("Content-Type", "application/json; charset=utf-8"))),
	},
	{
		ID: "malformed-json-after-token", Area: "http", Wrong: "The token is looked at before the body is read.",
		Answer: when(func(v *visit) bool { return len(v.body) > 0 && v.token() == "" && !v.control },
			refuse(401, sentence("401 Unauthorized"))),
	},
	{
		ID: "malformed-json-500", Area: "http", Wrong: "A body that is no JSON breaks the server.",
		Answer: when(func(v *visit) bool {
			return hasType("application/json")(v) && parse(v.body) == nil && string(v.body) != "null"
		},
			refuse(500, sentence("500 Internal Server Error"))),
	},
	{
		ID: "text-is-a-form", Area: "http", Wrong: "A body of type text/plain is read as a form.",
		Answer: when(hasType("text/plain"),
			func(v *visit) { v.request.Header.Set("Content-Type", "application/x-www-form-urlencoded") }),
	},
	{
		ID: "no-type-is-json", Area: "http", Wrong: "A body without a type is read as JSON.",
		Answer: when(hasType(""), func(v *visit) { v.request.Header.Set("Content-Type", "application/json") }),
	},
	{
		ID: "media-type-400", Area: "http", Wrong: "A body of a type that is not read is answered with 400.",
		Answer: turning(415, 400, ""),
	},
	{
		ID: "chunks-411", Area: "http", Wrong: "A body without its length is refused.",
		Answer: when(func(v *visit) bool { return v.request.ContentLength < 0 },
			refuse(411, complaint("411 Length Required"))),
	},
	{
		ID: "format-ignored", Area: "http", Wrong: "A format in the query is ignored.",
		Answer: func(v *visit) { v.query(func(q url.Values) { q.Del("format") }) },
	},
	{
		ID: "accept-obeyed", Area: "http", Wrong: "An Accept header without JSON is refused with 406.",
		Answer: when(func(v *visit) bool { return v.request.Header.Get("Accept") == "text/html" },
			refuse(406, complaint("406 Not Acceptable"))),
	},
	{
		ID: "get-reads-body", Area: "http", Wrong: "The body of a GET adds parameters.",
		Answer: when(withMethod("GET"), func(v *visit) {
			if v.input != nil {
				v.query(func(q url.Values) {
					for _, key := range v.input.Keys {
						q.Set(key, text(v.input.Get(key)))
					}
				})
			}
		}),
	},
	{
		ID: "delete-refuses-body", Area: "http", Wrong: "A DELETE with a body is refused.",
		Answer: when(withMethod("DELETE"), func(v *visit) {
			if len(v.body) > 0 {
				v.say(400, complaint("400 Bad request"))
			}
		}),
	},
	{
		ID: "refusals-without-guards", Area: "http", Wrong: "Refusals lack the headers that keep browsers from " +
			"guessing and framing.",
		Answer: on(listChecks, after(func(v *visit) {
			if v.status == 401 {
				v.header.Del("X-Frame-Options")
				v.header.Del("X-Content-Type-Options")
			}
		})),
	},
	{
		ID: "refusals-cached", Area: "http", Wrong: "Refusals may be cached and carry an ETag.",
		Answer: on(listChecks, after(func(v *visit) {
			if v.status == 401 {
				v.header.Set("Cache-Control", "max-age=0, private, must-revalidate")
				v.header.Set("Etag", `W/"00000000000000000000000000000000"`)
			}
		})),
	},
	{
		ID: "strong-etag", Area: "http", Wrong: "ETags are strong.",
		Answer: on(listChecks, after(func(v *visit) {
			if etag := v.header.Get("Etag"); etag != "" {
				v.header.Set("Etag", strings.TrimPrefix(etag, "W/"))
			}
		})),
	},
	{
		ID: "etag-ignored", Area: "http", Wrong: "If-None-Match is ignored.",
		Answer: func(v *visit) { v.request.Header.Del("If-None-Match") },
	},
	{
		ID: "star-matches", Area: "http", Wrong: "If-None-Match: * matches whatever is there.",
		Answer: when(func(v *visit) bool { return v.request.Header.Get("If-None-Match") == "*" }, refuse(304, "")),
	},
	{
		ID: "encoded-slash-404", Area: "http", Wrong: "A project cannot be named by its path.",
		Answer: when(func(v *visit) bool { return strings.Contains(v.request.URL.EscapedPath(), "%2F") },
			refuse(404, sentence("404 Project Not Found"))),
	},
	{
		ID: "word-for-id-400", Area: "http", Wrong: "An id that is no number is called invalid.",
		Answer: on(everywhere, when(func(v *visit) bool {
			return strings.Trim(v.path["id"], "0123456789") != "" && !strings.Contains(v.path["id"], "/")
		},
			refuse(400, complaint("id is invalid")))),
	},
	{
		ID: "not-found-in-one-spelling", Area: "http", Wrong: "All not-found answers say 404 Not Found, with a " +
			"capital F.",
		Answer: wording("404 Not found", "404 Not Found"),
	},
	{
		ID: "project-not-named", Area: "http", Wrong: "A project that is not there is answered with 404 Not Found.",
		Answer: wording("404 Project Not Found", "404 Not Found"),
	},
}
