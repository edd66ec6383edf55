package gitlab

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/release"
)

func TestHistory_isWellFormed(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`^[a-z]+(-[a-z]+)+$`)
	names := map[string]bool{}
	list := History()
	for i, r := range list {
		assert.Equal(t, r.Change, Change(i))
		assert.Equal(t, r.Change.String(), r.Name)
		assert.Assert(t, name.MatchString(r.Name) && !names[r.Name], "%q", r.Name)
		names[r.Name] = true
		assert.Assert(t, r.Since.Compare(release.Oldest) >= 0 && r.Since.Compare(release.Newest) <= 0,
			"%s came with %s", r.Name, r.Since)
		assert.Assert(t, r.Gone == release.Version{} || r.Since.Compare(r.Gone) < 0, "%s went before it came", r.Name)
		assert.Assert(t, strings.HasSuffix(r.What, ".") && r.Source != "", "%s is not explained", r.Name)
		assert.Assert(t, i == 0 || list[i-1].Since.Compare(r.Since) <= 0, "%s is not in the order of releases", r.Name)
	}
	assert.Equal(t, Change(-1).String(), "change -1")
}

func TestHas_sinceItsFirstRelease(t *testing.T) {
	t.Parallel()
	before := func(v release.Version) release.Version {
		if v.Minor > 0 {
			return release.Version{Major: v.Major, Minor: v.Minor - 1}
		}
		return release.Version{Major: v.Major - 1, Minor: 11}
	}
	has := func(v release.Version, c Change) (has bool) {
		assert.NilError(t, New(Options{Version: v}).View(epoch, func(tx *Tx) error { has = tx.Has(c); return nil }))
		return has
	}
	for _, r := range History() {
		assert.Assert(t, has(r.Since, r.Change), "%s has %s", r.Since, r.Name)
		assert.Assert(t, !has(before(r.Since), r.Change), "%s has no %s", before(r.Since), r.Name)
		if r.Gone != (release.Version{}) {
			assert.Assert(t, has(before(r.Gone), r.Change), "%s has %s", before(r.Gone), r.Name)
			assert.Assert(t, !has(r.Gone, r.Change), "%s has no %s any more", r.Gone, r.Name)
		}
	}
}

// shown reports whether somebody sees the statuses of the scene's merge request, and the URL.
func (s *scene) shown(name string) (statuses, url bool) {
	s.see(func(tx *Tx) {
		a, mr := s.actor(tx, name), s.mrIn(tx)
		statuses, url = tx.CanOn(a, ReadExternalStatusCheckResponse, mr), tx.CanOn(a, ReadMergeRequestStatusCheckURL,
			mr)
	})
	return statuses, url
}

func TestHistory_whoSeesStatuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		opts          Options
		who           string
		statuses, url bool
	}{
		{at(15, 11), "reporter", false, true},
		{at(16, 0), "reporter", false, false},
		{at(17, 10), "reporter", false, false},
		{at(17, 11), "reporter", true, false},
		{at(17, 10), "author", true, false},
		{at(17, 10), "developer", true, true},
		{at(17, 10), "guest", false, false},
	} {
		statuses, url := newScene(t, tc.opts).shown(tc.who)
		assert.Equal(t, statuses, tc.statuses, "%+v", tc)
		assert.Equal(t, url, tc.url, "%+v", tc)
	}
}

func TestHistory_whoManagesChecks(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		opts    Options
		who     string
		outcome string
	}{
		{at(16, 10), "developer", "not allowed"},
		{at(16, 11), "developer", "statusless"},
		{at(17, 0), "guest", "statusless"},
		{at(17, 1), "guest", "ok"},
		{at(14, 5), "maintainer", "ok"},
	} {
		s := newScene(t, tc.opts)
		s.do(func(tx *Tx) {
			tx.SetMember(Member{
				ProjectID: s.project, UserID: s.users["guest"], AccessLevel: Guest,
				Abilities: []Ability{ManageMergeRequestSettings},
			})
		})
		_, err := s.create(tc.who, changeOf("a", "http://a"))
		assert.Equal(t, outcome(t, err), tc.outcome, "%+v", tc)
	}
}

func TestHistory_whatChecksMayHold(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 256)
	for _, tc := range []struct {
		opts    Options
		change  ExternalStatusCheckChange
		outcome string
	}{
		{at(14, 0), ExternalStatusCheckChange{ProtectedBranchIDs: &[]ProtectedBranchID{2}}, "ok"},
		{at(14, 1), ExternalStatusCheckChange{ProtectedBranchIDs: &[]ProtectedBranchID{2}}, "invalid"},
		{at(18, 8), ExternalStatusCheckChange{SharedSecret: &long}, "ok"},
		{at(18, 9), ExternalStatusCheckChange{SharedSecret: &long}, "invalid"},
	} {
		s := newScene(t, tc.opts)
		s.do(func(tx *Tx) {
			p, err := tx.CreateProject(Project{NamespaceID: s.group, Name: "Other", Path: "other"})
			assert.NilError(t, err)
			tx.InsertProtectedBranch(ProtectedBranch{ProjectID: p.ID, Name: "main"})
		})
		_, err := s.update("maintainer", s.check, tc.change)
		assert.Equal(t, outcome(t, err), tc.outcome, "%+v", tc)
	}
}

func TestHistory_lostUpdateErrors(t *testing.T) {
	t.Parallel()
	for opts, want := range map[*Options][]string{
		{Version: at(14, 10).Version}: {},
		{Version: at(15, 0).Version}:  {nameIsBlank},
	} {
		s := newScene(t, *opts)
		_, err := s.update("maintainer", s.check, ExternalStatusCheckChange{Name: text("")})
		assert.Equal(t, outcome(t, err), "invalid")
		assert.DeepEqual(t, err.(*Refusal).Messages, want)
		_, err = s.create("maintainer", changeOf("", "http://a"))
		assert.DeepEqual(t, err.(*Refusal).Messages, []string{nameIsBlank})
	}
}

func TestHistory_theFirstReleasesTookAnyCheck(t *testing.T) {
	t.Parallel()
	flag := map[string]bool{FlagStatusChecks: true}
	for _, tc := range []struct {
		opts    Options
		outcome string
		listed  int
	}{
		{Options{Version: at(14, 0).Version, Features: flag}, "ok", 2},
		{at(14, 1), "ok", 1},
		{at(14, 5), "record not found", 1},
	} {
		s := newScene(t, tc.opts)
		var elsewhere CheckID
		s.do(func(tx *Tx) {
			p, err := tx.CreateProject(Project{NamespaceID: s.group, Name: "Other", Path: "other"})
			assert.NilError(t, err)
			elsewhere = tx.SeedExternalStatusCheck(ExternalStatusCheck{
				ProjectID: p.ID, Name: "other",
				ExternalURL: "http://o",
			}).ID
			b := tx.InsertProtectedBranch(ProtectedBranch{ProjectID: s.project, Name: "release"})
			tx.SeedExternalStatusCheck(ExternalStatusCheck{
				ProjectID: s.project, Name: "scoped",
				ExternalURL: "http://s", ProtectedBranchIDs: []ProtectedBranchID{b.ID},
			})
			assert.Equal(t, len(tx.ApplicableChecks(s.mrIn(tx))), tc.listed, "%+v", tc)
		})
		assert.Equal(t, outcome(t, s.respondWith("developer", NewResponse{CheckID: elsewhere, SHA: s.head()})),
			tc.outcome, "%+v", tc)
	}
}

func TestHistory_whatIsAudited(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		opts Options
		want []string
	}{
		{at(14, 10), nil},
		{at(15, 0), []string{"create_status_check", "external_status_check_url_updated"}},
		{at(15, 7), []string{
			"create_status_check", "external_status_check_name_updated",
			"external_status_check_url_updated",
		}},
		{at(18, 1), []string{
			"create_status_check", "external_status_check_name_updated",
			"external_status_check_url_updated",
		}},
		{at(18, 2), []string{
			"create_status_check", "external_status_check_name_updated",
			"external_status_check_url_updated", "status_check_response_update",
		}},
	} {
		s := newScene(t, tc.opts)
		c, err := s.create("owner", changeOf("a", "http://a"))
		assert.NilError(t, err)
		_, err = s.update("owner", c.ID, changeOf("b", "http://b"))
		assert.NilError(t, err)
		assert.NilError(t, s.respond("developer", Failed))
		var got []string
		s.see(func(tx *Tx) {
			for _, e := range tx.AuditEvents() {
				got = append(got, e.Name)
			}
		})
		assert.Assert(t, slices.Equal(got, tc.want), "%s: got %v", tc.opts.Version, got)
	}
}

func TestHistory_approversWereNotAlwaysMembers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		opts Options
		want bool
	}{{at(17, 2), true}, {at(17, 3), false}} {
		s := newScene(t, tc.opts)
		s.do(func(tx *Tx) {
			p, mr := s.projectIn(tx), s.mrIn(tx)
			p.Visibility, mr.AuthorID = Public, s.users["stranger"]
			insert(tx, projectTable, p)
			insert(tx, mergeRequestTable, mr)
			assert.Equal(t, tx.CanOn(s.actor(tx, "stranger"), ApproveMergeRequest, mr), tc.want)
		})
	}
}
