package proof

import (
	"encoding/json"
	"slices"
)

// outsider tells somebody who is no member of the public project that the request is about.
var outsider = strangeTo("public")

// bySystem tells the parcels about what GitLab itself did.
func bySystem(p *parcel) bool { return p.attributes().Get("system") == true }

// ruled tells a project with an approval rule.
func ruled(v *visit) bool {
	rules, _ := v.ask("listApprovalRules").answered().([]any)
	return len(rules) > 0
}

// pretending sets something to one value always, and says that it is what was asked for.
func pretending(name string, value any) alteration {
	return func(v *visit) {
		asked := v.given(name)
		v.give(name, value)
		items(func(_ *visit, o *object) { o.Set(name, asked) })(v)
	}
}

// approvalDefects are servers that are wrong about approvals that are required.
var approvalDefects = []Defect{
	{
		ID: "approval-is-the-last", Area: "deliver", Wrong: "Every approval is told as the last one.",
		Deliver: calling("approval", "approved"),
	},
	{
		ID: "early-approvals-not-told", Area: "deliver", Wrong: "Only the last approval is told.",
		Deliver: losing(about("approval")),
	},
	{ID: "unapproval-is-a-loss", Area: "deliver", Wrong: "Taking back one of too few approvals is told as the loss " +
		"of all.", Deliver: calling("unapproval", "unapproved")},
	{
		ID: "unapproved-is-an-unapproval", Area: "deliver", Wrong: "The loss of what was approved is told as " +
			"unapproval.",
		Deliver: calling("unapproved", "unapproval"),
	},
	{
		ID: "resets-not-told", Area: "deliver", Wrong: "That a push resets approvals is not told.",
		Deliver: losing(bySystem),
	},
	{
		ID: "resets-by-a-user", Area: "deliver", Wrong: "That a push resets approvals is told as if a user took " +
			"them back.",
		Deliver: writing(func(p *parcel) {
			if bySystem(p) {
				p.attributes().Set("system", false)
				p.attributes().Drop("system_action")
			}
		}),
	},
	{
		ID: "resets-always", Area: "deliver", Wrong: "A push resets approvals whatever the project wants.",
		Answer: on("changeProjectApprovals", pretending("reset_approvals_on_push", true)),
	},
	{
		ID: "resets-never", Area: "deliver", Wrong: "No push resets approvals.",
		Answer: on("changeProjectApprovals", pretending("reset_approvals_on_push", false)),
	},
	{
		ID: "spent-time-not-told", Area: "deliver", Wrong: "Time that is spent is not told.",
		Deliver: losing(func(p *parcel) bool {
			changes, _ := p.payload.Get("changes").(*object)
			return changes != nil && changes.Get("total_time_spent") != nil
		}),
	},
	{
		ID: "spent-time-of-before", Area: "payload", Wrong: "When time is added, what was spent before is told.",
		Deliver: writing(func(p *parcel) {
			if change, ok := p.attributes().Get("time_change").(json.Number); ok && change != "0" {
				p.attributes().Set("total_time_spent", number(0))
			}
		}),
	},
	{
		ID: "checks-before-approvals", Area: "merge", Wrong: "Checks that have not passed are shown before " +
			"approvals that lack.",
		Answer: on("getMergeRequest", field("detailed_merge_status", func(v *visit, value any) any {
			p, _ := v.ask("getProject").answered().(*object)
			passed := !slices.ContainsFunc(v.statuses(), func(status string) bool { return status != "passed" })
			if value == "not_approved" && p.Get(gateSetting) == true && !passed {
				return "status_checks_must_pass"
			}
			return value
		})),
	},
	{
		ID: "group-approvers-respond", Area: "roles", Wrong: "Who approves by a group may answer.",
		Answer: on(respond, when(outsider, whenRefused(404))),
	},
	{
		ID: "group-approvers-403", Area: "roles", Wrong: "Who approves by a group is refused as anybody who is no " +
			"member.",
		Answer: on(respond, when(outsider, turning(404, 403, sentence("403 Forbidden")))),
	},
	{
		ID: "group-approvers-before-sha", Area: "roles", Wrong: "Who approves by a group is refused before the sha " +
			"is compared.",
		Answer: on(respond, when(outsider, turning(409, 404, `{"message":null}`))),
	},
	{
		ID: "groups-of-any-rule-approve", Area: "roles", Wrong: "Whoever an approval rule names by a group gets " +
			"past the first gate, in any role and for any branch.",
		Answer: on(respond, when(outsider, when(ruled, turning(403, 404, `{"message":null}`)))),
	},
	early(18, 9, "group-approvers-from-planner", "already lets every role in a group that an approval rule names "+
		"past the first gate, as 19.4 does"),
	late(19, 4, "group-approvers-from-planner", "still lets only reporters of a group that an approval rule names "+
		"past the first gate, as 18.9 does"),
}
