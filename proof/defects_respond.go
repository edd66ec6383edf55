package proof

import (
	"slices"
	"strings"
)

func notOpen(v *visit) bool {
	o, ok := v.ask("getMergeRequest").answered().(*object)
	return ok && (o.Get("state") == "closed" || o.Get("state") == "merged")
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
			if status := v.server.memory.noted(kind + " " + v.key(text(o.Get("id"))) + "/" + head); status != "" {
				o.Set("status", status)
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
		if inner, ok := o.Get(name).(*object); ok {
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
		Answer: headFor(strings.HasPrefix),
	},
	{
		ID: "sha-in-any-case", Area: "respond", Wrong: "The head may be written in capitals.",
		Answer: headFor(func(sha, head string) bool {
			return strings.EqualFold(sha, head) && sha != head
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
		ID: "check-before-ability", Area: "respond", Wrong: "The check is looked up before it is asked whether the " +
			"caller may answer.",
		Answer: on(respond, after(func(v *visit) {
			if v.status == 403 && len(v.current().Keys) == 0 {
				v.say(404, sentence("404 Not found"))
			}
		})),
	},
	{
		ID: "merge-request-before-parameters", Area: "respond", Wrong: "The merge request is looked up before the " +
			"parameters are looked at.",
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
			o.Set("status", v.given("status"))
			o.Set("sha", v.given("sha"))
		}),
	},
	{
		ID: "answer-is-the-check", Area: "respond", Wrong: "A response is answered with the check alone.",
		Answer: on(respond, after(func(v *visit) {
			if o, ok := v.answered().(*object); ok && v.succeeded() {
				v.answer = encode(o.Get("external_status_check"))
			}
		})),
	},
	{
		ID: "answer-in-brief", Area: "respond", Wrong: "The merge request in the answer is id and number alone.",
		Answer: answerOf(func(_ *visit, o *object) {
			if mr, ok := o.Get("merge_request").(*object); ok {
				o.Set("merge_request", of("id", mr.Get("id"), "iid", mr.Get("iid")))
			}
		}),
	},
	{
		ID: "answer-knows-caller", Area: "respond", Wrong: "The merge request in the answer says what the caller " +
			"may do.",
		Answer: within("merge_request", func(_ *visit, mr *object) { mr.Set("user", of("can_merge", true)) }),
	},
	{
		ID: "answer-with-pipeline", Area: "respond", Wrong: "The merge request in the answer has the keys that GET " +
			"gives it.",
		Answer: within("merge_request", func(_ *visit, mr *object) {
			mr.Set("head_pipeline", nil)
			mr.Set("pipeline", nil)
		}),
	},
	{
		ID: "answer-masks-url", Area: "respond", Wrong: "The check in the answer has its URL masked.",
		Answer: within("external_status_check",
			func(_ *visit, c *object) { c.Set("external_url", cutAt("?")(text(c.Get("external_url")))) }),
	},
	{
		ID: "answer-check-in-brief", Area: "respond", Wrong: "The check in the answer is id and name alone.",
		Answer: answerOf(func(_ *visit, o *object) {
			if c, ok := o.Get("external_status_check").(*object); ok {
				o.Set("external_status_check", of("id", c.Get("id"), "name", c.Get("name")))
			}
		}),
	},
	{
		ID: "one-row-per-check", Area: "respond", Wrong: "A further response changes the row of the first.",
		Answer: answerOf(func(v *visit, o *object) {
			name := "row " + v.key(v.check()) + "/" + text(v.given("sha"))
			if first := v.server.memory.noted(name); first != "" {
				o.Set("id", parse([]byte(first)))
			}
			v.server.memory.note(name, text(o.Get("id")))
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
		Answer: on(respond, when(func(v *visit) bool {
			return v.statusOf(v.check()) == "passed" &&
				v.given("status") != "passed"
		},
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
		Answer: on(respond, when(hasParameter("status", equals("pending")),
			refuse(400, complaint("status does not have a valid value")))),
	},
	{
		ID: "failed-is-pending", Area: "respond", Wrong: "A response that says failed is stored as pending.",
		Answer: on(respond, taking("status", insteadOf("failed", "pending"))),
	},
	{
		ID: "status-optional", Area: "respond", Wrong: "A response without a status means passed, as the published " +
			"table has it.",
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
		Answer: on(respond, taking("status", insteadOf("approved", "passed"))),
	},
	{
		ID: "unknown-status-fails", Area: "respond", Wrong: "A status that is not known means failed, as the " +
			"deprecation note announced.",
		Answer: on(respond, taking("status", func(_ *visit, value any) any {
			if isText(value) && !slices.Contains([]string{"passed", "failed", "pending", ""}, text(value)) {
				return "failed"
			}
			return value
		})),
	},
	{
		ID: "bad-status-422", Area: "respond", Wrong: "A status that is not known is answered with 422, as the " +
			"deprecation note announced.",
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

// insteadOf puts one word in the place of another.
func insteadOf(said, taken string) func(*visit, any) any {
	return func(_ *visit, value any) any {
		if value == said {
			return taken
		}
		return value
	}
}
