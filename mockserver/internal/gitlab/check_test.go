package gitlab

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gotest.tools/v3/assert"
)

func changeOf(name, url string) ExternalStatusCheckChange {
	return ExternalStatusCheckChange{Name: &name, ExternalURL: &url}
}

func (s *scene) create(name string, change ExternalStatusCheckChange) (c ExternalStatusCheck, err error) {
	s.t.Helper()
	err = s.try(func(tx *Tx) (err error) {
		c, err = tx.CreateExternalStatusCheck(s.actor(tx, name), s.projectIn(tx), change)
		return err
	})
	return c, err
}

func (s *scene) update(name string, id CheckID, change ExternalStatusCheckChange) (c ExternalStatusCheck, err error) {
	s.t.Helper()
	err = s.try(func(tx *Tx) (err error) {
		c, err = tx.UpdateExternalStatusCheck(s.actor(tx, name), s.projectIn(tx), id, change)
		return err
	})
	return c, err
}

// The messages of the model.
const (
	urlIsBlank   = "External url can't be blank"
	urlIsTaken   = "External url has already been taken"
	urlMustBeOne = "External url must be a valid URL"
	nameIsTaken  = "Name has already been taken"
	nameIsBlank  = "Name can't be blank"
	secretIsLong = "Shared secret is too long (maximum is 255 characters)"
	foreign      = "all protected branches must exist within the project"
)

func TestCreateAndUpdate_validate(t *testing.T) {
	t.Parallel()
	const taken = "https://checks.example.com/a?token=1" // the URL of the scene's check
	long := strings.Repeat("é", 256)
	fits := long[:2*255]
	for _, tc := range []struct {
		name, url, secret string
		branch            ProtectedBranchID
		messages          []string
		kind              string
	}{
		{name: "a", url: "https://a", kind: "ok"},
		{name: "", url: "https://a", messages: []string{nameIsBlank}},
		{name: " \t\u3000", url: "https://a", messages: []string{nameIsBlank}},
		{name: "compliance", url: "https://a", messages: []string{nameIsTaken}},
		{name: "Compliance", url: "https://a", kind: "ok"},
		{name: "compliance ", url: "https://a", kind: "ok"},
		{name: "a", url: "", messages: []string{urlIsBlank, urlMustBeOne}},
		{name: "a", url: "  ", messages: []string{urlIsBlank, urlMustBeOne}},
		{name: "", url: "", messages: []string{urlIsBlank, urlMustBeOne, nameIsBlank}},
		{name: "a", url: taken, messages: []string{urlIsTaken}},
		{
			name: "a", url: strings.ToUpper(taken[:10]) + taken[10:],
			messages: []string{"External url is blocked: Only allowed schemes are http, https"},
		},
		{name: "compliance", url: taken, messages: []string{urlIsTaken, nameIsTaken}},
		{name: "a", url: "foo", messages: []string{"External url is blocked: Only allowed schemes are http, https"}},
		{
			name: "a", url: "ftp://x",
			messages: []string{"External url is blocked: Only allowed schemes are http, https"},
		},
		{name: "a", url: "http://a\nb", messages: []string{"External url is blocked: URI is invalid"}},
		{name: "a", url: "http://-x", messages: []string{"External url is blocked: Hostname or IP address invalid"}},
		{name: "a", url: "http://", kind: "ok"},
		{name: "a", url: " https://a\n", kind: "ok"},
		{name: "a", url: " " + taken, kind: "broken"},
		{name: "a", url: "http://localhost", secret: fits, kind: "ok"},
		{name: "a", url: "http://a", secret: long, messages: []string{secretIsLong}},
		{name: fits, url: "http://a", kind: "ok"},
		{name: long, url: "http://a", kind: "broken"},
		{name: "a", url: "http://" + long[:2*248], kind: "ok"},
		{name: "a", url: "http://" + long, kind: "broken"},
		{name: long, url: "foo", messages: []string{"External url is blocked: Only allowed schemes are http, https"}},
		{name: "a", url: "http://a", branch: 999, kind: "record not found"},
		{name: "", url: "", branch: 999, kind: "record not found"},
		{name: "a", url: "http://a", branch: 2, messages: []string{foreign}},
		{name: "", url: taken, secret: long, branch: 2, messages: []string{
			urlIsTaken, nameIsBlank, secretIsLong,
			foreign,
		}},
	} {
		t.Run(strings.Join(append([]string{tc.kind}, tc.messages...), "; "), func(t *testing.T) {
			t.Parallel()
			s := newScene(t, Options{})
			var other CheckID
			s.do(func(tx *Tx) {
				p, err := tx.CreateProject(Project{NamespaceID: s.group, Name: "Other", Path: "other"})
				assert.NilError(t, err)
				assert.Equal(t, tx.InsertProtectedBranch(ProtectedBranch{ProjectID: p.ID, Name: "main"}).ID,
					ProtectedBranchID(2))
				other = tx.SeedExternalStatusCheck(ExternalStatusCheck{
					ProjectID: s.project, Name: "other",
					ExternalURL: "https://other",
				}).ID
			})
			change := changeOf(tc.name, tc.url)
			change.SharedSecret = &tc.secret
			if tc.branch != 0 {
				change.ProtectedBranchIDs = &[]ProtectedBranchID{tc.branch}
			}
			before := everything(t, s.state)
			for _, do := range []func() error{
				func() error { _, err := s.create("maintainer", change); return err },
				func() error { _, err := s.update("maintainer", other, change); return err },
			} {
				snapshot := s.state.Snapshot()
				err := do()
				if tc.messages != nil {
					assert.Equal(t, outcome(t, err), "invalid")
					assert.DeepEqual(t, err.(*Refusal).Messages, tc.messages)
				} else {
					assert.Equal(t, outcome(t, err), tc.kind)
				}
				if err != nil {
					assert.DeepEqual(t, everything(t, s.state), before)
				}
				s.state.Restore(snapshot)
			}
		})
	}
}

func TestCreate_stores(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	secret := "s3cret"
	change := changeOf("quality", "  https://q.example.com/?a=b  ")
	change.SharedSecret, change.ProtectedBranchIDs = &secret, &[]ProtectedBranchID{s.main, s.main}
	got, err := s.create("maintainer", change)
	assert.NilError(t, err)
	want := ExternalStatusCheck{
		ID: 2, ProjectID: s.project, Name: "quality", ExternalURL: "https://q.example.com/?a=b", SharedSecret: secret,
		ProtectedBranchIDs: []ProtectedBranchID{s.main}, CreatedAt: epoch, UpdatedAt: epoch,
	}
	assert.DeepEqual(t, got, want)
	s.see(func(tx *Tx) {
		stored, err := tx.ExternalStatusCheck(s.project, 2)
		assert.NilError(t, err)
		assert.DeepEqual(t, stored, want)
		assert.Equal(t, len(tx.Deliveries()), 0, "nobody is told of a new check")
		assert.Equal(t, len(tx.Responses(s.mr, 2)), 0, "and it has no responses")
		assert.Equal(t, tx.StatusOf(s.mrIn(tx), 2), Pending)
	})
}

func TestUpdate_changesWhatIsGiven(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	text := func(v string) *string { return &v }
	later := time.Duration(0)
	step := func(change ExternalStatusCheckChange, want func(*ExternalStatusCheck)) {
		t.Helper()
		s.pass(time.Hour)
		var before ExternalStatusCheck
		s.see(func(tx *Tx) { before, _ = tx.ExternalStatusCheck(s.project, s.check) })
		got, err := s.update("maintainer", s.check, change)
		assert.NilError(t, err)
		want(&before)
		assert.DeepEqual(t, got, before)
		later += time.Hour
	}
	step(ExternalStatusCheckChange{}, func(*ExternalStatusCheck) {})
	step(ExternalStatusCheckChange{Name: text("b")}, func(c *ExternalStatusCheck) { c.Name, c.UpdatedAt = "b", s.now })
	step(ExternalStatusCheckChange{Name: text("b")}, func(*ExternalStatusCheck) {})
	step(ExternalStatusCheckChange{SharedSecret: text(" ")}, func(c *ExternalStatusCheck) {
		c.SharedSecret,
			c.UpdatedAt = " ", s.now
	})
	step(ExternalStatusCheckChange{SharedSecret: text("")}, func(c *ExternalStatusCheck) {
		c.SharedSecret,
			c.UpdatedAt = "", s.now
	})
	step(ExternalStatusCheckChange{ProtectedBranchIDs: &[]ProtectedBranchID{s.main}},
		func(c *ExternalStatusCheck) { c.ProtectedBranchIDs = []ProtectedBranchID{s.main} })
	step(ExternalStatusCheckChange{Name: text("c")}, func(c *ExternalStatusCheck) { c.Name, c.UpdatedAt = "c", s.now })
	step(ExternalStatusCheckChange{ProtectedBranchIDs: &[]ProtectedBranchID{}},
		func(c *ExternalStatusCheck) { c.ProtectedBranchIDs = nil })
}

func TestHMAC(t *testing.T) {
	t.Parallel()
	for secret, want := range map[string]bool{"": false, " ": false, "\t\u3000": false, "x": true, " x": true} {
		assert.Equal(t, ExternalStatusCheck{SharedSecret: secret}.HMAC(), want, "%q", secret)
	}
}

func TestUpdate_ordersItsRefusals(t *testing.T) {
	t.Parallel()
	bad, missing := changeOf("", ""), CheckID(99)
	bad.ProtectedBranchIDs = &[]ProtectedBranchID{99}
	for _, tc := range []struct {
		opts   Options
		who    string
		check  CheckID
		change ExternalStatusCheckChange
		want   string
	}{
		{at(18, 9), "developer", missing, bad, "not allowed"},
		{at(18, 9), "maintainer", missing, bad, "record not found"},
		{at(18, 9), "maintainer", 1, bad, "record not found"},
		{at(18, 9), "maintainer", 1, changeOf("", ""), "invalid"},
		{at(19, 4), "developer", missing, bad, "record not found"},
		{at(19, 4), "developer", 1, bad, "not allowed"},
		{at(18, 9), "maintainer", -1, bad, "record not found"},
		{at(18, 9), "maintainer", 1 << 62, bad, "record not found"},
		{at(18, 9), "maintainer", 0, bad, "record not found"},
	} {
		s := newScene(t, tc.opts)
		_, err := s.update(tc.who, tc.check, tc.change)
		assert.Equal(t, outcome(t, err), tc.want, "%+v", tc)
	}
}

func TestCheck_isLookedForInItsProject(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	s.do(func(tx *Tx) {
		p, err := tx.CreateProject(Project{
			NamespaceID: s.group, CreatorID: s.users["maintainer"], Name: "Other",
			Path: "other",
		})
		assert.NilError(t, err)
		c := tx.SeedExternalStatusCheck(ExternalStatusCheck{
			ProjectID: p.ID, Name: "compliance",
			ExternalURL: "https://checks.example.com/a?token=1",
		})
		_, err = tx.ExternalStatusCheck(s.project, c.ID)
		assert.Equal(t, outcome(t, err), "record not found")
		mr := s.mrIn(tx)
		_, _, err = tx.Respond(s.actor(tx, "developer"), mr, NewResponse{
			CheckID: c.ID, SHA: &mr.HeadSHA,
			Status: Passed,
		})
		assert.Equal(t, outcome(t, err), "record not found")
		assert.Equal(t, len(tx.ExternalStatusChecks(s.project)), 1)
	})
}

func TestScope(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		protected, target   string
		applies, dispatches bool // in 18.9
		wildcard            bool // both, in 19.4
	}{
		{"main", "main", true, true, true},
		{"main", "Main", false, true, false},
		{"release-main", "main", false, true, false},
		{"main", "release-main", false, false, false},
		{"release-*", "release-1", false, false, true},
		{"release-*", "release-*", true, true, true},
		{"release-*", "release-", false, true, true},
		{"*", "main", false, false, true},
		{"*ab*cd*", "xabycdz", false, false, true},
		{"a*b", "ab", false, false, true},
		{"a*b", "a", false, false, false},
		{"ab*ba", "aba", false, false, false},
		{"v1", "v1", true, true, true},
		{"v1", "V1", false, true, false},
		{"v10", "v1", false, false, false},
		{"v10", "v10", true, true, true},
		{"v100", "v10", false, true, false},
		{"größe", "GRÖSSE", false, false, false},
		{"größe", "GRÖßE", false, true, false},
		{"日本語", "日本", false, false, false},
		{"100%", "100", false, true, false},
		{"1000", "100%", false, false, false},
	} {
		for _, opts := range []Options{at(18, 9), at(19, 4)} {
			s := newScene(t, opts)
			s.do(func(tx *Tx) {
				b := tx.InsertProtectedBranch(ProtectedBranch{ProjectID: s.project, Name: tc.protected})
				c := tx.SeedExternalStatusCheck(ExternalStatusCheck{
					ProjectID: s.project, Name: "scoped",
					ProtectedBranchIDs: []ProtectedBranchID{b.ID},
				})
				got := []bool{tx.AppliesToBranch(c, tc.target), tx.DispatchesToBranch(c, tc.target)}
				want := []bool{tc.applies, tc.dispatches}
				if opts.Version.Major == 19 {
					want = []bool{tc.wildcard, tc.wildcard}
				}
				assert.Check(t, slices.Equal(got, want), "%q for %q: got %v, want %v", tc.target, tc.protected, got,
					want)
				c.ProtectedBranchIDs = nil
				assert.Assert(t, tx.AppliesToBranch(c, tc.target) && tx.DispatchesToBranch(c, tc.target),
					"no scope means all branches")
			})
		}
	}
}

func TestDeleteProtectedBranch_widensTheScope(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	s.do(func(tx *Tx) {
		release := tx.InsertProtectedBranch(ProtectedBranch{ProjectID: s.project, Name: "release"})
		c := tx.SeedExternalStatusCheck(ExternalStatusCheck{
			ProjectID: s.project, Name: "scoped",
			ExternalURL: "http://s", ProtectedBranchIDs: []ProtectedBranchID{release.ID, s.main},
		})
		names := func() (names []string) {
			for _, c := range tx.ApplicableChecks(s.mrIn(tx)) {
				names = append(names, c.Name)
			}
			return names
		}
		main, _ := tx.ProtectedBranch(s.main)
		assert.DeepEqual(t, names(), []string{"compliance", "scoped"})
		tx.DeleteProtectedBranch(main)
		assert.DeepEqual(t, names(), []string{"compliance"})
		tx.DeleteProtectedBranch(release)
		assert.DeepEqual(t, names(), []string{"compliance", "scoped"})
		c, _ = tx.ExternalStatusCheck(s.project, c.ID)
		assert.Equal(t, len(c.ProtectedBranchIDs), 0)
	})
}

func TestScope_ofGroupBranches(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		opts   Options
		group  string
		want   string
		listed bool
	}{
		{at(18, 9), "flight", "ok", true},
		{at(18, 0), "flight", "ok", true},
		{at(17, 11), "flight", "invalid", true},
		{at(18, 9), "elsewhere", "invalid", false},
	} {
		s := newScene(t, tc.opts)
		s.do(func(tx *Tx) {
			n, ok := tx.NamespaceByPath(tc.group)
			if !ok {
				n, _ = tx.CreateGroup(Namespace{Name: tc.group, Path: tc.group})
			}
			b := tx.InsertProtectedBranch(ProtectedBranch{NamespaceID: n.ID, Name: "main"})
			change := changeOf("grouped", "http://g")
			change.ProtectedBranchIDs = &[]ProtectedBranchID{b.ID}
			_, err := tx.CreateExternalStatusCheck(s.actor(tx, "owner"), s.projectIn(tx), change)
			assert.Equal(t, outcome(t, err), tc.want, "%+v", tc)
			assert.Equal(t, slices.ContainsFunc(tx.ProtectedBranches(s.projectIn(tx)),
				func(o ProtectedBranch) bool { return o.ID == b.ID }), tc.listed)
			if err == nil {
				tx.DeleteProtectedBranch(b)
				assert.Equal(t, len(tx.ExternalStatusChecks(s.project)[1].ProtectedBranchIDs), 0)
			}
		})
	}
}

func TestDelete_removesResponsesToo(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	c, err := s.create("owner", changeOf("other", "http://other"))
	assert.NilError(t, err)
	assert.NilError(t, s.respond("developer", Passed))
	s.do(func(tx *Tx) {
		mr := s.mrIn(tx)
		for range 3 {
			_, _, err := tx.Respond(s.actor(tx, "developer"), mr, NewResponse{
				CheckID: c.ID, SHA: &mr.HeadSHA,
				Status: Pending,
			})
			assert.NilError(t, err)
		}
		assert.Assert(t, tx.DeleteExternalStatusCheck(s.actor(tx, "owner"), s.projectIn(tx), c))
		assert.Equal(t, len(tx.Responses(s.mr, c.ID)), 0)
		assert.Equal(t, len(tx.Responses(s.mr, s.check)), 1)
		_, err := tx.ExternalStatusCheck(s.project, c.ID)
		assert.Equal(t, outcome(t, err), "record not found")
	})
	s.pass(time.Hour) // the timeouts of deleted responses do nothing
	assert.Equal(t, s.status(), Passed)
	next, err := s.create("owner", changeOf("other", "http://other"))
	assert.NilError(t, err)
	assert.Equal(t, next.ID, c.ID+1, "ids are not given twice")
}

func TestAudit_wordsChangesOfChecks(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	var release, hotfix ProtectedBranchID
	s.do(func(tx *Tx) {
		release = tx.InsertProtectedBranch(ProtectedBranch{ProjectID: s.project, Name: "release"}).ID
		hotfix = tx.InsertProtectedBranch(ProtectedBranch{ProjectID: s.project, Name: "hotfix"}).ID
	})
	seen := 0
	want := func(messages ...string) {
		t.Helper()
		var got []string
		s.see(func(tx *Tx) {
			events := tx.AuditEvents()[seen:]
			for _, e := range events {
				got = append(got, e.Name+": "+e.Message)
				assert.Assert(t, e.Stored && e.AuthorName == "Some maintainer" && e.ProjectID == s.project &&
					e.CreatedAt.Equal(s.now), "%+v", e)
			}
			seen += len(events)
		})
		assert.Assert(t, cmp.Equal(got, messages), cmp.Diff(got, messages))
	}
	scope := func(ids ...ProtectedBranchID) ExternalStatusCheckChange {
		return ExternalStatusCheckChange{ProtectedBranchIDs: &ids}
	}
	update := func(change ExternalStatusCheckChange) {
		t.Helper()
		_, err := s.update("maintainer", 2, change)
		assert.NilError(t, err)
	}
	_, err := s.create("maintainer", changeOf("QA", "https://a?token=1"))
	assert.NilError(t, err)
	want("create_status_check: Added QA status check with all branches")
	update(scope(s.main))
	want("update_status_check: Added protected branch main to QA status check and removed all other branches from " +
		"status check")
	update(scope(s.main, release))
	want("update_status_check: Added protected branch release to QA status check")
	update(scope(release))
	want("update_status_check: Removed protected branch main from QA status check")
	update(scope(hotfix))
	want("update_status_check: Added all branches to QA status check",
		"update_status_check: Added protected branch hotfix to QA status check and removed all other branches from "+
			"status check")
	update(scope())
	want("update_status_check: Added all branches to QA status check")
	update(scope())
	want()
	change := changeOf("QS", "https://b")
	change.ProtectedBranchIDs = &[]ProtectedBranchID{s.main, hotfix}
	update(change)
	want("update_status_check: Added protected branch main to QS status check and removed all other branches from "+
		"status check",
		"update_status_check: Added protected branch hotfix to QS status check",
		"external_status_check_name_updated: Changed name from QA to QS",
		"external_status_check_url_updated: Changed external url from https://a?token=1 to https://b")
	s.do(func(tx *Tx) {
		c, _ := tx.ExternalStatusCheck(s.project, 2)
		tx.DeleteExternalStatusCheck(s.actor(tx, "maintainer"), s.projectIn(tx), c)
		tx.DeleteExternalStatusCheck(s.actor(tx, "developer"), s.projectIn(tx), c)
	})
	want("delete_status_check: Removed QS status check")
	change.ProtectedBranchIDs = &[]ProtectedBranchID{s.main, release}
	_, err = s.create("maintainer", change)
	assert.NilError(t, err)
	want("create_status_check: Added QS status check with protected branch(es) main, release")
}
