package proof

import (
	"slices"
)

// also lets the good server answer and, if it did what it was asked to, does something more, of which the
// answer tells nothing.
func also(more func(v *visit)) alteration {
	return after(func(v *visit) {
		if v.succeeded() {
			more(v)
		}
	})
}

// says makes a response of its own, as the creator of the project.
func (v *visit) says(status, check string, place ...any) {
	v.ask(respond, append([]any{"external_status_check_id", check, "status", status}, place...)...)
}

// otherChecks are the checks of the merge request beside the one that the request is about, with their
// statuses.
func (v *visit) otherChecks() []*object {
	all := objects(v.ask(listStatuses, "per_page", number(100)).answered())
	return slices.DeleteFunc(all, func(o *object) bool { return text(o.Get("id")) == v.check() })
}

// sameHead are the other merge requests of the project that have the same commit at their head.
func (v *visit) sameHead() (iids []string) {
	head := v.head()
	for _, iid := range v.server.memory.mergeRequests(v.project()) {
		o, ok := v.ask("getMergeRequest", "merge_request_iid", iid).answered().(*object)
		if ok && iid != v.mr() && o.Get("sha") == head {
			iids = append(iids, iid)
		}
	}
	return iids
}

// namesake is a merge request with the same number in another project, and the check there that has the name of
// the one that the request is about.
type namesake struct {
	project     int64
	check, head string
}

func (v *visit) namesakes() (found []namesake) {
	name := v.current().Get("name")
	for _, project := range v.server.memory.others(v.project()) {
		visit := v.askAs(v.server.memory.creator(project), "getMergeRequest", "id", number(project))
		o, ok := visit.answered().(*object)
		if !ok || o.Get("sha") == nil {
			continue
		}
		creator := v.server.memory.creator(project)
		for _, c := range objects(v.askAs(creator, listChecks, "id", number(project), "per_page", number(100)).
			answered()) {
			if c.Get("name") == name && name != nil {
				found = append(found, namesake{project, text(c.Get("id")), text(o.Get("sha"))})
			}
		}
	}
	return found
}

// among asks for something in the project of a namesake, signed in as its creator.
func (n namesake) among(v *visit, op string, parameters ...any) {
	place := []any{"id", number(n.project), "external_status_check_id", n.check}
	v.askAs(v.server.memory.creator(n.project), op, append(place, parameters...)...)
}

// crossDefects touch what a request is not about.
var crossDefects = []Defect{
	{
		ID: "response-counts-for-all-checks", Area: "isolation",
		Wrong: "A response counts for every check of the merge request.",
		Answer: on(respond, also(func(v *visit) {
			for _, o := range v.otherChecks() {
				v.says(text(v.given("status")), text(o.Get("id")), "sha", v.given("sha"))
			}
		})),
	},
	{
		ID: "response-resets-other-checks", Area: "isolation",
		Wrong: "With a response all other checks of the merge request are pending again.",
		Answer: on(respond, also(func(v *visit) {
			for _, o := range v.otherChecks() {
				if o.Get("status") != "pending" {
					v.says("pending", text(o.Get("id")), "sha", v.given("sha"))
				}
			}
		})),
	},
	{
		ID: "response-counts-for-the-commit", Area: "isolation",
		Wrong: "A response counts for every merge request that has the commit at its head.",
		Answer: on(respond, also(func(v *visit) {
			for _, iid := range v.sameHead() {
				v.says(text(v.given("status")), v.check(), "sha", v.given("sha"), "merge_request_iid", iid)
			}
		})),
	},
	{
		ID: "response-counts-for-the-number", Area: "isolation",
		Wrong: "A response counts for the check of the same name on the merge request of the same number in every " +
			"project.",
		Answer: on(respond, also(func(v *visit) {
			for _, n := range v.namesakes() {
				n.among(v, respond, "sha", n.head, "status", v.given("status"))
			}
		})),
	},
	{
		ID: "retry-of-all-failed", Area: "isolation",
		Wrong: "A retry makes every failed check of the merge request pending.",
		Answer: on(retry, also(func(v *visit) {
			for _, o := range v.otherChecks() {
				v.ask(retry, "external_status_check_id", o.Get("id"))
			}
		})),
	},
	{
		ID: "retry-for-the-commit", Area: "isolation",
		Wrong: "A retry makes the check pending on every merge request that has the commit at its head.",
		Answer: on(retry, also(func(v *visit) {
			for _, iid := range v.sameHead() {
				v.ask(retry, "external_status_check_id", v.check(), "merge_request_iid", iid)
			}
		})),
	},
	{
		ID: "retry-for-the-number", Area: "isolation",
		Wrong: "A retry makes the check of the same name pending on the merge request of the same number in every " +
			"project.",
		Answer: on(retry, also(func(v *visit) {
			for _, n := range v.namesakes() {
				n.among(v, retry)
			}
		})),
	},
	{
		ID: "delete-forgets-responses", Area: "isolation",
		Wrong: "When a check is deleted, all checks of the project are pending again.",
		Answer: on(deleteCheck, also(func(v *visit) {
			for _, iid := range v.server.memory.mergeRequests(v.project()) {
				place := []any{
					"sha", v.ask("getMergeRequest", "merge_request_iid", iid).member("sha"),
					"merge_request_iid", iid,
				}
				for _, o := range objects(v.ask(listStatuses, "merge_request_iid", iid, "per_page", number(100)).
					answered()) {
					if o.Get("status") == "passed" {
						v.says("pending", text(o.Get("id")), place...)
					}
				}
			}
		})),
	},
	{
		ID: "rename-of-all", Area: "isolation",
		Wrong: "A change of a check's URL is one of all checks of the project.",
		Answer: on(updateCheck, also(func(v *visit) {
			url := text(v.given("external_url"))
			for _, o := range v.others() {
				if url != "" {
					v.ask(updateCheck, "check_id", o.Get("id"), "external_url", url+"/"+text(o.Get("id")))
				}
			}
		})),
	},
}

// member is a member of the answer, if that is an object.
func (v *visit) member(name string) any {
	if o, ok := v.answered().(*object); ok {
		return o.Get(name)
	}
	return nil
}
