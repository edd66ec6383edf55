package gitlab

import (
	"slices"
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

func (s *scene) detailedMergeStatus() (status string) {
	s.see(func(tx *Tx) { status = tx.DetailedMergeStatus(s.mrIn(tx)) })
	return status
}

// everythingInTheWay makes a scene with a merge request that has all obstacles to merging.
func everythingInTheWay(t *testing.T, opts Options) (*scene, Note) {
	s := newScene(t, opts)
	var thread Note
	s.do(func(tx *Tx) {
		p := s.projectIn(tx)
		p.ApprovalsRequired, p.RequirePassingStatusChecks, p.RequireResolvedDiscussions, p.RequireSucceededPipeline,
			p.MergeMethod = 1, true, true, true, "ff"
		insert(tx, projectTable, p)
		mr := s.mrIn(tx)
		mr.Title, mr.State, mr.MergeStatus = "Draft: Add a feature", Closed, PreparingStatus
		mr.MergeAfter = s.now.Add(time.Hour)
		insert(tx, mergeRequestTable, mr)
		var err error
		thread, err = tx.Comment(s.actor(tx, "developer"), mr, "why?", true)
		assert.NilError(t, err)
		s.commit(tx, "main", "", "feature") // the same file as in the feature branch
		c, _ := tx.Branch(s.project, "main")
		commit, _ := tx.Commit(s.project, c.SHA)
		commit.Tree = map[string]string{"README": "README", "feature": "another"}
		insert(tx, commitTable, commit)
	})
	return s, thread
}

// TestDetailedMergeStatus_precedence starts with all obstacles and removes one after the other, in the order of each
// release.
func TestDetailedMergeStatus_precedence(t *testing.T) {
	t.Parallel()
	before := []string{"preparing", "checking", "unchecked"}
	last := []string{"conflict", "need_rebase", "ci_must_pass", "mergeable"}
	for name, tc := range map[string]struct {
		opts  Options
		order []string
	}{
		"18.9": {at(18, 9), []string{
			"not_approved", "status_checks_must_pass", "not_open", "merge_time", "draft_status",
			"commits_status", "discussions_not_resolved",
		}},
		"19.3": {at(19, 3), []string{
			"not_approved", "status_checks_must_pass", "not_open", "merge_time", "draft_status",
			"commits_status", "discussions_not_resolved",
		}},
		"19.4": {at(19, 4), []string{
			"not_open", "merge_time", "draft_status", "commits_status", "status_checks_must_pass",
			"discussions_not_resolved", "not_approved",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, thread := everythingInTheWay(t, tc.opts)
			for _, want := range slices.Concat(before, tc.order, last) {
				assert.Equal(t, s.detailedMergeStatus(), want)
				s.clear(want, thread)
			}
		})
	}
}

// clear removes the obstacle that a status names.
func (s *scene) clear(status string, thread Note) {
	s.do(func(tx *Tx) {
		mr, p, developer := s.mrIn(tx), s.projectIn(tx), s.actor(tx, "developer")
		var err error
		switch status {
		case "preparing":
			mr.MergeStatus = Checking
		case "checking":
			mr.MergeStatus = Unchecked
		case "unchecked":
			tx.RecheckMergeability(mr.ID)
			return
		case "not_approved":
			_, err = tx.Approve(developer, mr, "")
			assert.NilError(s.t, err)
			return
		case "status_checks_must_pass":
			_, _, err = tx.Respond(developer, mr, NewResponse{CheckID: s.check, SHA: &mr.HeadSHA, Status: Passed})
		case "not_open":
			mr.State = Opened
		case "merge_time":
			mr.MergeAfter = s.now
		case "draft_status":
			mr.Title, mr.BaseSHA = "Add a feature", mr.HeadSHA // there is nothing to merge
		case "commits_status":
			tx.PrepareNow(mr)
			return
		case "discussions_not_resolved":
			_, err = tx.ResolveDiscussion(developer, mr, thread.DiscussionID, true)
		case "ci_must_pass":
			p.RequireSucceededPipeline = false
		case "conflict":
			mr.MergeStatus = CanBeMerged
		case "need_rebase":
			p.MergeMethod = "merge"
		}
		assert.NilError(s.t, err)
		insert(tx, mergeRequestTable, mr)
		insert(tx, projectTable, p)
	})
}

// TestDetailedMergeStatus_afterPush checks that after a push git is checked again and the checks are pending again.
func TestDetailedMergeStatus_afterPush(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	s.change(func(p *Project) { p.RequirePassingStatusChecks = true })
	assert.NilError(t, s.respond("developer", Passed))
	assert.Equal(t, s.detailedMergeStatus(), mergeable)
	s.do(func(tx *Tx) { s.commit(tx, "feature", "", "x") })
	assert.Equal(t, s.detailedMergeStatus(), "unchecked")
	s.do(func(tx *Tx) { tx.RecheckMergeability(s.mrIn(tx).ID) })
	assert.Equal(t, s.detailedMergeStatus(), statusChecksMustPass)
}

func TestMergeGate(t *testing.T) {
	t.Parallel()
	on := func(p *Project) { p.RequirePassingStatusChecks = true }
	for _, tc := range []struct {
		name  string
		opts  Options
		given func(*scene)
		want  string
	}{
		{"off", Options{}, func(*scene) {}, mergeable},
		{"nothing recorded", Options{}, func(s *scene) { s.change(on) }, statusChecksMustPass},
		{
			"pending",
			Options{},
			func(s *scene) { s.change(on); assert.NilError(s.t, s.respond("developer", Pending)) },
			statusChecksMustPass,
		},
		{
			"failed",
			Options{},
			func(s *scene) { s.change(on); assert.NilError(s.t, s.respond("developer", Failed)) },
			statusChecksMustPass,
		},
		{
			"passed",
			Options{},
			func(s *scene) { s.change(on); assert.NilError(s.t, s.respond("developer", Passed)) },
			mergeable,
		},
		{
			"failed, but off",
			Options{},
			func(s *scene) { assert.NilError(s.t, s.respond("developer", Failed)) },
			mergeable,
		},
		{
			"unlicensed",
			Options{},
			func(s *scene) { s.change(on); s.do(func(tx *Tx) { tx.SetSettings(Settings{}) }) },
			mergeable,
		},
		{"no check applies", Options{}, func(s *scene) {
			s.change(on)
			s.do(func(tx *Tx) {
				b := tx.InsertProtectedBranch(ProtectedBranch{ProjectID: s.project, Name: "mai*"})
				c, _ := tx.ExternalStatusCheck(s.project, s.check)
				c.ProtectedBranchIDs = []ProtectedBranchID{b.ID}
				insert(tx, checkTable, c)
			})
		}, mergeable},
		{"one of two", Options{}, func(s *scene) {
			s.change(on)
			assert.NilError(s.t, s.respond("developer", Passed))
			_, err := s.create("owner", changeOf("other", "http://other"))
			assert.NilError(s.t, err)
		}, statusChecksMustPass},
		{"15.5 with its flag off", at(15, 5), func(s *scene) { s.change(on) }, mergeable},
		{"15.9 without flag", at(15, 9), func(s *scene) { s.change(on) }, statusChecksMustPass},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, tc.opts)
			tc.given(s)
			assert.Equal(t, s.detailedMergeStatus(), tc.want)
			err := s.try(func(tx *Tx) error {
				_, err := tx.Merge(s.actor(tx, "maintainer"), s.mrIn(tx), MergeOptions{})
				return err
			})
			if tc.want == mergeable {
				assert.NilError(t, err)
			} else {
				assert.Equal(t, outcome(t, err), "method")
			}
		})
	}
}

func (s *scene) merge(name string, o MergeOptions) (mr MergeRequest, err error) {
	s.t.Helper()
	err = s.try(func(tx *Tx) (err error) {
		mr, err = tx.Merge(s.actor(tx, name), s.mrIn(tx), o)
		return err
	})
	return mr, err
}

func TestMerge_refuses(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	_, err := s.merge("developer", MergeOptions{})
	assert.Equal(t, outcome(t, err), "unauthorized")
	_, err = s.merge("maintainer", MergeOptions{SHA: "0123"})
	assert.Equal(t, outcome(t, err), "stale")
	s.do(func(tx *Tx) {
		c := s.commit(tx, "main", "", "feature")
		c.Tree = map[string]string{"feature": "another"}
		insert(tx, commitTable, c)
	})
	_, err = s.merge("maintainer", MergeOptions{})
	assert.Equal(t, outcome(t, err), "unprocessable")
	assert.Equal(t, err.(*Refusal).Text, "Branch cannot be merged")
}

func TestAutoMerge(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{Lag: Lag{Min: time.Second, Max: time.Second}})
	s.pass(time.Minute)
	s.change(func(p *Project) { p.RequirePassingStatusChecks = true })
	look := func() {
		s.do(func(tx *Tx) { tx.RecheckMergeability(s.mr) })
		s.pass(time.Second)
	}
	look()
	state := func() (state MergeRequestState, waits bool) {
		s.see(func(tx *Tx) { mr := s.mrIn(tx); state, waits = mr.State, mr.AutoMerge })
		return state, waits
	}
	is := func(wantState MergeRequestState, wantWaits bool) {
		t.Helper()
		gotState, gotWaits := state()
		assert.Equal(t, gotState, wantState)
		assert.Equal(t, gotWaits, wantWaits)
	}
	_, err := s.merge("maintainer", MergeOptions{AutoMerge: true})
	assert.NilError(t, err)
	is(Opened, true)
	assert.NilError(t, s.respond("developer", Failed))
	s.pass(time.Minute)
	is(Opened, true)
	s.push("more")
	s.pass(time.Minute)
	is(Opened, false) // a new head cancels it
	_, err = s.merge("maintainer", MergeOptions{AutoMerge: true})
	assert.Equal(t, outcome(t, err), "method", "nobody has looked yet whether git can merge")
	look()
	_, err = s.merge("maintainer", MergeOptions{AutoMerge: true})
	assert.NilError(t, err)
	assert.NilError(t, s.respond("developer", Passed))
	is(Opened, true)
	s.pass(time.Second)
	is(Merged, false)
	s.see(func(tx *Tx) {
		mr := s.mrIn(tx)
		assert.Equal(t, mr.MergeUserID, s.users["maintainer"])
		assert.Equal(t, mr.MergedAt, s.now)
	})
	_, err = s.merge("maintainer", MergeOptions{AutoMerge: true})
	assert.Equal(t, outcome(t, err), "method", "what is merged cannot be merged again")
}

func TestAutoMerge_mergesWhenTheLastObstacleIsGone(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ given, done func(*scene) }{
		"the last approval": {
			func(s *scene) { s.change(func(p *Project) { p.ApprovalsRequired = 1 }) },
			func(s *scene) {
				s.do(func(tx *Tx) {
					_, err := tx.Approve(s.actor(tx, "developer"), s.mrIn(tx), "")
					assert.NilError(s.t, err)
				})
			},
		},
		"the end of the draft": {
			func(s *scene) { s.edit("developer", MergeRequestUpdate{Title: text("Draft: not yet")}) },
			func(s *scene) { s.edit("developer", MergeRequestUpdate{Title: text("now")}) },
		},
		"the end of the gate": {
			func(s *scene) { s.change(func(p *Project) { p.RequirePassingStatusChecks = true }) },
			func(s *scene) { s.change(func(p *Project) { p.RequirePassingStatusChecks = false }) },
		},
	} {
		s := newScene(t, Options{})
		tc.given(s)
		mr, err := s.merge("maintainer", MergeOptions{AutoMerge: true})
		assert.NilError(t, err, name)
		assert.Assert(t, mr.AutoMerge && mr.State == Opened, name)
		tc.done(s)
		s.see(func(tx *Tx) { assert.Equal(t, s.mrIn(tx).State, Merged, name) })
	}
}

// TestAutoMerge_awaitsItsTime checks when a merge request is merged that can be merged only after an instant.
func TestAutoMerge_awaitsItsTime(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	is := func(want MergeRequestState) {
		t.Helper()
		s.see(func(tx *Tx) { assert.Equal(t, s.mrIn(tx).State, want) })
	}
	after := func(d time.Duration) { at := s.now.Add(d); s.edit("developer", MergeRequestUpdate{MergeAfter: &at}) }
	after(10 * time.Second)
	assert.Equal(t, s.detailedMergeStatus(), "merge_time")
	_, err := s.merge("maintainer", MergeOptions{})
	assert.Equal(t, outcome(t, err), "method")
	_, err = s.merge("maintainer", MergeOptions{AutoMerge: true})
	assert.NilError(t, err)
	s.pass(59 * time.Second)
	assert.Equal(t, s.detailedMergeStatus(), mergeable)
	is(Opened) // GitLab looks once a minute
	after(time.Minute)
	s.pass(time.Second)
	is(Opened)
	s.pass(2 * time.Minute)
	is(Merged)
	s = newScene(t, Options{})
	after(time.Hour)
	_, err = s.merge("maintainer", MergeOptions{AutoMerge: true})
	assert.NilError(t, err)
	s.pass(time.Second)
	after(-time.Hour)
	is(Opened)
	s.pass(time.Minute)
	is(Merged)
}

func TestAutoMerge_skipsClosedOnesAndOldReleases(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		opts  Options
		close bool
		want  string
	}{{at(18, 9), true, "method"}, {at(16, 11), false, "method"}, {at(17, 0), false, "ok"}} {
		s := newScene(t, tc.opts)
		s.change(func(p *Project) { p.RequirePassingStatusChecks = true })
		if tc.close {
			s.do(func(tx *Tx) {
				_, err := tx.UpdateMergeRequest(s.actor(tx, "owner"), s.mrIn(tx),
					MergeRequestUpdate{StateEvent: "close"})
				assert.NilError(t, err)
			})
		}
		assert.Equal(t, s.detailedMergeStatus(), statusChecksMustPass)
		_, err := s.merge("maintainer", MergeOptions{AutoMerge: true})
		assert.Equal(t, outcome(t, err), tc.want)
	}
}

func TestMerge_byTheProjectsMethod(t *testing.T) {
	t.Parallel()
	yes := true
	for _, tc := range []struct {
		method       string
		squash       bool
		merge        bool // whether there is a merge commit
		squashes     bool
		toSourceHead bool
	}{
		{"merge", false, true, false, false},
		{"merge", true, true, true, false},
		{"rebase_merge", false, true, false, false},
		{"ff", false, false, false, true},
		{"ff", true, false, true, false},
	} {
		s := newScene(t, Options{})
		s.change(func(p *Project) { p.MergeMethod = tc.method })
		head := *s.head()
		mr, err := s.merge("maintainer", MergeOptions{Squash: tc.squash, RemoveSourceBranch: &yes})
		assert.NilError(t, err)
		s.see(func(tx *Tx) {
			main, _ := tx.Branch(s.project, "main")
			assert.Equal(t, mr.MergeCommitSHA != "", tc.merge, "%+v", tc)
			assert.Equal(t, mr.SquashCommitSHA != "", tc.squashes, "%+v", tc)
			assert.Equal(t, main.SHA == head, tc.toSourceHead, "%+v", tc)
			commit, ok := tx.Commit(s.project, main.SHA)
			assert.Assert(t, ok)
			assert.DeepEqual(t, commit.Tree, map[string]string{"README": "README", "feature": "feature"})
			_, exists := tx.Branch(s.project, "feature")
			assert.Assert(t, !exists, "the source branch was to be removed")
			assert.Equal(t, s.mrIn(tx).State, Merged, "which closes nothing that is merged")
		})
	}
}

func TestMerge_squashesAsTheMergeRequestSays(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	yes := true
	s.edit("developer", MergeRequestUpdate{Squash: &yes})
	mr, err := s.merge("maintainer", MergeOptions{}) // which does not ask for it
	assert.NilError(t, err)
	assert.Assert(t, mr.SquashCommitSHA != "")
}

func TestRefresh_doesNotDependOnTheOrderOfJobs(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	s.do(func(tx *Tx) {
		first := s.commit(tx, "feature", "", "one")
		second := s.commit(tx, "feature", "", "two")
		tx.refresh(Job{ProjectID: s.project, Branch: "feature", OldSHA: first.SHA, NewSHA: second.SHA})
		tx.refresh(Job{ProjectID: s.project, Branch: "feature", NewSHA: first.SHA})
		assert.Equal(t, s.mrIn(tx).HeadSHA, second.SHA)
	})
}
