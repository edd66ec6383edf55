package gitlab

import (
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

// respondWith responds with exactly the given values, as a user.
func (s *scene) respondWith(name string, n NewResponse) error {
	s.t.Helper()
	return s.try(func(tx *Tx) error {
		_, _, err := tx.Respond(s.actor(tx, name), s.mrIn(tx), n)
		return err
	})
}

func (s *scene) retry(name string) error {
	s.t.Helper()
	return s.try(func(tx *Tx) error { return tx.Retry(s.actor(tx, name), s.mrIn(tx), s.check) })
}

// push adds a commit to the feature branch.
func (s *scene) push(path string) (sha string) {
	s.t.Helper()
	s.do(func(tx *Tx) { sha = s.commit(tx, "feature", "", path).SHA })
	return sha
}

// responses returns those for the scene's check and merge request.
func (s *scene) responses() (list []StatusCheckResponse) {
	s.see(func(tx *Tx) { list = tx.Responses(s.mr, s.check) })
	return list
}

func TestRespond_ordersItsRefusals(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	var head string
	s.see(func(tx *Tx) { head = s.mrIn(tx).HeadSHA })
	text := func(v string) *string { return &v }
	stale := text(strings.Repeat("0", 40))
	for _, tc := range []struct {
		name, who string
		check     CheckID
		sha       *string
		want      string
	}{
		{"ability before check", "guest", 99, stale, "forbidden"},
		{"check before SHA", "author", 99, stale, "record not found"},
		{"SHA before the Developer's ability", "author", s.check, stale, "stale"},
		{"the Developer's ability before a null SHA", "author", s.check, nil, "hidden"},
		{"null SHA", "developer", s.check, nil, "bad value"},
		{"empty SHA", "developer", s.check, text(""), "stale"},
		{"short SHA", "developer", s.check, text(head[:39]), "stale"},
		{"SHA in capitals", "developer", s.check, text(strings.ToUpper(head)), "stale"},
		{"SHA with a blank", "developer", s.check, text(head + " "), "stale"},
		{"negative check", "developer", -1, &head, "record not found"},
		{"huge check", "developer", 1 << 62, &head, "record not found"},
		{"head", "developer", s.check, &head, "ok"},
	} {
		before := everything(t, s.state)
		err := s.respondWith(tc.who, NewResponse{CheckID: tc.check, SHA: tc.sha, Status: Passed})
		assert.Equal(t, outcome(t, err), tc.want, tc.name)
		switch tc.want {
		case "stale":
			assert.Equal(t, err.(*Refusal).Text, head)
		case "bad value":
			assert.DeepEqual(t, err.(*Refusal).Messages, []string{"Sha can't be blank"})
		}
		if err != nil {
			assert.DeepEqual(t, everything(t, s.state), before)
		}
	}
}

func TestRespond_olderReleasesRefuseOtherwise(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		opts         Options
		author, null string
	}{
		{at(14, 4), "ok", "broken"},
		{at(14, 5), "not found", "broken"},
		{at(15, 0), "not found", "broken"},
		{at(18, 1), "not found", "broken"},
		{at(18, 2), "hidden", "bad value"},
		{at(19, 4), "hidden", "bad value"},
	} {
		s := newScene(t, tc.opts)
		assert.Equal(t, outcome(t, s.respond("author", Passed)), tc.author, "%v", tc.opts.Version)
		assert.Equal(t, outcome(t, s.respondWith("developer", NewResponse{CheckID: s.check, Status: Passed})), tc.null,
			"%v", tc.opts.Version)
	}
}

func TestRespond_anyStatusMayFollowAny(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	for _, status := range []Status{Passed, Failed, Pending, Passed, Passed, Pending, Failed, Passed} {
		assert.NilError(t, s.respond("developer", status))
		assert.Equal(t, s.status(), status)
	}
	list := s.responses()
	assert.Equal(t, len(list), 8, "each response is a row of its own")
	for i, r := range list {
		assert.Equal(t, r.ID, ResponseID(i+1))
	}
}

func TestRespond_allowsClosedMergeRequestsAndOtherScopes(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	s.do(func(tx *Tx) {
		release := tx.InsertProtectedBranch(ProtectedBranch{ProjectID: s.project, Name: "release"})
		c, _ := tx.ExternalStatusCheck(s.project, s.check)
		c.ProtectedBranchIDs = []ProtectedBranchID{release.ID}
		insert(tx, checkTable, c)
		_, err := tx.UpdateMergeRequest(s.actor(tx, "owner"), s.mrIn(tx), MergeRequestUpdate{StateEvent: "close"})
		assert.NilError(t, err)
	})
	assert.NilError(t, s.respond("developer", Failed))
	assert.NilError(t, s.retry("developer"))
	assert.Equal(t, s.status(), Pending)
	s.see(func(tx *Tx) {
		assert.Equal(t, len(tx.ApplicableChecks(s.mrIn(tx))), 0)
		for _, d := range tx.Deliveries() {
			assert.Assert(t, d.CheckID != s.check, "a check of another branch is not told: %+v", d)
		}
	})
}

func TestResponses_countPerHead(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	var first string
	s.see(func(tx *Tx) { first = s.mrIn(tx).HeadSHA })
	assert.NilError(t, s.respond("developer", Passed))
	second := s.push("more")
	assert.Equal(t, s.status(), Pending, "the new head has no response")
	s.pass(time.Hour)
	assert.Equal(t, s.status(), Pending, "and so nothing to time out")
	assert.Equal(t, outcome(t, s.respondWith("developer", NewResponse{CheckID: s.check, SHA: &first, Status: Passed})),
		"stale")
	assert.NilError(t, s.respondWith("developer", NewResponse{CheckID: s.check, SHA: &second, Status: Failed}))
	assert.Equal(t, s.status(), Failed)
	s.do(func(tx *Tx) { // back to the first head, as after a force push
		tx.moveBranch(s.actor(tx, "owner"), s.projectIn(tx), "feature", first)
	})
	assert.Equal(t, s.status(), Passed, "what was recorded for a SHA stays")
}

func TestTimeout_isStrictlyOlderThanTwoMinutes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		everyMinute bool
		asked       time.Duration // after a full minute
		pending     time.Duration // still pending after that
		failed      time.Duration // no longer pending after that
	}{
		{false, 0, 2 * time.Minute, 2*time.Minute + time.Microsecond},
		{false, 17 * time.Second, 2 * time.Minute, 2*time.Minute + time.Microsecond},
		{true, 0, 3*time.Minute - time.Microsecond, 3 * time.Minute},
		{true, time.Microsecond, 3*time.Minute - 2*time.Microsecond, 3*time.Minute - time.Microsecond},
		{true, 59 * time.Second, 2*time.Minute + time.Second - time.Microsecond, 2*time.Minute + time.Second},
		{true, time.Minute - time.Microsecond, 2 * time.Minute, 2*time.Minute + time.Microsecond},
	} {
		s := newScene(t, Options{TimeoutEveryMinute: tc.everyMinute})
		s.pass(tc.asked)
		assert.NilError(t, s.respond("developer", Pending))
		s.pass(tc.pending)
		assert.Equal(t, s.status(), Pending, "%+v", tc)
		s.pass(tc.failed - tc.pending)
		assert.Equal(t, s.status(), Failed, "%+v", tc)
		list := s.responses()
		assert.Equal(t, len(list), 1, "the row itself fails")
		assert.Equal(t, list[0].ID, ResponseID(1))
	}
}

func TestTimeout_happensAtItsInstantHoweverLateItIsNoticed(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	assert.NilError(t, s.respond("developer", Pending))
	s.pass(24 * time.Hour)
	assert.Equal(t, s.status(), Failed)
	s.see(func(tx *Tx) {
		events := tx.AuditEvents()
		e := events[len(events)-1]
		assert.Equal(t, e.CreatedAt, epoch.Add(2*time.Minute+time.Microsecond))
		assert.Equal(t, e.Name+": "+e.Message, "status_check_response_update: Updated response for status check "+
			"compliance to failed")
		assert.Equal(t, e.AuthorName, "(System)")
		assert.Assert(t, !e.Stored)
		assert.Equal(t, len(tx.Deliveries()), 0, "nobody is told of a timeout")
	})
}

func TestTimeout_leavesOtherResponsesAlone(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	assert.NilError(t, s.respond("developer", Pending))
	assert.NilError(t, s.respond("developer", Passed))
	s.pass(time.Hour)
	assert.Equal(t, s.status(), Passed)
	list := s.responses()
	assert.Equal(t, list[0].Status, Failed, "a superseded pending response fails too, which nobody sees")
	assert.Equal(t, list[1].Status, Passed)
	s.see(func(tx *Tx) { assert.Equal(t, len(tx.Jobs()), 0) })
}

func TestRetry(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	const mustBeFailed = "External status check must be failed"
	refused := func() {
		t.Helper()
		before := everything(t, s.state)
		err := s.retry("developer")
		assert.Equal(t, outcome(t, err), "unprocessable")
		assert.Equal(t, err.(*Refusal).Text, mustBeFailed)
		assert.DeepEqual(t, everything(t, s.state), before)
	}
	refused() // nothing was recorded
	assert.NilError(t, s.respond("developer", Passed))
	refused()
	assert.NilError(t, s.respond("developer", Pending))
	refused()
	assert.NilError(t, s.respond("developer", Failed))
	s.pass(time.Minute)
	assert.NilError(t, s.retry("developer"))
	list := s.responses()
	assert.Equal(t, len(list), 3, "a retry adds no row")
	assert.DeepEqual(t, list[2], StatusCheckResponse{
		ID: 3, MergeRequestID: s.mr, CheckID: s.check, SHA: list[2].SHA,
		Status: Pending, CreatedAt: epoch, RetriedAt: s.now,
	})
	refused()
	s.pass(2 * time.Minute)
	assert.Equal(t, s.status(), Pending, "two minutes count from the retry")
	s.pass(time.Microsecond)
	assert.Equal(t, s.status(), Failed)
	assert.NilError(t, s.retry("developer"), "what timed out can be retried")
	assert.NilError(t, s.respond("developer", Passed))
	s.pass(time.Hour)
	assert.Equal(t, s.status(), Passed)
}

func TestRetry_restartsTheClockOfAPendingResponse(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	assert.NilError(t, s.respond("developer", Pending))
	s.do(func(tx *Tx) { // it fails early, as if by hand
		r, _ := tx.LatestResponse(s.mrIn(tx), s.check)
		r.Status = Failed
		tx.storeResponse(r)
	})
	s.pass(90 * time.Second)
	assert.NilError(t, s.retry("developer"))
	s.pass(time.Minute) // the first timeout job was due, and must not fail it
	assert.Equal(t, s.status(), Pending)
	s.pass(time.Minute + time.Microsecond)
	assert.Equal(t, s.status(), Failed)
}

func TestRetry_ordersItsRefusals(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	for _, tc := range []struct {
		who   string
		check CheckID
		want  string
	}{{"author", 99, "forbidden"}, {"developer", 99, "record not found"}, {"developer", s.check, "unprocessable"}} {
		err := s.try(func(tx *Tx) error { return tx.Retry(s.actor(tx, tc.who), s.mrIn(tx), tc.check) })
		assert.Equal(t, outcome(t, err), tc.want)
	}
}

func TestRetry_notifiesOneCheck(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	_, err := s.create("owner", changeOf("other", "http://other"))
	assert.NilError(t, err)
	assert.NilError(t, s.respond("developer", Failed))
	assert.NilError(t, s.retry("developer"))
	s.see(func(tx *Tx) {
		list := tx.Deliveries()
		assert.Equal(t, len(list), 1)
		assert.Equal(t, list[0].CheckID, s.check)
		assert.Equal(t, list[0].Action, "")
		events := tx.AuditEvents()
		assert.Equal(t, events[len(events)-1].Message, "Updated response for status check compliance to pending")
	})
}

func TestRetry_olderReleasesOnlyMark(t *testing.T) {
	t.Parallel()
	s := newScene(t, at(15, 7))
	assert.NilError(t, s.respond("developer", Failed))
	assert.NilError(t, s.retry("developer"))
	assert.Equal(t, s.status(), Pending)
	assert.Equal(t, s.responses()[0].Status, Failed)
	assert.Equal(t, outcome(t, s.retry("developer")), "unprocessable")
	s.pass(time.Hour)
	assert.Equal(t, s.status(), Pending, "there are no timeouts yet")
	assert.NilError(t, s.respond("developer", Failed))
	assert.NilError(t, s.retry("developer"))
}

func TestPendingResponses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		opts  Options
		given func(*scene, *Tx)
		want  []Status // of the check for main and of that for release, right after; empty for no row
		later []Status // after the timeout
	}{
		{
			"each check, also of another branch",
			Options{},
			func(*scene, *Tx) {},
			[]Status{Pending, Pending},
			[]Status{Failed, Failed},
		},
		{
			"unlicensed",
			Options{},
			func(s *scene, tx *Tx) { tx.SetSettings(Settings{}) },
			[]Status{"", ""},
			[]Status{"", ""},
		},
		{"before 16.5", at(16, 4), func(*scene, *Tx) {}, []Status{"", ""}, []Status{"", ""}},
		{
			"16.5 has no timeout", at(16, 5), func(*scene, *Tx) {},
			[]Status{Pending, Pending},
			[]Status{Pending, Pending},
		},
		{"16.6 has", at(16, 6), func(*scene, *Tx) {}, []Status{Pending, Pending}, []Status{Failed, Failed}},
		{
			"16.6 with its flags off",
			Options{
				Version:  at(16, 6).Version,
				Features: map[string]bool{FlagPendingResponses: false, FlagTimeout: false},
			},
			func(*scene, *Tx) {},
			[]Status{"", ""},
			[]Status{"", ""},
		},
		{
			"16.7 with the timeout off",
			Options{
				Version:  at(16, 7).Version,
				Features: map[string]bool{FlagTimeout: false},
			},
			func(*scene, *Tx) {},
			[]Status{Pending, Pending},
			[]Status{Pending, Pending},
		},
		{
			"16.8 has no flags any more",
			Options{
				Version:  at(16, 8).Version,
				Features: map[string]bool{FlagPendingResponses: false, FlagTimeout: false},
			},
			func(*scene, *Tx) {},
			[]Status{Pending, Pending},
			[]Status{Failed, Failed},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, tc.opts)
			var checks []CheckID
			s.do(func(tx *Tx) {
				release := tx.InsertProtectedBranch(ProtectedBranch{ProjectID: s.project, Name: "release"})
				other := tx.SeedExternalStatusCheck(ExternalStatusCheck{
					ProjectID: s.project, Name: "scoped",
					ExternalURL: "http://s", ProtectedBranchIDs: []ProtectedBranchID{release.ID},
				})
				checks = []CheckID{s.check, other.ID}
				s.commit(tx, "second", "main", "second")
				tc.given(s, tx)
			})
			mr := s.open("second")
			rows := func() (list []Status) {
				s.see(func(tx *Tx) {
					for _, c := range checks {
						status := Status("")
						for _, r := range tx.Responses(mr.ID, c) {
							assert.Equal(t, r.SHA, mr.HeadSHA)
							status = r.Status
						}
						list = append(list, status)
					}
				})
				return list
			}
			assert.DeepEqual(t, rows(), tc.want)
			s.pass(2*time.Minute + time.Microsecond)
			assert.DeepEqual(t, rows(), tc.later)
		})
	}
}

// open opens a merge request of the author's into main.
func (s *scene) open(branch string) (mr MergeRequest) {
	s.t.Helper()
	s.do(func(tx *Tx) {
		var err error
		mr, err = tx.CreateMergeRequest(s.actor(tx, "developer"), s.projectIn(tx),
			MergeRequest{SourceProjectID: s.project, SourceBranch: branch, TargetBranch: "main", Title: "Add " +
				branch})
		assert.NilError(s.t, err)
	})
	return mr
}

func TestPendingResponses_onlyComeWithTheMergeRequest(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	s.do(func(tx *Tx) { s.commit(tx, "second", "main", "second") })
	s.mr = s.open("second").ID
	assert.Equal(t, len(s.responses()), 1)
	s.do(func(tx *Tx) {
		a := s.actor(tx, "owner")
		_, err := tx.PushCommit(a, s.projectIn(tx), NewCommit{
			Branch: "second", Message: "more",
			Actions: []FileAction{{Action: "create", Path: "x"}},
		})
		assert.NilError(t, err)
	})
	s.do(func(tx *Tx) {
		for _, event := range []string{"close", "reopen"} {
			_, err := tx.UpdateMergeRequest(s.actor(tx, "owner"), s.mrIn(tx), MergeRequestUpdate{StateEvent: event})
			assert.NilError(t, err)
		}
	})
	later, err := s.create("owner", changeOf("later", "http://later"))
	assert.NilError(t, err)
	assert.Equal(t, len(s.responses()), 1)
	s.see(func(tx *Tx) { assert.Equal(t, len(tx.Responses(s.mr, later.ID)), 0) })
	s.pass(time.Hour)
	assert.Equal(t, s.status(), Pending, "what has no row for the head stays pending for ever")
}

func TestPendingResponses_canComeAfterAResponse(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{Lag: Lag{Min: time.Second, Max: time.Second}})
	s.do(func(tx *Tx) { s.commit(tx, "second", "main", "second") })
	s.mr = s.open("second").ID
	assert.NilError(t, s.respond("developer", Passed))
	assert.Equal(t, s.status(), Passed)
	s.pass(time.Second)
	assert.Equal(t, s.status(), Pending, "the background job's row is newer")
	s.pass(2*time.Minute + time.Microsecond)
	assert.Equal(t, s.status(), Failed)
}

func TestStatus_ofTheFirstReleases(t *testing.T) {
	t.Parallel()
	s := newScene(t, at(14, 5))
	assert.Equal(t, s.status(), Pending)
	assert.NilError(t, s.respondWith("developer", NewResponse{CheckID: s.check, SHA: s.head(), Status: Failed}))
	assert.Equal(t, s.status(), Approved, "any response means approved")
	s.do(func(tx *Tx) {
		b, _ := tx.Branch(s.project, "feature")
		tx.DeleteBranch(s.actor(tx, "owner"), s.projectIn(tx), b)
	})
	assert.Equal(t, s.status(), Pending, "statuses are those of the branch's tip, which is gone")

	flagged := newScene(t, Options{Version: at(14, 9).Version, Features: map[string]bool{FlagStatusField: true}})
	assert.NilError(t, flagged.respond("developer", Failed))
	assert.Equal(t, flagged.status(), Failed)
}

func (s *scene) head() *string {
	var head string
	s.see(func(tx *Tx) { head = s.mrIn(tx).HeadSHA })
	return &head
}

func TestFeature_offInTheFirstRelease(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		opts Options
		want bool
	}{
		{at(14, 0), false},
		{Options{Version: at(14, 0).Version, Features: map[string]bool{FlagStatusChecks: true}}, true},
		{Options{Version: at(14, 1).Version, Features: map[string]bool{FlagStatusChecks: false}}, true},
		{Options{}, true},
	} {
		s := newScene(t, tc.opts)
		s.see(func(tx *Tx) { assert.Equal(t, tx.Licensed(s.projectIn(tx)), tc.want, "%+v", tc.opts) })
	}
}
