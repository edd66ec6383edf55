package gitlab

import (
	"fmt"
	"strings"
)

// FoundGroup creates a group and makes the actor its owner. It refuses, in this order: NotFound for the parent,
// Forbidden, BadValue for a path or a name that is blank, malformed or taken.
//
// Source: lib/api/groups.rb, app/services/groups/create_service.rb.
func (tx *Tx) FoundGroup(a Actor, n Namespace) (Namespace, error) {
	if err := tx.mayFoundGroup(a, n.ParentID); err != nil {
		return Namespace{}, err
	}
	if strings.TrimSpace(n.Name) == "" {
		return Namespace{}, refuseText(BadValue, `Failed to save group {:name=>["can't be blank"]}`,
			"the name is blank")
	}
	if !validPath(n.Path) {
		return Namespace{}, refuseText(BadValue, fmt.Sprintf("Failed to save group {:path=>[%q]}", pathRule),
			"%q cannot be a path", n.Path)
	}
	n, err := tx.CreateGroup(n)
	if err != nil {
		return Namespace{}, err
	}
	tx.SetMember(Member{NamespaceID: n.ID, UserID: a.User.ID, AccessLevel: Owner, CreatedBy: a.User.ID})
	return n, nil
}

func (tx *Tx) mayFoundGroup(a Actor, parent NamespaceID) error {
	if parent == 0 {
		if !a.Admin() && !a.User.CanCreateGroup() {
			return refuse(Forbidden, "the user may not create groups at the top")
		}
		return nil
	}
	up, ok := tx.Namespace(parent)
	if !ok || up.Kind != GroupNamespace || !tx.CanOnGroup(a, ReadGroup, up) {
		return refuseText(NotFound, "Group", "there is no group %d, or the caller cannot see it", parent)
	}
	if !tx.CanOnGroup(a, CreateSubgroup, up) {
		return refuse(Forbidden, "creating a subgroup needs %s (Maintainer of the group)", CreateSubgroup)
	}
	return nil
}

// RemoveGroup marks a group for deletion or, with permanently, removes a group that is marked. It refuses with BadValue
// if the group's state or the given path does not allow that.
//
// Source: lib/api/groups.rb, app/services/groups/mark_for_deletion_service.rb.
func (tx *Tx) RemoveGroup(a Actor, n Namespace, permanently bool, fullPath string) error {
	if !tx.Has(DelaysDeletion) {
		tx.enqueue(Job{Kind: DestroyGroup, NamespaceID: n.ID, UserID: a.User.ID, Hops: 1})
		return nil
	}
	marked := !n.DeletionOn.IsZero()
	if !permanently {
		if marked {
			return refuseText(BadValue, "Group has been already marked for deletion",
				"group %d is marked already; remove it with permanently_remove and full_path", n.ID)
		}
		n.DeletionOn = tx.Now
		insert(tx, namespaceTable, n)
		return nil
	}
	if err := tx.mayRemoveNow("Group", "group", marked, n.FullPath, fullPath); err != nil {
		return err
	}
	tx.enqueue(Job{Kind: DestroyGroup, NamespaceID: n.ID, UserID: a.User.ID, Hops: 1})
	return nil
}

// mayRemoveNow checks whether the second step of a deletion in two steps can happen: the instance permits it, the first
// step is done, and the caller has repeated the full path.
func (tx *Tx) mayRemoveNow(title, noun string, marked bool, fullPath, given string) error {
	switch {
	case tx.Settings().DenyImmediateDeletion:
		return refuseText(BadValue, "`permanently_remove` option is not permitted on this instance.",
			"the instance does not permit immediate deletion")
	case !marked:
		return refuseText(BadValue, title+" must be marked for deletion first.",
			"delete it once without permanently_remove before")
	case given != fullPath:
		return refuseText(BadValue, "`full_path` is incorrect. You must enter the complete path for the "+noun+".",
			"full_path must be %q, as it is now that it is marked for deletion", fullPath)
	}
	return nil
}

// countOwners counts the direct owners of a group.
func (tx *Tx) countOwners(n NamespaceID) int {
	count := 0
	each(tx, memberTable, "namespace", key(n), func(m Member) bool {
		if m.AccessLevel == Owner {
			count++
		}
		return true
	})
	return count
}

// CountProjects counts the projects directly in a namespace.
func (tx *Tx) CountProjects(n NamespaceID) int {
	return len(all(tx, projectTable, "namespace", key(n)))
}

// ProjectsIn lists the projects directly in a namespace, by id.
func (tx *Tx) ProjectsIn(n NamespaceID) []Project { return all(tx, projectTable, "namespace", key(n)) }

// FullName joins the names of a namespace and of those above it, the outermost first.
func (tx *Tx) FullName(n Namespace) string {
	name := n.Name
	for _, up := range tx.ancestors(n.ParentID) {
		name = up.Name + " / " + name
	}
	return name
}

// GroupLevel is the highest access level that a user has in a group, by membership of that group or of a group above
// it.
func (tx *Tx) GroupLevel(id NamespaceID, u UserID) AccessLevel { return tx.groupLevel(id, u) }
