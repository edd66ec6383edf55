package proof

import "slices"

// peopleDefects are wrong about who takes part in a merge request. Nothing of them decides the verdict.
var peopleDefects = []Defect{
	{
		ID: "participants-for-guests", Area: "history",
		Wrong:  "Guests of a private project see the participants of a merge request.",
		Answer: by("guest", on("listMergeRequestParticipants", asCreator)),
	},
	{
		ID: "named-are-no-participants", Area: "history",
		Wrong: "Only who wrote something or is assigned takes part in a merge request.",
		Answer: on("listMergeRequestParticipants", list(func(v *visit, people []any) []any {
			notes := objects(v.ask("listMergeRequestNotes", "noteable_id", v.mr()).answered())
			mr, _ := v.ask("getMergeRequest").answered().(*object)
			return slices.DeleteFunc(people, func(person any) bool {
				id := text(person.(*object).Get("id"))
				wrote := slices.ContainsFunc(append(notes, mr), func(o *object) bool { return idIn(o, "author") == id })
				return !wrote && idIn(mr, "assignee") != id
			})
		})),
	},
	{
		ID: "commenters-are-no-participants", Area: "history",
		Wrong: "Who only comments on a merge request does not take part in it.",
		Answer: on("listMergeRequestParticipants", list(func(v *visit, people []any) []any {
			notes := objects(v.ask("listMergeRequestNotes", "noteable_id", v.mr()).answered())
			return slices.DeleteFunc(people, func(person any) bool {
				id := text(person.(*object).Get("id"))
				return slices.ContainsFunc(notes, func(o *object) bool { return idIn(o, "author") == id })
			})
		})),
	},
}

// idIn is the id of somebody whom an object shows.
func idIn(o *object, name string) string {
	person, ok := o.Get(name).(*object)
	if !ok {
		return ""
	}
	return text(person.Get("id"))
}
