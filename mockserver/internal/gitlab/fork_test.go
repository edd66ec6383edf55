package gitlab

import (
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

// forkOf makes a fork of the scene's project in the namespace of a user, with the branch "theirs" one commit ahead.
func (s *scene) forkOf(who string) Project {
	s.t.Helper()
	var fork Project
	s.do(func(tx *Tx) {
		var err error
		fork, err = tx.Fork(s.actor(tx, who), s.projectIn(tx), NewFork{})
		assert.NilError(s.t, err)
	})
	s.do(func(tx *Tx) {
		_, err := tx.addCommit(s.actor(tx, who), fork, NewCommit{
			Branch: "theirs", StartBranch: "main", Message: "Add theirs",
			Actions: []FileAction{{Action: "create", Path: "theirs", Content: "theirs"}},
		})
		assert.NilError(s.t, err)
		fork, _ = tx.Project(fork.ID)
	})
	return fork
}

// openFrom opens a merge request from the branch "theirs" of a fork into the scene's project.
func (s *scene) openFrom(who string, fork Project) MergeRequest {
	s.t.Helper()
	var mr MergeRequest
	s.do(func(tx *Tx) {
		var err error
		mr, err = tx.CreateMergeRequest(s.actor(tx, who), fork, MergeRequest{
			ProjectID: s.project, SourceBranch: "theirs", TargetBranch: "main", Title: "From a fork",
			AllowCollaboration: true,
		})
		assert.NilError(s.t, err)
	})
	s.see(func(tx *Tx) { mr, _ = tx.mergeRequestByID(mr.ID) })
	return mr
}

func (s *scene) actions() []string {
	var list []string
	s.see(func(tx *Tx) {
		for _, d := range tx.Deliveries() {
			list = append(list, d.Action)
		}
	})
	return list
}

func TestFork_copiesTheRepositoryLater(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{Lag: Lag{Min: time.Second, Max: time.Second}})
	s.change(func(p *Project) {
		p.RequirePassingStatusChecks = true
		p.Plain = map[string]any{"wiki_access_level": "disabled", "build_timeout": int64(600)}
	})
	var fork Project
	s.do(func(tx *Tx) {
		var err error
		fork, err = tx.Fork(s.actor(tx, "reporter"), s.projectIn(tx), NewFork{})
		assert.NilError(t, err)
	})
	assert.Equal(t, fork.FullPath, "reporter/control")
	assert.Equal(t, fork.ImportStatus, ImportScheduled)
	assert.Equal(t, fork.DefaultBranch, "")
	s.now = s.now.Add(time.Second)
	s.do(func(*Tx) {})
	s.see(func(tx *Tx) {
		fork, _ = tx.Project(fork.ID)
		assert.Equal(t, fork.ImportStatus, ImportFinished)
		assert.Equal(t, fork.DefaultBranch, "main")
		assert.Equal(t, len(tx.Branches(fork.ID)), len(tx.Branches(s.project)))
		for _, b := range tx.Branches(fork.ID) {
			assert.Equal(t, len(tx.History(fork.ID, b.SHA)), len(tx.History(s.project, b.SHA)), b.Name)
		}
		assert.Equal(t, len(tx.ProtectedBranches(fork)), 1)
		assert.Equal(t, len(tx.ExternalStatusChecks(fork.ID)), 0, "checks are not copied")
		assert.Assert(t, !fork.RequirePassingStatusChecks, "nor is their setting")
		assert.DeepEqual(t, fork.Plain, map[string]any{"wiki_access_level": "disabled"})
		assert.Equal(t, len(tx.Forks(s.project)), 1)
	})
}

func TestFork_takesOneBranch(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	var fork Project
	s.do(func(tx *Tx) {
		var err error
		fork, err = tx.Fork(s.actor(tx, "developer"), s.projectIn(tx), NewFork{Branch: "feature"})
		assert.NilError(t, err)
	})
	s.see(func(tx *Tx) {
		fork, _ = tx.Project(fork.ID)
		assert.Equal(t, len(tx.Branches(fork.ID)), 1)
		assert.Equal(t, fork.DefaultBranch, "feature")
	})
}

// The parent can be gone when the job runs.
func TestFork_failsWithoutTheProject(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{Lag: Lag{Min: time.Second, Max: time.Second}})
	var fork Project
	s.do(func(tx *Tx) { fork, _ = tx.Fork(s.actor(tx, "developer"), s.projectIn(tx), NewFork{}) })
	s.do(func(tx *Tx) { tx.DeleteProject(User{}, s.projectIn(tx)) })
	s.now = s.now.Add(time.Second)
	s.do(func(*Tx) {})
	s.see(func(tx *Tx) {
		fork, _ = tx.Project(fork.ID)
		assert.Equal(t, fork.ImportStatus, ImportFailed)
		assert.Assert(t, fork.Forked() && fork.ForkedFromID == 0)
	})
}

func TestFork_visibility(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		project, group, asked, want Visibility
	}{
		{Public, "", "", Public},
		{Internal, "", "", Internal},
		{Public, "", Private, Private},
		{Public, Internal, "", Internal},
		{Public, Internal, Public, Internal},
		{Private, Public, Public, Private},
	} {
		s := newScene(t, Options{})
		s.change(func(p *Project) { p.Visibility = tc.project })
		s.do(func(tx *Tx) {
			n := NewFork{Visibility: tc.asked}
			if tc.group != "" {
				g, err := tx.CreateGroup(Namespace{Name: "Other", Path: "other", Visibility: tc.group})
				assert.NilError(t, err)
				tx.SetMember(Member{NamespaceID: g.ID, UserID: s.users["owner"], AccessLevel: Owner})
				n.Namespace = "other"
			}
			fork, err := tx.Fork(s.actor(tx, "owner"), s.projectIn(tx), n)
			assert.NilError(t, err)
			assert.Equal(t, fork.Visibility, tc.want, "%+v", tc)
		})
	}
}

// The checks of the target project are told of what happens in the fork, and its members answer.
func TestFork_mergeRequest(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	fork := s.forkOf("reporter")
	s.do(func(tx *Tx) { // a check of the fork is not told
		tx.SeedExternalStatusCheck(ExternalStatusCheck{
			ProjectID: fork.ID, Name: "own", ExternalURL: "https://own.example.com",
		})
	})
	mr := s.openFrom("reporter", fork)
	assert.Assert(t, mr.FromFork() && mr.ProjectID == s.project && mr.SourceProjectID == fork.ID)
	assert.DeepEqual(t, s.actions(), []string{"open"})
	var pushed Commit
	s.do(func(tx *Tx) { pushed = s.pushTo(tx, "reporter", fork) })
	assert.DeepEqual(t, s.actions(), []string{"open", "update"})
	s.see(func(tx *Tx) {
		after, _ := tx.mergeRequestByID(mr.ID)
		assert.Equal(t, after.HeadSHA, pushed.SHA)
		assert.Equal(t, len(tx.Commits(after)), 2)
		_, there := tx.Commit(s.project, pushed.SHA)
		assert.Assert(t, there, "the target project has the commits")
		_, there = tx.Branch(s.project, "theirs")
		assert.Assert(t, !there, "but not the branch")
		mr = after
	})
	for who, want := range map[string]string{"reporter": "hidden", "developer": "ok"} {
		err := s.try(func(tx *Tx) error {
			_, _, err := tx.Respond(s.actor(tx, who), mr, NewResponse{
				CheckID: s.check, SHA: &pushed.SHA, Status: Passed,
			})
			return err
		})
		assert.Equal(t, outcome(t, err), want, who)
	}
	s.do(func(tx *Tx) {
		merged, err := tx.Merge(s.actor(tx, "maintainer"), mr, MergeOptions{})
		assert.NilError(t, err)
		assert.Equal(t, merged.State, Merged)
	})
	s.see(func(tx *Tx) {
		main, _ := tx.Branch(s.project, "main")
		c, _ := tx.Commit(s.project, main.SHA)
		assert.Equal(t, c.Tree["theirs"], "theirs")
		other, _ := tx.Branch(fork.ID, "main")
		assert.Assert(t, other.SHA != main.SHA, "the fork stays as it was")
	})
}

// pushTo adds a commit to the branch of a fork that merge requests come from.
func (s *scene) pushTo(tx *Tx, who string, fork Project) Commit {
	c, err := tx.PushCommit(s.actor(tx, who), fork, NewCommit{
		Branch: "theirs", Message: "Add more", Actions: []FileAction{{Action: "create", Path: "more", Content: "more"}},
	})
	assert.NilError(s.t, err)
	return c
}

func TestFork_mayOpen(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	fork := s.forkOf("reporter")
	var twin, other Project
	s.do(func(tx *Tx) {
		var err error
		other, err = tx.CreateProject(Project{NamespaceID: s.group, Name: "Other", Path: "other", Visibility: Public})
		assert.NilError(t, err)
		twin, err = tx.Fork(s.actor(tx, "developer"), s.projectIn(tx), NewFork{})
		assert.NilError(t, err)
		tx.SetMember(Member{ProjectID: fork.ID, UserID: s.users["guest"], AccessLevel: Developer})
		tx.SetMember(Member{ProjectID: twin.ID, UserID: s.users["reporter"], AccessLevel: Reporter})
	})
	for _, tc := range []struct {
		name, who, want string
		into            ProjectID
	}{
		{"into the project that it was made from", "reporter", "ok", s.project},
		{"into another fork of it", "reporter", "ok", twin.ID},
		{"into itself", "reporter", "ok", fork.ID},
		{"without a role in the fork", "developer", "forbidden", s.project},
		{"without seeing the code there", "guest", "forbidden", s.project},
		{"into a project of others", "reporter", "invalid", other.ID},
		{"into no project", "reporter", "record not found", 99},
	} {
		err := s.state.Update(s.now, func(tx *Tx) error {
			_, err := tx.CreateMergeRequest(s.actor(tx, tc.who), fork, MergeRequest{
				ProjectID: tc.into, SourceBranch: "theirs", TargetBranch: "main", Title: "t",
			})
			return err
		})
		assert.Equal(t, outcome(t, err), tc.want, tc.name)
	}
}

// A project that goes closes what is open between it and its forks, and leaves merge requests without a source.
func TestFork_deleted(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	fork := s.forkOf("reporter")
	mr := s.openFrom("reporter", fork)
	s.do(func(tx *Tx) { tx.DeleteProject(User{}, fork) })
	assert.DeepEqual(t, s.actions(), []string{"open", "close"})
	reopen := MergeRequestUpdate{StateEvent: "reopen"}
	s.do(func(tx *Tx) {
		mr, _ = tx.mergeRequestByID(mr.ID)
		assert.Equal(t, mr.State, Closed)
		assert.Equal(t, mr.SourceProjectID, ProjectID(0))
		assert.Equal(t, len(tx.WholeDiff(mr)), 1, "the diff stays")
		assert.Equal(t, tx.DetailedMergeStatus(mr), "not_open")
		again, err := tx.UpdateMergeRequest(s.actor(tx, "developer"), mr, reopen)
		assert.NilError(t, err)
		assert.Equal(t, again.State, Closed, "it cannot be opened again")
	})
	s.see(func(tx *Tx) { assert.Equal(t, len(tx.Forks(s.project)), 0) })
}

// Those who can merge may push to the source branch if the merge request says so and both projects can be seen.
func TestFork_collaboration(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		visibility Visibility
		arrange    func(*scene, *Tx, Project)
		want       bool
	}{
		"public":  {Public, func(*scene, *Tx, Project) {}, true},
		"private": {Private, func(*scene, *Tx, Project) {}, false},
		"protected": {Public, func(s *scene, tx *Tx, fork Project) {
			tx.InsertProtectedBranch(ProtectedBranch{ProjectID: fork.ID, Name: "theirs"})
		}, false},
		"the author may not push": {Public, func(s *scene, tx *Tx, fork Project) {
			m, _ := tx.ProjectMember(fork.ID, s.users["reporter"])
			m.AccessLevel = Guest
			tx.SetMember(m)
			n, _ := tx.Namespace(fork.NamespaceID)
			n.OwnerID = 0
			insert(tx, namespaceTable, n)
		}, false},
	} {
		s := newScene(t, Options{})
		s.change(func(p *Project) { p.Visibility = tc.visibility })
		fork := s.forkOf("reporter")
		mr := s.openFrom("reporter", fork)
		assert.Equal(t, mr.AllowCollaboration, tc.visibility == Public, name)
		s.do(func(tx *Tx) { tc.arrange(s, tx, fork) })
		s.see(func(tx *Tx) {
			assert.Equal(t, tx.CanPushTo(s.actor(tx, "maintainer"), fork, "theirs", false), tc.want, name)
			assert.Assert(t, !tx.CanPushTo(s.actor(tx, "maintainer"), fork, "main", false), name)
			assert.Assert(t, !tx.CanPushTo(s.actor(tx, "developer"), fork, "theirs", false), name)
		})
	}
}
