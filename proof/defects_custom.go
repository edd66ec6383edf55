package proof

import "github.com/statuschecks/statuschecks/release"

// managing tells a request by somebody with a custom role that the good server lets manage checks.
func managing(v *visit) bool {
	return v.role() == "custom" && v.askAs(v.token(), listChecks).status == 200
}

// customDefects are servers that are wrong about people with custom roles.
var customDefects = []Defect{
	late(18, 9, "checks-have-own-ability", "still lets nobody manage checks by a custom role, as 17.0 does"),
	early(17, 0, "checks-have-own-ability", "already lets somebody manage checks by a custom role, as 17.1 does"),
	{
		ID: "create-still-refused-at-17-0", Area: "history", Version: release.Of(17, 0),
		Wrong:  "A developer who creates a check is refused with 401 in 17.0, as before 16.11.",
		Answer: on(createCheck, by("developer", turning(500, 401, complaints("Not allowed")))),
	},
	{
		ID: "custom-roles-list-nothing", Area: "roles", Wrong: "A custom role lets nobody list checks.",
		Answer: on(listChecks, when(managing, refuse(401, sentence("401 Unauthorized")))),
	},
	{
		ID: "custom-roles-create-nothing", Area: "roles", Wrong: "A custom role lets nobody create checks.",
		Answer: on(createCheck, when(managing, refuse(500, complaints("Not allowed")))),
	},
	{
		ID: "custom-roles-change-nothing", Area: "roles", Wrong: "A custom role lets nobody change checks.",
		Answer: on(updateCheck, when(managing, refuse(401, complaints("Not allowed")))),
	},
	{
		ID: "custom-roles-delete-nothing", Area: "roles", Wrong: "Who deletes a check by a custom role gets 204, " +
			"and nothing is deleted.",
		Answer: on(deleteCheck, when(managing, refuse(204, ""))),
	},
	{
		ID: "custom-roles-manage-all", Area: "roles", Wrong: "Every custom role lets somebody manage checks.",
		Answer: on(onChecks, by("custom", asCreator)),
	},
	{
		ID: "custom-approvers-respond", Area: "roles", Wrong: "A reporter whose custom role lets them approve may " +
			"answer.",
		Answer: on(respond, by("custom", whenRefused(404))),
	},
	{
		ID: "custom-approvers-403", Area: "roles", Wrong: "A reporter whose custom role lets them approve is " +
			"refused with 403.",
		Answer: on(respond, by("custom", turning(404, 403, sentence("403 Forbidden")))),
	},
	{
		ID: "custom-approvers-before-sha", Area: "roles", Wrong: "A reporter whose custom role lets them approve is " +
			"refused before the sha is compared.",
		Answer: on(respond, by("custom", turning(409, 404, `{"message":null}`))),
	},
	{
		ID: "custom-roles-approve", Area: "roles", Wrong: "Every custom role lets its members past the first gate.",
		Answer: on(respond, by("custom", turning(403, 404, `{"message":null}`))),
	},
}
