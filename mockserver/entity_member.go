package mockserver

import "github.com/statuschecks/statuschecks/mockserver/internal/gitlab"

// memberEntity is a user with a role.
//
// Source: lib/api/entities/member.rb, ee/lib/ee/api/entities/member.rb.
type memberEntity struct {
	userBasic
	AccessLevel gitlab.AccessLevel `json:"access_level"`
	CreatedAt   *timestamp         `json:"created_at"`
	CreatedBy   *userBasic         `json:"created_by,omitempty"`
	ExpiresAt   *date              `json:"expires_at"`
	*memberPrivate
	IsUsingSeat     *bool             `json:"is_using_seat,omitempty"`
	MembershipState string            `json:"membership_state"`
	MemberRole      *memberRoleEntity `json:"member_role,omitempty"`
}

// memberPrivate holds the keys that only managers of the members see.
type memberPrivate struct {
	GroupSAMLIdentity *struct{} `json:"group_saml_identity"`
	GroupSCIMIdentity *struct{} `json:"group_scim_identity"`
}

func presentMember(tx *gitlab.Tx, m gitlab.Member, manages, seat bool) memberEntity {
	e := memberEntity{
		userBasic: *presentUser(tx, m.UserID), AccessLevel: m.AccessLevel, CreatedAt: newTimestamp(m.CreatedAt),
		CreatedBy: presentUser(tx, m.CreatedBy), ExpiresAt: newDate(m.ExpiresOn), MembershipState: "active",
	}
	if manages {
		e.memberPrivate = &memberPrivate{}
	}
	if seat {
		u, _ := tx.User(m.UserID)
		uses := !u.Bot && m.AccessLevel > gitlab.Guest
		e.IsUsingSeat = &uses
	}
	if r, custom := tx.MemberRole(m.MemberRoleID); custom {
		shown := presentMemberRole(tx, r)
		e.MemberRole = &shown
	}
	return e
}
