package proof

import (
	"strings"
)

var retryDefects = []Defect{
	{
		ID: "retry-of-anything", Area: "retry", Wrong: "A check that did not fail can be retried.",
		Answer: on(retry, turning(422, 202, sentence("202 Accepted"))),
	},
	{
		ID: "retry-of-pending", Area: "retry", Wrong: "A check that is pending can be retried.",
		Answer: on(retry, when(func(v *visit) bool { return v.statusOf(v.check()) == "pending" },
			turning(422, 202, sentence("202 Accepted")))),
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
			return len(v.current().Keys) > 0 && v.statusOf(v.check()) == "" && v.ask("getMergeRequest").succeeded()
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
		Answer: on(retry, when(func(v *visit) bool { return len(v.body) > 0 && v.input == nil },
			refuse(400, complaint("400 Bad request")))),
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
