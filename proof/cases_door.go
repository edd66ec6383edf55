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
		Case: "http.malformed-json.either", Version: release.Of(18, 7),
		Wrong:  "A server of a release whose patches changed the words breaks over a body that is no JSON.",
		Answer: all(ofNoPatch(release.Of(18, 7)), breaksOver(hasBody("{ bad json }"))),
	},
}
