package gitlab

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

// write pushes files to a branch of the scene, with a message.
func (s *scene) write(branch, message string, files ...string) {
	s.t.Helper()
	s.do(func(tx *Tx) {
		n := NewCommit{Branch: branch, Message: message}
		for i := 0; i < len(files); i += 2 {
			action := "update"
			if tip, _ := tx.Branch(s.project, branch); !s.has(tx, tip.SHA, files[i]) {
				action = "create"
			}
			n.Actions = append(n.Actions, FileAction{
				Action: action, Path: files[i], Content: files[i+1], HasContent: true,
			})
		}
		_, err := tx.addCommit(s.actor(tx, "owner"), s.projectIn(tx), n)
		assert.NilError(s.t, err)
	})
}

func (s *scene) has(tx *Tx, sha, path string) bool {
	c, _ := tx.Commit(s.project, sha)
	_, ok := c.Tree[path]
	return ok
}

// TestMergeStatus_remembersConflicts follows what is known of a merge request with a conflict while its branches move.
func TestMergeStatus_remembersConflicts(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{Lag: Lag{Min: time.Second, Max: time.Second}})
	s.pass(time.Minute)
	checks := func() (status CheckStatus) {
		s.see(func(tx *Tx) {
			list := tx.MergeabilityChecks(s.mrIn(tx))
			status = list[slices.IndexFunc(list, func(c MergeabilityCheck) bool { return c.Name == "conflict" })].Status
		})
		return status
	}
	is := func(public, detailed string, check CheckStatus) {
		t.Helper()
		var got MergeStatus
		s.see(func(tx *Tx) { got = s.mrIn(tx).PublicMergeStatus() })
		assert.Equal(t, fmt.Sprint(got, " ", s.detailedMergeStatus(), " ", checks()), fmt.Sprint(public, " ", detailed,
			" ", check))
	}
	look := func() { s.do(func(tx *Tx) { tx.RecheckMergeability(s.mr) }) }
	s.write("main", "Another feature", "feature", "another")
	s.pass(time.Minute)
	is("unchecked", "unchecked", CheckChecking)
	look()
	is("checking", "checking", CheckChecking)
	s.pass(time.Minute)
	is("cannot_be_merged", "conflict", CheckFailed)
	s.write("main", "More", "more", "more")
	s.pass(time.Minute)
	is("cannot_be_merged_recheck", "conflict", CheckChecking)
	_, err := s.merge("maintainer", MergeOptions{AutoMerge: true})
	assert.Equal(t, outcome(t, err), "method")
	look()
	is("checking", "checking", CheckChecking)
	s.write("main", "Back", "feature", "feature")
	s.pass(time.Second)
	is("can_be_merged", mergeable, CheckSucceeded) // which the push makes out of date only later
	s.pass(time.Minute)
	is("unchecked", "unchecked", CheckChecking)
	for before, after := range map[MergeStatus]MergeStatus{
		PreparingStatus: Unchecked, Unchecked: Unchecked, Checking: Unchecked, CanBeMerged: Unchecked,
		CannotBeMerged: Recheck, Recheck: Recheck, Rechecking: Recheck,
	} {
		assert.Equal(t, before.unchecked(), after, before)
	}
}

// TestReopen_tellsOfTheOldHead checks that the delivery about reopening has the head at which the merge request was
// closed, and the one after it the head that was pushed in the meantime.
func TestReopen_tellsOfTheOldHead(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{Payload: func(_ *Tx, e MergeRequestEvent) (Rendering, error) {
		mr := e.MergeRequest
		return Rendering{
			Event: fmt.Appendf(nil, "%s %s %s", e.Action, mr.HeadSHA, mr.MergeStatus),
			Own:   func(ExternalStatusCheck) []byte { return nil },
		}, nil
	}})
	before := *s.head()
	s.edit("developer", MergeRequestUpdate{StateEvent: "close"})
	after := s.push("more")
	s.edit("developer", MergeRequestUpdate{StateEvent: "reopen"})
	var told []string
	s.see(func(tx *Tx) {
		for _, d := range tx.Deliveries() {
			told = append(told, string(d.Body.Event))
		}
	})
	assert.DeepEqual(t, told[len(told)-2:], []string{
		"reopen " + before + " can_be_merged", "update " + after + " unchecked",
	})
}

// TestApprovals_outliveWhatChangesNothing checks when a push or another target takes back approvals.
func TestApprovals_outliveWhatChangesNothing(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("line\n", 20)
	setUp := func(opts Options, reset bool) *scene {
		s := newScene(t, opts)
		s.write("main", "Two lists", "list", long, "image", "a\x00")
		s.do(func(tx *Tx) { s.commit(tx, "lists", "main", "own") })
		s.write("lists", "Grow", "list", long+"own\n", "image", "b\x00")
		s.do(func(tx *Tx) {
			s.commit(tx, "release", "main", "release")
			s.mr = s.seedMergeRequest(tx, MergeRequest{SourceBranch: "lists"}).ID
			_, err := tx.Approve(s.actor(tx, "developer"), s.mrIn(tx), "")
			assert.NilError(t, err)
		})
		s.change(func(p *Project) { p.ApprovalsReset = reset })
		return s
	}
	retarget := func(s *scene) { s.edit("developer", MergeRequestUpdate{TargetBranch: text("release")}) }
	rebased := func(s *scene) {
		s.write("main", "Lead", "list", "lead\n"+long)
		s.do(func(tx *Tx) {
			tip, _ := tx.Resolve(s.project, "lists")
			main, _ := tx.Resolve(s.project, "main")
			c := Commit{
				ProjectID: s.project, ParentSHAs: []string{main.SHA}, Message: "Grow", CreatedAt: tx.Now,
				Tree: maps.Clone(tip.Tree),
			}
			c.Tree["list"] = "lead\n" + long + "own\n"
			tx.insertCommit(&c)
			tx.moveBranch(s.actor(tx, "owner"), s.projectIn(tx), "lists", c.SHA)
		})
	}
	for name, tc := range map[string]struct {
		opts  Options
		reset bool
		do    func(*scene)
		left  int
	}{
		"another change":          {at(18, 9), true, func(s *scene) { s.write("lists", "x", "own", "x") }, 0},
		"another binary":          {at(18, 9), true, func(s *scene) { s.write("lists", "x", "image", "c\x00") }, 0},
		"white space":             {at(18, 9), true, func(s *scene) { s.write("lists", "x", "own", "own \n") }, 1},
		"nothing left":            {at(18, 9), true, func(s *scene) { s.back("lists") }, 0},
		"the same, rebased":       {at(18, 9), true, rebased, 1},
		"the same, rebased, 16.7": {at(16, 7), true, rebased, 1},
		"the same, rebased, 16.6": {at(16, 6), true, rebased, 0},
		"another target":          {at(18, 9), true, retarget, 0},
		"another target, kept":    {at(18, 9), false, retarget, 1},
		"another target, 16.2":    {at(16, 2), true, retarget, 0},
		"another target, 16.1":    {at(16, 1), true, retarget, 1},
		"another title": {at(18, 9), true, func(s *scene) {
			s.edit("owner", MergeRequestUpdate{Title: text("x")})
		}, 1},
		"a push to the target branch": {at(18, 9), true, func(s *scene) { s.write("main", "x", "x", "x") }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := setUp(tc.opts, tc.reset)
			tc.do(s)
			s.see(func(tx *Tx) { assert.Equal(t, len(s.mrIn(tx).Approvals), tc.left) })
		})
	}
}

// back moves a branch to where main is.
func (s *scene) back(branch string) {
	s.do(func(tx *Tx) {
		main, _ := tx.Branch(s.project, "main")
		tx.moveBranch(s.actor(tx, "owner"), s.projectIn(tx), branch, main.SHA)
	})
}

// TestPush_makesDrafts checks which commits make a draft of their merge request.
func TestPush_makesDrafts(t *testing.T) {
	t.Parallel()
	for message, draft := range map[string]bool{
		"draft: more": true, "[Draft] more": true, "  (DRAFT)": true, "fixup! Add a feature": true,
		"Now squash! that": true, "Draft more": false, "fixup!": false, "Fixup! x": false, "More\n\ndraft: x": false,
		"Not draft: x": false,
	} {
		s := newScene(t, Options{})
		s.write("feature", message, "more", "more")
		want := "Add a feature"
		if draft {
			want = "Draft: " + want
		}
		s.see(func(tx *Tx) { assert.Equal(t, s.mrIn(tx).Title, want, message) })
		s.write("feature", "draft: again", "more", "even more")
		s.see(func(tx *Tx) { assert.Equal(t, s.mrIn(tx).Title, "Draft: Add a feature", message) })
	}
	s := newScene(t, Options{})
	s.write("main", "draft: elsewhere", "more", "more")
	s.see(func(tx *Tx) { assert.Equal(t, s.mrIn(tx).Title, "Add a feature") })
}
