package gitlab

import (
	"cmp"
	"slices"
	"time"
)

// AccessLevel is the number of a role. Planner and Security Manager are not part of the ladder of the other roles.
type AccessLevel int

// The access levels that a member can have.
const (
	NoAccess        AccessLevel = 0
	MinimalAccess   AccessLevel = 5
	Guest           AccessLevel = 10
	Planner         AccessLevel = 15
	Reporter        AccessLevel = 20
	SecurityManager AccessLevel = 25
	Developer       AccessLevel = 30
	Maintainer      AccessLevel = 40
	Owner           AccessLevel = 50
	InstanceAdmin   AccessLevel = 60 // only in rules of protected branches: the administrators of the instance
)

// AccessLevels lists the levels that a member of a project can have.
var AccessLevels = []AccessLevel{Guest, Planner, Reporter, SecurityManager, Developer, Maintainer, Owner}

// Member is a user's role in a project or in a group. Abilities are the abilities that a custom role adds.
type Member struct {
	ProjectID    ProjectID   // 0 for a member of a group
	NamespaceID  NamespaceID // 0 for a member of a project
	UserID       UserID
	AccessLevel  AccessLevel
	MemberRoleID MemberRoleID // 0 for none, and if a seed lists the abilities instead
	Abilities    []Ability
	ExpiresOn    time.Time // the first day on which the role no longer holds; zero means never
	CreatedAt    time.Time
	CreatedBy    UserID
}

// holds reports whether the role gives access now: it has not expired, and it is more than minimal access. Minimal
// access to a group gives no access to what is in the group.
func (m Member) holds(now time.Time) bool {
	return m.AccessLevel >= Guest && (m.ExpiresOn.IsZero() || now.Before(m.ExpiresOn))
}

var memberTable = newTable([]index[Member]{
	{"id", func(m Member) string { return key(m.ProjectID, m.NamespaceID, m.UserID) }},
	{"project", func(m Member) string { return keyOfAny(m.ProjectID) }},
	{"namespace", func(m Member) string { return keyOfAny(m.NamespaceID) }},
	{"user", func(m Member) string { return key(m.UserID) }},
})

// SetMember gives a user a role in a project or group, or changes it.
func (tx *Tx) SetMember(m Member) Member {
	if m.CreatedAt.IsZero() {
		m.CreatedAt = tx.Now
	}
	insert(tx, memberTable, m)
	return m
}

// RemoveMember removes a user's role.
func (tx *Tx) RemoveMember(m Member) { remove(tx, memberTable, m) }

// ProjectMember looks up a user's direct role in a project.
func (tx *Tx) ProjectMember(p ProjectID, u UserID) (Member, bool) {
	return first(tx, memberTable, "id", key(p, NamespaceID(0), u))
}

// GroupMember looks up a user's direct role in a group.
func (tx *Tx) GroupMember(n NamespaceID, u UserID) (Member, bool) {
	return first(tx, memberTable, "id", key(ProjectID(0), n, u))
}

// ProjectMembers lists the members of the project itself.
func (tx *Tx) ProjectMembers(p ProjectID) []Member { return all(tx, memberTable, "project", key(p)) }

// GroupMembers lists the members of the group itself.
func (tx *Tx) GroupMembers(n NamespaceID) []Member {
	return all(tx, memberTable, "namespace", key(n))
}

// AllProjectMembers lists, by user, everybody who has a role in the project itself or inherits one from its groups.
// Each user has the highest of their roles.
func (tx *Tx) AllProjectMembers(p Project) []Member {
	highest := map[UserID]Member{}
	lists := [][]Member{tx.ProjectMembers(p.ID)}
	for _, n := range tx.ancestors(p.NamespaceID) {
		lists = append(lists, tx.GroupMembers(n.ID))
	}
	for _, m := range slices.Concat(lists...) {
		if have, ok := highest[m.UserID]; !ok || have.AccessLevel < m.AccessLevel {
			highest[m.UserID] = m
		}
	}
	members := make([]Member, 0, len(highest))
	for _, m := range highest {
		members = append(members, m)
	}
	slices.SortFunc(members, func(a, b Member) int { return cmp.Compare(a.UserID, b.UserID) })
	return members
}
