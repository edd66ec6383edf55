package mockserver

import (
	"cmp"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/openapi"
)

var memberRoleOperations = map[string]operation{
	"listMemberRoles":  {run: listMemberRoles},
	"createMemberRole": {run: createMemberRole},
	"deleteMemberRole": {run: deleteMemberRole},
}

func listMemberRoles(c *call, tx *gitlab.Tx) (reply, error) {
	roles, err := tx.MemberRoles(c.actor)
	if err != nil {
		return reply{}, err
	}
	return ok(presentAll(roles, func(r gitlab.MemberRole) memberRoleEntity { return presentMemberRole(tx, r) }))
}

// levelNames are GitLab's names of the access levels.
var levelNames = map[gitlab.AccessLevel]string{
	gitlab.MinimalAccess: "Minimal Access", gitlab.Guest: "Guest", gitlab.Planner: "Planner",
	gitlab.Reporter:  "Reporter",
	gitlab.Developer: "Developer", gitlab.Maintainer: "Maintainer", gitlab.Owner: "Owner",
}

// createMemberRole makes a custom role. A role without a name gets the name of the access level that it is based on.
func createMemberRole(c *call, tx *gitlab.Tx) (reply, error) {
	base := gitlab.AccessLevel(c.params.number("base_access_level"))
	r := gitlab.MemberRole{
		Name: strings.TrimSpace(c.params.text("name")), Description: c.params.text("description"),
		BaseAccessLevel: base,
	}
	r.Name = cmp.Or(r.Name, levelNames[base]+" - custom")
	for _, name := range customPermissions(tx) {
		if c.params.flag(name) {
			r.Permissions = append(r.Permissions, gitlab.Ability(name))
		}
	}
	r, err := tx.CreateMemberRole(c.actor, r)
	if err != nil {
		return reply{}, err
	}
	return created(presentMemberRole(tx, r))
}

func deleteMemberRole(c *call, tx *gitlab.Tx) (reply, error) {
	if err := tx.DeleteMemberRole(c.actor, gitlab.MemberRoleID(c.params.number("member_role_id"))); err != nil {
		return reply{}, err
	}
	return noContent()
}

// customPermissions lists the permissions that a custom role can have in a release. They are parameters of its
// creation.
func customPermissions(tx *gitlab.Tx) []string {
	var names []string
	if op := openapi.GitLab().At(tx.Version()).Operation("createMemberRole"); op != nil {
		for _, p := range op.Parameters() {
			if p.Type == openapi.Boolean {
				names = append(names, p.Name)
			}
		}
	}
	return names
}
