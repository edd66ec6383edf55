package proof

import (
	"net/http"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/openapi/openapitest"
)

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
		Serve: writing(func(p *parcel) { p.attributes().Drop("detailed_merge_status") }),
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
				if o.Get("status") == "failed" {
					v.says("pending", text(o.Get("id")), "sha", v.head())
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
		Answer: on(respond, when(func(v *visit) bool { return v.mr() == "abc" },
			refuse(404, sentence("404 Not found")))),
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
				items(func(_ *visit, o *object) { o.Set("status", "failed") })(v)
			}
		}))), Also: []string{"timeout.not-after-a-minute"},
	},
	{
		Case: "deliver.branch.other", Wrong: "All checks are told, unless the branch has a short name.",
		Serve: func(p *parcel) {
			if len(text(p.attributes().Get("target_branch"))) > 3 {
				p.siblings()
			}
		},
	},
}
