package gitlab

// AddMember gives a user a role whom an actor wants to have it. It refuses, in this order: Conflict for who is a
// member, Forbidden for who may not add members, or not with this role, NotFound and BadAttributes for a custom role
// that does not fit.
//
// Source: lib/api/members.rb, app/services/members/create_service.rb.
func (tx *Tx) AddMember(a Actor, m Member) (Member, error) {
	if _, is := first(tx, memberTable, "id", key(m.ProjectID, m.NamespaceID, m.UserID)); is {
		return Member{}, refuseText(Conflict, "Member already exists", "user %d is a direct member already", m.UserID)
	}
	if err := tx.mayGiveRole(a, m); err != nil {
		return Member{}, err
	}
	m, err := tx.withCustomRole(m)
	if err != nil {
		return Member{}, err
	}
	m.CreatedBy = a.User.ID
	return tx.SetMember(m), nil
}

// ChangeMember gives a member another role; a custom one that is not named again is lost. It refuses with Forbidden for
// who may not change the role they have, or not to the new one, and as AddMember for a custom role.
//
// Source: lib/api/members.rb, app/services/members/update_service.rb.
func (tx *Tx) ChangeMember(a Actor, before, m Member) (Member, error) {
	if err := tx.mayGiveRole(a, before); err != nil {
		return Member{}, err
	}
	if err := tx.mayGiveRole(a, m); err != nil {
		return Member{}, err
	}
	m, err := tx.withCustomRole(m)
	if err != nil {
		return Member{}, err
	}
	return tx.SetMember(m), nil
}

// DismissMember takes a member's role away. Everybody may leave, but the last owner of a group. It refuses with
// Forbidden.
//
// Source: lib/api/members.rb, app/services/members/destroy_service.rb.
func (tx *Tx) DismissMember(a Actor, m Member) error {
	if m.NamespaceID != 0 && m.AccessLevel == Owner && tx.countOwners(m.NamespaceID) == 1 {
		return refuse(Forbidden, "user %d is the last owner of the group", m.UserID)
	}
	if m.UserID != a.User.ID {
		if err := tx.mayGiveRole(a, m); err != nil {
			return err
		}
	}
	tx.RemoveMember(m)
	return nil
}

// mayGiveRole says whether an actor may give, or take, a role: Maintainers of a project up to their own, Owners and
// administrators any. Planner and Security Manager hold permissions that lower roles of the ladder lack, which is of no
// matter from Maintainer up.
func (tx *Tx) mayGiveRole(a Actor, m Member) error {
	own, may := tx.groupLevel(m.NamespaceID, a.User.ID), false
	if n, ok := tx.Namespace(m.NamespaceID); ok {
		may = tx.CanOnGroup(a, AdminGroup, n)
	}
	if p, ok := tx.Project(m.ProjectID); ok {
		own, may = tx.Role(p, a.User.ID).AccessLevel, tx.Can(a, AdminProjectMember, p)
	}
	if !may {
		return refuse(Forbidden, "giving and taking roles needs %s in a project (Maintainer), Owner in a group",
			AdminProjectMember)
	}
	if !a.Admin() && m.AccessLevel > own {
		return refuse(Forbidden, "the role with access level %d is above the caller's own, %d", m.AccessLevel, own)
	}
	return nil
}
