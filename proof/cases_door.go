package proof

import (
	"net/http"
	"strings"

	"github.com/statuschecks/statuschecks/release"
)

// queryWithout takes a text out of the query, and formWithout out of the body of a form.
func queryWithout(text string) alteration {
	return func(v *visit) {
		u := *v.request.URL
		u.RawQuery = strings.ReplaceAll(u.RawQuery, text, "")
		v.request.URL = &u
	}
}

func formWithout(text string) alteration {
	return inForm(func(body string) string { return strings.ReplaceAll(body, text, "") })
}

// jsonWithout takes a text out of a JSON body.
func jsonWithout(text string) alteration {
	return when(hasType("application/json"),
		func(v *visit) { v.body = []byte(strings.ReplaceAll(string(v.body), text, "")) })
}

// ofNoPatch is a server that does not say which patch of its release it is.
func ofNoPatch(v release.Version) alteration {
	return on("getVersion getMetadata", after(func(visit *visit) {
		before, rest, found := strings.Cut(string(visit.answer), v.String()+".")
		if _, behind, quoted := strings.Cut(rest, `"`); found && quoted {
			visit.answer = []byte(before + v.String() + `"` + behind)
		}
	}))
}

// breaksOver answers what is malformed in one way as if the server broke over it.
func breaksOver(malformed func(*visit) bool) alteration {
	return when(malformed, refuse(http.StatusInternalServerError, sentence("500 Internal Server Error")))
}

// hasBody tells a request with just that body.
func hasBody(text string) func(*visit) bool {
	return func(v *visit) bool { return string(v.body) == text }
}

var doorCases = []CaseDefect{
	{
		Case: "http.door.nul.json", Wrong: "A NUL in a JSON body counts as nothing.",
		Answer: jsonWithout(`\u0000`),
	},
	{Case: "http.door.nul.form", Wrong: "A NUL in a form counts as nothing.", Answer: formWithout("%00")},
	{Case: "http.door.nul.query", Wrong: "A NUL in the query counts as nothing.", Answer: queryWithout("%00")},
	{
		Case: "http.door.utf-8.form", Wrong: "What is not UTF-8 in a form counts as nothing.",
		Answer: formWithout("%c0"),
	},
	{
		Case: "http.door.utf-8.query", Wrong: "What is not UTF-8 in the query counts as nothing.",
		Answer: queryWithout("%c0"),
	},
	{
		Case: "http.door.utf-8.json", Wrong: "What is not UTF-8 in a JSON body counts as nothing.",
		Answer: jsonWithout("\xc0"),
	},
}

// takenFor looks at a token where GitLab's front door says something.
func takenFor(words string, holds func(*visit) bool) alteration {
	return after(when(both(says(words), holds), refuse(http.StatusUnauthorized, sentence("401 Unauthorized"))))
}

func hasFiles(v *visit) bool { return strings.Contains(string(v.body), "filename=") }

func hasNoFiles(v *visit) bool { return !hasFiles(v) }

// bodyBegins tells a request by how its body begins.
func bodyBegins(text string) func(*visit) bool {
	return func(v *visit) bool { return strings.HasPrefix(string(v.body), text) }
}

var doorLimitCases = []CaseDefect{
	{
		Case: "http.door.json-array", Wrong: "A list in a JSON body may be as long as it likes.",
		Answer: takenFor("Array parameter too large", always),
	},
	{
		Case: "http.door.json-total", Wrong: "A JSON body may have as many elements as it likes.",
		Answer: takenFor("Too many total parameters", always),
	},
	{
		Case: "http.door.parameters", Wrong: "A form may have as many parameters as it likes.",
		Answer: takenFor("Bad Request", bodyBegins("a=1&")),
	},
	{
		Case: "http.door.key-length", Wrong: "The key of a parameter may be as long as it likes.",
		Answer: takenFor("Bad Request", bodyBegins("kk")),
	},
	{
		Case: "http.door.parts", Wrong: "Multipart data may have as many parts as they like.",
		Answer: takenFor("low-level", hasNoFiles),
	},
	{
		Case: "http.door.files", Wrong: "Multipart data may have as many files as they like.",
		Answer: takenFor("low-level", hasFiles),
	},
	{
		Case: "http.door.multipart-cut", Wrong: "Multipart data that end too early are read as far as they go.",
		Answer: takenFor("Bad Request", bodyBegins("--b")),
	},
}

// headerWithout takes a text out of a header of the request; nothing is left of a header that was no more.
func headerWithout(name, text string) alteration {
	return func(v *visit) {
		if v.request.Header.Get(name) == text {
			v.request.Header.Del(name)
		} else if value := v.request.Header.Get(name); value != "" {
			v.request.Header.Set(name, strings.ReplaceAll(value, text, ""))
		}
	}
}

var doorHeaderCases = []CaseDefect{
	{
		Case: "http.door.referer", Wrong: "An escape that is none in a Referer is not looked at.",
		Answer: headerWithout("Referer", "100%"),
	},
	{
		Case: "http.door.referer.nul", Wrong: "A NUL in a Referer is not looked at.",
		Answer: headerWithout("Referer", "%00"),
	},
	{
		Case: "http.door.referer.utf-8", Wrong: "That a Referer is not UTF-8 is not looked at.",
		Answer: headerWithout("Referer", "%c0"),
	},
	{
		Case: "http.door.credentials", Wrong: "A NUL in a password is not looked at.",
		Answer: headerWithout("Authorization", "Basic YTpiAA=="),
	},
	{
		Case: "http.door.credentials.utf-8", Wrong: "That a password is not UTF-8 is not looked at.",
		Answer: headerWithout("Authorization", "Basic YTrA"),
	},
	{
		Case: "http.door.bearer", Wrong: "That a bearer's token is not UTF-8 is not looked at.",
		Answer: headerWithout("Authorization", "Bearer \xc0"),
	},
	{
		Case: "http.door.exposed", Wrong: "Pages of other origins may read how often they may call, and no ETag.",
		Answer: after(func(v *visit) {
			exposed := v.header.Get("Access-Control-Expose-Headers")
			v.header.Set("Access-Control-Expose-Headers", strings.Replace(exposed, "ETag", "RateLimit-Remaining", 1))
		}),
	},
	{
		Case: "http.door.own-origin", Wrong: "Pages of the instance itself may not send their cookies.",
		Answer: header("Access-Control-Allow-Credentials", ""),
	},
	{
		Case: "http.door.vary", Wrong: "That an answer depends on the origin is told only where one was given.",
		Answer: after(func(v *visit) {
			if v.request.Header.Get("Origin") == "" {
				v.header.Del("Vary")
			}
		}),
	},
	{
		Case: "http.door.network-errors", Wrong: "What is refused at the front door speaks of network errors too.",
		Answer: header("Nel", `{"max_age": 0}`),
	},
	{
		Case: "http.door.addresses", Version: release.Of(18, 9), Flips: "reads-client-address",
		Wrong: "That two headers tell different addresses of the client is not looked at.",
	},
}

// eitherWay is a server of 18.7 that does not say its patch and breaks over a body.
func eitherWay(id, body string) CaseDefect {
	v := release.Of(18, 7)
	return CaseDefect{
		Case: id + ".either", Version: v,
		Wrong:  "A server of a release whose patches changed the words breaks over the body " + body + ".",
		Answer: all(ofNoPatch(v), breaksOver(hasBody(body))),
	}
}

// ofAnotherProject tells a response that names a check of another project.
func ofAnotherProject(v *visit) bool { return v.server.memory.check(v.check()).project != v.project() }

var eitherCases = []CaseDefect{
	eitherWay("http.malformed-json", "{ bad json }"),
	eitherWay("http.malformed.space", "  "),
	eitherWay("http.malformed.behind", "{} x"),
	eitherWay("http.malformed.unknown-path", `{"name": `),
	eitherWay("http.door.json-everywhere", "{ bad json ]"),
	eitherWay("checks.parameters.number", "5"),
	{
		Case: "history.respond.own-project.either", Version: release.Of(14, 4),
		Wrong: "A server of a release that a patch changed forbids naming checks of other projects.",
		Answer: all(ofNoPatch(release.Of(14, 4)), on(respond, when(ofAnotherProject,
			turning(404, 403, sentence("403 Forbidden"))))),
	},
	{
		Case: "history.respond.assigned-reporter-early.either", Version: release.Of(14, 6),
		Wrong: "A server of a release that a patch changed forbids reporters to respond, assigned or not.",
		Answer: all(ofNoPatch(release.Of(14, 6)), on(respond, by("reporter",
			turning(404, 403, sentence("403 Forbidden"))))),
	},
}

// doorHistoryCases are servers that lag behind their release, or are ahead of it.
var doorHistoryCases = []CaseDefect{
	{
		Case: "history.json-depth.unlimited", Version: release.Of(18, 1), Flips: "limits-json",
		Wrong: "A server of 18.1 already refuses JSON that is too deep, as 18.5 does.",
	},
	{
		Case: "history.json-depth.limited", Version: release.Of(18, 4), Flips: "limits-json",
		Wrong: "A server of 18.4 still takes JSON that is too deep, as 18.1 does.",
	},
	{
		Case: "history.referer-unread", Version: release.Of(18, 8), Flips: "reads-referer",
		Wrong: "A server of 18.8 already looks at the Referer, as 18.9 does.",
	},
	{
		Case: "history.addresses-unread", Version: release.Of(18, 8), Flips: "reads-client-address",
		Wrong: "A server of 18.8 already breaks over two addresses of the client, as 18.9 does.",
	},
	{
		Case: "history.network-errors-untold", Version: release.Of(18, 8), Flips: "sends-network-error-policy",
		Wrong: "A server of 18.8 already speaks of network errors, as 18.9 does.",
	},
	{
		Case: "history.exposed.few", Version: release.Of(15, 11), Flips: "exposes-more-headers",
		Wrong: "A server of 15.11 already lets pages of other origins read the ETag, as 16.0 does.",
	},
	{
		Case: "history.exposed.more", Version: release.Of(16, 0), Flips: "exposes-more-headers",
		Wrong: "A server of 16.0 still lets no page of another origin read the ETag, as 15.11 does.",
	},
}
