package proof

import "slices"

// inherited are those of a check's protected branches that are a group's.
func inherited(check *object) []*object {
	return slices.DeleteFunc(objects(check.Get("protected_branches")),
		func(b *object) bool { return b.Get("inherited") != true })
}

// idOf is the id of an item of a list.
func idOf(item any) string {
	for _, o := range objects(item) {
		return text(o.Get("id"))
	}
	return ""
}

// checksOfGroup are the checks of the visit's project that are for branches of a group.
func (v *visit) checksOfGroup() map[string]*object {
	found := map[string]*object{}
	for _, c := range objects(v.ask(listChecks, "per_page", number(100)).answered()) {
		if len(inherited(c)) > 0 {
			found[text(c.Get("id"))] = c
		}
	}
	return found
}

// refusingGroups refuses a check for branches of a group, if a condition holds, as one that is for branches of another
// project.
func refusingGroups(holds func(*visit) bool) alteration {
	return after(func(v *visit) {
		check, ok := v.answered().(*object)
		if ok && v.succeeded() && len(inherited(check)) > 0 && holds(v) {
			v.say(422, complaints("all protected branches must exist within the project"))
		}
	})
}

// inSubgroup tells whether the visit's project stands in a group below another one.
func inSubgroup(v *visit) bool {
	project, _ := v.ask("getProject").answered().(*object)
	if project == nil {
		return false
	}
	namespace, ok := project.Get("namespace").(*object)
	return ok && namespace.Get("parent_id") != nil
}

var groupDefects = []Defect{
	{
		ID: "group-branches-not-inherited", Area: "groups", Wrong: "A branch of a group is shown as if it were the " +
			"project's.",
		Answer: on(onChecks, items(func(_ *visit, check *object) {
			for _, branch := range inherited(check) {
				branch.Set("inherited", false)
			}
		})),
	},
	{
		ID: "group-branches-of-the-next-group", Area: "groups", Wrong: "Only the group in which a project itself " +
			"stands lends it branches.",
		Answer: on(createCheck+" "+updateCheck, refusingGroups(inSubgroup)),
	},
	{
		ID: "group-branches-only-at-first", Area: "groups", Wrong: "A check can be made for a branch of a group, " +
			"and not moved to one.",
		Answer: on(updateCheck, refusingGroups(always)),
	},
	{
		ID: "group-branches-apply-nowhere", Area: "groups", Wrong: "A check for a branch of a group is listed on no " +
			"merge request.",
		Answer: on(listStatuses, list(func(v *visit, found []any) []any {
			ours := v.checksOfGroup()
			return slices.DeleteFunc(found, func(item any) bool { return ours[idOf(item)] != nil })
		})),
	},
	{
		ID: "group-branches-apply-everywhere", Area: "groups", Wrong: "A check for a branch of a group is listed on " +
			"every merge request.",
		Answer: on(listStatuses, list(func(v *visit, found []any) []any {
			missing := v.checksOfGroup()
			for _, item := range found {
				delete(missing, idOf(item))
			}
			for _, check := range missing {
				found = append(found, of("id", check.Get("id"), "name", check.Get("name"), "external_url",
					check.Get("external_url"), "status", "pending"))
			}
			return found
		})),
	},
	{
		ID: "group-branches-not-told", Area: "groups", Wrong: "A check for a branch of a group is told nothing.",
		Answer: on(createCheck+" "+updateCheck, items(func(v *visit, check *object) {
			if len(inherited(check)) > 0 {
				v.server.memory.note("of a group "+text(check.Get("id")), "yes")
			}
		})),
		Deliver: func(p *parcel) {
			id, _ := p.check()
			p.lost = p.server.memory.noted("of a group "+id) != ""
		},
	},
	{
		ID: "group-branches-stay", Area: "groups", Wrong: "A branch of a group that is unprotected stays protected.",
		Answer: on("deleteGroupProtectedBranch", func(v *visit) {
			shown := v.ask("getGroupProtectedBranch")
			v.say(shown.status, string(shown.answer))
		}),
	},
}
