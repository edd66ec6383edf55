package gitlab

import (
	"testing"

	"gotest.tools/v3/assert"
)

func TestCanOnGroup(t *testing.T) {
	t.Parallel()
	abilities := []Ability{ReadGroup, CreateProjects, CreateSubgroup, AdminGroup}
	for _, tc := range []struct {
		visibility Visibility
		who        string
		level      AccessLevel
		most       int // how many of the abilities the user has, from the first
	}{
		{Private, "stranger", NoAccess, 0},
		{Internal, "stranger", NoAccess, 1},
		{Internal, "external", NoAccess, 0},
		{Public, "external", NoAccess, 1},
		{Private, "stranger", Guest, 1},
		{Private, "stranger", Reporter, 1},
		{Private, "stranger", Developer, 2},
		{Private, "stranger", Maintainer, 3},
		{Private, "stranger", Owner, 4},
		{Private, "admin", NoAccess, 4},
	} {
		s := newScene(t, Options{})
		s.do(func(tx *Tx) {
			n, _ := tx.Namespace(s.group)
			n.Visibility = tc.visibility
			insert(tx, namespaceTable, n)
			sub, err := tx.CreateGroup(Namespace{Name: "Sub", Path: "sub", ParentID: n.ID, Visibility: tc.visibility})
			assert.NilError(t, err)
			if tc.level != NoAccess {
				tx.SetMember(Member{NamespaceID: n.ID, UserID: s.users[tc.who], AccessLevel: tc.level})
			}
			for i, ability := range abilities {
				assert.Equal(t, tx.CanOnGroup(s.actor(tx, tc.who), ability, sub), i < tc.most, "%+v %s", tc, ability)
			}
			mine, _ := tx.NamespaceByPath("stranger")
			assert.Assert(t, tx.CanOnGroup(s.actor(tx, "stranger"), AdminGroup, mine))
		})
	}
}

func TestDeleteGroup_removesEverythingInIt(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	var before map[string][]string
	s.do(func(tx *Tx) { tx.secret("") })
	before = everything(t, s.state)
	s.do(func(tx *Tx) {
		g, err := tx.CreateGroup(Namespace{Name: "Top", Path: "top"})
		assert.NilError(t, err)
		sub, err := tx.CreateGroup(Namespace{Name: "Sub", Path: "sub", ParentID: g.ID})
		assert.NilError(t, err)
		assert.Equal(t, sub.FullPath, "top/sub")
		_, err = tx.CreateGroup(Namespace{Name: "Again", Path: "SUB", ParentID: g.ID})
		assert.Equal(t, outcome(t, err), "bad value")
		_, err = tx.CreateProject(Project{NamespaceID: sub.ID, CreatorID: s.users["owner"], Name: "p", Path: "p"})
		assert.NilError(t, err)
		tx.SetMember(Member{NamespaceID: sub.ID, UserID: s.users["developer"], AccessLevel: Developer})
		tx.InsertProtectedBranch(ProtectedBranch{NamespaceID: g.ID, Name: "main"})
		tx.DeleteGroup(User{}, g)
	})
	after := everything(t, s.state)
	for table := range after {
		if table != "ids" {
			assert.DeepEqual(t, after[table], before[table])
		}
	}
}

func TestAllProjectMembers_haveTheHighestOfTheirRoles(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	s.do(func(tx *Tx) {
		tx.SetMember(Member{NamespaceID: s.group, UserID: s.users["guest"], AccessLevel: Maintainer})
		tx.SetMember(Member{NamespaceID: s.group, UserID: s.users["owner"], AccessLevel: Guest})
		tx.SetMember(Member{NamespaceID: s.group, UserID: s.users["stranger"], AccessLevel: Developer})
		levels := map[UserID]AccessLevel{}
		for _, m := range tx.AllProjectMembers(s.projectIn(tx)) {
			levels[m.UserID] = m.AccessLevel
		}
		assert.Equal(t, len(levels), len(roles)+1)
		assert.Equal(t, levels[s.users["guest"]], Maintainer)
		assert.Equal(t, levels[s.users["owner"]], Owner)
		assert.Equal(t, levels[s.users["stranger"]], Developer)
		m, ok := tx.ProjectMember(s.project, s.users["developer"])
		assert.Assert(t, ok)
		tx.RemoveMember(m)
		_, ok = tx.ProjectMember(s.project, s.users["developer"])
		assert.Assert(t, !ok)
	})
	assert.Equal(t, outcome(t, s.respond("developer", Passed)), "forbidden")
}
