package gitlab

import (
	"fmt"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/release"
)

// Which members of a group may approve depends on their role in it, on the branch of the rule, and on the release.
func TestApprovesByGroup(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		release release.Version
		level   AccessLevel
		branch  int // the index of the rule's protected branch; -1 for none
		want    bool
	}{
		{release.Reference, Reporter, 0, true},
		{release.Reference, Developer, 0, false},
		{release.Reference, Planner, 0, false},
		{release.Reference, Reporter, 1, false},
		{release.Reference, Reporter, -1, false},
		{release.Newest, Guest, 0, false},
		{release.Newest, Planner, 0, true},
		{release.Newest, Reporter, 0, true},
		{release.Newest, Owner, 0, true},
		{release.Newest, Reporter, 1, true},
		{release.Newest, Reporter, -1, false},
	} {
		t.Run(fmt.Sprint(tc), func(t *testing.T) {
			t.Parallel()
			s := newScene(t, Options{Version: tc.release})
			s.do(func(tx *Tx) {
				p, admin := s.projectIn(tx), s.actor(tx, "admin")
				g, err := tx.CreateGroup(Namespace{Name: "Reviewers", Path: "reviewers"})
				assert.NilError(t, err)
				tx.SetMember(Member{NamespaceID: g.ID, UserID: s.users["stranger"], AccessLevel: tc.level})
				tx.InsertProtectedBranch(ProtectedBranch{ProjectID: p.ID, Name: "ma*"})
				rule := ApprovalRule{Name: "Reviewers", GroupIDs: []NamespaceID{g.ID}}
				if tc.branch >= 0 {
					rule.ProtectedBranchIDs = []ProtectedBranchID{tx.ProtectedBranches(p)[tc.branch].ID}
				}
				_, err = tx.CreateApprovalRule(admin, p, rule)
				assert.NilError(t, err)
				assert.Equal(t, tx.approvesByGroup(s.users["stranger"], p, s.mrIn(tx)), tc.want)
			})
		})
	}
}

// The remaining approvals are counted by rule. Rules for anybody count separately from those that name somebody.
func TestApprovalsLeft(t *testing.T) {
	t.Parallel()
	named := func(s *scene, required int, who ...string) ApprovalRule {
		r := ApprovalRule{Name: fmt.Sprint(who), Type: RegularRule, Required: required}
		for _, name := range who {
			r.UserIDs = append(r.UserIDs, s.users[name])
		}
		return r
	}
	anybody := func(required int) ApprovalRule {
		return ApprovalRule{Name: "All Members", Type: AnyApproverRule, Required: required}
	}
	for name, tc := range map[string]struct {
		rules    func(*scene) []ApprovalRule
		byItself int // approvals_before_merge
		who      []string
		left     int
		approved bool
	}{
		"no rule": {func(*scene) []ApprovalRule { return nil }, 0, nil, 0, true},
		"a number alone": {
			func(*scene) []ApprovalRule { return nil }, 2,
			[]string{"maintainer"},
			1,
			false,
		},
		"anybody, nobody yet": {
			func(*scene) []ApprovalRule { return []ApprovalRule{anybody(2)} }, 0, nil,
			2, false,
		},
		"anybody, one of two": {
			func(*scene) []ApprovalRule { return []ApprovalRule{anybody(2)} }, 0,
			[]string{"maintainer"},
			1, false,
		},
		"anybody, both": {
			func(*scene) []ApprovalRule { return []ApprovalRule{anybody(2)} }, 0,
			[]string{"maintainer", "owner"},
			0, true,
		},
		"somebody else than is named": {func(s *scene) []ApprovalRule {
			return []ApprovalRule{named(s, 1,
				"owner")}
		}, 0, []string{"maintainer"}, 1, false},
		"who is named": {func(s *scene) []ApprovalRule {
			return []ApprovalRule{named(s, 1,
				"owner")}
		}, 0, []string{"owner"}, 0, true},
		"two rules for those who are named": {func(s *scene) []ApprovalRule {
			return []ApprovalRule{named(s, 1,
				"owner"), named(s, 1, "maintainer")}
		}, 0, []string{"owner"}, 1, false},
		"more for anybody than is named": {func(s *scene) []ApprovalRule {
			return []ApprovalRule{named(s, 1,
				"owner"), anybody(3)}
		}, 0, []string{"owner"}, 2, false},
		"more than there are people": {func(s *scene) []ApprovalRule {
			return []ApprovalRule{named(s, 2,
				"owner")}
		}, 0, nil, 2, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, Options{})
			s.do(func(tx *Tx) {
				p, mr := s.projectIn(tx), s.mrIn(tx)
				p.ApprovalsRequired = tc.byItself
				insert(tx, projectTable, p)
				for _, r := range tc.rules(s) {
					_, err := tx.CreateApprovalRule(s.actor(tx, "owner"), p, r)
					assert.NilError(t, err)
				}
				for _, who := range tc.who {
					mr.Approvals = append(mr.Approvals, Approval{UserID: s.users[who], At: tx.Now})
				}
				assert.Equal(t, tx.ApprovalsLeft(mr), tc.left)
				assert.Equal(t, tx.Approved(mr), tc.approved)
			})
		})
	}
}

// An approval rule for a branch applies to all branches when the branch loses its protection, as a status check does.
func TestApprovalRules_loseTheirBranch(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	s.do(func(tx *Tx) {
		p := s.projectIn(tx)
		other := tx.InsertProtectedBranch(ProtectedBranch{ProjectID: p.ID, Name: "other"})
		_, err := tx.CreateApprovalRule(s.actor(tx, "owner"), p, ApprovalRule{
			Name: "All Members", Required: 1,
			ProtectedBranchIDs: []ProtectedBranchID{other.ID},
		})
		assert.NilError(t, err)
		assert.Equal(t, len(tx.RulesFor(s.mrIn(tx))), 0)
		tx.DeleteProtectedBranch(other)
		assert.Equal(t, len(tx.RulesFor(s.mrIn(tx))), 1)
		tx.DeleteProject(User{}, p)
		assert.Equal(t, len(tx.ApprovalRules(p.ID)), 0)
	})
}
