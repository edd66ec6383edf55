package proof

import (
	"net/url"
	"strings"
)

// strangeTo tells a stranger in a project of some visibility.
func strangeTo(visibility string) func(*visit) bool {
	return func(v *visit) bool {
		if v.role() != "stranger" {
			return false
		}
		o, ok := v.ask("getProject").answered().(*object)
		return ok && o.Get("visibility") == visibility
	}
}

// mayAll lets callers of a role do everything that a role could do.
func mayAll(role string) alteration { return on(everywhere, by(role, asCreator)) }

const members = "guest planner reporter developer"

var roleDefects = []Defect{
	{ID: "guests-may-all", Area: "roles", Wrong: "A guest may do what an owner may.", Answer: mayAll("guest")},
	{ID: "planners-may-all", Area: "roles", Wrong: "A planner may do what an owner may.", Answer: mayAll("planner")},
	{ID: "reporters-may-all", Area: "roles", Wrong: "A reporter may do what an owner may.", Answer: mayAll("reporter")},
	{
		ID: "developers-manage-checks", Area: "roles", Wrong: "A developer may list, create, change and delete checks.",
		Answer: on(onChecks, by("developer", asCreator)),
	},
	{
		ID: "public-projects-are-open", Area: "roles", Wrong: "In a public project everybody who is signed in may " +
			"do everything.",
		Answer: on(everywhere, when(strangeTo("public"), asCreator)),
	},
	{
		ID: "internal-projects-are-open", Area: "roles", Wrong: "In an internal project everybody who is signed in " +
			"may do everything.",
		Answer: on(everywhere, when(strangeTo("internal"), asCreator)),
	},
	{
		ID: "private-projects-are-open", Area: "roles", Wrong: "In a private project everybody who is signed in may " +
			"do everything.",
		Answer: on(everywhere, when(strangeTo("private"), asCreator)),
	},
	{
		ID: "private-projects-403", Area: "roles", Wrong: "Who may not see a project is told so with 403.",
		Answer: on(everywhere, when(strangeTo("private"), turning(404, 403, sentence("403 Forbidden")))),
	},
	{
		ID: "owners-alone-manage-checks", Area: "roles", Wrong: "Only owners may change checks.",
		Answer: on(updateCheck, by("maintainer", refuse(401, complaints("Not allowed")))),
	},
	{
		ID: "maintainers-alone-manage-checks", Area: "roles", Wrong: "Only maintainers may change checks.",
		Answer: on(updateCheck, by("owner", refuse(401, complaints("Not allowed")))),
	},
	{
		ID: "statuses-not-for-maintainers", Area: "roles", Wrong: "Only developers may list a merge request's checks.",
		Answer: on(listStatuses, by("maintainer owner", refuse(403, sentence("403 Forbidden")))),
	},
	{
		ID: "admins-must-be-members", Area: "roles", Wrong: "An administrator who is no member may nothing.",
		Answer: on(everywhere, by("admin", refuse(404, sentence("404 Project Not Found")))),
	},
	{
		ID: "admins-respond", Area: "roles", Wrong: "An administrator who is no member may answer.",
		Answer: on(respond, by("admin", whenRefused(403))),
	},
	{
		ID: "list-refused-403", Area: "roles", Wrong: "Listing checks is refused with 403, as sense would have it.",
		Answer: on(listChecks, by(members+" stranger", turning(401, 403, sentence("403 Forbidden")))),
	},
	{
		ID: "create-refused-403", Area: "roles", Wrong: "Creating a check is refused with 403, as sense would have it.",
		Answer: on(createCheck, by(members+" stranger", turning(500, 403, sentence("403 Forbidden")))),
	},
	{
		ID: "create-refused-401", Area: "roles", Wrong: "Creating a check is refused with 401, as up to 16.",
		Answer: on(createCheck, turning(500, 401, "")),
	},
	{
		ID: "update-refused-403", Area: "roles", Wrong: "Changing a check is refused with 403, as sense would have it.",
		Answer: on(updateCheck, by(members+" stranger", turning(401, 403, sentence("403 Forbidden")))),
	},
	{
		ID: "update-refused-in-a-text", Area: "roles", Wrong: "The refusal to change a check is a text, not a list.",
		Answer: on(updateCheck, wording(`["Not allowed"]`, `"Not allowed"`)),
	},
	{
		ID: "delete-refused-403", Area: "roles", Wrong: "Deleting a check is refused with 403, as sense would have it.",
		Answer: on(deleteCheck, by(members+" stranger", turning(204, 403, sentence("403 Forbidden")))),
	},
	{
		ID: "merge-requests-stay-on", Area: "roles", Wrong: "Merge requests that are switched off are still there.",
		Answer: on("updateProject", ignoring("merge_requests_access_level")),
	},
	{
		ID: "delete-by-anyone", Area: "roles", Wrong: "Who gets 204 for a deletion has deleted.",
		Answer: on(deleteCheck, by(members, asCreator)),
	},
	{
		ID: "delete-by-strangers", Area: "roles", Wrong: "Whoever sees a project may delete its checks.",
		Answer: on(deleteCheck, when(func(v *visit) bool { return strangeTo("public")(v) || strangeTo("internal")(v) },
			asCreator)),
	},
	{
		ID: "list-not-for-maintainers", Area: "roles", Wrong: "A maintainer may not list checks.",
		Answer: on(listChecks, by("maintainer", refuse(401, sentence("401 Unauthorized")))),
	},
	{
		ID: "list-not-for-owners", Area: "roles", Wrong: "An owner may not list checks.",
		Answer: on(listChecks, by("owner", refuse(401, sentence("401 Unauthorized")))),
	},
	{
		ID: "create-not-for-maintainers", Area: "roles", Wrong: "A maintainer may not create checks.",
		Answer: on(createCheck, by("maintainer", refuse(500, complaints("Not allowed")))),
	},
	{
		ID: "create-not-for-owners", Area: "roles", Wrong: "An owner may not create checks.",
		Answer: on(createCheck, by("owner", refuse(500, complaints("Not allowed")))),
	},
	{
		ID: "delete-not-for-maintainers", Area: "roles", Wrong: "A maintainer may not delete checks.",
		Answer: on(deleteCheck, by("maintainer", refuse(204, ""))),
	},
	{
		ID: "delete-not-for-owners", Area: "roles", Wrong: "An owner may not delete checks.",
		Answer: on(deleteCheck, by("owner", refuse(204, ""))),
	},
	{
		ID: "statuses-for-guests", Area: "roles", Wrong: "Guests and planners may list a merge request's checks.",
		Answer: on(listStatuses, by("guest planner", whenRefused(403))),
	},
	{
		ID: "statuses-for-the-public", Area: "roles", Wrong: "In a public project everybody may list a merge " +
			"request's checks.",
		Answer: on(listStatuses, when(strangeTo("public"), whenRefused(403))),
	},
	{
		ID: "statuses-not-for-reporters", Area: "roles", Wrong: "Listing a merge request's checks needs Developer.",
		Answer: on(listStatuses, by("reporter", refuse(403, sentence("403 Forbidden")))),
	},
	{
		ID: "statuses-not-in-internal-projects", Area: "roles", Wrong: "In an internal project only members may " +
			"list a merge request's checks.",
		Answer: on(listStatuses, when(strangeTo("internal"), refuse(403, sentence("403 Forbidden")))),
	},
	{
		ID: "statuses-refused-401", Area: "roles", Wrong: "Listing a merge request's checks is refused with 401.",
		Answer: on(listStatuses, turning(403, 401, sentence("401 Unauthorized"))),
	},
	{
		ID: "reporters-respond", Area: "roles", Wrong: "A reporter may answer.",
		Answer: on(respond, by("reporter", whenRefused(403))),
	},
	{
		ID: "assigned-reporters-respond", Area: "roles", Wrong: "A reporter to whom the merge request is assigned " +
			"may answer.",
		Answer: on(respond, by("reporter", whenRefused(404))),
	},
	{
		ID: "assigned-reporters-403", Area: "roles", Wrong: "A reporter to whom the merge request is assigned is " +
			"refused with 403.",
		Answer: on(respond, by("reporter", turning(404, 403, sentence("403 Forbidden")))),
	},
	{
		ID: "assigned-reporters-told-more", Area: "roles", Wrong: "The refusal without a word says 404 Not Found, " +
			"as up to 18.1.",
		Answer: on(respond, wording(`{"message":null}`, sentence("404 Not Found"))),
	},
	{
		ID: "ability-before-sha", Area: "roles", Wrong: "A reporter to whom the merge request is assigned is " +
			"refused before the sha is compared.",
		Answer: on(respond, by("reporter", turning(409, 404, `{"message":null}`))),
	},
	{
		ID: "responding-needs-maintainer", Area: "roles", Wrong: "A developer may not answer in a project where " +
			"others are maintainers.",
		Answer: on(respond, by("developer",
			when(func(v *visit) bool { return strings.Contains(v.request.UserAgent(), "roles.") },
				refuse(403, sentence("403 Forbidden"))))),
	},
	{
		ID: "responding-refused-401", Area: "roles", Wrong: "Answering is refused with 401.",
		Answer: on(respond, turning(403, 401, sentence("401 Unauthorized"))),
	},
	{
		ID: "reporters-retry", Area: "roles", Wrong: "A reporter may retry.",
		Answer: on(retry, by("reporter", whenRefused(403))),
	},
	{
		ID: "guests-retry", Area: "roles", Wrong: "Every member may retry.",
		Answer: on(retry, by("guest planner", whenRefused(403))),
	},
	{
		ID: "retry-refused-404", Area: "roles", Wrong: "A retry by who may not is not found.",
		Answer: on(retry, turning(403, 404, sentence("404 Not found"))),
	},
	{
		ID: "retrying-needs-maintainer", Area: "roles", Wrong: "Only maintainers may retry.",
		Answer: on(retry, by("developer", refuse(403, sentence("403 Forbidden")))),
	},
	{
		ID: "retrying-is-for-developers", Area: "roles", Wrong: "Of all roles only developers may retry.",
		Answer: on(retry, by("maintainer owner admin", refuse(403, sentence("403 Forbidden")))),
	},
	{
		ID: "responding-is-for-developers", Area: "roles", Wrong: "Of all roles only developers may answer.",
		Answer: on(respond, by("maintainer owner", refuse(403, sentence("403 Forbidden")))),
	},
}

// elsewhere sends a visit to the project that the check belongs to.
func elsewhere(v *visit) {
	c := v.server.memory.check(v.check())
	if c.project == 0 || c.project == v.project() {
		return
	}
	v.setPath(strings.Replace(v.request.URL.Path, "/"+v.path["id"]+"/", "/"+text(number(c.project))+"/", 1))
}

func foreign(v *visit) bool {
	c := v.server.memory.check(v.check())
	return c.project != 0 && c.project != v.project()
}

var isolationDefects = []Defect{
	{
		ID: "lists-all-projects", Area: "isolation", Wrong: "A project lists the checks of all projects.",
		Answer: on(listChecks, list(func(v *visit, found []any) []any {
			if v.given("per_page") == "100" {
				found = append(found, v.server.memory.foreignChecks(v.project(), 90-len(found))...)
			}
			return found
		})),
	},
	{
		ID: "changes-checks-of-others", Area: "isolation", Wrong: "A check can be changed by way of any project.",
		Answer: on(updateCheck, elsewhere),
	},
	{
		ID: "deletes-checks-of-others", Area: "isolation", Wrong: "A check can be deleted by way of any project.",
		Answer: on(deleteCheck, elsewhere),
	},
	{
		ID: "answers-for-checks-of-others", Area: "isolation", Wrong: "A response may be for a check of another " +
			"project, as in 14.0.",
		Answer: on(respond, when(foreign, turning(404, 201, `{"id":1,"merge_request":{},"external_status_check":{}}`))),
	},
	{
		ID: "checks-of-others-409", Area: "isolation", Wrong: "A response for a check of another project has its " +
			"sha compared first.",
		Answer: on(respond, when(foreign, refuse(409, sentence("SHA does not match HEAD of source branch: 0")))),
	},
	{
		ID: "retries-checks-of-others", Area: "isolation", Wrong: "A check of another project is looked at when it " +
			"is retried.",
		Answer: on(retry, when(foreign, turning(404, 422, sentence("External status check must be failed")))),
	},
	{
		ID: "branches-of-others-taken", Area: "isolation", Wrong: "A check may be for protected branches of another " +
			"project.",
		Answer: on(createCheck+" "+updateCheck, retried("all protected branches", ignoring("protected_branch_ids"))),
	},
	{
		ID: "branches-of-others-404", Area: "isolation", Wrong: "A protected branch of another project is not found.",
		Answer: on(createCheck+" "+updateCheck, after(func(v *visit) {
			if strings.Contains(string(v.answer), "all protected branches") {
				v.say(404, sentence("404 Not found"))
			}
		})),
	},
	{
		ID: "unknown-branches-ignored", Area: "isolation", Wrong: "Protected branches that are not there are ignored.",
		Answer: on(createCheck, after(func(v *visit) {
			if v.status == 404 && len(asList(v.given("protected_branch_ids"))) > 0 && v.role() != "stranger" {
				v.withhold("protected_branch_ids")
				v.pass()
			}
		})),
	},
	{
		ID: "unknown-branches-422", Area: "isolation", Wrong: "A protected branch that is not there is refused as " +
			"one of another project.",
		Answer: on(createCheck, turning(404, 422, complaints("all protected branches must exist within the project"))),
	},
}

// unlicensed tells a project whose licence the suite has switched off.
func unlicensed(v *visit) bool {
	return v.server.memory.noted("licence "+text(number(v.project()))) == "false"
}

// notingLicence remembers which projects have no licence.
var notingLicence = on("setLicence", after(func(v *visit) {
	if v.succeeded() {
		v.server.memory.note("licence "+text(v.given("project")), text(v.given("licensed")))
	}
}))

// withoutLicence alters the visits to projects that have no licence.
func withoutLicence(a alteration) alteration {
	return all(notingLicence, when(func(v *visit) bool { return v.op != "setLicence" && unlicensed(v) }, a))
}

const gateSetting = "only_allow_merge_if_all_status_checks_passed"

var licenceDefects = []Defect{
	{
		ID: "unlicensed-403", Area: "licence", Wrong: "Without a licence every call is answered with 403.",
		Answer: withoutLicence(on(everywhere, turning(401, 403, sentence("403 Forbidden")))),
	},
	{
		ID: "unlicensed-404", Area: "licence", Wrong: "Without a licence every call is not found.",
		Answer: withoutLicence(on(everywhere, turning(401, 404, sentence("404 Not Found")))),
	},
	{
		ID: "unlicensed-lists-nothing", Area: "licence", Wrong: "Without a licence the lists are empty.",
		Answer: withoutLicence(on(listChecks+" "+listStatuses, turning(401, 200, "[]"))),
	},
	{
		ID: "licence-before-project", Area: "licence", Wrong: "The licence is looked at before it is asked whether " +
			"the caller can see the project.",
		Answer: withoutLicence(on(everywhere, turning(404, 401, sentence("401 Unauthorized")))),
	},
	{
		ID: "parameters-before-licence", Area: "licence", Wrong: "Parameters are looked at before the licence.",
		Answer: withoutLicence(on(everywhere, func(v *visit) {
			if q := v.request.URL.Query(); q.Has("per_page") && notWhole(q.Get("per_page")) || v.method() == "POST" &&
				v.op != retry && len(v.body) == 0 {
				v.say(400, complaint("per_page is invalid"))
			}
		})),
	},
	{
		ID: "unlicensed-setting-shown", Area: "licence", Wrong: "Without a licence a project still shows whether " +
			"all checks must pass.",
		Answer: withoutLicence(on("getProject updateProject",
			adding(gateSetting, func(*visit, *object) any { return false }))),
	},
	{
		ID: "unlicensed-setting-refused", Area: "licence", Wrong: "Without a licence a change of whether all checks " +
			"must pass is refused.",
		Answer: withoutLicence(on("updateProject", when(func(v *visit) bool { return v.given(gateSetting) != nil },
			refuse(403, sentence("403 Forbidden"))))),
	},
	{
		ID: "unlicensed-forgets-checks", Area: "licence", Wrong: "When the licence goes, the checks go.",
		Answer: all(notingLicence,
			on(listStatuses, when(func(v *visit) bool {
				return v.server.memory.noted("licence "+
					text(number(v.project()))) == "true"
			},
				list(func(*visit, []any) []any { return []any{} })))),
	},
	{
		ID: "unlicensed-not-told", Area: "licence", Wrong: "Without a licence nobody is told anything.",
		Answer: notingLicence,
		Deliver: func(p *parcel) {
			_, c := p.check()
			p.lost = p.server.memory.noted("licence "+text(number(c.project))) == "false"
		},
	},
	{
		ID: "unlicensed-open-to-owners", Area: "licence", Wrong: "Owners need no licence.",
		Answer: all(notingLicence,
			on(everywhere, when(func(v *visit) bool { return v.role() == "creator" && unlicensed(v) }, func(v *visit) {
				v.query(func(q url.Values) { clear(q) })
				v.say(200, "[]")
			}))),
	},
}
