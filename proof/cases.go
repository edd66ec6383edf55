package proof

import (
	"net/http"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/openapi/openapitest"
)

// CaseDefect is a server with just the defect that one case of a table is about: the case notices it, and no
// other case
// of its table. There is one for each case that has no such server among Defects.
type CaseDefect struct {
	Case   string
	Wrong  string // what the server does wrong, in one sentence
	Answer alteration
	Serve  delivery
	Also   []string // other cases or scenarios of the same table or file that cannot but notice it
}

// CaseDefects are the servers for single cases of tables.
func CaseDefects() []CaseDefect {
	return slices.Concat(idCases, invalidCases, parameterCases, listCases, pathCases, responseCases, roleCases,
		deliveryCases, singleCases)
}

// defect is the server as others are.
func (c CaseDefect) defect() Defect {
	return Defect{ID: c.Case, Wrong: c.Wrong, Answer: c.Answer, Deliver: c.Serve}
}

// refusing400 refuses a request whose JSON body has a parameter of a kind.
func refusing400(operation, name string, kind func(any) bool) alteration {
	return on(operation, when(hasParameter(name, kind), refuse(400, complaint(name+" is invalid"))))
}

// both joins two conditions.
func both(one, two func(*visit) bool) func(*visit) bool {
	return func(v *visit) bool { return one(v) && two(v) }
}

func isTrue(value any) bool { return value == true }

func isObject(value any) bool { _, is := value.(*object); return is }

func isList(value any) bool { _, is := value.([]any); return is }

// listOf tells a list of one item of a kind.
func listOf(kind func(any) bool) func(any) bool {
	return func(value any) bool { list := asList(value); return len(list) == 1 && kind(list[0]) }
}

func isWord(value any) bool { return isText(value) && value != "" }

func isNoWord(value any) bool { return value == "" }

const branchIDs = "protected_branch_ids"

// forNothing takes the branches of a new check for none.
func forNothing(kind func(any) bool) alteration {
	none := func(*visit, any) any { return []any{} }
	return on(createCheck, when(hasParameter(branchIDs, kind), taking(branchIDs, none)))
}

var idCases = []CaseDefect{
	{
		Case: "checks.branch-ids.list", Wrong: "Numbers in a list of branches count for nothing.",
		Answer: forNothing(listOf(isNumber)),
	},
	{
		Case: "checks.branch-ids.texts", Wrong: "Texts in a list of branches count for nothing.",
		Answer: forNothing(listOf(isPlain)),
	},
	{
		Case:  "checks.branch-ids.texts-with-space",
		Wrong: "Texts with a space before the number count for nothing.", Answer: forNothing(listOf(isSpaced)),
	},
	{Case: "checks.branch-ids.text", Wrong: "Branches in a text count for nothing.", Answer: forNothing(isWord)},
	{
		Case: "checks.branch-ids.boolean", Wrong: "A boolean for branches is refused.",
		Answer: refusing400(createCheck, branchIDs, isTrue),
	},
	{
		Case: "checks.branch-ids.object", Wrong: "An object for branches is refused.",
		Answer: refusing400(createCheck, branchIDs, isObject),
	},
	{
		Case: "checks.branch-ids.empty-text", Wrong: "An empty text for branches is refused.",
		Answer: refusing400(createCheck, branchIDs, isNoWord),
	},
	{
		Case: "checks.branch-ids.empty-list", Wrong: "An empty list of branches is refused.",
		Answer: refusing400(createCheck, branchIDs, func(value any) bool {
			return isList(value) && len(asList(value)) == 0
		}),
	},
	{
		Case: "checks.branch-ids.list-of-empty", Wrong: "A list of an empty text is refused.",
		Answer: refusing400(createCheck, branchIDs, listOf(isNoWord)),
	},
}

// complaining puts one refusal by a model for another, if it is exactly that.
func complaining(was []string, status int, body string) alteration {
	return on(createCheck, after(func(v *visit) {
		if v.status == 422 && strings.TrimSpace(string(v.answer)) == complaints(was...) {
			v.say(status, body)
		}
	}))
}

// nameAndURL tells a new check by its name and URL.
func nameAndURL(name, url func(any) bool) func(*visit) bool {
	return both(hasParameter("name", name), hasParameter("external_url", url))
}

const (
	urlTaken  = "External url has already been taken"
	nameTaken = "Name has already been taken"
	urlBlank  = "External url can't be blank"
	urlWrong  = "External url must be a valid URL"
	nameBlank = "Name can't be blank"
)

var invalidCases = []CaseDefect{
	{
		Case: "checks.invalid.both-blank", Wrong: "Where name and URL are empty only the URL is told.",
		Answer: complaining([]string{urlBlank, urlWrong, nameBlank}, 422, complaints(urlBlank, urlWrong)),
	},
	{
		Case: "checks.invalid.both-taken", Wrong: "Where name and URL are taken only the URL is told.",
		Answer: complaining([]string{urlTaken, nameTaken}, 422, complaints(urlTaken)),
	},
	{
		Case: "checks.invalid.name-blank", Wrong: "An empty name is refused with 400.",
		Answer: on(createCheck, when(nameAndURL(isNoWord, isWord), refuse(400, complaint("name is empty")))),
	},
	{
		Case: "checks.invalid.name-null", Wrong: "Null for a name is refused with 400.",
		Answer: refusing400(createCheck, "name", isNull),
	},
	{
		Case: "checks.invalid.name-taken", Wrong: "A name that is taken is refused with 409.",
		Answer: complaining([]string{nameTaken}, 409, complaints(nameTaken)),
	},
	{
		Case: "checks.invalid.url-blank", Wrong: "An empty URL is told once.",
		Answer: on(createCheck, when(nameAndURL(isWord, isNoWord), turning(422, 422, complaints(urlBlank)))),
	},
	{
		Case: "checks.invalid.url-taken", Wrong: "A URL that is taken is refused with 409.",
		Answer: complaining([]string{urlTaken}, 409, complaints(urlTaken)),
	},
	{
		Case: "checks.invalid.url-ftp", Wrong: "A URL of FTP is taken.",
		Answer: stored("external_url", func(url string) string { return strings.Replace(url, "ftp://", "https://", 1) }),
	},
	{
		Case: "checks.invalid.url-word", Wrong: "A word for a URL is taken for a host.",
		Answer: stored("external_url", func(url string) string {
			if url != "" && !strings.Contains(url, ":") {
				return "https://" + url
			}
			return url
		}),
	},
}

// bodyOf tells a JSON body that is a value of a kind and no object.
func bodyOf(kind func(any) bool) func(*visit) bool {
	return func(v *visit) bool { return noObject(v) && kind(parse(v.body)) }
}

// hasOnly tells a JSON body with just some parameters.
func hasOnly(names ...string) func(*visit) bool {
	return func(v *visit) bool {
		missing := func(name string) bool { return absent(name)(v) }
		return v.input != nil && len(v.input.keys) == len(names) && !slices.ContainsFunc(names, missing)
	}
}

// saysOtherwise refuses a new check in other words.
func saysOtherwise(holds func(*visit) bool) alteration {
	return on(createCheck, when(holds, refuse(400, complaint("400 Bad request"))))
}

var parameterCases = []CaseDefect{
	{
		Case: "checks.parameters.array", Wrong: "A list for a body is refused in other words.",
		Answer: saysOtherwise(bodyOf(isList)),
	},
	{
		Case: "checks.parameters.string", Wrong: "A text for a body is refused in other words.",
		Answer: saysOtherwise(bodyOf(isText)),
	},
	{
		Case: "checks.parameters.number", Wrong: "A number for a body is refused in other words.",
		Answer: saysOtherwise(bodyOf(isNumber)),
	},
	{
		Case: "checks.parameters.none", Wrong: "An empty object for a body is refused in other words.",
		Answer: saysOtherwise(hasOnly()),
	},
	{
		Case: "checks.parameters.no-url", Wrong: "That the URL is missing is told in other words.",
		Answer: saysOtherwise(hasOnly("name")),
	},
	{
		Case: "checks.parameters.name-array", Wrong: "A list for a name is refused in other words.",
		Answer: saysOtherwise(hasParameter("name", isList)),
	},
	{
		Case: "checks.parameters.both-objects", Wrong: "Of two objects for name and URL only one is told.",
		Answer: on(createCheck, when(nameAndURL(isObject, isObject), refuse(400, complaint("name is invalid")))),
	},
	{
		Case: "checks.parameters.name-boolean", Wrong: "A boolean for a name is refused.",
		Answer: refusing400(createCheck, "name", isTrue),
	},
	{
		Case: "checks.parameters.name-number", Wrong: "A number for a name is refused.",
		Answer: refusing400(createCheck, "name", isNumber),
	},
	{
		Case: "checks.order.delete", Wrong: "Who may not delete checks is told so before the id is looked at.",
		Answer: on(deleteCheck, by("developer", refuse(401, complaints("Not allowed")))),
	},
}

// refusingQuery refuses a value in the query.
func refusingQuery(operation, name, value string) alteration {
	return on(operation, when(queryIs(name, value), refuse(400, complaint(name+" is invalid"))))
}

// unmasked shows some URLs in full to a role.
func unmasked(role string, which func(url string) bool, others func(url string) string) alteration {
	return fullURL(role, func(url string) string {
		if which(url) {
			return url
		}
		return others(url)
	})
}

func hasToken(url string) bool { return strings.Contains(url, "?token=") }

func hidden(string) string { return "" }

var listCases = []CaseDefect{
	{
		Case: "checks.list.page-negative", Wrong: "A negative page is refused.",
		Answer: refusingQuery(listChecks, "page", "-3"),
	},
	{Case: "checks.list.page-zero", Wrong: "Page 0 is refused.", Answer: refusingQuery(listChecks, "page", "0")},
	{
		Case: "checks.list.per-page-fraction", Wrong: "A fraction for per_page is cut.",
		Answer: on(listChecks, withQuery("per_page", "2.5", "2")),
	},
	{
		Case: "checks.list.per-page-word", Wrong: "A word for per_page is ignored.",
		Answer: on(listChecks, withQuery("per_page", "abc", "")),
	},
	{
		Case: "list.parameters.page-word", Wrong: "A word for page is refused.",
		Answer: refusingQuery(listStatuses, "page", "abc"),
	},
	{
		Case: "list.parameters.per-page-fraction", Wrong: "A fraction for per_page is refused.",
		Answer: refusingQuery(listStatuses, "per_page", "2.5"),
	},
	{
		Case: "list.parameters.per-page-prefix", Wrong: "A number with a letter behind it is refused.",
		Answer: refusingQuery(listStatuses, "per_page", "7x"),
	},
	{
		Case: "list.parameters.per-page-word", Wrong: "A word for per_page is refused.",
		Answer: refusingQuery(listStatuses, "per_page", "abc"),
	},
	{
		Case: "masking.developer", Wrong: "A token in a URL is shown to developers.",
		Answer: unmasked("developer", hasToken, cutAt("?")),
	},
	{
		Case: "masking.reporter", Wrong: "A URL with a query is shown to reporters.",
		Answer: unmasked("reporter", hasToken, hidden),
	},
	{
		Case: "masking.reporter-without-query", Wrong: "A URL without a query is shown to reporters.",
		Answer: unmasked("reporter", func(url string) bool { return !strings.Contains(url, "?") }, hidden),
	},
	{
		Case: "masking.without-query", Wrong: "A URL with nothing to hide is hidden.",
		Answer: unmasked("developer", func(url string) bool { return false }, func(url string) string {
			if strings.ContainsAny(url, "?#") {
				return cutAt("?")(url)
			}
			return ""
		}),
	},
}

// below tells a request whose method and path, with another root of the API, are those of an operation.
func below(root, method, operation string) func(*visit) bool {
	return func(v *visit) bool {
		path, is := strings.CutPrefix(v.request.URL.EscapedPath(), root+"/")
		if !is || method != "" && v.method() != method {
			return false
		}
		op := openapi.GitLab().Operation(operation)
		found := openapitest.Find(openapi.GitLab(), op.Method, openapi.GitLab().Root()+"/"+path)
		return found != nil && found.ID == operation
	}
}

// noOptions has no answer to OPTIONS on the path of an operation.
func noOptions(operation string) alteration {
	options := below(openapi.GitLab().Root(), http.MethodOptions, operation)
	return when(options, turning(204, 404, complaint("404 Not Found")))
}

// noThird does not know that an operation was there in the third version of the API.
func noThird(operation string) alteration {
	third := below("/api/v3", openapi.GitLab().Operation(operation).Method, operation)
	return when(third, turning(410, 404, complaint("404 Not Found")))
}

// unlicensedSays answers an operation otherwise where there is no licence.
func unlicensedSays(operation string) alteration {
	return withoutLicence(on(operation, turning(401, 403, sentence("403 Forbidden"))))
}

var pathCases = []CaseDefect{
	{
		Case: "http.media-type.create", Wrong: "A new check of a type that is not read is refused with 406.",
		Answer: on(createCheck, turning(415, 406, "")),
	},
	{Case: "http.options.checks", Wrong: "A project's checks have no OPTIONS.", Answer: noOptions(listChecks)},
	{Case: "http.options.check", Wrong: "A check has no OPTIONS.", Answer: noOptions(deleteCheck)},
	{
		Case: "http.options.merge-request", Wrong: "The checks of a merge request have no OPTIONS.",
		Answer: noOptions(listStatuses),
	},
	{Case: "http.options.respond", Wrong: "Responses have no OPTIONS.", Answer: noOptions(respond)},
	{Case: "http.options.retry", Wrong: "Retries have no OPTIONS.", Answer: noOptions(retry)},
	{
		Case:   "http.version-three.list",
		Wrong:  "In the third version checks cannot be listed, and nothing is told of it.",
		Answer: noThird(listChecks),
	},
	{
		Case:   "http.version-three.create",
		Wrong:  "In the third version checks cannot be made, and nothing is told of it.",
		Answer: noThird(createCheck),
	},
	{
		Case:   "http.version-three.update",
		Wrong:  "In the third version checks cannot be changed, and nothing is told of it.",
		Answer: noThird(updateCheck),
	},
	{
		Case:   "http.version-three.delete",
		Wrong:  "In the third version checks cannot be deleted, and nothing is told of it.",
		Answer: noThird(deleteCheck),
	},
	{
		Case:   "http.version-three.merge-request",
		Wrong:  "In the third version a merge request has no checks, and nothing is told of it.",
		Answer: noThird(listStatuses),
	},
	{
		Case:   "http.version-three.respond",
		Wrong:  "In the third version there are no responses, and nothing is told of it.",
		Answer: noThird(respond),
	},
	{
		Case:  "http.version-three.retry",
		Wrong: "In the third version there are no retries, and nothing is told of it.", Answer: noThird(retry),
	},
	{Case: "licence.list", Wrong: "Without a licence listing is forbidden.", Answer: unlicensedSays(listChecks)},
	{
		Case: "licence.delete", Wrong: "Without a licence deleting is forbidden.",
		Answer: unlicensedSays(deleteCheck),
	},
	{
		Case: "licence.merge-request", Wrong: "Without a licence listing on a merge request is forbidden.",
		Answer: unlicensedSays(listStatuses),
	},
	{Case: "licence.respond", Wrong: "Without a licence answering is forbidden.", Answer: unlicensedSays(respond)},
}

const checkID = "external_status_check_id"

// isPlain tells a text without spaces around it, and isSpaced one with a space before it.
func isPlain(value any) bool { return isWord(value) && strings.TrimSpace(text(value)) == text(value) }

func isSpaced(value any) bool { return strings.HasPrefix(text(value), " ") && isText(value) }

// withStatus answers a response otherwise whose status is of a kind.
func withStatus(kind func(any) bool) alteration {
	return on(respond, when(hasParameter("status", kind), refuse(422, complaint("status does not have a valid value"))))
}

// inBrief refuses a response in other words.
func inBrief(holds func(*visit) bool, message string) alteration {
	return on(respond, when(holds, refuse(400, complaint(message))))
}

func isForm(v *visit) bool {
	return strings.Contains(v.request.Header.Get("Content-Type"), "urlencoded")
}

var responseCases = []CaseDefect{
	{
		Case: "respond.coercion.text", Wrong: "A text for the id of a check is refused.",
		Answer: refusing400(respond, checkID, func(value any) bool {
			return isPlain(value) && strings.Trim(text(value), "0123456789") == "" && len(text(value)) < 19
		}),
	},
	{
		Case: "respond.coercion.space", Wrong: "A space before the id of a check is refused.",
		Answer: refusing400(respond, checkID, isSpaced),
	},
	{
		Case: "respond.coercion.space-behind", Wrong: "A space behind the id of a check is refused.",
		Answer: refusing400(respond, checkID, func(value any) bool {
			return isText(value) && strings.HasSuffix(text(value), " ")
		}),
	},
	{
		Case: "respond.parameters.empty-status", Wrong: "An empty status is refused with 422.",
		Answer: withStatus(isNoWord),
	},
	{
		Case: "respond.parameters.null-status", Wrong: "Null for a status is refused with 422.",
		Answer: withStatus(isNull),
	},
	{
		Case: "respond.parameters.no-sha", Wrong: "That the sha is missing is told in other words.",
		Answer: inBrief(hasOnly(checkID, "status"), "sha is empty"),
	},
	{
		Case: "respond.parameters.no-status", Wrong: "A missing status is told once.",
		Answer: inBrief(hasOnly(checkID, "sha"), "status is missing"),
	},
	{
		Case: "respond.parameters.nothing", Wrong: "Where everything is missing only the check is told.",
		Answer: inBrief(hasOnly(), checkID+" is missing"),
	},
	{
		Case: "respond.parameters.word-check", Wrong: "A word for the id of a check is not found.",
		Answer: on(respond, when(hasParameter(checkID, equals("abc")), refuse(404, sentence("404 Not found")))),
	},
	{
		Case: "respond.unknown-check.negative", Wrong: "A negative id of a check is invalid.",
		Answer: on(respond, when(oddID(negative), refuse(400, complaint(checkID+" is invalid")))),
	},
	{
		Case: "respond.unknown-check.huge", Wrong: "A huge id of a check is invalid.",
		Answer: on(respond, when(oddID(huge), refuse(400, complaint(checkID+" is invalid")))),
	},
	{
		Case: "respond.unknown-check.empty", Wrong: "An empty id of a check is invalid.",
		Answer: refusing400(respond, checkID, isNoWord),
	},
	{
		Case: "respond.unknown-check.null", Wrong: "Null for the id of a check is invalid.",
		Answer: refusing400(respond, checkID, isNull),
	},
	{
		Case: "retry.body.form", Wrong: "A retry may not be a form.",
		Answer: on(retry, when(isForm, refuse(415, complaint("415 Unsupported Media Type")))),
	},
	{
		Case: "retry.passed", Wrong: "A check that passed can be retried.",
		Answer: on(retry, when(func(v *visit) bool { return v.statusOf(v.check()) == "passed" },
			turning(422, 202, sentence("202 Accepted")))),
	},
}

// forbidden keeps a role from an operation.
func forbidden(operation, role string) alteration {
	return on(operation, by(role, refuse(403, sentence("403 Forbidden"))))
}

var roleCases = []CaseDefect{
	{
		Case:   "roles.list-status-checks.maintainer",
		Wrong:  "A maintainer may not list the checks of a merge request.",
		Answer: forbidden(listStatuses, "maintainer"),
	},
	{
		Case: "roles.list-status-checks.owner", Wrong: "An owner may not list the checks of a merge request.",
		Answer: forbidden(listStatuses, "owner"),
	},
	{
		Case: "roles.respond.maintainer", Wrong: "A maintainer may not answer.",
		Answer: forbidden(respond, "maintainer"),
	},
	{Case: "roles.respond.owner", Wrong: "An owner may not answer.", Answer: forbidden(respond, "owner")},
	{Case: "roles.retry.maintainer", Wrong: "A maintainer may not retry.", Answer: forbidden(retry, "maintainer")},
	{Case: "roles.retry.owner", Wrong: "An owner may not retry.", Answer: forbidden(retry, "owner")},
}

var deliveryCases = []CaseDefect{
	{
		Case: "deliver.redirect.301", Wrong: "A service that moved with 301 is not followed.",
		Serve: notFollowing(301),
	},
	{
		Case: "deliver.redirect.302", Wrong: "A service that moved with 302 is not followed.",
		Serve: notFollowing(302),
	},
	{
		Case: "deliver.redirect.307", Wrong: "A service that moved with 307 is not followed.",
		Serve: notFollowing(307),
	},
	{
		Case: "deliver.redirect.308", Wrong: "A service that moved with 308 is not followed.",
		Serve: notFollowing(308),
	},
	{
		Case: "history.deliver.detailed-status", Wrong: "A delivery has no detailed status.",
		Serve: writing(func(p *parcel) { p.attributes().drop("detailed_merge_status") }),
	},
}

// inOtherWords refuses what is about a merge request that is not there in other words.
func inOtherWords(operation string, about func(*visit) bool) alteration {
	return on(operation, when(about, turning(404, 404, sentence("404 Nothing Found"))))
}

// nowhere is the number of a merge request, and the id of a check, that are never there.
const nowhere = "2147483000"

func onNoMergeRequest(v *visit) bool { return v.mr() == nowhere && v.role() == "developer" }

func forNoCheck(v *visit) bool {
	return v.check() == nowhere && v.role() == "developer" && text(v.given("sha")) == v.head()
}

// afterARetry tells a check about which nothing was said since it was retried.
func afterARetry(v *visit) bool { return v.server.memory.noted("last "+v.key(v.check())) == "retried" }

// singleCases are about scenarios that are no cases of a table.
var singleCases = []CaseDefect{
	{
		Case: "checks.update.nothing", Wrong: "An empty object is no change.",
		Answer: on(updateCheck, when(hasOnly(), refuse(400, complaint("at least one parameter must be provided")))),
	},
	{
		Case: "checks.update.suffix-is-cut", Wrong: "A check whose id has a suffix is not found.",
		Answer: on(updateCheck, when(pathEnds(".5"), refuse(404, sentence("404 Not found")))),
	},
	{
		Case: "isolation.branch-on-create", Wrong: "A new check may be for branches of another project.",
		Answer: on(createCheck, retried("all protected branches", ignoring(branchIDs))),
	},
	{
		Case: "isolation.retry.other-check", Wrong: "A retry makes other failed checks pending, and tells nobody.",
		Answer: on(retry, also(func(v *visit) {
			for _, o := range v.otherChecks() {
				if o.get("status") == "failed" {
					v.says("pending", text(o.get("id")), "sha", v.head())
				}
			}
		})),
	},
	{
		Case: "respond.unknown-check", Wrong: "A check that is not there is refused in other words.",
		Answer: inOtherWords(respond, forNoCheck),
	},
	{
		Case: "respond.unknown-merge-request", Wrong: "A response for no merge request is refused in other words.",
		Answer: inOtherWords(respond, onNoMergeRequest),
	},
	{
		Case: "respond.word-merge-request", Wrong: "A word for the number of a merge request is not found.",
		Answer: on(respond, when(func(v *visit) bool { return v.mr() == "abc" }, refuse(404, sentence("404 Not found")))),
	},
	{
		Case: "retry.unknown-merge-request", Wrong: "A retry on no merge request is refused in other words.",
		Answer: inOtherWords(retry, onNoMergeRequest),
	},
	{
		Case: "retry.again", Wrong: "What was retried can be retried again at once.",
		Answer: all(on(retry, when(afterARetry, turning(422, 202, sentence("202 Accepted")))), notingLast),
	},
	{
		Case: "timeout.pending-response", Wrong: "A response that says pending stays.",
		Answer: all(notingLast, showing("pending", func(v *visit, o *object) bool {
			return timedOut(v, o) && v.last(o) == "pending"
		})),
		Also: []string{"timeout.strictly-older"},
	},
	{
		Case: "timeout.beside-an-answer", Wrong: "When a check times out, those that passed fail with it.",
		Answer: all(notingLast, on(listStatuses, after(func(v *visit) {
			if slices.ContainsFunc(objects(v.answered()), func(o *object) bool { return timedOut(v, o) }) {
				items(func(_ *visit, o *object) { o.set("status", "failed") })(v)
			}
		}))), Also: []string{"timeout.not-after-a-minute"},
	},
	{
		Case: "deliver.branch.other", Wrong: "All checks are told, unless the branch has a short name.",
		Serve: func(p *parcel) {
			if len(text(p.attributes().get("target_branch"))) > 3 {
				p.siblings()
			}
		},
	},
}
