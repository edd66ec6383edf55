package proof

import (
	"net/http"

	"github.com/statuschecks/statuschecks/release"
)

// at makes a server of one release that answers as no release, or another one, does.
func at(major, minor int, id, wrong string, answer alteration) Defect {
	v := release.Of(major, minor)
	return Defect{ID: id + "-at-" + dashed(v.String()), Area: "history", Version: v, Wrong: "A server of " +
		v.String() + " " + wrong + ".", Answer: answer}
}

// releaseDefects are servers of earlier releases that do one thing as a later one does, and of later ones that lag
// behind.
var releaseDefects = []Defect{
	early(14, 0, "refuses-foreign-branches", "already refuses a protected branch of another project, as 14.1 does"),
	early(14, 0, "lists-applicable-checks", "already leaves out the checks of other branches, as 14.1 does"),
	early(14, 6, "shows-merge-user", "already says under merge_user who merged, as 14.7 does"),
	early(14, 8, "status-vocabulary", "already reads the status of a response, as 15.0 does"),
	late(14, 8, "loses-update-errors", "already says which rules a refused change breaks, as 15.0 does"),
	at(14, 8, "statusless-response-refused", "already refuses a response without a status, as 15.0 does",
		on(respond, func(v *visit) {
			if absent("status")(v) {
				v.say(400, complaint("status is missing"))
			}
		})),
	at(15, 0, "metadata-answered", "already has metadata, as 15.2 does", on("getMetadata", after(func(v *visit) {
		if v.status == http.StatusNotFound {
			version := v.ask("getVersion")
			v.status, v.header, v.answer = version.status, version.header, version.answer
		}
	}))),
	early(15, 3, "delivers-as-json", "already delivers as JSON, as 15.4 does"),
	early(15, 4, "merge-gate", "already can demand that checks pass, as 15.5 does"),
	early(15, 5, "metadata-has-edition", "already tells its edition, as 15.6 does"),
	early(15, 5, "numbers-access-levels", "already numbers access levels, as 15.6 does"),
	at(15, 6, "retry-answered", "already takes a retry, as 15.7 does",
		on(retry, refuse(202, sentence("202 Accepted")))),
	early(15, 9, "poll-interval", "already says how often to ask again, as 15.10 does"),
	early(15, 11, "masks-external-url", "already masks the URLs of checks, as 16.0 does"),
	early(15, 11, "shows-deploy-keys", "already shows deploy keys, as 16.0 does"),
	early(16, 0, "shows-preparation", "already says since when a merge request is prepared, as 16.1 does"),
	at(16, 4, "pending-taken", "already takes a response that says pending, as 16.5 does",
		on(respond, taking("status", func(_ *visit, value any) any {
			if value == "pending" {
				return "failed"
			}
			return value
		}))),
	early(16, 5, "responses-time-out", "already lets pending responses fail in time, as 16.6 does"),
	late(16, 6, "pending-responses", "still makes no pending responses, as 16.4 does"),
	early(16, 11, "shows-imports", "already says what was imported, as 17.0 does"),
	late(18, 9, "shows-imports", "still does not say what was imported, as 16.11 does"),
	early(17, 4, "shows-merge-after", "already says from when on it can be merged, as 17.5 does"),
	late(18, 9, "shows-merge-after", "still does not say from when on it can be merged, as 17.4 does"),
	early(17, 2, "shared-secrets", "already has shared secrets, as 17.3 does"),
	{
		ID: "signed-at-17-2", Area: "history", Version: release.Of(17, 2),
		Wrong:   "A server of 17.2 already signs deliveries, as 17.3 does.",
		Deliver: func(p *parcel) { p.request.Header.Set(signature, signed("", p.body)) },
	},
	late(17, 10, "masks-external-url", "still shows the URLs of checks in full, as 15.11 does"),
	early(17, 10, "reporters-read-statuses", "already lets reporters list statuses, as 17.11 does"),
	early(17, 11, "shows-inheritance", "already says which branches are those of a group, as 18.0 does"),
	early(18, 4, "shows-approval-times", "already shows when somebody approved, as 18.5 does"),
	early(18, 5, "names-malformed-json", "already says of a body that is no JSON that it is, as 18.6 does"),
	early(16, 4, "text-for-malformed-json", "already refuses a body that is no JSON with a text, as 16.5 does"),
	early(18, 8, "limits-secrets", "already limits the length of secrets, as 18.9 does"),
	early(18, 9, "scopes-by-wildcard", "already lets wildcards count, as 19.4 does"),
	late(19, 2, "merging-can-need-sha", "never demands that a merge names the commit, as 19.1 does"),
	early(19, 0, "scopes-by-wildcard", "already lets wildcards count, as 19.4 does"),
	early(19, 1, "scopes-by-wildcard", "already lets wildcards count, as 19.4 does"),
	late(19, 4, "scopes-by-wildcard", "still lets no wildcard count, as 18.9 does"),
	early(18, 9, "orders-checks-by-cost", "already looks at drafts and closed merge requests before their checks, "+
		"and at approvals after them, as 19.4 does"),
	early(19, 3, "orders-checks-by-cost", "already looks at drafts and closed merge requests before their checks, "+
		"and at approvals after them, as 19.4 does"),
	late(19, 4, "orders-checks-by-cost", "still looks at approvals before checks, and at drafts after them, as 18.9 "+
		"does"),
	at(19, 4, "words-not-found", "still looks for a merge request whose number is a word, as 18.9 does",
		on(listStatuses, turning(400, 404, sentence("404 Not found")))),
	late(19, 4, "short-response-entity", "still tells all of the check in the answer to a response, as 18.9 does"),
	late(19, 4, "looks-up-before-ability", "still refuses before it looks for the check, as 18.9 does"),
}
