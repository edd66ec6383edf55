package conformance_test

import (
	"regexp"
	"slices"
	"sync"
	"testing"

	"gotest.tools/v3/assert"
	"gotest.tools/v3/golden"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

// unseenAtFirst are the changes that no scenario can tell in the releases around them, but in later ones, and why.
var unseenAtFirst = map[string]string{
	"retry-only-marks":  "a retried check shows as pending either way, until pending responses time out",
	"pending-responses": "a check with a pending response shows as one without any, until pending responses time out",
}

// neverSeen are the changes that no scenario can tell in any release, and why.
var neverSeen = map[string]string{
	"tells-when-to-retry":       "rate limits are off in a GitLab that nobody has told otherwise",
	"tells-of-rate-limits":      "rate limits are off in a GitLab that nobody has told otherwise",
	"hides-ci-settings":         "the suite asks of projects and people only what it needs",
	"shows-emails-of-members":   "the suite asks of projects and people only what it needs",
	"shows-visibility-in-short": "the suite asks of projects and people only what it needs",
	"shows-preferred-language":  "the suite asks of projects and people only what it needs",
}

// flagOf names the feature flags that governed changes.
var flagOf = map[string]string{
	"status-vocabulary": "status_checks_add_status_field", "merge-gate": "only_allow_merge_if_all_status_checks_passed",
	"pending-responses": "pending_status_check_responses", "responses-time-out": "timeout_status_check_responses",
}

// cancelled are scenarios that see one change by itself and not with another one, and why.
var cancelled = map[string]map[string]string{
	"17.2 as 18.9": {"roles.list-status-checks.admin": "before 17.11 those who can approve can list, and before " +
		"17.3 administrators could approve"},
}

// question is a run by a suite that is told that a mock is what it is not.
type question struct {
	name   string
	told   release.Version
	change func(*mockserver.Options)
}

// sight is what scenarios see of it.
type sight struct {
	told   release.Version
	ran    []string
	failed []string
}

// sightings gathers what parallel tests see, by the names of the questions.
type sightings struct {
	mu   sync.Mutex
	seen map[string]sight
}

// ask runs every scenario for each question. A question that was asked before is not asked again.
func (s *sightings) ask(t *testing.T, group string, questions []question) {
	t.Helper()
	t.Run(group, func(t *testing.T) {
		for _, q := range questions {
			if _, known := s.seen[q.name]; known {
				continue
			}
			t.Run(q.name, func(t *testing.T) {
				t.Parallel()
				found := see(t, q)
				s.mu.Lock()
				defer s.mu.Unlock()
				s.seen[q.name] = found
			})
		}
	})
}

func see(t *testing.T, q question) sight {
	t.Helper()
	found := sight{told: q.told}
	inBubble(t, func(t *testing.T) {
		o := mock(t, q.change)
		patch := q.told.SettledPatch()
		// one after the other, so that what a list has is the same in each run
		o.AssumeVersion, o.AssumePatch, o.Jobs = q.told, &patch, 1
		report, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
		assert.NilError(t, err)
		for _, r := range report.Scenarios {
			if r.Outcome == conformance.Skipped {
				continue
			}
			found.ran = append(found.ran, r.ID)
			if r.Outcome != conformance.Passed {
				found.failed = append(found.failed, r.ID)
			}
		}
	})
	slices.Sort(found.failed)
	return found
}

// boundary is where a change came or went: the first release after it and the last before.
type boundary struct {
	change        mockserver.Change
	before, after release.Version
}

func boundaries() []boundary {
	var list []boundary
	releases := release.All()
	for _, c := range mockserver.History() {
		for i, v := range releases[1:] {
			if c.In(v) != c.In(releases[i]) {
				list = append(list, boundary{c, releases[i], v})
			}
		}
	}
	return list
}

// atRelease asks what scenarios see of a change alone: the mock is of the release that the suite is told, but for it.
func (b boundary) atRelease(v release.Version) question {
	return question{b.change.Name + " at " + v.String(), v, func(m *mockserver.Options) {
		ofRelease(v)(m)
		m.Changes = map[string]bool{b.change.Name: !b.change.In(v)}
	}}
}

// flag is the feature flag that governed a change; nil if none did.
func (b boundary) flag() *mockserver.FeatureFlag {
	for _, f := range mockserver.FeatureFlags() {
		if f.Name == flagOf[b.change.Name] {
			return &f
		}
	}
	return nil
}

// later is a release in which a change shows that does not in those around it: where its feature flag is gone, else the
// reference release.
func (b boundary) later() release.Version {
	if f := b.flag(); f != nil {
		return f.Gone
	}
	return release.Reference
}

// divides says whether a change is in one of two releases and not in the other. Where a flag governs it, that is not
// said.
func (b boundary) divides(p pair) bool {
	f := b.flag()
	return b.change.In(p.is) != b.change.In(p.told) && (f == nil || !f.In(p.is) && !f.In(p.told))
}

// pair is a mock of one release and a suite that is told that it is another.
type pair struct{ is, told release.Version }

func (p pair) String() string { return p.is.String() + " as " + p.told.String() }

func (p pair) question() question { return question{p.String(), p.told, ofRelease(p.is)} }

// byContract reports whether the two releases differ in more than the history: in the contract, in the schema of
// GraphQL, or in feature flags.
func (p pair) byContract() bool {
	return openapi.GitLab().At(p.is) != openapi.GitLab().At(p.told) || p.byGraphQL() ||
		slices.ContainsFunc(mockserver.FeatureFlags(),
			func(f mockserver.FeatureFlag) bool { return f.In(p.is) != f.In(p.told) })
}

// inGraphQL is a release from which on, or until which, the schema of GraphQL has a thing.
var inGraphQL = regexp.MustCompile(`@(since|until)\([^)]*"([0-9.]+)"\)`)

// byGraphQL reports whether the schema of GraphQL has a thing in one of the two releases only.
func (p pair) byGraphQL() bool {
	for _, found := range inGraphQL.FindAllStringSubmatch(openapi.GraphQL(), -1) {
		at, err := release.Parse(found[2])
		has := func(v release.Version) bool {
			if found[1] == "since" {
				return v.Compare(at) >= 0
			}
			return v.Compare(at) <= 0
		}
		if err != nil || has(p.is) != has(p.told) {
			return true
		}
	}
	return false
}

// neighbours are the releases that follow each other and differ, both ways.
func neighbours() []pair {
	var pairs []pair
	releases := release.All()
	for i, v := range releases[1:] {
		there, back := pair{releases[i], v}, pair{v, releases[i]}
		changed := func(b boundary) bool { return b.after == v }
		if there.byContract() || slices.ContainsFunc(boundaries(), changed) {
			pairs = append(pairs, there, back)
		}
	}
	return pairs
}

// distant are releases of which deployments are often taken for each other.
func distant() []pair {
	releases := []release.Version{
		{Major: 14, Minor: 5},
		{Major: 15, Minor: 0},
		{Major: 16, Minor: 4},
		{Major: 17, Minor: 2},
		release.Reference, release.Newest,
	}
	var pairs []pair
	for i, v := range releases[1:] {
		pairs = append(pairs, pair{releases[i], v}, pair{v, releases[i]})
	}
	return append(pairs, pair{release.Oldest, release.Newest}, pair{release.Newest, release.Oldest})
}

// predicted are the scenarios that must fail for a pair: those of its suite that see one of the changes that the
// releases do not share.
func (s *sightings) predicted(p pair) []string {
	var ids []string
	for _, b := range boundaries() {
		if !b.divides(p) {
			continue
		}
		for _, v := range []release.Version{b.before, b.after} {
			if b.change.In(v) == b.change.In(p.told) {
				ids = append(ids, s.seen[b.atRelease(v).name].failed...)
			}
		}
	}
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id string) bool {
		return !slices.Contains(s.seen[p.String()].ran,
			id)
	})
}

// TestReleases_areToldApart holds that scenarios see each change of the history, and what a suite sees that was told
// the wrong release: what it must see by the changes between the two, and no more where they differ in nothing else.
// The flag -update writes the tables anew, the one that is tested and docs/reference/version-scenarios.md.
func TestReleases_areToldApart(t *testing.T) {
	if !*mixedUp {
		t.Skip("make releases-apart runs it")
	}
	s := &sightings{seen: map[string]sight{}}
	var around, later, pairs []question
	for _, b := range boundaries() {
		around = append(around, b.atRelease(b.after), b.atRelease(b.before))
	}
	s.ask(t, "changes", around)
	for _, b := range boundaries() {
		if len(s.seen[b.atRelease(b.after).name].failed)+len(s.seen[b.atRelease(b.before).name].failed) == 0 {
			later = append(later, b.atRelease(b.later()))
		}
	}
	s.ask(t, "later", later)
	for _, p := range slices.Concat(neighbours(), distant()) {
		pairs = append(pairs, p.question())
	}
	s.ask(t, "pairs", pairs)
	s.holdThatChangesAreSeen(t)
	s.holdPredictions(t)
	golden.Assert(t, s.exact(), "releases.golden")
	golden.Assert(t, s.page(), "../../docs/reference/version-scenarios.md")
}
