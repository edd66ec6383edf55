package mockserver

import "github.com/statuschecks/statuschecks/mockserver/internal/gitlab"

// memberEntity is a user with a role.
//
// Source: lib/api/entities/member.rb, ee/lib/ee/api/entities/member.rb.
type memberEntity struct {
	userBasic
	AccessLevel     gitlab.AccessLevel `json:"access_level"`
	CreatedAt       *timestamp         `json:"created_at"`
	CreatedBy       *userBasic         `json:"created_by,omitempty"`
	ExpiresAt       *date              `json:"expires_at"`
	Email           string             `json:"email,omitempty"` // for administrators
	IsUsingSeat     *bool              `json:"is_using_seat,omitempty"`
	MembershipState string             `json:"membership_state"`
	MemberRole      *memberRoleEntity  `json:"member_role,omitempty"`
}

// presentMember shows a member to a viewer. The identities of SAML and SCIM are only for owners of groups that have
// set up SAML, and no group has.
func presentMember(tx *gitlab.Tx, viewer gitlab.Actor, m gitlab.Member, seat bool) memberEntity {
	u, _ := tx.User(m.UserID)
	e := memberEntity{
		userBasic: *presentUser(tx, m.UserID), AccessLevel: m.AccessLevel, CreatedAt: newTimestamp(m.CreatedAt),
		CreatedBy: presentUser(tx, m.CreatedBy), ExpiresAt: newDate(m.ExpiresOn), MembershipState: "active",
	}
	if viewer.Admin() && tx.Has(gitlab.ShowsEmailsOfMembers) {
		e.Email = u.Email
	}
	if seat {
		uses := !u.Bot && m.AccessLevel > gitlab.Guest
		e.IsUsingSeat = &uses
	}
	if r, custom := tx.MemberRole(m.MemberRoleID); custom {
		shown := presentMemberRole(tx, r)
		e.MemberRole = &shown
	}
	return e
}
