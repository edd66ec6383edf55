package gitlab

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

func TestUpdate_changesNothingIfItFails(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	assert.NilError(t, s.respond("developer", Failed))
	before, commits := everything(t, s.state), 0
	s.state.OnCommit(func() { commits++ })
	failure := errors.New("no")
	err := s.state.Update(s.now, func(tx *Tx) error {
		assert.NilError(t, tx.Retry(s.actor(tx, "owner"), s.mrIn(tx), s.check))
		tx.SetSettings(Settings{})
		_, err := tx.UpdateMergeRequest(s.actor(tx, "owner"), s.mrIn(tx), MergeRequestUpdate{StateEvent: "close"})
		assert.NilError(t, err)
		tx.DeleteProject(User{}, s.projectIn(tx))
		return failure
	})
	assert.ErrorIs(t, err, failure)
	assert.DeepEqual(t, everything(t, s.state), before)
	assert.Equal(t, commits, 0)
	assert.NilError(t, s.state.Update(s.now, func(tx *Tx) error { tx.Users(); return nil }))
	assert.Equal(t, commits, 0, "what changes nothing is no commit")
	s.do(func(tx *Tx) { tx.SetSettings(Settings{}) })
	assert.Equal(t, commits, 1)
}

func TestUpdate_survivesAPanic(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	before := everything(t, s.state)
	func() {
		defer func() { assert.Equal(t, fmt.Sprint(recover()), "oh") }()
		_ = s.state.Update(s.now, func(tx *Tx) error {
			tx.SetSettings(Settings{})
			panic("oh")
		})
	}()
	assert.DeepEqual(t, everything(t, s.state), before)
	assert.NilError(t, s.respond("developer", Passed), "and the next one is not locked out")
}

func TestView_discardsChanges(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	before := everything(t, s.state)
	s.see(func(tx *Tx) {
		mr := s.mrIn(tx)
		_, _, err := tx.Respond(s.actor(tx, "developer"), mr, NewResponse{
			CheckID: s.check, SHA: &mr.HeadSHA,
			Status: Passed,
		})
		assert.NilError(t, err)
		assert.Equal(t, tx.StatusOf(mr, s.check), Passed, "it sees what it changed itself")
	})
	assert.DeepEqual(t, everything(t, s.state), before)
}

func TestSnapshot_isRestored(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	before, snapshot := everything(t, s.state), s.state.Snapshot()
	run := func() map[string][]string {
		assert.NilError(t, s.respond("developer", Failed))
		assert.NilError(t, s.retry("developer"))
		s.push("more")
		return everything(t, s.state)
	}
	after := run()
	other := s.state.Empty()
	assert.Assert(t, len(everything(t, other)["users"]) == 0)
	other.Restore(snapshot)
	assert.DeepEqual(t, everything(t, other), before)
	s.state.Restore(snapshot)
	assert.DeepEqual(t, everything(t, s.state), before)
	assert.DeepEqual(t, run(), after)
	assert.DeepEqual(t, everything(t, other), before)
}

// story does a bit of everything, with a different lag for each job.
func story(t *testing.T) map[string][]string {
	o := newObserver(t, Options{Lag: Lag{Min: time.Second, Max: 20 * time.Second}})
	o.change(func(p *Project) { p.RequirePassingStatusChecks, p.ApprovalsReset = true, true })
	for i := range 10 {
		branch := fmt.Sprintf("branch-%d", i)
		o.do(func(tx *Tx) { o.commit(tx, branch, "main", branch) })
		o.mr = o.open(branch).ID
		o.pass(time.Duration(i) * time.Second)
		_ = o.respond("developer", []Status{Passed, Failed, Pending}[i%3])
		_ = o.retry("maintainer")
		_, _ = o.merge("maintainer", MergeOptions{AutoMerge: true})
		o.do(func(tx *Tx) { o.commit(tx, branch, "", "more of "+branch) })
		_, _ = o.create("owner", changeOf(branch, "http://"+branch))
	}
	o.pass(time.Hour)
	return everything(t, o.state)
}

func TestState_isDeterministic(t *testing.T) {
	t.Parallel()
	first := story(t)
	for table, rows := range first {
		assert.Assert(t, len(rows) > 0 || !slices.Contains([]string{"deliveries", "audit_events", "merge_requests"},
			table), "no %s", table)
	}
	assert.DeepEqual(t, story(t), first)
}

func TestLag(t *testing.T) {
	t.Parallel()
	lag := Lag{Min: 100 * time.Millisecond, Max: 500 * time.Millisecond}
	seen := map[time.Duration]bool{}
	for id := range int64(200) {
		for hop := range 2 {
			d := lag.of(id, hop)
			assert.Assert(t, d >= lag.Min && d <= lag.Max, "%v", d)
			assert.Equal(t, d, lag.of(id, hop))
			seen[d] = true
		}
	}
	assert.Assert(t, len(seen) > 390, "there are only %d different ones", len(seen))
	assert.Equal(t, Lag{}.of(1, 0), time.Duration(0))
	assert.Equal(t, Lag{Min: time.Second}.of(1, 0), time.Second)

	s := newScene(t, Options{Lag: Lag{Min: time.Second, Max: time.Second}})
	s.pass(time.Minute)
	old := *s.head()
	s.push("more")
	s.pass(2*time.Second - time.Microsecond)
	assert.Equal(t, *s.head(), old, "a push takes two hops to reach the merge request")
	s.pass(time.Microsecond)
	assert.Assert(t, *s.head() != old)
}

func TestRunDue_runsEachJobAtItsInstant(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	s.do(func(tx *Tx) {
		for i, name := range []string{"c", "a", "b"} {
			p, err := tx.CreateProject(Project{NamespaceID: s.group, Name: name, Path: name})
			assert.NilError(t, err)
			tx.enqueueAt(epoch.Add(time.Duration([]int{3, 1, 2}[i])*time.Hour),
				Job{Kind: DestroyProject, ProjectID: p.ID})
		}
		due, ok := tx.NextDue()
		assert.Assert(t, ok)
		assert.Equal(t, due, epoch.Add(time.Hour))
	})
	assert.Equal(t, s.state.RunDue(epoch.Add(2*time.Hour)), 2)
	s.see(func(tx *Tx) {
		_, _, ok := tx.ProjectByPath("flight/c")
		assert.Assert(t, ok)
		_, _, ok = tx.ProjectByPath("flight/b")
		assert.Assert(t, !ok)
		assert.Equal(t, len(tx.Jobs()), 1)
	})
}

func TestDeleteProject_removesEverythingInIt(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	var p Project
	s.do(func(tx *Tx) {
		var err error
		p, err = tx.CreateProject(Project{
			NamespaceID: s.group, CreatorID: s.users["owner"], Name: "Other",
			Path: "other",
		})
		assert.NilError(t, err)
	})
	s.do(func(tx *Tx) { tx.DeleteProject(User{}, p) })
	before := everything(t, s.state)
	s.do(func(tx *Tx) {
		p.ID = 0
		var err error
		p, err = tx.CreateProject(p)
		assert.NilError(t, err)
		tx.moveBranch(s.actor(tx, "owner"), p, "main", tx.seedCommit(p.ID))
		tx.moveBranch(s.actor(tx, "owner"), p, "topic", tx.seedCommit(p.ID))
		c := tx.SeedExternalStatusCheck(ExternalStatusCheck{ProjectID: p.ID, Name: "c", ExternalURL: "http://c"})
		mr := tx.InsertMergeRequest(MergeRequest{
			ProjectID: p.ID, SourceProjectID: p.ID, SourceBranch: "topic",
			TargetBranch: "main", State: Opened, Labels: []string{"l"},
		})
		tx.SeedResponse(StatusCheckResponse{MergeRequestID: mr.ID, CheckID: c.ID, SHA: "a", Status: Pending})
		_, err = tx.Comment(s.actor(tx, "owner"), mr, "hello", false)
		assert.NilError(t, err)
		_, _, err = tx.CreateProjectToken(p, Token{Name: "bot", AccessLevel: Developer, Scopes: []string{"api"}})
		assert.NilError(t, err)
		_, err = tx.MarkForDeletion(Actor{}, p)
		assert.NilError(t, err)
	})
	s.do(func(tx *Tx) {
		p, _ = tx.Project(p.ID)
		tx.DeleteProject(User{}, p)
	})
	s.pass(1000 * time.Hour * 24)
	after := everything(t, s.state)
	for table := range after {
		if table != "ids" && table != "AuditEvents" && table != "Deliveries" {
			assert.DeepEqual(t, after[table], before[table])
		}
	}
}

// seedCommit stores an empty commit.
func (tx *Tx) seedCommit(p ProjectID) string {
	return tx.SeedCommit(Commit{ProjectID: p, Message: "seed"}).SHA
}

func TestRefusals_giveReasonsWithoutSecrets(t *testing.T) {
	t.Parallel()
	const secret = "hunter2hunter2"
	s := newScene(t, Options{})
	s.do(func(tx *Tx) {
		c, _ := tx.ExternalStatusCheck(s.project, s.check)
		c.SharedSecret = secret
		insert(tx, checkTable, c)
	})
	long := strings.Repeat(secret, 40)
	var refused []error
	for _, name := range []string{"stranger", "guest", "author", "developer", "maintainer", "admin"} {
		for _, change := range []ExternalStatusCheckChange{
			{SharedSecret: &long},
			{ExternalURL: text("http://-x?token=" + secret)},
			{ExternalURL: text(" https://checks.example.com/a?token=1"), Name: text("")},
			{ExternalURL: &long},
			{ProtectedBranchIDs: &[]ProtectedBranchID{9}},
		} {
			_, err := s.create(name, change)
			refused = append(refused, err)
			_, err = s.update(name, s.check, change)
			refused = append(refused, err)
		}
		_, err := s.merge(name, MergeOptions{SHA: "0"})
		refused = append(refused, err, s.retry(name), s.respondWith(name, NewResponse{CheckID: s.check}),
			s.respondWith(name, NewResponse{CheckID: 9}))
	}
	kinds := map[Kind]bool{}
	for _, err := range refused {
		if kindOf(t, err) == 0 {
			continue
		}
		r := err.(*Refusal)
		kinds[r.Kind] = true
		for _, said := range append([]string{r.Reason, r.Text, r.Error()}, r.Messages...) {
			assert.Assert(t, !strings.Contains(said, secret) && !strings.Contains(said, "token="), said)
		}
	}
	assert.Assert(t, len(kinds) >= 9, "only %d kinds of refusal were seen", len(kinds))
}

// TestState_underLoad runs requests, jobs, time, snapshots and resets at the same time. Run it with -race.
func TestState_underLoad(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{Lag: Lag{Max: time.Millisecond}, Payload: plainPayload})
	start := s.state.Snapshot()
	var clock sync.Mutex
	now := epoch
	tick := func() time.Time {
		clock.Lock()
		defer clock.Unlock()
		now = now.Add(time.Second)
		return now
	}
	work := []func(i int){
		func(i int) {
			_ = s.state.Update(tick(), func(tx *Tx) error {
				mr, ok := tx.MergeRequestByID(s.mr)
				if !ok {
					return errors.New("gone")
				}
				_, _, err := tx.Respond(s.actor(tx, "developer"), mr, NewResponse{
					CheckID: s.check, SHA: &mr.HeadSHA,
					Status: []Status{Passed, Failed, Pending}[i%3],
				})
				return err
			})
		},
		func(i int) {
			_ = s.state.Update(tick(), func(tx *Tx) error {
				_, err := tx.PushCommit(s.actor(tx, "owner"), s.projectIn(tx),
					NewCommit{
						Branch: "feature", Message: "m",
						Actions: []FileAction{{Action: "create", Path: fmt.Sprint("f", i)}},
					})
				return err
			})
		},
		func(int) { s.state.RunDue(tick()) },
		func(i int) {
			assert.Check(t, s.state.View(tick(), func(tx *Tx) error {
				if n := len(tx.responses("")); n != int(tx.sequences[responseSequence]) {
					return fmt.Errorf("a reader sees %d responses of %d", n, tx.sequences[responseSequence])
				}
				return nil
			}))
		},
		func(int) {
			_ = s.state.Update(tick(), func(tx *Tx) error {
				for _, d := range tx.QueuedDeliveries() {
					d.State = Delivered
					tx.SetDelivery(d)
				}
				return nil
			})
		},
		func(i int) {
			if i%25 == 0 {
				s.state.Restore(start)
			}
			_ = s.state.Snapshot()
		},
	}
	var group sync.WaitGroup
	for _, f := range work {
		group.Go(func() {
			for i := range 100 {
				f(i)
			}
		})
	}
	group.Wait()
	s.see(func(tx *Tx) {
		var ids []ResponseID
		for _, r := range tx.Responses(s.mr, s.check) {
			ids = append(ids, r.ID)
		}
		slices.Sort(ids)
		for i, id := range ids {
			assert.Equal(t, id, ResponseID(i+1), "ids are dense")
		}
	})
}

// A job that panics is reported and removed. The jobs after it run.
func TestState_dropsJobsThatPanic(t *testing.T) {
	t.Parallel()
	var told []JobKind
	s := newScene(t, Options{
		Payload:   func(*Tx, MergeRequestEvent) (Rendering, error) { panic("no paper") },
		JobFailed: func(j Job, mistake any) { told = append(told, j.Kind); assert.Equal(t, mistake, "no paper") },
	})
	assert.NilError(t, s.state.Update(s.now, func(tx *Tx) error {
		tx.enqueue(Job{Kind: ExecuteHooks, MergeRequestID: s.mr})
		tx.enqueue(Job{Kind: DestroyProject, ProjectID: s.project})
		return nil
	}))
	s.state.RunDue(s.now)
	assert.DeepEqual(t, told, []JobKind{ExecuteHooks})
	assert.NilError(t, s.state.View(s.now, func(tx *Tx) error {
		_, there := tx.Project(s.project)
		assert.Assert(t, !there)
		assert.Equal(t, len(tx.Jobs()), 0)
		return nil
	}))
}
