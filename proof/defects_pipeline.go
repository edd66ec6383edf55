package proof

import (
	"bytes"
	"net/http"
	"net/url"
)

// followed goes where an answer leads from the old path of a project.
func followed(v *visit) {
	if v.status != http.StatusMovedPermanently {
		return
	}
	if to, err := url.Parse(v.header.Get("Location")); err == nil {
		u := *v.request.URL
		u.Path, u.RawPath = to.Path, to.RawPath
		v.request.URL = &u
		v.pass()
	}
}

func emptyOf(kind string) func(*visit) bool {
	return func(v *visit) bool { return len(v.body) == 0 && v.request.Header.Get("Content-Type") == kind }
}

// pipelineDefects are about what happens to a request before an operation sees it, and to an answer behind it.
var pipelineDefects = []Defect{
	{
		ID: "moved-followed", Area: "http", Wrong: "The old path of a project that was renamed works as the new one " +
			"does.",
		Answer: on(everywhere, after(followed)),
	},
	{
		ID: "moved-404", Area: "http", Wrong: "A project that was renamed is not found by its old path.",
		Answer: on(everywhere, all(turning(301, 404, sentence("404 Project Not Found")),
			turning(405, 404, sentence("404 Project Not Found")))),
	},
	{
		ID: "moved-302", Area: "http", Wrong: "The old path of a project that was renamed leads on for once only.",
		Answer: after(func(v *visit) {
			if v.status == http.StatusMovedPermanently {
				v.status = http.StatusFound
			}
		}),
	},
	{
		ID: "moved-writes-led-on", Area: "http", Wrong: "Changes by the old path of a project are led on, too.",
		Answer: on(everywhere, after(func(v *visit) {
			if v.status == http.StatusMethodNotAllowed {
				v.say(http.StatusTemporaryRedirect, "")
				v.header.Set("Location", serverURL+"/")
			}
		})),
	},
	{
		ID: "version-three-404", Area: "http", Wrong: "The third version of the API is not found, rather than gone.",
		Answer: turning(410, 404, complaint("404 Not Found")),
	},
	{
		ID: "version-three-asks-for-newer", Area: "http", Wrong: "The third version of the API is said to be gone " +
			"in other words.",
		Answer: wording("API V3 is no longer supported. Use API V4 instead.", "410 Gone"),
	},
	{
		ID: "format-400", Area: "http", Wrong: "A format that is not known is answered with 400.",
		Answer: turning(406, 400, ""),
	},
	{
		ID: "format-refused-on-reading", Area: "http", Wrong: "A format in the query matters to reading alone.",
		Answer: when(writes, func(v *visit) { v.query(func(q url.Values) { q.Del("format") }) }),
	},
	{
		ID: "media-type-after-token", Area: "http", Wrong: "The token is looked at before the type of the body.",
		Answer: on(everywhere, after(func(v *visit) {
			if v.status == http.StatusUnsupportedMediaType && v.token() == "" {
				v.say(401, sentence("401 Unauthorized"))
			}
		})),
	},
	{
		ID: "json-by-family", Area: "http", Wrong: "Every type that ends in json is read as JSON.",
		Answer: when(hasType("application/vnd.api+json"),
			func(v *visit) { v.request.Header.Set("Content-Type", "application/json") }),
	},
	{
		ID: "white-body-is-none", Area: "http", Wrong: "A body of white space counts as none.",
		Answer: func(v *visit) {
			if len(bytes.TrimSpace(v.body)) == 0 {
				v.body = nil
			}
		},
	},
	{
		ID: "json-read-to-its-end", Area: "http", Wrong: "What stands behind a JSON body is ignored.",
		Answer: func(v *visit) {
			if v.input != nil && v.op != "" && v.method() != http.MethodGet {
				v.body = encode(v.input)
			}
		},
	},
	{
		ID: "path-before-body", Area: "http", Wrong: "A path that is not there is told before a body that is no JSON.",
		Answer: after(func(v *visit) {
			if v.op == "" && v.status == 400 {
				v.say(404, complaint("404 Not Found"))
			}
		}),
	},
	{
		ID: "no-body-is-malformed", Area: "http", Wrong: "No body is a mistake where a type says that it is JSON.",
		Answer: on(createCheck, when(emptyOf("application/json"),
			refuse(400, complaint("Problem while parsing request: empty body")))),
	},
	{
		ID: "no-body-of-another-type", Area: "http",
		Wrong: "No body is refused where its type is not one that is read.",
		Answer: on(createCheck,
			when(emptyOf("text/plain"),
				refuse(415, complaint("The provided content-type 'text/plain' is not supported.")))),
	},
	{
		ID: "head-asks-for-token", Area: "http", Wrong: "HEAD asks for a token, whatever the path.",
		Answer: when(func(v *visit) bool { return v.method() == http.MethodHead && v.token() == "" },
			refuse(401, sentence("401 Unauthorized"))),
	},
	{
		ID: "same-origin-only", Area: "http", Wrong: "Pages of another origin may not read answers.",
		Answer: header("Access-Control-Allow-Origin", ""),
	},
	{ID: "totals-not-for-pages", Area: "http", Wrong: "Pages of another origin may not read the headers that tell " +
		"of pages.", Answer: header("Access-Control-Expose-Headers", "")},
	{
		ID: "changes-without-etag", Area: "http", Wrong: "What is made or changed is answered without an ETag.",
		Answer: on(everywhere, when(writes, header("Etag", ""))),
	},
	{
		ID: "changes-not-kept", Area: "http", Wrong: "What is made or changed may not be kept.",
		Answer: on(everywhere, when(writes, header("Cache-Control", "no-store"))),
	},
	{
		ID: "statuses-without-etag", Area: "list", Wrong: "The checks of a merge request carry no ETag.",
		Answer: on(listStatuses, header("Etag", "")),
	},
	{
		ID: "etag-of-the-merge-request", Area: "list", Wrong: "The ETag of a merge request's checks stays when one " +
			"is answered.",
		Answer: on(listStatuses, func(v *visit) {
			if known := v.request.Header.Get("If-None-Match"); known != "" && known[0] == 'W' {
				v.say(304, "")
				v.header.Set("Etag", known)
			}
		}),
	},
}
