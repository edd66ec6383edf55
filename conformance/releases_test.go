package conformance_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"gotest.tools/v3/assert"
	"gotest.tools/v3/golden"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/openapi"
)

var everyRelease = flag.Bool("every-release", false, "run every scenario against the mock of every release, and against mocks of neighbours; make releases does")

// ofRelease makes the mock one of a release, with external status checks switched on where a feature flag governs them.
func ofRelease(v openapi.Version) func(*mockserver.Options) {
	return func(o *mockserver.Options) {
		o.Version, o.Features = v, map[string]bool{}
		for _, f := range mockserver.FeatureFlags() {
			if f.In(v) && f.Name == "ff_external_status_checks" {
				o.Features[f.Name] = true
			}
		}
	}
}

// TestReleases_conform runs every scenario against the mock of each release, and holds that it is conformant.
func TestReleases_conform(t *testing.T) {
	t.Parallel()
	releases := openapi.Versions()
	if !*everyRelease {
		releases = []openapi.Version{{Major: 14, Minor: 0}, {Major: 15, Minor: 0}, {Major: 16, Minor: 5}, {Major: 19, Minor: 4}}
	}
	for _, v := range releases {
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) {
				report := conforms(t, mock(t, ofRelease(v)))
				assert.Equal(t, report.Target.Version, v.String())
				assert.Equal(t, report.Target.Says, "")
			})
		})
	}
}

// unseen are the changes that no scenario can tell from outside, and why.
var unseen = map[string]string{
	"merge-gate":               "a feature flag governs it; merge.gate.* see it once that is gone",
	"status-vocabulary":        "a feature flag governs it; respond.parameters.* see what the contract has instead",
	"delays-deletion":          "it wants a project to be deleted, and the suite deletes what it made by its ledger alone",
	"checks-have-own-ability":  "it wants a custom role, which GitLab's API gives to administrators alone",
	"drops-blocked-deliveries": "what is not delivered is not seen, be it tried again or not",
	"group-branches":           "it wants a protected branch of a group, which the contract has no operation to make",
}

// sight is what scenarios see of something: those that do not pass.
type sight struct {
	what, judged string
	ids          []string
}

// see runs every scenario against a mock that is not what it says it is.
func see(t *testing.T, as openapi.Version, change func(*mockserver.Options)) (ids []string) {
	t.Helper()
	inBubble(t, func(t *testing.T) {
		o := mock(t, change)
		o.AssumeVersion = as
		report, err := conformance.Run(t.Context(), o)
		assert.NilError(t, err)
		for _, r := range report.Scenarios {
			if r.Outcome != conformance.Pass && r.Outcome != conformance.Skip {
				ids = append(ids, r.ID)
			}
		}
	})
	slices.Sort(ids)
	return ids
}

// sightings gathers, in the order of a list, what parallel tests see.
type sightings struct {
	mu   sync.Mutex
	seen map[string]sight
}

func (s *sightings) add(one sight) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen[one.what] = one
}

// TestReleases_areToldApart holds that scenarios see each change of the history, and see it where a table says: each change by itself, in the
// release that brought it or else in the reference release, and each release in place of its neighbour. The flag -update writes the tables
// anew, those that are tested and docs/version-scenarios.md.
func TestReleases_areToldApart(t *testing.T) {
	if !*everyRelease {
		t.Skip("make releases runs it")
	}
	changes, neighbours := &sightings{seen: map[string]sight{}}, &sightings{seen: map[string]sight{}}
	t.Run("run", func(t *testing.T) {
		for _, c := range mockserver.History() {
			t.Run(c.Name, func(t *testing.T) {
				t.Parallel()
				changes.add(seeChange(t, c))
			})
		}
		for _, pair := range neighboursThatDiffer(t) {
			t.Run(pairName(pair), func(t *testing.T) {
				t.Parallel()
				neighbours.add(sight{what: pairName(pair), ids: see(t, pair[1], ofRelease(pair[0]))})
			})
		}
	})
	var exact, page strings.Builder
	writeChanges(t, changes, &exact, &page)
	writeNeighbours(t, neighbours, &exact, &page)
	golden.Assert(t, exact.String(), "releases.golden")
	golden.Assert(t, page.String(), "../../docs/version-scenarios.md")
}

// seeChange runs all scenarios where a single change is missing, or is there although it went.
func seeChange(t *testing.T, c mockserver.Change) sight {
	t.Helper()
	at := c.Since
	if at == openapi.Oldest {
		at = c.Until
	}
	found := sight{what: c.Name}
	for _, v := range []openapi.Version{at, openapi.Reference} {
		found.judged = v.String()
		found.ids = see(t, v, func(m *mockserver.Options) {
			ofRelease(v)(m)
			m.Changes = map[string]bool{c.Name: !c.In(v)}
		})
		if len(found.ids) > 0 {
			break
		}
	}
	return found
}

// neighboursThatDiffer are pairs of releases that follow each other and differ in something, both ways: what the mock is, and what the suite is
// told that it is.
func neighboursThatDiffer(t *testing.T) [][2]openapi.Version {
	t.Helper()
	var pairs [][2]openapi.Version
	releases := openapi.Versions()
	for i, v := range releases[1:] {
		before := releases[i]
		differs, err := openapi.GitLab().At(before).Differences(openapi.GitLab().At(v))
		assert.NilError(t, err)
		changed := func(c mockserver.Change) bool { return c.In(v) != c.In(before) }
		if len(differs) > 0 || slices.ContainsFunc(mockserver.History(), changed) {
			pairs = append(pairs, [2]openapi.Version{before, v}, [2]openapi.Version{v, before})
		}
	}
	return pairs
}

func pairName(pair [2]openapi.Version) string { return pair[0].String() + " as " + pair[1].String() }

func writeChanges(t *testing.T, s *sightings, exact, page *strings.Builder) {
	t.Helper()
	page.WriteString("# Which scenarios tell releases apart\n\nGenerated by `make releases UPDATE=-update`; do not edit. What the changes are stands in [versions.md](versions.md).\n\n" +
		"## Change by change\n\nEvery scenario was run against a mock of the release that lacks the change, or still has it.\n\n| change | release | seen by |\n| --- | --- | --- |\n")
	for _, c := range mockserver.History() {
		one, reason := s.seen[c.Name], unseen[c.Name]
		fmt.Fprintf(exact, "%s at %s: %s\n", c.Name, one.judged, strings.Join(one.ids, " "))
		switch {
		case len(one.ids) == 0 && reason == "":
			t.Errorf("no scenario sees %s; write one into scenarios/history, or say in unseen why none can", c.Name)
		case len(one.ids) > 0 && reason != "":
			t.Errorf("scenarios see %s (%s); take it from unseen", c.Name, strings.Join(one.ids, " "))
		case reason != "":
			fmt.Fprintf(page, "| %s | | none: %s |\n", c.Name, reason)
		default:
			fmt.Fprintf(page, "| %s | %s | %s |\n", c.Name, one.judged, briefly(one.ids))
		}
	}
}

func writeNeighbours(t *testing.T, s *sightings, exact, page *strings.Builder) {
	t.Helper()
	page.WriteString("\n## Release by release\n\nEvery scenario was run against the mock of one release by a suite that was told that it is another. What only the newer one shows\n" +
		"beside the rest is no deviation unless `--strict` is given.\n\n| the mock is | the suite is told | seen by |\n| --- | --- | --- |\n")
	for _, pair := range neighboursThatDiffer(t) {
		one := s.seen[pairName(pair)]
		fmt.Fprintf(exact, "%s: %s\n", one.what, strings.Join(one.ids, " "))
		fmt.Fprintf(page, "| %s | %s | %s |\n", pair[0], pair[1], briefly(one.ids))
	}
}

// briefly names a few scenarios, those about the history first.
func briefly(ids []string) string {
	if len(ids) == 0 {
		return "none"
	}
	const most = 4
	sorted := slices.Clone(ids)
	slices.SortStableFunc(sorted, func(a, b string) int {
		return strings.Compare(fmt.Sprint(!strings.HasPrefix(a, "history.")), fmt.Sprint(!strings.HasPrefix(b, "history.")))
	})
	if len(sorted) > most {
		return strings.Join(sorted[:most], ", ") + " and others"
	}
	return strings.Join(sorted, ", ")
}
