package proof

import (
	"html"
	"net/url"
	"regexp"
	"strings"
)

var (
	address    = regexp.MustCompile(`<https?://[^/>]+`)
	needlessly = regexp.MustCompile(`%(3[0-9]|[46][1-9A-F]|[57][0-9A])`)
)

// needlesslyEscaped tells a path in which letters or digits are percent escapes.
func needlesslyEscaped(v *visit) bool { return needlessly.MatchString(v.request.URL.EscapedPath()) }

// lowered writes the host of a URL in small letters.
func lowered(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return text
	}
	u.Host = strings.ToLower(u.Host)
	return u.String()
}

// stored changes a text of a check on its way in.
func stored(name string, change func(string) string) alteration {
	return on(createCheck+" "+updateCheck, taking(name, func(_ *visit, value any) any {
		if isText(value) {
			return change(text(value))
		}
		return value
	}))
}

// hostless takes scheme and host away from the addresses in the Link header.
var hostless = after(func(v *visit) {
	v.header.Set("Link", address.ReplaceAllString(v.header.Get("Link"), "<"))
})

// lowerEscaped tells a path whose slashes are escaped in small letters.
func lowerEscaped(v *visit) bool { return strings.Contains(v.request.URL.EscapedPath(), "%2f") }

// writingDefects are servers that write things in another way than GitLab, or read them in one way only.
var writingDefects = []Defect{
	{
		ID: "links-without-host", Area: "paging",
		Wrong:  "The addresses in the Link header are paths without scheme and host.",
		Answer: on(listChecks+" "+listStatuses, hostless),
	},
	{
		ID: "links-of-checks-without-host", Area: "paging",
		Wrong:  "The addresses in the Link header of a project's checks are paths.",
		Answer: on(listChecks, hostless),
	},
	{
		ID: "links-of-statuses-without-host", Area: "paging",
		Wrong:  "The addresses in the Link header of a merge request's checks are paths.",
		Answer: on(listStatuses, hostless),
	},
	{
		ID: "escaped-letters-are-others", Area: "http",
		Wrong:  "A letter in a project's path that is written as a percent escape is not that letter.",
		Answer: on(everywhere, when(needlesslyEscaped, refuse(404, sentence("404 Project Not Found")))),
	},
	{
		ID: "escapes-in-capitals-only", Area: "http", Wrong: "A percent escape counts in capitals only.",
		Answer: on(everywhere, when(lowerEscaped, refuse(404, sentence("404 Project Not Found")))),
	},
	{
		ID: "urls-with-small-hosts", Area: "checks", Wrong: "The host of a URL is kept in small letters.",
		Answer: stored("external_url", lowered),
	},
	{
		ID: "names-as-html", Area: "checks", Wrong: "A name is kept as HTML has it.",
		Answer: stored("name", html.EscapeString),
	},
	{
		ID: "escapes-undone-in-names", Area: "checks", Wrong: "Percent escapes in a name are undone.",
		Answer: stored("name", func(name string) string {
			if plain, err := url.PathUnescape(name); err == nil {
				return plain
			}
			return name
		}),
	},
}
