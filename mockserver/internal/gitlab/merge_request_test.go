package gitlab

import (
	"testing"

	"gotest.tools/v3/assert"
)

func TestCreateMergeRequest_refuses(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	s.do(func(tx *Tx) {
		s.commit(tx, "second", "main", "second")
		s.commit(tx, "third", "main", "third")
	})
	for _, tc := range []struct {
		name, who, source, target, title string
		archived                         bool
		want                             string
		messages                         []string
	}{
		{name: "Reporter", who: "reporter", source: "gone", target: "main", title: "t", want: "forbidden"},
		{
			name: "archived", who: "developer", source: "second", target: "main", title: "t", archived: true,
			want: "forbidden",
		},
		{
			name: "no source", who: "developer", source: "gone", target: "main", title: "t", want: "invalid",
			messages: []string{`Source branch "gone" does not exist`},
		},
		{
			name: "no target", who: "developer", source: "second", target: "gone", title: "t", want: "invalid",
			messages: []string{`Target branch "gone" does not exist`},
		},
		{
			name: "into itself", who: "developer", source: "second", target: "second", title: "t", want: "invalid",
			messages: []string{"You can't use same project/branch for source and target"},
		},
		{
			name: "no title", who: "developer", source: "second", target: "main", title: " ", want: "invalid",
			messages: []string{"Title can't be blank"},
		},
		{
			name: "one is open", who: "developer", source: "feature", target: "main", title: "t", want: "conflict",
			messages: []string{"Another open merge request already exists for this source branch: !1"},
		},
		{name: "another target", who: "developer", source: "feature", target: "third", title: "t", want: "ok"},
		{name: "fits", who: "developer", source: "second", target: "main", title: "t", want: "ok"},
	} {
		s.change(func(p *Project) { p.Archived = tc.archived })
		before := everything(t, s.state)
		err := s.try(func(tx *Tx) error {
			_, err := tx.CreateMergeRequest(s.actor(tx, tc.who), s.projectIn(tx),
				MergeRequest{
					SourceProjectID: s.project, SourceBranch: tc.source, TargetBranch: tc.target,
					Title: tc.title,
				})
			return err
		})
		assert.Equal(t, outcome(t, err), tc.want, tc.name)
		if err != nil {
			assert.DeepEqual(t, err.(*Refusal).Messages, tc.messages)
			assert.DeepEqual(t, everything(t, s.state), before)
		}
	}
}

func TestMergeRequest_numbersItselfInItsProject(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	s.do(func(tx *Tx) {
		p, err := tx.CreateProject(Project{NamespaceID: s.group, Name: "Other", Path: "other"})
		assert.NilError(t, err)
		for _, want := range []struct {
			project ProjectID
			given   MergeRequest
			iid     MergeRequestIID
		}{
			{s.project, MergeRequest{}, 2},
			{p.ID, MergeRequest{}, 1},
			{p.ID, MergeRequest{ID: 40, IID: 7}, 7},
			{p.ID, MergeRequest{}, 8},
			{s.project, MergeRequest{}, 3},
		} {
			want.given.ProjectID = want.project
			mr := tx.InsertMergeRequest(want.given)
			assert.Equal(t, mr.IID, want.iid)
			found, err := tx.MergeRequest(want.project, want.iid)
			assert.NilError(t, err)
			assert.Equal(t, found.ID, mr.ID)
		}
		newest := tx.InsertMergeRequest(MergeRequest{ProjectID: s.project})
		assert.Equal(t, newest.ID, MergeRequestID(43), "a seeded id is never given again")
		for _, iid := range []MergeRequestIID{0, -1, 99, 1 << 62} {
			_, err := tx.MergeRequest(s.project, iid)
			assert.Equal(t, outcome(t, err), "record not found")
		}
	})
}

func TestUpdateMergeRequest_refuses(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	s.do(func(tx *Tx) {
		s.commit(tx, "release", "main", "release")
		s.seedMergeRequest(tx, MergeRequest{SourceBranch: "feature", TargetBranch: "release"})
	})
	for _, tc := range []struct {
		who    string
		update MergeRequestUpdate
		want   string
	}{
		{"reporter", MergeRequestUpdate{Title: text("t")}, "forbidden"},
		{"guest", MergeRequestUpdate{Title: text("t")}, "forbidden"},
		{"author", MergeRequestUpdate{Title: text("t")}, "ok"},
		{"author", MergeRequestUpdate{Title: text("")}, "invalid"},
		{"author", MergeRequestUpdate{Title: text(""), StateEvent: "close"}, "invalid"},
		{"developer", MergeRequestUpdate{TargetBranch: text("gone")}, "invalid"},
		{"developer", MergeRequestUpdate{TargetBranch: text("feature")}, "invalid"},
		{"developer", MergeRequestUpdate{TargetBranch: text("release")}, "conflict"},
	} {
		before := everything(t, s.state)
		err := s.try(func(tx *Tx) error {
			_, err := tx.UpdateMergeRequest(s.actor(tx, tc.who), s.mrIn(tx), tc.update)
			return err
		})
		assert.Equal(t, outcome(t, err), tc.want, "%+v", tc)
		if err != nil {
			assert.DeepEqual(t, everything(t, s.state), before)
		}
	}
}

func TestUpdateMergeRequest_ofAMissingSourceStillWorks(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	s.do(func(tx *Tx) {
		b, _ := tx.Branch(s.project, "feature")
		tx.DeleteBranch(s.actor(tx, "owner"), s.projectIn(tx), b)
	})
	s.edit("developer", MergeRequestUpdate{
		Title: text("renamed"), Squash: new(true), DiscussionLocked: new(true),
		AssigneeIDs: &[]UserID{8}, ReviewerIDs: &[]UserID{9},
	})
	s.see(func(tx *Tx) {
		mr := s.mrIn(tx)
		assert.Equal(t, mr.Title, "renamed")
		assert.Assert(t, mr.Squash && mr.DiscussionLocked == Yes && mr.State == Closed)
	})
}

func TestTargetBranch_changesWhatApplies(t *testing.T) {
	t.Parallel()
	s := newScene(t, Options{})
	var scoped CheckID
	s.do(func(tx *Tx) {
		s.commit(tx, "release", "main", "release")
		b := tx.InsertProtectedBranch(ProtectedBranch{ProjectID: s.project, Name: "release"})
		scoped = tx.SeedExternalStatusCheck(ExternalStatusCheck{
			ProjectID: s.project, Name: "scoped",
			ExternalURL: "http://s", ProtectedBranchIDs: []ProtectedBranchID{b.ID},
		}).ID
	})
	assert.NilError(t, s.respond("developer", Passed))
	s.edit("developer", MergeRequestUpdate{TargetBranch: text("release")})
	s.see(func(tx *Tx) {
		list := tx.ApplicableChecks(s.mrIn(tx))
		assert.Equal(t, len(list), 2)
		assert.Equal(t, list[1].ID, scoped)
		assert.Equal(t, tx.StatusOf(s.mrIn(tx), scoped), Pending)
		assert.Equal(t, tx.StatusOf(s.mrIn(tx), s.check), Passed, "the head is the same")
	})
}

func TestDraft(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]bool{
		"Draft: a": true, "draft:a": true, "[Draft] a": true, "(draft) a": true,
		"Drafty": false, "a Draft: b": false, "WIP: a": false,
	} {
		assert.Equal(t, MergeRequest{Title: title}.Draft(), want, title)
	}
}
