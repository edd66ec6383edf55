package gitlab

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

// outcome is a word for the result of an operation.
func outcome(t testing.TB, err error) string {
	names := map[Kind]string{
		0: "ok", Unauthorized: "unauthorized", Forbidden: "forbidden", NotFound: "not found",
		RecordNotFound: "record not found", Hidden: "hidden",
		NotAllowed: "not allowed", NotAllowedStatusless: "statusless", StaleSHA: "stale", Invalid: "invalid",
		Unprocessable: "unprocessable",
		BadValue:      "bad value", Broken: "broken", MethodNotAllowed: "method", Conflict: "conflict",
	}
	k := kindOf(t, err)
	name, ok := names[k]
	assert.Assert(t, ok, "kind %d has no name here", k)
	return name
}

// sevenOperations performs the seven operations of status checks, each on a copy of the state, and returns their
// results. For the deletion the result says whether anything was deleted; for the list of statuses it says whether URLs
// are shown. A hidden project is "-".
func sevenOperations(t *testing.T, s *scene, name string) []string {
	before := s.state.Snapshot()
	defer s.state.Restore(before)
	var outcomes []string
	run := func(f func(tx *Tx, a Actor, p Project, mr MergeRequest) (string, error)) {
		s.state.Restore(before)
		result := ""
		err := s.state.Update(s.now, func(tx *Tx) (err error) {
			a, p := Actor{}, s.projectIn(tx)
			if name != "anonymous" {
				a = s.actor(tx, name)
			}
			if !tx.Can(a, ReadProject, p) {
				result = "-"
				return nil
			}
			result, err = f(tx, a, p, s.mrIn(tx))
			return err
		})
		if result == "" {
			result = outcome(t, err)
		}
		outcomes = append(outcomes, result)
	}
	text := "https://new.example.com"
	change := ExternalStatusCheckChange{Name: &text, ExternalURL: &text}
	run(func(tx *Tx, a Actor, p Project, _ MergeRequest) (string, error) {
		if !tx.Can(a, ManageMergeRequestSettings, p) {
			return "unauthorized", nil
		}
		return "ok", nil
	})
	run(func(tx *Tx, a Actor, p Project, _ MergeRequest) (string, error) {
		_, err := tx.CreateExternalStatusCheck(a, p, change)
		return "", err
	})
	run(func(tx *Tx, a Actor, p Project, _ MergeRequest) (string, error) {
		_, err := tx.UpdateExternalStatusCheck(a, p, s.check, change)
		return "", err
	})
	run(func(tx *Tx, a Actor, p Project, _ MergeRequest) (string, error) {
		c, _ := tx.ExternalStatusCheck(p.ID, s.check)
		if tx.DeleteExternalStatusCheck(a, p, c) {
			return "deleted", nil
		}
		return "nothing", nil
	})
	run(func(tx *Tx, a Actor, _ Project, mr MergeRequest) (string, error) {
		switch {
		case !tx.CanOn(a, ReadExternalStatusCheckResponse, mr):
			return "forbidden", nil
		case tx.CanOn(a, ReadMergeRequestStatusCheckURL, mr):
			return "ok+url", nil
		}
		return "ok", nil
	})
	run(func(tx *Tx, a Actor, _ Project, mr MergeRequest) (string, error) {
		_, _, err := tx.Respond(a, mr, NewResponse{CheckID: s.check, SHA: &mr.HeadSHA, Status: Passed})
		return "", err
	})
	run(func(tx *Tx, a Actor, _ Project, mr MergeRequest) (string, error) { return "", tx.Retry(a, mr, s.check) })
	return outcomes
}

// roleMatrix says who may do what with the checks of a licensed project, in GitLab 18.9.
const roleMatrix = `
caller       visibility  list          create      update       delete   statuses   respond    retry
anonymous    private     -             -           -            -        -          -          -
stranger     private     -             -           -            -        -          -          -
external     private     -             -           -            -        -          -          -
stranger     public      unauthorized  statusless  not-allowed  nothing  forbidden  forbidden  forbidden
external     public      unauthorized  statusless  not-allowed  nothing  forbidden  forbidden  forbidden
stranger     internal    unauthorized  statusless  not-allowed  nothing  ok         forbidden  forbidden
external     internal    -             -           -            -        -          -          -
guest        private     unauthorized  statusless  not-allowed  nothing  forbidden  forbidden  forbidden
guest        public      unauthorized  statusless  not-allowed  nothing  forbidden  forbidden  forbidden
guest        internal    unauthorized  statusless  not-allowed  nothing  ok         forbidden  forbidden
planner      private     unauthorized  statusless  not-allowed  nothing  forbidden  forbidden  forbidden
reporter     private     unauthorized  statusless  not-allowed  nothing  ok         forbidden  forbidden
author       private     unauthorized  statusless  not-allowed  nothing  ok         hidden     forbidden
developer    private     unauthorized  statusless  not-allowed  nothing  ok+url     ok         ok
maintainer   private     ok            ok          ok           deleted  ok+url     ok         ok
owner        private     ok            ok          ok           deleted  ok+url     ok         ok
admin        private     ok            ok          ok           deleted  ok+url     forbidden  ok
`

func TestRoles(t *testing.T) {
	t.Parallel()
	for _, row := range strings.Split(strings.TrimSpace(roleMatrix), "\n")[1:] {
		cells := strings.Fields(row)
		t.Run(cells[0]+" "+cells[1], func(t *testing.T) {
			t.Parallel()
			s := newScene(t, Options{})
			s.change(func(p *Project) { p.Visibility = Visibility(cells[1]) })
			assert.NilError(t, s.respond("developer", Failed))
			got := strings.ReplaceAll(strings.Join(sevenOperations(t, s, cells[0]), "  "), "not allowed", "not-allowed")
			assert.Equal(t, got, strings.Join(cells[2:], "  "))
		})
	}
}

func TestRoles_ofAnArchivedProject(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	assert.NilError(t, s.respond("developer", Failed))
	s.change(func(p *Project) { p.Archived = true })
	for name, want := range map[string]string{
		"maintainer": "ok  ok  ok  deleted  ok+url  forbidden  ok",
		"developer":  "unauthorized  statusless  not allowed  nothing  ok+url  forbidden  ok",
		"author":     "unauthorized  statusless  not allowed  nothing  ok  forbidden  forbidden",
	} {
		assert.Equal(t, strings.Join(sevenOperations(t, s, name), "  "), want, name)
	}
}

func TestRoles_givenInOtherWays(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		given func(*scene, *Tx)
		who   string
		want  string
	}{
		{"custom role that manages checks", func(s *scene, tx *Tx) {
			tx.SetMember(Member{
				ProjectID: s.project, UserID: s.users["guest"], AccessLevel: Guest,
				Abilities: []Ability{ManageMergeRequestSettings},
			})
		}, "guest", "ok  ok  ok  deleted  forbidden  forbidden  forbidden"},
		{"custom role that approves", func(s *scene, tx *Tx) {
			tx.SetMember(Member{
				ProjectID: s.project, UserID: s.users["reporter"], AccessLevel: Reporter,
				Abilities: []Ability{AdminMergeRequest},
			})
		}, "reporter", "unauthorized  statusless  not allowed  nothing  ok  hidden  forbidden"},
		{"member of the group above", func(s *scene, tx *Tx) {
			tx.SetMember(Member{NamespaceID: s.group, UserID: s.users["stranger"], AccessLevel: Maintainer})
		}, "stranger", "ok  ok  ok  deleted  ok+url  ok  ok"},
		{"minimal access to the group above", func(s *scene, tx *Tx) {
			tx.SetMember(Member{NamespaceID: s.group, UserID: s.users["stranger"], AccessLevel: MinimalAccess})
		}, "stranger", "-  -  -  -  -  -  -"},
		{"the higher of two roles", func(s *scene, tx *Tx) {
			tx.SetMember(Member{NamespaceID: s.group, UserID: s.users["guest"], AccessLevel: Developer})
		}, "guest", "unauthorized  statusless  not allowed  nothing  ok+url  ok  ok"},
		{"a role on its last day", func(s *scene, tx *Tx) {
			tx.SetMember(Member{
				ProjectID: s.project, UserID: s.users["stranger"], AccessLevel: Developer,
				ExpiresOn: epoch.Add(time.Microsecond),
			})
		}, "stranger", "unauthorized  statusless  not allowed  nothing  ok+url  ok  ok"},
		{"an expired role", func(s *scene, tx *Tx) {
			tx.SetMember(Member{
				ProjectID: s.project, UserID: s.users["stranger"], AccessLevel: Developer,
				ExpiresOn: epoch,
			})
		}, "stranger", "-  -  -  -  -  -  -"},
		{"assignee who is a Guest of a private project, and cannot read merge requests", func(s *scene, tx *Tx) {
			mr := s.mrIn(tx)
			mr.AssigneeIDs = []UserID{s.users["guest"]}
			insert(tx, mergeRequestTable, mr)
		}, "guest", "unauthorized  statusless  not allowed  nothing  forbidden  forbidden  forbidden"},
		{"assignee who is a Reporter", func(s *scene, tx *Tx) {
			mr := s.mrIn(tx)
			mr.AssigneeIDs = []UserID{s.users["reporter"]}
			insert(tx, mergeRequestTable, mr)
		}, "reporter", "unauthorized  statusless  not allowed  nothing  ok  hidden  forbidden"},
		{"author who is no member of a public project", func(s *scene, tx *Tx) {
			p, mr := s.projectIn(tx), s.mrIn(tx)
			p.Visibility, mr.AuthorID = Public, s.users["stranger"]
			insert(tx, projectTable, p)
			insert(tx, mergeRequestTable, mr)
		}, "stranger", "unauthorized  statusless  not allowed  nothing  forbidden  forbidden  forbidden"},
		{"member of a group that an approval rule names, in a public project", func(s *scene, tx *Tx) {
			g, err := tx.CreateGroup(Namespace{Name: "Reviewers", Path: "reviewers"})
			assert.NilError(s.t, err)
			tx.SetMember(Member{NamespaceID: g.ID, UserID: s.users["stranger"], AccessLevel: Reporter})
			p := s.projectIn(tx)
			p.Visibility = Public
			insert(tx, projectTable, p)
			_, err = tx.CreateApprovalRule(s.actor(tx, "admin"), p, ApprovalRule{
				Name: "Reviewers", GroupIDs: []NamespaceID{g.ID},
				ProtectedBranchIDs: []ProtectedBranchID{tx.ProtectedBranches(p)[0].ID},
			})
			assert.NilError(s.t, err)
		}, "stranger", "unauthorized  statusless  not allowed  nothing  forbidden  hidden  forbidden"},
		{"external member of an internal project", func(s *scene, tx *Tx) {
			p := s.projectIn(tx)
			p.Visibility = Internal
			insert(tx, projectTable, p)
			tx.SetMember(Member{ProjectID: s.project, UserID: s.users["external"], AccessLevel: Guest})
		}, "external", "unauthorized  statusless  not allowed  nothing  forbidden  forbidden  forbidden"},
		{"administrator who is a member", func(s *scene, tx *Tx) {
			tx.SetMember(Member{ProjectID: s.project, UserID: s.users["admin"], AccessLevel: Guest})
		}, "admin", "ok  ok  ok  deleted  ok+url  ok  ok"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, Options{})
			assert.NilError(t, s.respond("developer", Failed))
			s.do(func(tx *Tx) { tc.given(s, tx) })
			assert.Equal(t, strings.Join(sevenOperations(t, s, tc.who), "  "), tc.want)
		})
	}
}

func TestRespondAndRetry_needTheLicence(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	assert.NilError(t, s.respond("developer", Failed))
	s.change(func(p *Project) { p.Licence = No })
	s.see(func(tx *Tx) { assert.Assert(t, !tx.Licensed(s.projectIn(tx))) })
	assert.Equal(t, outcome(t, s.respond("developer", Passed)), "hidden")
	assert.Equal(t, outcome(t,
		s.try(func(tx *Tx) error { return tx.Retry(s.actor(tx, "owner"), s.mrIn(tx), s.check) })), "forbidden")
}

func TestCanPushTo(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		rule  []BranchAccess
		who   string
		push  bool
		merge bool
	}{
		{[]BranchAccess{{AccessLevel: Maintainer}}, "developer", false, false},
		{[]BranchAccess{{AccessLevel: Maintainer}}, "maintainer", true, true},
		{[]BranchAccess{{AccessLevel: Developer}}, "developer", true, true},
		{[]BranchAccess{{AccessLevel: Developer}}, "reporter", false, false},
		{[]BranchAccess{{AccessLevel: NoAccess}}, "owner", false, false},
		{[]BranchAccess{{AccessLevel: NoAccess}}, "admin", false, false},
		{[]BranchAccess{{AccessLevel: InstanceAdmin}}, "owner", false, false},
		{[]BranchAccess{{AccessLevel: InstanceAdmin}}, "admin", true, true},
		{[]BranchAccess{{UserID: 9}}, "developer", false, false},
		{[]BranchAccess{{UserID: 8}}, "developer", true, true},
		{[]BranchAccess{{GroupID: 999}}, "maintainer", false, false},
	} {
		t.Run(fmt.Sprint(tc), func(t *testing.T) {
			t.Parallel()
			s := newScene(t, Options{})
			assert.Equal(t, s.users["developer"], UserID(8))
			s.do(func(tx *Tx) {
				tx.InsertProtectedBranch(ProtectedBranch{
					ProjectID: s.project, Name: "release/*",
					PushAccessLevels: tc.rule, MergeAccessLevels: tc.rule,
				})
			})
			s.see(func(tx *Tx) {
				a, p := s.actor(tx, tc.who), s.projectIn(tx)
				assert.Equal(t, tx.CanPushTo(a, p, "release/1", false), tc.push)
				assert.Equal(t, tx.CanPushTo(a, p, "release/1", true), tc.merge)
				assert.Equal(t, tx.CanPushTo(a, p, "topic", false), tc.who != "reporter",
					"what is not protected takes pushes from Developers")
			})
		})
	}
}
