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
}
