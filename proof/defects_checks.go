package proof

import (
	"net/http"
	"slices"
	"strings"
)

// others asks for the checks of the visit's project, but for the one that the visit is about.
func (v *visit) others() []*object {
	return slices.DeleteFunc(objects(v.ask(listChecks, "per_page", number(100)).answered()), func(o *object) bool {
		return text(o.Get("id")) == v.check()
	})
}

// current is the check that the visit is about, as it stands.
func (v *visit) current() *object {
	for _, o := range objects(v.ask(listChecks, "per_page", number(100)).answered()) {
		if text(o.Get("id")) == v.check() {
			return o
		}
	}
	return of()
}

// retried lets the good server answer and, where it complains of something, changes the request and asks again.
func retried(complaint string, change alteration) alteration {
	return after(func(v *visit) {
		if v.status == 422 && strings.Contains(string(v.answer), complaint) {
			change(v)
			v.pass()
		}
	})
}

// uniqueEverywhere refuses what a check of another project has.
func uniqueEverywhere(name, refusal string) alteration {
	return on(createCheck, func(v *visit) {
		of := name + " " + text(v.given(name))
		if owner := v.server.memory.noted(of); owner != "" && owner != text(number(v.project())) {
			v.say(422, complaints(refusal))
			return
		}
		v.pass()
		if v.succeeded() {
			v.server.memory.note(of, text(number(v.project())))
		}
	})
}

func schemeless(v *visit) bool { return strings.Trim(text(v.given("external_url")), " ") == "http://" }

var checkDefects = []Defect{
	{
		ID: "created-200", Area: "checks", Wrong: "A created check is answered with 200.",
		Answer: on(createCheck, turning(201, 200, "")),
	},
	{
		ID: "created-without-hmac", Area: "checks", Wrong: "Checks do not say whether they have a secret.",
		Answer: on(onChecks, dropping("hmac")),
	},
	{
		ID: "secret-shown", Area: "checks", Wrong: "A created check shows its shared secret.",
		Answer: on(createCheck+" "+updateCheck,
			adding("shared_secret", func(v *visit, _ *object) any { return v.given("shared_secret") })),
	},
	{
		ID: "secret-in-lists", Area: "checks", Wrong: "The list of checks shows shared secrets.",
		Answer: on(listChecks,
			adding("shared_secret", func(v *visit, o *object) any {
				return v.server.memory.check(text(o.Get("id"))).
					secret
			})),
	},
	{
		ID: "hmac-always-false", Area: "checks", Wrong: "hmac is false whatever secret there is.",
		Answer: on(onChecks, fixed("hmac", false)),
	},
	{
		ID: "hmac-says-whether-given", Area: "checks", Wrong: "hmac says whether this very request gave a secret.",
		Answer: on(updateCheck,
			field("hmac", func(v *visit, _ any) any { return text(v.given("shared_secret")) != "" })),
	},
	{
		ID: "blank-secret-signs", Area: "checks", Wrong: "A secret of white space counts as one.",
		Answer: on(onChecks, field("hmac", func(v *visit, value any) any {
			return value == true ||
				text(v.given("shared_secret")) == " "
		})),
	},
	{
		ID: "branches-as-documented", Area: "checks", Wrong: "Protected branches are shown as the published sample " +
			"has them.",
		Answer: on(onChecks, field("protected_branches", func(v *visit, value any) any {
			shown := []any{}
			for _, o := range objects(value) {
				shown = append(shown, of("id", o.Get("id"), "project_id", number(v.project()), "name", o.Get("name"),
					"created_at", "2020-10-12T14:04:50.787Z",
					"updated_at", "2020-10-12T14:04:50.787Z", "code_owner_approval_required", false))
			}
			return shown
		})),
	},
	{
		ID: "branches-as-ids", Area: "checks", Wrong: "Protected branches are shown as their ids.",
		Answer: on(onChecks, field("protected_branches", func(_ *visit, value any) any {
			shown := []any{}
			for _, o := range objects(value) {
				shown = append(shown, o.Get("id"))
			}
			return shown
		})),
	},
	{
		ID: "project-id-left-out", Area: "checks", Wrong: "A created check does not say whose it is.",
		Answer: on(createCheck, dropping("project_id")),
	},
	{
		ID: "keys-sorted", Area: "checks", Wrong: "The keys of a check come in alphabetical order.",
		Answer: on(onChecks, items(func(_ *visit, o *object) { slices.Sort(o.Keys) })),
	},
	{
		ID: "newest-not-listed", Area: "checks", Wrong: "The newest check is not listed.",
		Answer: on(listChecks, list(func(v *visit, found []any) []any {
			if len(found) > 0 && v.request.URL.Query().Get("page") == "" && v.given("per_page") == "100" {
				return found[:len(found)-1]
			}
			return found
		})),
	},
	{
		ID: "names-unique-in-any-case", Area: "checks", Wrong: "Names that differ in case only count as the same.",
		Answer: on(createCheck, func(v *visit) {
			for _, o := range v.others() {
				if name := text(o.Get("name")); name != text(v.given("name")) &&
					strings.EqualFold(name, text(v.given("name"))) {
					v.say(422, complaints("Name has already been taken"))
				}
			}
		}),
	},
	{
		ID: "names-may-repeat", Area: "checks", Wrong: "Two checks of a project may have the same name.",
		Answer: on(createCheck+" "+updateCheck, retried("Name has already been taken",
			func(v *visit) { v.give("name", text(v.given("name"))+" ") })),
	},
	{
		ID: "urls-may-repeat", Area: "checks", Wrong: "Two checks of a project may have the same URL.",
		Answer: on(createCheck+" "+updateCheck, retried("External url has already been taken",
			func(v *visit) { v.give("external_url", text(v.given("external_url"))+"#2") })),
	},
	{
		ID: "names-unique-everywhere", Area: "checks", Wrong: "A name that any project's check has is taken.",
		Answer: uniqueEverywhere("name", "Name has already been taken"),
	},
	{
		ID: "urls-unique-everywhere", Area: "checks", Wrong: "A URL that any project's check has is taken.",
		Answer: uniqueEverywhere("external_url", "External url has already been taken"),
	},
	{
		ID: "blank-names-taken", Area: "checks", Wrong: "A check may have a blank name.",
		Answer: on(createCheck, retried("Name can't be blank", func(v *visit) { v.give("name", "-") })),
	},
	{
		ID: "white-names-taken", Area: "checks", Wrong: "A name of white space is a name.",
		Answer: on(createCheck, when(hasParameter("name", equals(" ")),
			retried("Name can't be blank", func(v *visit) { v.give("name", "-") }))),
	},
	{
		ID: "only-first-complaint", Area: "checks", Wrong: "Of several things wrong with a check only the first is " +
			"told.",
		Answer: on(createCheck, after(func(v *visit) {
			if o, ok := v.answered().(*object); ok && v.status == 422 {
				if messages, _ := o.Get("message").([]any); len(messages) > 1 {
					v.say(422, complaints(text(messages[0])))
				}
			}
		})),
	},
	{
		ID: "name-complaints-first", Area: "checks", Wrong: "What is wrong with a name is told before what is wrong " +
			"with a URL.",
		Answer: on(createCheck, after(func(v *visit) {
			if o, ok := v.answered().(*object); ok && v.status == 422 {
				if messages, isList := o.Get("message").([]any); isList {
					slices.SortStableFunc(messages,
						func(a, b any) int { return strings.Compare(text(b)[:1], text(a)[:1]) })
					v.say(422, string(encode(o)))
				}
			}
		})),
	},
	{
		ID: "complaints-in-a-text", Area: "checks", Wrong: "What is wrong with a check is told in a text, not in a " +
			"list.",
		Answer: on(createCheck+" "+updateCheck, after(func(v *visit) {
			if o, ok := v.answered().(*object); ok && v.status == 422 {
				var messages []string
				for _, m := range asList(o.Get("message")) {
					messages = append(messages, text(m))
				}
				v.say(422, sentence(strings.Join(messages, ", ")))
			}
		})),
	},
	{
		ID: "complaints-by-attribute", Area: "checks", Wrong: "What is wrong with a check is told by attribute, as " +
			"for projects.",
		Answer: on(createCheck+" "+updateCheck, after(func(v *visit) {
			if v.status == 422 {
				v.say(422, string(encode(of("message", of("name", []any{"has already been taken"})))))
			}
		})),
	},
	{
		ID: "invalid-400", Area: "checks", Wrong: "What a model refuses is answered with 400.",
		Answer: on(createCheck+" "+updateCheck, turning(422, 400, "")),
	},
	{
		ID: "urls-not-stripped", Area: "checks", Wrong: "White space around a URL is kept.",
		Answer: on(createCheck,
			field("external_url", func(v *visit, value any) any { return v.given("external_url") })),
	},
	{
		ID: "local-urls-refused", Area: "checks", Wrong: "A URL on the local network is refused when a check is saved.",
		Answer: on(createCheck,
			when(func(v *visit) bool { return strings.Contains(text(v.given("external_url")), "localhost") },
				refuse(422, complaints("External url is blocked: Requests to localhost are not allowed")))),
	},
	{
		ID: "any-scheme", Area: "checks", Wrong: "A URL may have any scheme.",
		Answer: on(createCheck,
			retried("Only allowed schemes", func(v *visit) { v.give("external_url", "http://example.com/any") })),
	},
	{
		ID: "any-host", Area: "checks", Wrong: "A host may begin with a dash.",
		Answer: on(createCheck, retried("Hostname or IP address invalid",
			func(v *visit) { v.give("external_url", "http://example.com/host") })),
	},
	{
		ID: "newlines-cut", Area: "checks", Wrong: "A URL with a line break is cut there.",
		Answer: on(createCheck, taking("external_url", func(_ *visit, value any) any {
			if before, _, several := strings.Cut(strings.TrimSpace(text(value)), "\n"); several {
				return before
			}
			return value
		})),
	},
	{
		ID: "blank-urls-taken", Area: "checks", Wrong: "A check may have a blank URL.",
		Answer: on(createCheck, retried("External url can't be blank",
			func(v *visit) { v.give("external_url", "http://example.com/blank") })),
	},
	{
		ID: "blank-url-told-once", Area: "checks", Wrong: "A blank URL is only told to be blank.",
		Answer: on(createCheck, wording(`,"External url must be a valid URL"`, "")),
	},
	{
		ID: "scheme-alone-refused", Area: "checks", Wrong: "A URL of a scheme alone is refused.",
		Answer: on(createCheck, when(schemeless, refuse(422, complaints("External url is blocked: URI is invalid")))),
	},
	{
		ID: "long-names-422", Area: "checks", Wrong: "A name that is too long is refused in words.",
		Answer: on(createCheck, when(func(v *visit) bool { return len(text(v.given("name"))) > 255 },
			turning(500, 422, complaints("Name is too long (maximum is 255 characters)")))),
	},
	{
		ID: "long-urls-422", Area: "checks", Wrong: "A URL that is too long is refused in words.",
		Answer: on(createCheck, when(func(v *visit) bool { return len(text(v.given("external_url"))) > 255 },
			turning(500, 422, complaints("External url is too long (maximum is 255 characters)")))),
	},
	{
		ID: "long-secrets-taken", Area: "checks", Wrong: "A secret may have any length.",
		Answer: on(createCheck, retried("Shared secret is too long",
			func(v *visit) { v.give("shared_secret", "short") })),
	},
	{
		ID: "fixed-answers", Area: "checks", Wrong: "A created check is echoed and never stored.",
		Answer: on(createCheck,
			when(hasParameter("name", func(value any) bool { return strings.HasPrefix(text(value), "minimal") }),
				after(func(v *visit) {
					echo := v.answer
					v.askAs(v.token(), deleteCheck, "check_id", v.answered().(*object).Get("id"))
					v.answer = echo
				}))),
	},
	{
		ID: "new-checks-add-rows", Area: "checks", Wrong: "A new check fails on merge requests that are open already.",
		Answer: on(createCheck, after(func(v *visit) {
			o, _ := v.answered().(*object)
			if o == nil || !v.succeeded() {
				return
			}
			for _, mr := range objects(v.ask("listMergeRequests", "state", "opened", "per_page", number(100)).
				answered()) {
				v.ask(respond, "merge_request_iid", mr.Get("iid"), "external_status_check_id", o.Get("id"), "sha",
					mr.Get("sha"), "status", "failed")
			}
		})),
	},
}

func asList(value any) []any { found, _ := value.([]any); return found }

// replacing fills what a change leaves out with what a new check would have.
func replacing(name string, value any) alteration {
	return func(v *visit) {
		if v.input == nil {
			v.input = of()
			v.request.Header.Set("Content-Type", "application/json")
		}
		if _, given := v.input.Members[name]; !given {
			v.give(name, value)
		}
	}
}

func absent(name string) func(*visit) bool {
	return func(v *visit) bool { return v.given(name) == nil && !hasParameter(name, isNull)(v) }
}

var changeDefects = []Defect{
	{
		ID: "change-replaces-branches", Area: "checks", Wrong: "A change that names no branches makes the check " +
			"apply to all.",
		Answer: on(updateCheck, replacing("protected_branch_ids", []any{})),
	},
	{
		ID: "change-replaces-secret", Area: "checks", Wrong: "A change that names no secret removes it.",
		Answer: on(updateCheck, replacing("shared_secret", "")),
	},
	{
		ID: "change-needs-all", Area: "checks", Wrong: "A change must name name and URL.",
		Answer: on(updateCheck, when(func(v *visit) bool { return absent("name")(v) && absent("external_url")(v) },
			refuse(400, complaint("name is missing, external_url is missing")))),
	},
	{
		ID: "empty-change-400", Area: "checks", Wrong: "A change of nothing is refused, as for projects.",
		Answer: on(updateCheck, when(func(v *visit) bool { return v.input == nil || len(v.input.Keys) == 0 },
			refuse(400, complaint("name, external_url, shared_secret, protected_branch_ids are missing, at least "+
				"one parameter must be provided")))),
	},
	{
		ID: "branches-cannot-be-cleared", Area: "checks", Wrong: "An empty list of branches changes nothing.",
		Answer: on(updateCheck,
			when(hasParameter("protected_branch_ids",
				func(value any) bool { l, isList := value.([]any); return isList && len(l) == 0 }),
				ignoring("protected_branch_ids"))),
	},
	{
		ID: "null-branches-change-nothing", Area: "checks", Wrong: "null for the branches changes nothing.",
		Answer: on(updateCheck, when(hasParameter("protected_branch_ids", isNull), ignoring("protected_branch_ids"))),
	},
	{
		ID: "empty-text-branches-change-nothing", Area: "checks", Wrong: "An empty text for the branches changes " +
			"nothing.",
		Answer: on(updateCheck, when(hasParameter("protected_branch_ids", equals("")),
			ignoring("protected_branch_ids"))),
	},
	{
		ID: "secret-cannot-be-removed", Area: "checks", Wrong: "An empty secret changes nothing.",
		Answer: on(updateCheck, when(hasParameter("shared_secret", equals("")), ignoring("shared_secret"))),
	},
	{
		ID: "null-secret-changes-nothing", Area: "checks", Wrong: "null for a secret changes nothing.",
		Answer: on(updateCheck, when(hasParameter("shared_secret", isNull), ignoring("shared_secret"))),
	},
	{
		ID: "own-name-is-taken", Area: "checks", Wrong: "A check cannot be given the name that it has.",
		Answer: on(updateCheck,
			when(func(v *visit) bool { return v.given("name") != nil && v.given("name") == v.current().Get("name") },
				refuse(422, complaints("Name has already been taken")))),
	},
	{
		ID: "change-in-parts", Area: "checks", Wrong: "A change that is refused has changed the branches already.",
		Answer: on(updateCheck, after(func(v *visit) {
			if v.status == 422 && !absent("protected_branch_ids")(v) {
				v.askAs(v.token(), updateCheck, "protected_branch_ids", v.given("protected_branch_ids"))
			}
		})),
	},
	{
		ID: "change-answers-before", Area: "checks", Wrong: "A change is answered with the check as it was.",
		Answer: on(updateCheck, func(v *visit) {
			before := v.current()
			v.pass()
			if v.succeeded() && len(before.Keys) > 0 {
				v.answer = encode(before)
			}
		}),
	},
	{
		ID: "change-not-stored", Area: "checks", Wrong: "A change is answered and forgotten.",
		Answer: on(updateCheck, func(v *visit) {
			before := v.current()
			v.pass()
			answer := v.answer
			if v.succeeded() && len(before.Keys) > 0 {
				v.askAs(v.token(), updateCheck, "name", before.Get("name"), "external_url", before.Get("external_url"))
			}
			v.answer = answer
		}),
	},
	{
		ID: "change-201", Area: "checks", Wrong: "A change is answered with 201.",
		Answer: on(updateCheck, turning(200, 201, "")),
	},
	{
		ID: "change-creates", Area: "checks", Wrong: "A change of a check that is not there creates it.",
		Answer: on(updateCheck,
			turning(404, 200, `{"id":2147483000,"name":"x","project_id":1,"external_url":"https://example.com",`+
				`"protected_branches":[],"hmac":false}`)),
	},
	{
		ID: "unknown-check-400", Area: "checks", Wrong: "Changing a check that is not there is answered with 400.",
		Answer: on(updateCheck, turning(404, 400, sentence("400 Bad request"))),
	},
}

var deletionDefects = []Defect{
	{
		ID: "deleted-200", Area: "checks", Wrong: "A deletion is answered with 200 and what was deleted.",
		Answer: on(deleteCheck, turning(204, 200, sentence("200 OK"))),
	},
	{
		ID: "deleted-with-type", Area: "checks", Wrong: "The empty answer to a deletion has a Content-Type.",
		Answer: on(deleteCheck, after(func(v *visit) {
			if v.status == http.StatusNoContent {
				v.header.Set("Content-Type", "application/json")
			}
		})),
	},
	{
		ID: "deleted-again-204", Area: "checks", Wrong: "A check that is not there is deleted with success.",
		Answer: on(deleteCheck, turning(404, 204, "")),
	},
	{
		ID: "deletion-does-nothing", Area: "checks", Wrong: "A deletion is answered and not done.",
		Answer: on(deleteCheck, by("maintainer owner admin creator", func(v *visit) {
			if len(v.current().Keys) > 0 {
				v.say(204, "")
			}
		})),
	},
	{
		ID: "deleted-stays-on-merge-requests", Area: "checks", Wrong: "A deleted check stays on merge requests.",
		Answer: all(
			on(deleteCheck, func(v *visit) {
				o := v.current()
				v.pass()
				if v.succeeded() && len(v.current().Keys) == 0 && len(o.Keys) > 0 {
					v.server.memory.note("deleted from "+text(number(v.project())),
						string(encode(of("id", o.Get("id"), "name", o.Get("name"), "external_url", "", "status",
							"failed"))))
				}
			}),
			on(listStatuses, list(func(v *visit, found []any) []any {
				if ghost := v.server.memory.noted("deleted from " + text(number(v.project()))); ghost != "" {
					found = append(found, parse([]byte(ghost)))
				}
				return found
			}))),
	},
	{
		ID: "condition-ignored", Area: "checks", Wrong: "If-Unmodified-Since is ignored.",
		Answer: func(v *visit) { v.request.Header.Del("If-Unmodified-Since") },
	},
	{
		ID: "bad-condition-412", Area: "checks", Wrong: "A condition that is no time is not met.",
		Answer: on(deleteCheck, when(func(v *visit) bool {
			condition := v.request.Header.Get("If-Unmodified-Since")
			_, err := http.ParseTime(condition)
			return condition != "" && err != nil
		}, refuse(412, sentence("412 Precondition Failed")))),
	},
	{
		ID: "condition-409", Area: "checks", Wrong: "A condition that is not met is answered with 409.",
		Answer: on(deleteCheck, turning(412, 409, "")),
	},
}
