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
		return text(o.get("sha"))
	}
	return ""
}

// status is that of the check that the visit is about, on its merge request.
func (v *visit) statusOf(check string) string {
	for _, o := range objects(v.ask(listStatuses, "per_page", number(100)).answered()) {
		if text(o.get("id")) == check {
			return text(o.get("status"))
		}
	}
	return ""
}

// fullURL shows a check's URL as change makes it of the whole one.
func fullURL(roles string, change func(url string) string) alteration {
	return by(roles, listed(func(v *visit, o *object) {
		o.set("external_url", change(v.server.memory.check(text(o.get("id"))).url))
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
		ID: "statuses-newest-first", Area: "list", Wrong: "The checks of a merge request are listed with the newest first, as in the published sample.",
		Answer: on(listStatuses, list(func(_ *visit, found []any) []any { slices.Reverse(found); return found })),
	},
	{
		ID: "all-checks-on-merge-requests", Area: "list", Wrong: "A merge request lists the checks of all branches.",
		Answer: on(listStatuses, list(func(v *visit, found []any) []any {
			if v.given("page") != nil {
				return found
			}
			for _, c := range objects(v.ask(listChecks, "per_page", number(100)).answered()) {
				if !slices.ContainsFunc(objects(found), func(o *object) bool { return text(o.get("id")) == text(c.get("id")) }) {
					found = append(found, of("id", c.get("id"), "name", c.get("name"), "external_url", "", "status", "pending"))
				}
			}
			return found
		})),
	},
	{
		ID: "branch-checks-never-listed", Area: "list", Wrong: "A merge request lists only the checks that are for all branches.",
		Answer: on(listStatuses, list(func(v *visit, found []any) []any {
			limited := map[string]bool{}
			for _, c := range objects(v.ask(listChecks, "per_page", number(100)).answered()) {
				limited[text(c.get("id"))] = len(asList(c.get("protected_branches"))) > 0
			}
			return slices.DeleteFunc(found, func(item any) bool { return limited[text(item.(*object).get("id"))] })
		})),
	},
	{
		ID: "no-poll-interval", Area: "list", Wrong: "The list of a merge request's checks does not say how often to ask again.",
		Answer: on(listStatuses, header("Poll-Interval", "")),
	},
	{
		ID: "poll-interval-in-seconds", Area: "list", Wrong: "Poll-Interval is in seconds.",
		Answer: on(listStatuses, header("Poll-Interval", "10")),
	},
	{
		ID: "filters-obeyed", Area: "list", Wrong: "The list of a merge request's checks can be filtered by check.",
		Answer: on(listStatuses, when(func(v *visit) bool { return v.given("external_status_check_id") != nil }, list(func(v *visit, found []any) []any {
			return slices.DeleteFunc(found, func(item any) bool {
				return text(item.(*object).get("id")) != text(v.given("external_status_check_id"))
			})
		}))),
	},
	{
		ID: "sha-filter-obeyed", Area: "list", Wrong: "The list of a merge request's checks can be asked for another commit, and is empty for one that is not there.",
		Answer: on(listStatuses, when(func(v *visit) bool { return v.given("sha") != nil }, list(func(*visit, []any) []any { return []any{} }))),
	},
	{
		ID: "closed-404", Area: "list", Wrong: "A closed merge request has no checks to list.",
		Answer: on(listStatuses+" "+respond, when(notOpen, refuse(404, sentence("404 Not found")))),
	},
	{
		ID: "unknown-merge-request-is-empty", Area: "list", Wrong: "The checks of a merge request that is not there are an empty list.",
		Answer: on(listStatuses, after(func(v *visit) {
			if v.status == 404 && strings.Contains(string(v.answer), "404 Not found") {
				v.say(200, "[]")
			}
		})),
	},
	{
		ID: "merge-request-word-400", Area: "list", Wrong: "A merge request number that is no number is called invalid.",
		Answer: on(listStatuses, when(func(v *visit) bool { return notWhole(v.mr()) }, refuse(400, complaint("merge_request_iid is invalid")))),
	},
	{
		ID: "merge-requests-by-id", Area: "list", Wrong: "Merge requests are looked up by id, not by number.",
		Answer: on(onStatuses, when(func(v *visit) bool { return v.ask("getMergeRequest").succeeded() && v.mr() != "1" }, refuse(404, sentence("404 Not found")))),
	},
	{
		ID: "says-approved", Area: "list", Wrong: "A passed check is called approved.",
		Answer: listed(func(_ *visit, o *object) {
			if o.get("status") == "passed" {
				o.set("status", "approved")
			}
		}),
	},
	{
		ID: "unanswered-is-null", Area: "list", Wrong: "A check that nobody has answered has no status.",
		Answer: listed(func(_ *visit, o *object) {
			if o.get("status") == "pending" {
				o.set("status", nil)
			}
		}),
	},
	{
		ID: "unanswered-left-out", Area: "list", Wrong: "Only checks that were answered are listed.",
		Answer: on(listStatuses, list(func(_ *visit, found []any) []any {
			return slices.DeleteFunc(found, func(item any) bool { return item.(*object).get("status") == "pending" })
		})),
	},
	{
		ID: "first-response-counts", Area: "list", Wrong: "Of several responses the first one counts.",
		Answer: all(noteResponse("first", func(old, _ string) bool { return old == "" }), showNote("first")),
	},
	{
		ID: "failure-stays", Area: "list", Wrong: "A check that failed once stays failed.",
		Answer: all(noteResponse("failed", func(_, status string) bool { return status == "failed" }), showNote("failed")),
	},
	{
		ID: "pass-stays", Area: "list", Wrong: "A check that passed once stays passed for the same commit.",
		Answer: all(noteResponse("passed", func(_, status string) bool { return status == "passed" }), showNote("passed")),
	},
	{
		ID: "pass-survives-push", Area: "list", Wrong: "A check that passed stays passed when another commit is pushed.",
		Answer: all(
			on(respond, after(func(v *visit) {
				if v.succeeded() {
					v.server.memory.note("ever "+v.key(v.check()), text(v.given("status")))
				}
			})),
			listed(func(v *visit, o *object) {
				if o.get("status") == "pending" && v.server.memory.noted("ever "+v.key(text(o.get("id")))) == "passed" {
					o.set("status", "passed")
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
					o.set("status", last)
				}
			})),
	},
	{
		ID: "status-without-name", Area: "list", Wrong: "The checks of a merge request are listed without their names.",
		Answer: on(listStatuses, dropping("name")),
	},
	{
		ID: "status-with-more", Area: "list", Wrong: "The checks of a merge request are listed with all that is known of them.",
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
			if u, err := url.Parse(text(o.get("external_url"))); err == nil && u.User != nil {
				u.User = nil
				o.set("external_url", u.String())
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
			if o.get("external_url") == "" {
				o.set("external_url", nil)
			}
		}),
	},
	{
		ID: "hidden-urls-left-out", Area: "masking", Wrong: "A URL that the caller may not see is left out.",
		Answer: listed(func(_ *visit, o *object) {
			if o.get("external_url") == "" {
				o.drop("external_url")
			}
		}),
	},
	{
		ID: "developers-do-not-see-urls", Area: "masking", Wrong: "Only maintainers see URLs on a merge request.",
		Answer: by("developer", listed(func(_ *visit, o *object) { o.set("external_url", "") })),
	},
}

func notOpen(v *visit) bool {
	o, ok := v.ask("getMergeRequest").answered().(*object)
	return ok && (o.get("state") == "closed" || o.get("state") == "merged")
}

// noteResponse remembers the status of a response for its commit, if it is worth it.
func noteResponse(kind string, worth func(old, status string) bool) alteration {
	return on(respond, after(func(v *visit) {
		name := kind + " " + v.key(v.check()) + "/" + text(v.given("sha"))
		if status := text(v.given("status")); v.succeeded() && worth(v.server.memory.noted(name), status) {
			v.server.memory.note(name, status)
		}
	}))
}

// showNote lists checks with the status that was remembered for the head.
func showNote(kind string) alteration {
	return on(listStatuses, after(func(v *visit) {
		head := v.head()
		items(func(v *visit, o *object) {
			if status := v.server.memory.noted(kind + " " + v.key(text(o.get("id"))) + "/" + head); status != "" {
				o.set("status", status)
			}
		})(v)
	}))
}

// shaOf makes the response name the head if a condition holds for what it names.
func headFor(holds func(sha, head string) bool) alteration {
	return on(respond, taking("sha", func(v *visit, value any) any {
		if head := v.head(); isText(value) && head != "" && holds(text(value), head) {
			return head
		}
		return value
	}))
}

// answer is the answer to a response, as an object to change.
func answerOf(change func(v *visit, o *object)) alteration { return on(respond, items(change)) }

// within changes an object inside the answer to a response.
func within(name string, change func(v *visit, o *object)) alteration {
	return answerOf(func(v *visit, o *object) {
		if inner, ok := o.get(name).(*object); ok {
			change(v, inner)
		}
	})
}

var responseDefects = []Defect{
	{
		ID: "any-sha-counts", Area: "respond", Wrong: "A response counts whatever commit it names.",
		Answer: headFor(func(string, string) bool { return true }),
	},
	{
		ID: "earlier-sha-counts", Area: "respond", Wrong: "A response for an earlier commit counts for the head.",
		Answer: headFor(func(sha, head string) bool {
			return len(sha) == len(head) && sha != strings.Repeat("0", len(sha)) && sha == strings.ToLower(sha)
		}),
	},
	{
		ID: "short-sha-counts", Area: "respond", Wrong: "The head may be abbreviated.",
		Answer: headFor(func(sha, head string) bool { return len(sha) >= 7 && strings.HasPrefix(head, sha) }),
	},
	{
		ID: "long-sha-counts", Area: "respond", Wrong: "What follows the fortieth letter of a sha is ignored.",
		Answer: headFor(func(sha, head string) bool { return strings.HasPrefix(sha, head) }),
	},
	{
		ID: "sha-in-any-case", Area: "respond", Wrong: "The head may be written in capitals.",
		Answer: headFor(func(sha, head string) bool {
			return strings.HasPrefix(strings.ToLower(sha), head) && sha != strings.ToLower(sha)
		}),
	},
	{
		ID: "zeros-are-no-sha", Area: "respond", Wrong: "A sha of zeros means the head.",
		Answer: headFor(func(sha, head string) bool { return sha == strings.Repeat("0", len(head)) }),
	},
	{
		ID: "branch-for-sha", Area: "respond", Wrong: "The name of the branch may stand for the sha.",
		Answer: headFor(func(sha, _ string) bool { return strings.HasPrefix(sha, "change-") }),
	},
	{
		ID: "empty-sha-400", Area: "respond", Wrong: "An empty sha is refused as blank.",
		Answer: on(respond, when(hasParameter("sha", equals("")), refuse(400, complaint("sha is empty")))),
	},
	{
		ID: "null-sha-409", Area: "respond", Wrong: "Null for a sha is compared with the head.",
		Answer: on(respond, when(hasParameter("sha", isNull), taking("sha", func(*visit, any) any { return "" }))),
	},
	{
		ID: "stale-sha-400", Area: "respond", Wrong: "A sha that is not the head is answered with 400.",
		Answer: on(respond, turning(409, 400, "")),
	},
	{
		ID: "stale-sha-hides-head", Area: "respond", Wrong: "The refusal of a sha does not name the head.",
		Answer: on(respond, turning(409, 409, sentence("SHA does not match HEAD of source branch"))),
	},
	{
		ID: "sha-before-check", Area: "respond", Wrong: "The sha is compared before the check is looked up.",
		Answer: on(respond, after(func(v *visit) {
			if head := v.head(); v.status == 404 && head != "" && text(v.given("sha")) != head {
				v.say(409, sentence("SHA does not match HEAD of source branch: "+head))
			}
		})),
	},
	{
		ID: "check-before-ability", Area: "respond", Wrong: "The check is looked up before it is asked whether the caller may answer.",
		Answer: on(respond, after(func(v *visit) {
			if v.status == 403 && len(v.current().keys) == 0 {
				v.say(404, sentence("404 Not found"))
			}
		})),
	},
	{
		ID: "merge-request-before-parameters", Area: "respond", Wrong: "The merge request is looked up before the parameters are looked at.",
		Answer: on(respond, after(func(v *visit) {
			if v.status == 400 && !notWhole(v.mr()) && !v.ask("getMergeRequest").succeeded() {
				v.say(404, sentence("404 Not found"))
			}
		})),
	},
	{
		ID: "unknown-check-taken", Area: "respond", Wrong: "A response for a check that is not there is taken.",
		Answer: on(respond, turning(404, 201, `{"id":1,"merge_request":{},"external_status_check":{}}`)),
	},
	{
		ID: "unknown-check-says-check", Area: "respond", Wrong: "A check that is not there is named in the refusal.",
		Answer: on(respond+" "+retry, wording("404 Not found", "404 External Status Check Not Found")),
	},
	{
		ID: "answered-200", Area: "respond", Wrong: "A response is answered with 200.",
		Answer: on(respond, turning(201, 200, "")),
	},
	{
		ID: "answer-has-status", Area: "respond", Wrong: "The answer to a response repeats status and sha.",
		Answer: answerOf(func(v *visit, o *object) {
			o.set("status", v.given("status"))
			o.set("sha", v.given("sha"))
		}),
	},
	{
		ID: "answer-is-the-check", Area: "respond", Wrong: "A response is answered with the check alone.",
		Answer: on(respond, after(func(v *visit) {
			if o, ok := v.answered().(*object); ok && v.succeeded() {
				v.answer = encode(o.get("external_status_check"))
			}
		})),
	},
	{
		ID: "answer-in-brief", Area: "respond", Wrong: "The merge request in the answer is id and number alone.",
		Answer: answerOf(func(_ *visit, o *object) {
			if mr, ok := o.get("merge_request").(*object); ok {
				o.set("merge_request", of("id", mr.get("id"), "iid", mr.get("iid")))
			}
		}),
	},
	{
		ID: "answer-knows-caller", Area: "respond", Wrong: "The merge request in the answer says what the caller may do.",
		Answer: within("merge_request", func(_ *visit, mr *object) { mr.set("user", of("can_merge", true)) }),
	},
	{
		ID: "answer-with-pipeline", Area: "respond", Wrong: "The merge request in the answer has the keys that GET gives it.",
		Answer: within("merge_request", func(_ *visit, mr *object) {
			mr.set("head_pipeline", nil)
			mr.set("pipeline", nil)
		}),
	},
	{
		ID: "answer-masks-url", Area: "respond", Wrong: "The check in the answer has its URL masked.",
		Answer: within("external_status_check", func(_ *visit, c *object) { c.set("external_url", cutAt("?")(text(c.get("external_url")))) }),
	},
	{
		ID: "answer-check-in-brief", Area: "respond", Wrong: "The check in the answer is id and name alone.",
		Answer: answerOf(func(_ *visit, o *object) {
			if c, ok := o.get("external_status_check").(*object); ok {
				o.set("external_status_check", of("id", c.get("id"), "name", c.get("name")))
			}
		}),
	},
	{
		ID: "one-row-per-check", Area: "respond", Wrong: "A further response changes the row of the first.",
		Answer: answerOf(func(v *visit, o *object) {
			name := "row " + v.key(v.check()) + "/" + text(v.given("sha"))
			if first := v.server.memory.noted(name); first != "" {
				o.set("id", parse([]byte(first)))
			}
			v.server.memory.note(name, text(o.get("id")))
		}),
	},
	{
		ID: "same-again-409", Area: "respond", Wrong: "The same response again is refused as a conflict.",
		Answer: on(respond, func(v *visit) {
			if v.given("status") == v.statusOf(v.check()) && v.given("status") == "passed" {
				v.say(409, sentence("409 Conflict"))
			}
		}),
	},
	{
		ID: "passed-is-final", Area: "respond", Wrong: "A check that passed takes no further response.",
		Answer: on(respond, when(func(v *visit) bool { return v.statusOf(v.check()) == "passed" && v.given("status") != "passed" },
			refuse(422, sentence("External status check has passed")))),
	},
	{
		ID: "closed-takes-no-response", Area: "respond", Wrong: "A merge request that is not open takes no response.",
		Answer: on(respond, when(notOpen, refuse(403, sentence("403 Forbidden")))),
	},
	{
		ID: "other-branch-takes-no-response", Area: "respond", Wrong: "A check of another branch takes no response.",
		Answer: on(respond, after(func(v *visit) {
			if v.succeeded() && v.statusOf(v.check()) == "" {
				v.say(404, sentence("404 Not found"))
			}
		})),
	},
	{
		ID: "pending-not-taken", Area: "respond", Wrong: "A response cannot say pending.",
		Answer: on(respond, when(hasParameter("status", equals("pending")), refuse(400, complaint("status does not have a valid value")))),
	},
	{
		ID: "failed-is-pending", Area: "respond", Wrong: "A response that says failed is stored as pending.",
		Answer: on(respond, taking("status", func(_ *visit, value any) any {
			if value == "failed" {
				return "pending"
			}
			return value
		})),
	},
	{
		ID: "status-optional", Area: "respond", Wrong: "A response without a status means passed, as the published table has it.",
		Answer: on(respond, func(v *visit) {
			if v.input != nil && absent("status")(v) {
				v.give("status", "passed")
			}
		}),
	},
	{
		ID: "status-in-any-case", Area: "respond", Wrong: "A status may be written in capitals.",
		Answer: on(respond, taking("status", func(_ *visit, value any) any {
			if isText(value) {
				return strings.ToLower(text(value))
			}
			return value
		})),
	},
	{
		ID: "null-status-is-pending", Area: "respond", Wrong: "Null or nothing for a status means pending.",
		Answer: on(respond, taking("status", func(_ *visit, value any) any {
			if text(value) == "" {
				return "pending"
			}
			return value
		})),
	},
	{
		ID: "true-is-passed", Area: "respond", Wrong: "true for a status means passed.",
		Answer: on(respond, taking("status", func(_ *visit, value any) any {
			if value == true {
				return "passed"
			}
			return value
		})),
	},
	{
		ID: "list-of-one-status", Area: "respond", Wrong: "A list of one status is that status.",
		Answer: on(respond, taking("status", func(_ *visit, value any) any {
			if l := asList(value); len(l) == 1 {
				return l[0]
			}
			return value
		})),
	},
	{
		ID: "approved-is-passed", Area: "respond", Wrong: "A response may still say approved.",
		Answer: on(respond, taking("status", func(_ *visit, value any) any {
			if value == "approved" {
				return "passed"
			}
			return value
		})),
	},
	{
		ID: "unknown-status-fails", Area: "respond", Wrong: "A status that is not known means failed, as the deprecation note announced.",
		Answer: on(respond, taking("status", func(_ *visit, value any) any {
			if isText(value) && !slices.Contains([]string{"passed", "failed", "pending", ""}, text(value)) {
				return "failed"
			}
			return value
		})),
	},
	{
		ID: "bad-status-422", Area: "respond", Wrong: "A status that is not known is answered with 422, as the deprecation note announced.",
		Answer: on(respond, after(func(v *visit) {
			if strings.Contains(string(v.answer), "status does not have") && v.given("status") != nil {
				v.say(422, string(v.answer))
			}
		})),
	},
	{
		ID: "missing-status-told-once", Area: "respond", Wrong: "A missing status is only told to be missing.",
		Answer: on(respond, wording("status is missing, status does not have a valid value", "status is missing")),
	},
	{
		ID: "sha-optional", Area: "respond", Wrong: "A response without a sha means the head.",
		Answer: on(respond, func(v *visit) {
			if v.input != nil && absent("sha")(v) {
				v.give("sha", v.head())
			}
		}),
	},
}

var retryDefects = []Defect{
	{
		ID: "retry-of-anything", Area: "retry", Wrong: "A check that did not fail can be retried.",
		Answer: on(retry, turning(422, 202, sentence("202 Accepted"))),
	},
	{
		ID: "retry-of-pending", Area: "retry", Wrong: "A check that is pending can be retried.",
		Answer: on(retry, when(func(v *visit) bool { return v.statusOf(v.check()) == "pending" }, turning(422, 202, sentence("202 Accepted")))),
	},
	{
		ID: "retry-201", Area: "retry", Wrong: "A retry is answered with 201.",
		Answer: on(retry, turning(202, 201, "")),
	},
	{
		ID: "retry-204", Area: "retry", Wrong: "A retry is answered with 204.",
		Answer: on(retry, turning(202, 204, " ")),
	},
	{
		ID: "retry-answers-the-check", Area: "retry", Wrong: "A retry is answered with the check.",
		Answer: on(retry, after(func(v *visit) {
			if v.succeeded() {
				v.answer = encode(v.current())
			}
		})),
	},
	{
		ID: "retry-cached", Area: "retry", Wrong: "The answer to a retry carries an ETag.",
		Answer: on(retry, after(func(v *visit) {
			if v.succeeded() {
				v.header.Set("Etag", `W/"0123456789abcdef0123456789abcdef"`)
				v.header.Set("Cache-Control", "max-age=0, private, must-revalidate")
			}
		})),
	},
	{
		ID: "retry-refused-in-a-list", Area: "retry", Wrong: "The refusal of a retry is a list.",
		Answer: on(retry, turning(422, 422, complaints("External status check must be failed"))),
	},
	{
		ID: "retry-409", Area: "retry", Wrong: "A check that did not fail is refused with 409.",
		Answer: on(retry, turning(422, 409, "")),
	},
	{
		ID: "retry-does-nothing", Area: "retry", Wrong: "A retry is accepted and changes nothing.",
		Answer: on(retry, after(func(v *visit) {
			if v.succeeded() {
				head := v.head()
				answer := v.answer
				v.ask(respond, "external_status_check_id", v.check(), "sha", head, "status", "failed")
				v.answer = answer
			}
		})),
	},
	{
		ID: "retry-passes", Area: "retry", Wrong: "A retried check has passed.",
		Answer: on(retry, after(func(v *visit) {
			if v.succeeded() {
				v.ask(respond, "external_status_check_id", v.check(), "sha", v.head(), "status", "passed")
			}
		})),
	},
	{
		ID: "retry-needs-open", Area: "retry", Wrong: "On a closed merge request nothing can be retried.",
		Answer: on(retry, when(notOpen, refuse(403, sentence("403 Forbidden")))),
	},
	{
		ID: "retry-needs-branch", Area: "retry", Wrong: "A check of another branch cannot be retried.",
		Answer: on(retry, when(func(v *visit) bool {
			return len(v.current().keys) > 0 && v.statusOf(v.check()) == "" && v.ask("getMergeRequest").succeeded()
		}, refuse(404, sentence("404 Not found")))),
	},
	{
		ID: "retry-of-old-failure", Area: "retry", Wrong: "A failure of an earlier commit can be retried.",
		Answer: all(
			on(respond, after(func(v *visit) {
				if v.succeeded() {
					v.server.memory.note("failed "+v.key(v.check()), text(v.given("status"))+text(v.given("sha")))
				}
			})),
			on(retry, when(func(v *visit) bool {
				last := v.server.memory.noted("failed " + v.key(v.check()))
				return strings.HasPrefix(last, "failed") && last != "failed"+v.head()
			}, turning(422, 202, sentence("202 Accepted"))))),
	},
	{
		ID: "retry-needs-body", Area: "retry", Wrong: "A retry needs a JSON object for a body.",
		Answer: on(retry, when(func(v *visit) bool { return len(v.body) > 0 && v.input == nil }, refuse(400, complaint("400 Bad request")))),
	},
	{
		ID: "retry-unknown-422", Area: "retry", Wrong: "A check that is not there is refused as one that did not fail.",
		Answer: on(retry, after(func(v *visit) {
			if v.status == 404 && v.ask("getMergeRequest").succeeded() && v.role() != "stranger" {
				v.say(422, sentence("External status check must be failed"))
			}
		})),
	},
}
