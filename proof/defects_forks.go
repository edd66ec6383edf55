package proof

import "net/http"

// inFork reports whether a request is about a project that is a fork.
func inFork(v *visit) bool {
	o, ok := v.ask("getProject").answered().(*object)
	return ok && o.Get("forked_from_project") != nil
}

var forkDefects = []Defect{
	{
		ID: "fork-source-is-target", Area: "payload", Wrong: "The target project is told as the source of a merge " +
			"request from a fork.",
		Deliver: attributes("", func(_ *parcel, o *object) {
			o.Set("source_project_id", o.Get("target_project_id"))
		}),
	},
	{
		ID: "fork-of-a-check-forbidden", Area: "respond",
		Wrong: "A response in the fork is forbidden, instead of not found.",
		Answer: on(respond, after(func(v *visit) {
			if v.status == http.StatusNotFound && inFork(v) {
				v.say(http.StatusForbidden, sentence("403 Forbidden"))
			}
		})),
	},
	early(17, 1, "shows-forks-to-anybody", "already shows callers without an account where a fork comes from, as 17.2 "+
		"does"),
	late(18, 9, "shows-forks-to-anybody", "still shows only callers with an account where a fork comes from, as 17.1 "+
		"does"),
	early(18, 5, "unlinks-archived-forks", "already takes an archived project out of its forks, as 18.6 does"),
	late(18, 9, "unlinks-archived-forks", "still leaves an archived project among its forks, as 18.5 does"),
}
