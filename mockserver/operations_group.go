package mockserver

import (
	"cmp"
	"slices"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

var groupOperations = map[string]operation{
	"listGroups":        open(operation{run: listGroups}),
	"createGroup":       {run: createGroup},
	"getGroup":          open(operation{run: getGroup}),
	"deleteGroup":       {run: deleteGroup},
	"listGroupMembers":  {run: listGroupMembers},
	"createGroupMember": {run: createGroupMember},
	"deleteGroupMember": {run: deleteGroupMember},
	"listNamespaces":    {run: listNamespaces},
	"getNamespace":      {run: getNamespace},
}

func listGroups(c *call, tx *gitlab.Tx) (reply, error) {
	groups := kept(tx.Namespaces(), func(n gitlab.Namespace) bool {
		return n.Kind == gitlab.GroupNamespace &&
			c.choosesGroup(tx, n)
	})
	groups = inOrder(c, groups, func(n gitlab.Namespace) int64 { return int64(n.ID) },
		map[string]func(a, b gitlab.Namespace) int{
			"name": func(a, b gitlab.Namespace) int { return compareNames(a.Name, b.Name) },
			"path": func(a, b gitlab.Namespace) int { return cmp.Compare(a.FullPath, b.FullPath) },
		})
	return listed(c, tx, groups, func(n gitlab.Namespace) groupEntity { return presentGroup(tx, n) })
}

// choosesGroup reports whether the caller can see a group and the group passes the filters in the request.
func (c *call) choosesGroup(tx *gitlab.Tx, n gitlab.Namespace) bool {
	p := c.params
	switch {
	case !tx.CanOnGroup(c.actor, gitlab.ReadGroup, n), !mentions(p.text("search"), n.Name, n.Path):
		return false
	case p.flag("owned") && tx.GroupLevel(n.ID, c.actor.User.ID) < gitlab.Owner, p.flag("top_level_only") &&
		n.ParentID != 0:
		return false
	case p.text("visibility") != "" && p.text("visibility") != string(n.Visibility),
		slices.Contains(p.numbers("skip_groups"), int64(n.ID)):
		return false
	}
	return int64(tx.GroupLevel(n.ID, c.actor.User.ID)) >= p.number("min_access_level")
}

func createGroup(c *call, tx *gitlab.Tx) (reply, error) {
	n, err := tx.FoundGroup(c.actor, gitlab.Namespace{
		ParentID: gitlab.NamespaceID(c.params.number("parent_id")), Name: c.params.text("name"),
		Path:        c.params.text("path"),
		Description: c.params.text("description"), Visibility: gitlab.Visibility(c.params.text("visibility")),
	})
	if err != nil {
		return reply{}, err
	}
	return created(presentGroupAlone(tx, c.actor, n, true))
}

// findNamespace looks up the namespace that the path names by id or full path.
func (c *call) findNamespace(tx *gitlab.Tx) (gitlab.Namespace, bool) {
	id := c.path["id"]
	if n, is := idFrom(id); is {
		return tx.Namespace(gitlab.NamespaceID(n))
	}
	return tx.NamespaceByPath(id)
}

// findGroup looks up the group that the path names. It finds only groups that the caller can see.
func (c *call) findGroup(tx *gitlab.Tx) (gitlab.Namespace, error) {
	n, found := c.findNamespace(tx)
	if !found || n.Kind != gitlab.GroupNamespace || !tx.CanOnGroup(c.actor, gitlab.ReadGroup, n) {
		return n, missing("Group", "there is no group %q, or the caller cannot see it", c.path["id"])
	}
	return n, nil
}

// administeredGroup looks up the group that the path names, for its owners.
func (c *call) administeredGroup(tx *gitlab.Tx) (gitlab.Namespace, error) {
	n, err := c.findGroup(tx)
	if err == nil && !tx.CanOnGroup(c.actor, gitlab.AdminGroup, n) {
		err = denied("%s needs the Owner role in the group", c.op.ID)
	}
	return n, err
}

func getGroup(c *call, tx *gitlab.Tx) (reply, error) {
	n, err := c.findGroup(tx)
	if err != nil {
		return reply{}, err
	}
	return ok(presentGroupAlone(tx, c.actor, n, c.params.flag("with_projects")))
}

func deleteGroup(c *call, tx *gitlab.Tx) (reply, error) {
	n, err := c.administeredGroup(tx)
	if err != nil {
		return reply{}, err
	}
	if err := c.unmodified(n.CreatedAt); err != nil {
		return reply{}, err
	}
	if err := tx.RemoveGroup(c.actor, n, c.params.flag("permanently_remove"),
		c.params.text("full_path")); err != nil {
		return reply{}, err
	}
	return accepted()
}

func listGroupMembers(c *call, tx *gitlab.Tx) (reply, error) {
	n, err := c.findGroup(tx)
	if err != nil {
		return reply{}, err
	}
	return c.listMembers(tx, tx.GroupMembers(n.ID))
}

func createGroupMember(c *call, tx *gitlab.Tx) (reply, error) {
	n, err := c.administeredGroup(tx)
	if err != nil {
		return reply{}, err
	}
	return c.addMembers(tx, gitlab.Member{NamespaceID: n.ID})
}

func deleteGroupMember(c *call, tx *gitlab.Tx) (reply, error) {
	n, err := c.findGroup(tx)
	if err != nil {
		return reply{}, err
	}
	m, found := tx.GroupMember(n.ID, gitlab.UserID(c.params.number("user_id")))
	if !found {
		return reply{}, &gitlab.Refusal{Kind: gitlab.RecordNotFound, Reason: "the user is not a direct member of " +
			"the group"}
	}
	if err := tx.DismissMember(c.actor, m); err != nil {
		return reply{}, err
	}
	return noContent()
}

// ownsNamespace reports whether a namespace is the caller's own, or a group in which the caller has a role.
func (c *call) ownsNamespace(tx *gitlab.Tx, n gitlab.Namespace) bool {
	if n.Kind == gitlab.UserNamespace {
		return n.OwnerID == c.actor.User.ID
	}
	return tx.GroupLevel(n.ID, c.actor.User.ID) > gitlab.NoAccess
}

func listNamespaces(c *call, tx *gitlab.Tx) (reply, error) {
	p := c.params
	namespaces := kept(tx.Namespaces(), func(n gitlab.Namespace) bool {
		owned := n.OwnerID == c.actor.User.ID || tx.GroupLevel(n.ID, c.actor.User.ID) == gitlab.Owner
		return (c.actor.Admin() || c.ownsNamespace(tx, n)) && mentions(p.text("search"), n.Name, n.Path) &&
			(!p.flag("owned_only") || owned) && (!p.flag("top_level_only") || n.ParentID == 0)
	})
	return listed(c, tx, namespaces, func(n gitlab.Namespace) namespaceEntity {
		return presentNamespace(tx, c.actor,
			n)
	})
}

func getNamespace(c *call, tx *gitlab.Tx) (reply, error) {
	n, found := c.findNamespace(tx)
	if !found || (!c.ownsNamespace(tx, n) && !tx.CanOnGroup(c.actor, gitlab.AdminGroup, n)) {
		return reply{}, missing("Namespace", "there is no namespace %q, or it is not the caller's", c.path["id"])
	}
	return ok(presentNamespace(tx, c.actor, n))
}
