package gitlab

import (
	"slices"
	"strings"
	"time"
)

// MemberRole is a custom role of the instance: an access level, and the abilities that the role adds to it.
type MemberRole struct {
	ID              MemberRoleID
	Name            string
	Description     string
	BaseAccessLevel AccessLevel
	Permissions     []Ability // by the names that are used to create a role
	CreatedAt       time.Time
}

var memberRoleTable = newTable([]index[MemberRole]{
	{"id", func(r MemberRole) string { return key(r.ID) }},
})

// The permissions of custom roles that are not abilities themselves, or that include others.
//
// Source: ee/config/custom_abilities.
var broughtAlong = map[Ability][]Ability{
	AdminMergeRequest:              {CreateMergeRequestIn, ReadCode, ReadMergeRequest},
	"manage_project_access_tokens": {ManageResourceAccessTokens},
}

// abilities are the abilities that a role adds to its access level.
func (r MemberRole) abilities() []Ability {
	abilities := slices.Clone(r.Permissions)
	for _, p := range r.Permissions {
		abilities = append(abilities, broughtAlong[p]...)
	}
	return abilities
}

// MemberRole looks up a custom role.
func (tx *Tx) MemberRole(id MemberRoleID) (MemberRole, bool) {
	return first(tx, memberRoleTable, "id", key(id))
}

// MemberRoles lists the custom roles of the instance by id. It refuses with Forbidden if the actor is not an
// administrator, or if there is no licence.
//
// Source: ee/lib/api/member_roles.rb, ee/app/policies/ee/global_policy.rb.
func (tx *Tx) MemberRoles(a Actor) ([]MemberRole, error) {
	if err := tx.mayManageMemberRoles(a); err != nil {
		return nil, err
	}
	return all(tx, memberRoleTable, "id", ""), nil
}

func (tx *Tx) mayManageMemberRoles(a Actor) error {
	if !a.Admin() || !tx.Settings().Licensed {
		return refuse(Forbidden, "custom roles of the instance are for administrators, and need a licence (Ultimate)")
	}
	return nil
}

// CreateMemberRole creates a custom role. It refuses, in this order: Forbidden, BadValue for a role that the model's
// validations reject.
//
// Source: ee/lib/api/member_roles.rb, ee/app/models/members/member_role.rb.
func (tx *Tx) CreateMemberRole(a Actor, r MemberRole) (MemberRole, error) {
	if err := tx.mayManageMemberRoles(a); err != nil {
		return MemberRole{}, err
	}
	var problems []string
	if slices.ContainsFunc(all(tx, memberRoleTable, "id", ""),
		func(other MemberRole) bool { return other.Name == r.Name }) {
		problems = append(problems, "Name has already been taken")
	}
	if r.BaseAccessLevel == Owner {
		problems = append(problems, "Base access level is not included in the list")
	}
	if slices.Contains(r.Permissions, ManageMergeRequestSettings) && !slices.Contains(r.Permissions, ReadCode) &&
		!tx.levelAllows(ReadCode, r.BaseAccessLevel) {
		problems = append(problems, "Read code has to be enabled in order to enable Manage merge request settings")
	}
	if text := strings.Join(problems, ", "); text != "" {
		return MemberRole{}, refuseText(BadValue, text, "the custom role breaks these rules: %s", text)
	}
	r.ID, r.CreatedAt = MemberRoleID(tx.next(memberRoleSequence)), tx.Now
	insert(tx, memberRoleTable, r)
	return r, nil
}

// DeleteMemberRole removes a custom role. It refuses, in this order: Forbidden, NotFound, BadValue for a role that a
// member has.
//
// Source: ee/lib/api/helpers/member_roles_helpers.rb, ee/app/models/members/member_role.rb.
func (tx *Tx) DeleteMemberRole(a Actor, id MemberRoleID) error {
	if err := tx.mayManageMemberRoles(a); err != nil {
		return err
	}
	r, found := tx.MemberRole(id)
	if !found {
		return refuseText(NotFound, "Member Role", "there is no custom role %d", id)
	}
	for _, m := range all(tx, memberTable, "id", "") {
		if m.MemberRoleID == id {
			return refuseText(BadValue, "Role is assigned to one or more group members. Remove role from all group "+
				"members, then delete role.",
				"user %d has the custom role %d", m.UserID, id)
		}
	}
	remove(tx, memberRoleTable, r)
	return nil
}

// withCustomRole adds the abilities of a member's custom role. It refuses with NotFound for a role that does not exist,
// and with BadAttributes for a role that is based on another access level. Outside groups custom roles have no effect.
//
// Source: ee/app/models/concerns/member_roles/member_role_relation.rb, ee/app/models/ee/project.rb.
func (tx *Tx) withCustomRole(m Member) (Member, error) {
	m.Abilities = nil
	if m.MemberRoleID == 0 {
		return m, nil
	}
	r, found := tx.MemberRole(m.MemberRoleID)
	if !found {
		return m, refuseText(NotFound, "Member Role", "there is no custom role %d", m.MemberRoleID)
	}
	if !tx.inGroup(m) || !tx.Settings().Licensed {
		m.MemberRoleID = 0
		return m, nil
	}
	if r.BaseAccessLevel != m.AccessLevel {
		problem := "the custom role's base access level does not match the current access level"
		return m, badAttributes(map[string][]string{"member_role_id": {problem}})
	}
	m.Abilities = r.abilities()
	return m, nil
}

// inGroup reports whether a member belongs to a group, or to a project in a group.
func (tx *Tx) inGroup(m Member) bool {
	id := m.NamespaceID
	if p, ok := tx.Project(m.ProjectID); ok {
		id = p.NamespaceID
	}
	n, ok := tx.Namespace(id)
	return ok && n.Kind == GroupNamespace
}
