package proof

import (
	"net/url"
	"slices"
	"strings"
)

// listed tells the listing of a merge request's checks, done with success.
func listed(change func(v *visit, item *object)) alteration { return on(listStatuses, items(change)) }

// key names a check on a merge request, for notes.
func (v *visit) key(check string) string {
	return strings.Join([]string{text(number(v.project())), v.mr(), check}, "/")
}

// head is the SHA at the head of the merge request.
func (v *visit) head() string {
	if o, ok := v.ask("getMergeRequest").answered().(*object); ok {
		return text(o.Get("sha"))
	}
	return ""
}

// status is that of the check that the visit is about, on its merge request.
func (v *visit) statusOf(check string) string {
	for _, o := range objects(v.ask(listStatuses, "per_page", number(100)).answered()) {
		if text(o.Get("id")) == check {
			return text(o.Get("status"))
		}
	}
	return ""
}

// fullURL shows a check's URL as change makes it of the whole one.
func fullURL(roles string, change func(url string) string) alteration {
	return by(roles, listed(func(v *visit, o *object) {
		o.Set("external_url", change(v.server.memory.check(text(o.Get("id"))).url))
	}))
}

func cutAt(separator string) func(string) string {
	return func(address string) string { before, _, _ := strings.Cut(address, separator); return before }
}

const seers = "developer maintainer owner admin creator"

var listDefects = []Defect{
	{
		ID: "checks-masked", Area: "list", Wrong: "The list of a project's checks masks their URLs.",
		Answer: on(onChecks, field("external_url", func(_ *visit, value any) any { return cutAt("?")(text(value)) })),
	},
	{
		ID: "checks-newest-first", Area: "list", Wrong: "A project's checks are listed with the newest first.",
		Answer: on(listChecks, list(func(_ *visit, found []any) []any { slices.Reverse(found); return found })),
	},
	{
		ID: "statuses-newest-first", Area: "list", Wrong: "The checks of a merge request are listed with the newest " +
			"first, as in the published sample.",
		Answer: on(listStatuses, list(func(_ *visit, found []any) []any { slices.Reverse(found); return found })),
	},
	{
		ID: "all-checks-on-merge-requests", Area: "list", Wrong: "A merge request lists the checks of all branches.",
		Answer: on(listStatuses, list(func(v *visit, found []any) []any {
			if v.given("page") != nil {
				return found
			}
			for _, c := range objects(v.ask(listChecks, "per_page", number(100)).answered()) {
				if !slices.ContainsFunc(objects(found),
					func(o *object) bool { return text(o.Get("id")) == text(c.Get("id")) }) {
					found = append(found, of("id", c.Get("id"), "name", c.Get("name"), "external_url", "", "status",
						"pending"))
				}
			}
			return found
		})),
	},
	{
		ID: "branch-checks-never-listed", Area: "list", Wrong: "A merge request lists only the checks that are for " +
			"all branches.",
		Answer: on(listStatuses, list(func(v *visit, found []any) []any {
			limited := map[string]bool{}
			for _, c := range objects(v.ask(listChecks, "per_page", number(100)).answered()) {
				limited[text(c.Get("id"))] = len(asList(c.Get("protected_branches"))) > 0
			}
			return slices.DeleteFunc(found, func(item any) bool { return limited[text(item.(*object).Get("id"))] })
		})),
	},
	{
		ID: "no-poll-interval", Area: "list", Wrong: "The list of a merge request's checks does not say how often " +
			"to ask again.",
		Answer: on(listStatuses, header("Poll-Interval", "")),
	},
	{
		ID: "poll-interval-in-seconds", Area: "list", Wrong: "Poll-Interval is in seconds.",
		Answer: on(listStatuses, header("Poll-Interval", "10")),
	},
	{
		ID: "filters-obeyed", Area: "list", Wrong: "The list of a merge request's checks can be filtered by check.",
		Answer: on(listStatuses, when(func(v *visit) bool { return v.given("external_status_check_id") != nil },
			list(func(v *visit, found []any) []any {
				return slices.DeleteFunc(found, func(item any) bool {
					return text(item.(*object).Get("id")) != text(v.given("external_status_check_id"))
				})
			}))),
	},
	{
		ID: "sha-filter-obeyed", Area: "list", Wrong: "The list of a merge request's checks can be asked for " +
			"another commit, and is empty for one that is not there.",
		Answer: on(listStatuses, when(func(v *visit) bool { return v.given("sha") != nil },
			list(func(*visit, []any) []any { return []any{} }))),
	},
	{
		ID: "closed-404", Area: "list", Wrong: "A closed merge request has no checks to list.",
		Answer: on(listStatuses+" "+respond, when(notOpen, refuse(404, sentence("404 Not found")))),
	},
	{
		ID: "unknown-merge-request-is-empty", Area: "list", Wrong: "The checks of a merge request that is not there " +
			"are an empty list.",
		Answer: on(listStatuses, after(func(v *visit) {
			if v.status == 404 && strings.Contains(string(v.answer), "404 Not found") {
				v.say(200, "[]")
			}
		})),
	},
	{
		ID: "merge-request-word-400", Area: "list",
		Wrong: "A merge request number that is no number is called invalid.",
		Answer: on(listStatuses, when(func(v *visit) bool { return notWhole(v.mr()) },
			refuse(400, complaint("merge_request_iid is invalid")))),
	},
	{
		ID: "merge-requests-by-id", Area: "list", Wrong: "Merge requests are looked up by id, not by number.",
		Answer: on(onStatuses, when(func(v *visit) bool {
			mr, _ := v.ask("getMergeRequest").answered().(*object)
			return mr != nil && mr.Get("id") != nil && text(mr.Get("id")) != v.mr()
		}, refuse(404, sentence("404 Not found")))),
	},
	{
		ID: "says-approved", Area: "list", Wrong: "A passed check is called approved.",
		Answer: listed(func(_ *visit, o *object) {
			if o.Get("status") == "passed" {
				o.Set("status", "approved")
			}
		}),
	},
	{
		ID: "unanswered-is-null", Area: "list", Wrong: "A check that nobody has answered has no status.",
		Answer: listed(func(_ *visit, o *object) {
			if o.Get("status") == "pending" {
				o.Set("status", nil)
			}
		}),
	},
	{
		ID: "unanswered-left-out", Area: "list", Wrong: "Only checks that were answered are listed.",
		Answer: on(listStatuses, list(func(_ *visit, found []any) []any {
			return slices.DeleteFunc(found, func(item any) bool { return item.(*object).Get("status") == "pending" })
		})),
	},
	{
		ID: "first-response-counts", Area: "list", Wrong: "Of several responses the first one counts.",
		Answer: all(noteResponse("first", func(old, _ string) bool { return old == "" }), showNote("first")),
	},
	{
		ID: "failure-stays", Area: "list", Wrong: "A check that failed once stays failed.",
		Answer: all(noteResponse("failed", func(_, status string) bool { return status == "failed" }),
			showNote("failed")),
	},
	{
		ID: "pass-stays", Area: "list", Wrong: "A check that passed once stays passed for the same commit.",
		Answer: all(noteResponse("passed", func(_, status string) bool { return status == "passed" }),
			showNote("passed")),
	},
	{
		ID: "pass-survives-push", Area: "list",
		Wrong: "A check that passed stays passed when another commit is pushed.",
		Answer: all(
			on(respond, after(func(v *visit) {
				if v.succeeded() {
					v.server.memory.note("ever "+v.key(v.check()), text(v.given("status")))
				}
			})),
			listed(func(v *visit, o *object) {
				if o.Get("status") == "pending" && v.server.memory.noted("ever "+v.key(text(o.Get("id")))) == "passed" {
					o.Set("status", "passed")
				}
			})),
	},
	{
		ID: "response-counts-everywhere", Area: "list", Wrong: "A response counts for all checks of the merge request.",
		Answer: all(
			on(respond, after(func(v *visit) {
				if v.succeeded() {
					v.server.memory.note("any "+v.key(""), text(v.given("status")))
				}
			})),
			listed(func(v *visit, o *object) {
				if last := v.server.memory.noted("any " + v.key("")); last != "" {
					o.Set("status", last)
				}
			})),
	},
	{
		ID: "status-without-name", Area: "list", Wrong: "The checks of a merge request are listed without their names.",
		Answer: on(listStatuses, dropping("name")),
	},
	{
		ID: "status-with-more", Area: "list", Wrong: "The checks of a merge request are listed with all that is " +
			"known of them.",
		Answer: on(listStatuses, adding("project_id", func(v *visit, _ *object) any { return number(v.project()) })),
	},
	{
		ID: "urls-shown", Area: "masking", Wrong: "On a merge request URLs are shown in full.",
		Answer: fullURL(seers, func(address string) string { return address }),
	},
	{
		ID: "tokens-alone-masked", Area: "masking", Wrong: "Of a URL only the parameter token is hidden.",
		Answer: fullURL(seers, func(address string) string {
			before, query, asked := strings.Cut(address, "?")
			values, _ := url.ParseQuery(query)
			if values.Del("token"); asked && len(values) > 0 {
				return before + "?" + values.Encode()
			}
			return before
		}),
	},
	{
		ID: "query-cut-at-last-mark", Area: "masking", Wrong: "A URL is cut at its last question mark.",
		Answer: fullURL(seers, func(address string) string {
			if i := strings.LastIndex(address, "?"); i >= 0 {
				return address[:i]
			}
			return address
		}),
	},
	{
		ID: "fragments-kept", Area: "masking", Wrong: "What follows # is kept when the query is hidden.",
		Answer: fullURL(seers, func(address string) string {
			before, query, _ := strings.Cut(address, "?")
			if _, fragment, has := strings.Cut(query, "#"); has {
				return before + "#" + fragment
			}
			return before
		}),
	},
	{
		ID: "fragments-cut", Area: "masking", Wrong: "What follows # is hidden too.",
		Answer: fullURL(seers, func(address string) string { return cutAt("#")(cutAt("?")(address)) }),
	},
	{
		ID: "user-info-hidden", Area: "masking", Wrong: "User and password in a URL are hidden.",
		Answer: listed(func(_ *visit, o *object) {
			if u, err := url.Parse(text(o.Get("external_url"))); err == nil && u.User != nil {
				u.User = nil
				o.Set("external_url", u.String())
			}
		}),
	},
	{
		ID: "reporters-see-urls", Area: "masking", Wrong: "Reporters see the URLs that developers see.",
		Answer: fullURL("reporter", cutAt("?")),
	},
	{
		ID: "strangers-see-urls", Area: "masking", Wrong: "In internal projects everybody sees URLs.",
		Answer: fullURL("stranger", cutAt("?")),
	},
	{
		ID: "hidden-urls-null", Area: "masking", Wrong: "A URL that the caller may not see is null.",
		Answer: listed(func(_ *visit, o *object) {
			if o.Get("external_url") == "" {
				o.Set("external_url", nil)
			}
		}),
	},
	{
		ID: "hidden-urls-left-out", Area: "masking", Wrong: "A URL that the caller may not see is left out.",
		Answer: listed(func(_ *visit, o *object) {
			if o.Get("external_url") == "" {
				o.Drop("external_url")
			}
		}),
	},
	{
		ID: "developers-do-not-see-urls", Area: "masking", Wrong: "Only maintainers see URLs on a merge request.",
		Answer: by("developer", listed(func(_ *visit, o *object) { o.Set("external_url", "") })),
	},
}
