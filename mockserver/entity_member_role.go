package mockserver

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// memberRoleEntity is a custom role, with true or false for each permission.
//
// Source: ee/lib/api/entities/member_role.rb.
type memberRoleEntity struct {
	ID              gitlab.MemberRoleID `json:"id"`
	GroupID         *gitlab.NamespaceID `json:"group_id"`
	Name            string              `json:"name"`
	Description     *string             `json:"description"`
	BaseAccessLevel gitlab.AccessLevel  `json:"base_access_level"`

	permissions []string // all permissions that exist
	has         []gitlab.Ability
}

func presentMemberRole(tx *gitlab.Tx, r gitlab.MemberRole) memberRoleEntity {
	return memberRoleEntity{
		ID: r.ID, Name: r.Name, Description: orNull(r.Description), BaseAccessLevel: r.BaseAccessLevel,
		permissions: customPermissions(tx), has: r.Permissions,
	}
}

// MarshalJSON writes the permissions as keys of the role.
func (e memberRoleEntity) MarshalJSON() ([]byte, error) {
	type head memberRoleEntity // has no MarshalJSON
	b := bytes.TrimSuffix(encodeJSON(head(e)), []byte("}"))
	for _, name := range e.permissions {
		b = append(strconv.AppendQuote(append(b, ','), name), ':')
		b = strconv.AppendBool(b, slices.Contains(e.has, gitlab.Ability(name)))
	}
	return append(b, '}'), nil
}
