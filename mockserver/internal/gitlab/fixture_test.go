package gitlab

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/release"
)

// epoch is the time at which every test begins.
var epoch = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// scene is a GitLab with a group, a private project in it, a protected main branch, a feature branch that is one commit
// ahead, a check for all branches, and one open merge request. Its clock moves only when a test moves it.
type scene struct {
	t     testing.TB
	state *State
	now   time.Time

	group   NamespaceID
	project ProjectID
	main    ProtectedBranchID
	check   CheckID
	mr      MergeRequestID
	users   map[string]UserID
}

// roles are the members of the project. The author is a Reporter who opened the merge request.
var roles = map[string]AccessLevel{
	"guest": Guest, "planner": Planner, "reporter": Reporter, "author": Reporter, "developer": Developer,
	"maintainer": Maintainer, "owner": Owner,
}

func newScene(t testing.TB, opts Options) *scene {
	t.Helper()
	s := &scene{t: t, state: New(opts), now: epoch, users: map[string]UserID{}}
	s.do(func(tx *Tx) {
		for _, name := range []string{
			"admin", "stranger", "external", "guest", "planner", "reporter", "author",
			"developer", "maintainer", "owner",
		} {
			u, err := tx.CreateUser(User{
				Username: name, Name: "Some " + name, Email: name + "@example.com",
				Admin: name == "admin", External: name == "external",
			})
			assert.NilError(t, err)
			s.users[name] = u.ID
		}
		group, err := tx.CreateGroup(Namespace{Name: "Flight", Path: "flight"})
		assert.NilError(t, err)
		s.group = group.ID
		p, err := tx.CreateProject(Project{NamespaceID: group.ID, Name: "Control", Path: "control"})
		assert.NilError(t, err)
		s.project = p.ID
		for name, level := range roles {
			tx.SetMember(Member{ProjectID: p.ID, UserID: s.users[name], AccessLevel: level})
		}
		s.main = tx.InsertProtectedBranch(ProtectedBranch{
			ProjectID: p.ID, Name: "main",
			MergeAccessLevels: []BranchAccess{{AccessLevel: Maintainer}},
		}).ID
		s.commit(tx, "main", "", "README")
		s.commit(tx, "feature", "main", "feature")
		s.check = tx.SeedExternalStatusCheck(ExternalStatusCheck{
			ProjectID: p.ID, Name: "compliance",
			ExternalURL: "https://checks.example.com/a?token=1",
		}).ID
	})
	// after the jobs of the pushes
	s.do(func(tx *Tx) { s.mr = s.seedMergeRequest(tx, MergeRequest{SourceBranch: "feature"}).ID })
	return s
}

// seedMergeRequest stores a merge request of the author into main that is ready to be merged.
func (s *scene) seedMergeRequest(tx *Tx, mr MergeRequest) MergeRequest {
	b, ok := tx.Branch(s.project, mr.SourceBranch)
	assert.Assert(s.t, ok, "there is no branch %q", mr.SourceBranch)
	mr.ProjectID, mr.SourceProjectID, mr.AuthorID, mr.State, mr.HeadSHA = s.project, s.project, s.users["author"],
		Opened, b.SHA
	if mr.TargetBranch == "" {
		mr.TargetBranch = "main"
	}
	if mr.Title == "" {
		mr.Title = "Add a feature"
	}
	return tx.PrepareNow(tx.InsertMergeRequest(mr))
}

// commit adds a file to a branch, without checking permissions.
func (s *scene) commit(tx *Tx, branch, start, path string) Commit {
	c, err := tx.addCommit(s.actor(tx, "owner"), s.projectIn(tx), NewCommit{
		Branch: branch, StartBranch: start, Message: "Add " + path,
		Actions: []FileAction{{Action: "create", Path: path, Content: path}},
	})
	assert.NilError(s.t, err)
	return c
}

// do changes the state, which must succeed, and runs the jobs that are due.
func (s *scene) do(f func(*Tx)) {
	s.t.Helper()
	assert.NilError(s.t, s.try(func(tx *Tx) error { f(tx); return nil }))
}

func (s *scene) try(f func(*Tx) error) error {
	s.t.Helper()
	s.state.RunDue(s.now)
	err := s.state.Update(s.now, f)
	s.state.RunDue(s.now)
	return err
}

// see reads the state.
func (s *scene) see(f func(*Tx)) {
	s.t.Helper()
	assert.NilError(s.t, s.state.View(s.now, func(tx *Tx) error { f(tx); return nil }))
}

// pass advances the clock.
func (s *scene) pass(d time.Duration) {
	s.now = s.now.Add(d)
	s.state.RunDue(s.now)
}

func (s *scene) actor(tx *Tx, name string) Actor {
	u, _ := tx.User(s.users[name])
	return Actor{User: u}
}

func (s *scene) projectIn(tx *Tx) Project {
	p, ok := tx.Project(s.project)
	assert.Assert(s.t, ok)
	return p
}

func (s *scene) mrIn(tx *Tx) MergeRequest {
	mr, ok := tx.MergeRequestByID(s.mr)
	assert.Assert(s.t, ok)
	return mr
}

// change changes the project's settings.
func (s *scene) change(f func(*Project)) {
	s.t.Helper()
	s.do(func(tx *Tx) {
		p := s.projectIn(tx)
		f(&p)
		_, err := tx.UpdateProject(p)
		assert.NilError(s.t, err)
	})
}

// respond responds to the scene's check with the head's SHA, as a user.
func (s *scene) respond(name string, status Status) error {
	s.t.Helper()
	return s.try(func(tx *Tx) error {
		mr := s.mrIn(tx)
		_, _, err := tx.Respond(s.actor(tx, name), mr, NewResponse{CheckID: s.check, SHA: &mr.HeadSHA, Status: status})
		return err
	})
}

// status is the status of the scene's check on its merge request.
func (s *scene) status() Status {
	var status Status
	s.see(func(tx *Tx) { status = tx.StatusOf(s.mrIn(tx), s.check) })
	return status
}

// everything returns all rows of all tables, for comparing states.
func everything(t testing.TB, s *State) map[string][]string {
	t.Helper()
	v := s.current.Load()
	rows := map[string][]string{"ids": {fmt.Sprint(v.sequences)}}
	assert.NilError(t, s.View(time.Time{}, func(tx *Tx) error {
		all := tx.Rows()
		all.Sequences = nil // among the ids
		stored := reflect.ValueOf(all)
		for i := range stored.NumField() {
			name, field := stored.Type().Field(i).Name, stored.Field(i)
			if field.Kind() != reflect.Slice {
				rows[name] = []string{fmt.Sprintf("%+v", field)}
				continue
			}
			for n := range field.Len() {
				rows[name] = append(rows[name], fmt.Sprintf("%+v", field.Index(n)))
			}
		}
		return nil
	}))
	return rows
}

// kindOf is the kind of a refusal; 0 if there is none.
func kindOf(t testing.TB, err error) Kind {
	t.Helper()
	if err == nil {
		return 0
	}
	r, ok := err.(*Refusal)
	assert.Assert(t, ok, "%v is not a refusal", err)
	assert.Assert(t, r.Reason != "", "a refusal of kind %d gives no reason", r.Kind)
	return r.Kind
}

func at(major, minor int) Options {
	return Options{Version: release.Of(major, minor)}
}
