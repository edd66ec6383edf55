package gitlab

// AddMember gives a user a role on behalf of an actor. It refuses, in this order: Conflict if the user is a member
// already, Forbidden if the actor may not add members or may not give this role, NotFound and BadAttributes for a
// custom role that does not fit.
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

// ChangeMember gives a member another role on behalf of an actor. A custom role that is not named again is lost. It
// refuses with Forbidden if the actor may not change the present role or may not give the new one, and as AddMember for
// a custom role.
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

// DismissMember removes a member's role on behalf of an actor. Everybody may leave, except the last owner of a group.
// It refuses with Forbidden.
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

// mayGiveRole refuses if an actor may not give or remove a role. Maintainers of a project may do so up to their own
// level, Owners and administrators for any role. Planner and Security Manager have permissions that lower roles of the
// ladder lack. That does not matter from Maintainer up.
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
