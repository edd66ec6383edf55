package proof

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// guests are those who may do nothing with checks.
const guests = "guest"

// inForm changes the body of a form.
func inForm(change func(body string) string) alteration {
	return when(hasType("application/x-www-form-urlencoded"),
		func(v *visit) { v.body = []byte(change(string(v.body))) })
}

var (
	indexedIDs = regexp.MustCompile(`protected_branch_ids(\[|%5B)[0-9]+(\]|%5D)=`)
	anyIDs     = regexp.MustCompile(`&?protected_branch_ids(\[\])?=[^&]*`)
)

// hostIn refuses URLs whose host is one that a server does not like.
func hostIn(refused func(v *visit, host string) bool, because string) alteration {
	return on(createCheck+" "+updateCheck, func(v *visit) {
		if u, err := url.Parse(text(v.given("external_url"))); err == nil && refused(v, u.Host) {
			v.say(422, complaints("External url is blocked: "+because))
		}
	})
}

// oddID tells an id of a check in a response that is neither a word nor the id of any check.
func oddID(kinds ...func(id any) bool) func(*visit) bool {
	return func(v *visit) bool {
		return slices.ContainsFunc(kinds, func(is func(any) bool) bool {
			return hasParameter("external_status_check_id",
				is)(v)
		})
	}
}

func negative(id any) bool { return strings.HasPrefix(text(id), "-") }

func huge(id any) bool { return len(text(id)) > 19 }

func fractional(id any) bool { return isNumber(id) && strings.Contains(text(id), ".") }

// orderDefects refuse for another reason than GitLab does, where there are several.
var orderDefects = []Defect{
	{
		ID: "ability-before-parameters", Area: "checks", Wrong: "Who may not manage checks is told so before the " +
			"parameters are looked at.",
		Answer: on(onChecks, by(members, turning(400, 401, complaints("Not allowed")))),
	},
	{
		ID: "ability-before-merge-request", Area: "roles", Wrong: "Who may do nothing with a merge request is told " +
			"so before it is looked for.",
		Answer: on(onStatuses, by(guests, turning(404, 403, sentence("403 Forbidden")))),
	},
	{
		ID: "retry-check-before-ability", Area: "retry", Wrong: "The check to retry is looked for before it is " +
			"asked whether the caller may retry.",
		Answer: on(retry, after(func(v *visit) {
			if v.status == http.StatusForbidden && v.server.memory.check(v.check()).project == 0 {
				v.say(404, sentence("404 Not found"))
			}
		})),
	},
	{
		ID: "retry-merge-request-before-parameters", Area: "retry", Wrong: "The merge request of a retry is looked " +
			"for before the parameters are looked at.",
		Answer: on(retry, after(func(v *visit) {
			if v.status == http.StatusBadRequest && v.ask("getMergeRequest").status == http.StatusNotFound {
				v.say(404, sentence("404 Not found"))
			}
		})),
	},
	{
		ID: "parameters-not-judged", Area: "parameters", Wrong: "Whatever is wrong with parameters, success is " +
			"answered.",
		Answer: on(everywhere, turning(400, 200, "{}")),
	},
	{
		ID: "parameters-break", Area: "parameters", Wrong: "What is wrong with parameters breaks the server.",
		Answer: on(everywhere, turning(400, 500, sentence("500 Internal Server Error"))),
	},
	{ID: "parameters-not-explained", Area: "parameters", Wrong: "That something is wrong with parameters is said, " +
		"and not what.", Answer: on(everywhere, turning(400, 400, complaint("400 Bad Request")))},
	{
		ID: "odd-check-ids-break", Area: "respond", Wrong: "A negative or huge number for the check of a response " +
			"breaks the server.",
		Answer: on(respond, when(oddID(negative, huge), refuse(500, sentence("500 Internal Server Error")))),
	},
	{
		ID: "no-check-id-400", Area: "respond", Wrong: "Nothing for the check of a response counts as missing.",
		Answer: on(respond, when(oddID(isNull, equals("")),
			refuse(400, complaint("external_status_check_id is missing")))),
	},
	{
		ID: "fractions-refused", Area: "respond", Wrong: "A fraction for the check of a response is refused.",
		Answer: on(respond, when(oddID(fractional), refuse(400, complaint("external_status_check_id is invalid")))),
	},
}

// formDefects are about what a check is made and changed with.
var formDefects = []Defect{
	{
		ID: "branch-ids-of-forms-ignored", Area: "parameters", Wrong: "In a form protected_branch_ids is not seen.",
		Answer: on(createCheck, inForm(func(body string) string { return anyIDs.ReplaceAllString(body, "") })),
	},
	{
		ID: "branch-ids-by-index", Area: "parameters", Wrong: "In a form protected_branch_ids with numbers in " +
			"brackets is a list.",
		Answer: on(createCheck,
			inForm(func(body string) string { return indexedIDs.ReplaceAllString(body, "protected_branch_ids[]=") })),
	},
	{
		ID: "words-among-branch-ids-ignored", Area: "parameters", Wrong: "A word among the ids of branches is ignored.",
		Answer: on(createCheck, taking("protected_branch_ids", func(_ *visit, value any) any {
			if !isText(value) || !strings.Contains(text(value), ",") {
				return value
			}
			return strings.Join(slices.DeleteFunc(strings.Split(text(value), ","), notWhole), ",")
		})),
	},
	{
		ID: "unknown-hosts-refused", Area: "checks", Wrong: "A URL whose host nobody knows is refused when a check " +
			"is saved.",
		Answer: hostIn(func(_ *visit, host string) bool {
			return strings.HasSuffix(host, ".invalid") && !strings.HasSuffix(serverURL, host) &&
				!strings.HasSuffix(receiverURL, host)
		}, "Host cannot be resolved or invalid"),
	},
	{
		ID: "own-host-refused", Area: "checks", Wrong: "A URL of the instance itself is refused when a check is saved.",
		Answer: hostIn(func(v *visit, host string) bool { return host == v.request.Host },
			"Requests to localhost are not allowed"),
	},
	{
		ID: "long-new-names-422", Area: "checks", Wrong: "A new name that is too long is refused in words.",
		Answer: on(updateCheck, turning(500, 422, complaints("Name is too long (maximum is 255 characters)"))),
	},
	{
		ID: "long-new-names-cut", Area: "checks", Wrong: "A new name that is too long is cut.",
		Answer: on(updateCheck, taking("name", func(_ *visit, value any) any {
			return strings.ToValidUTF8(text(value)[:min(255, len(text(value)))], "")
		})),
	},
}

// changes tells the parcels that tell of a change.
func changes(name string) func(*parcel) bool {
	return func(p *parcel) bool {
		o, ok := p.payload.Get("changes").(*object)
		return ok && o.Get(name) != nil
	}
}

func merged(v *visit) bool {
	o, ok := v.ask("getMergeRequest").answered().(*object)
	return ok && o.Get("state") == "merged"
}

// noteLimited remembers checks that are made for some branches alone.
var noteLimited = on(createCheck, items(func(v *visit, o *object) {
	if len(asList(o.Get("protected_branches"))) > 0 {
		v.server.memory.note("limited "+text(o.Get("id")), "yes")
	}
}))

// archived tells a project that was archived.
func archived(v *visit) bool {
	o, ok := v.ask("getProject").answered().(*object)
	return ok && o.Get("archived") == true
}

// lifeDefects are about what becomes of merge requests and projects.
var lifeDefects = []Defect{
	{
		ID: "assigning-not-told", Area: "deliver", Wrong: "That a merge request was assigned to somebody is not told.",
		Deliver: losing(changes("assignees")),
	},
	{
		ID: "reviewing-not-told", Area: "deliver", Wrong: "That somebody was asked for a review is not told.",
		Deliver: losing(changes("reviewers")),
	},
	{
		ID: "merged-lists-nothing", Area: "list", Wrong: "A merge request that was merged has no checks any more.",
		Answer: on(listStatuses, when(merged, refuse(200, "[]"))),
	},
	{
		ID: "rows-where-they-apply", Area: "timeout", Wrong: "A new merge request gets rows for the checks of its " +
			"branch alone.",
		Answer: all(notingLast, noteLimited, showing("pending", func(v *visit, o *object) bool {
			return timedOut(v, o) && v.server.memory.noted("limited "+text(o.Get("id"))) != ""
		})),
	},
	{
		ID: "archived-take-responses", Area: "roles", Wrong: "In an archived project responses are taken.",
		Answer: on(respond, after(func(v *visit) {
			if v.status == http.StatusForbidden && archived(v) {
				v.ask("unarchiveProject")
				v.pass()
				v.ask("archiveProject")
			}
		})),
	},
	{
		ID: "archived-are-read-only", Area: "roles", Wrong: "In an archived project nothing can be changed at all.",
		Answer: on(updateCheck+" "+deleteCheck+" "+retry, when(archived, refuse(403, sentence("403 Forbidden")))),
	},
}
