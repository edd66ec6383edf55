package proof

import (
	"regexp"
	"slices"
)

// peopleDefects are wrong about who takes part in a merge request, about its labels and its milestone, and about where
// it comes from. Nothing of them decides the verdict.
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
	{
		ID: "guests-change-labels", Area: "history", Wrong: "Guests may change and delete labels.",
		Answer: by("guest", on("updateProjectLabel deleteProjectLabel", asCreator)),
	},
	{
		ID: "labels-keep-their-names", Area: "history", Wrong: "Labels cannot be renamed.",
		Answer: on("updateProjectLabel", ignoring("new_name")),
	},
	{
		ID: "labels-stay", Area: "history", Wrong: "Labels stay when they are deleted.",
		Answer: by("reporter", on("deleteProjectLabel", refuse(204, ""))),
	},
	{
		ID: "guests-change-milestones", Area: "history", Wrong: "Guests may change and delete milestones.",
		Answer: by("guest", on("updateProjectMilestone deleteProjectMilestone", asCreator)),
	},
	{
		ID: "milestones-stay-open", Area: "history", Wrong: "Milestones cannot be closed.",
		Answer: on("updateProjectMilestone", ignoring("state_event")),
	},
	{
		ID: "milestones-stay", Area: "history", Wrong: "Milestones stay when they are deleted.",
		Answer: by("developer", on("deleteProjectMilestone", refuse(204, ""))),
	},
	{
		ID: "forks-stay", Area: "history", Wrong: "Forks cannot leave the project that they were made from.",
		Answer: on("unlinkFork", refuse(204, "")),
	},
	{
		ID: "graphql-source-is-target", Area: "history",
		Wrong: "GraphQL tells the target project as the one that a merge request comes from.",
		Answer: on(askGraphQL, after(func(v *visit) {
			if target := targetProject.FindSubmatch(v.answer); target != nil {
				v.answer = sourceProject.ReplaceAll(v.answer, slices.Concat([]byte(`"sourceProjectId":`), target[1]))
			}
		})),
	},
	{
		ID: "graphql-shows-hidden-forks", Area: "history",
		Wrong:  "GraphQL shows the fork that a merge request comes from to who does not see it.",
		Answer: saying(`"sourceProject":null`, `"sourceProject":{"fullPath":"hidden/fork"}`),
	},
}

// sourceProject and targetProject are where GraphQL tells the projects of a merge request by their ids.
var (
	sourceProject = regexp.MustCompile(`"sourceProjectId":\d+`)
	targetProject = regexp.MustCompile(`"targetProjectId":(\d+)`)
)

// idIn is the id of somebody whom an object shows.
func idIn(o *object, name string) string {
	person, ok := o.Get(name).(*object)
	if !ok {
		return ""
	}
	return text(person.Get("id"))
}
