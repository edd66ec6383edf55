package conformance

import (
	"strings"
	"testing"
	"testing/fstest"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/release"
	"github.com/statuschecks/statuschecks/scenarios"
)

const patched = `
summary: Both sides of a change that patches brought.
level: must
evidence: V
source: here
steps:
  - call: getVersion
cases:
  - {id: patched.after, since: ["18.6.6", "18.7.4", "18.8.4"]}
  - {id: patched.before, until: ["18.6.5", "18.7.3", "18.8.3"]}
  - {id: patched.one, since: "18.7.4"}
`

// TestPatches runs scenarios on both sides of a change that came with a patch in several minors.
func TestPatches(t *testing.T) {
	t.Parallel()
	after, before, one := "patched.after", "patched.before", "patched.one"
	for says, want := range map[string][]string{
		"18.5.9-ee":      {before},
		"18.6.5-ee":      {before},
		"18.6.6-ee":      {after},
		"18.6.12-ee":     {after},
		"18.7.3":         {before},
		"18.7.4":         {after, one},
		"18.8.0-ee":      {before, one},
		"18.8.4-ee":      {after, one},
		"18.9.0-pre":     {after, one},
		"18.10.0-ee":     {after, one},
		"18.6.6-pre":     {},
		"18.7":           {},
		"18.8.0-rc42-ee": {one},
	} {
		t.Run(says, func(t *testing.T) {
			t.Parallel()
			g := newFakeGitLab()
			g.version = says
			options, _ := optionsFor(g, fstest.MapFS{"list/one.yaml": {Data: []byte(patched)}})
			report, err := Run(t.Context(), options.Target, options.RunOptions)
			assert.NilError(t, err)
			ran := []string{}
			for _, r := range report.Scenarios {
				if r.Outcome == Passed {
					ran = append(ran, r.ID)
				} else {
					assert.Assert(t, r.Outcome == Skipped && r.Moot, "%s: %s", r.ID, r.Reason)
				}
			}
			assert.DeepEqual(t, ran, want)
			assert.Equal(t, report.Verdict, Conformant)
		})
	}
}

// TestPatches_assumed holds that a release which the options name has the patch that they name.
func TestPatches_assumed(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	options, _ := optionsFor(g, fstest.MapFS{"list/one.yaml": {Data: []byte(patched)}})
	patch := 3
	options.AssumeVersion, options.AssumePatch = release.Of(18, 7), &patch
	report, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.NilError(t, err)
	assert.Equal(t, report.Scenarios[1].Outcome, Passed)
	assert.Equal(t, report.Scenarios[0].Reason, "since GitLab 18.7.4, the target is 18.7.3")
}

func TestPatches_gaps(t *testing.T) {
	t.Parallel()
	_, err := scenario.Read("x.yaml", []byte(head("list.one")+"since: [\"18.6.6\", \"18.8.4\"]\n"+pendingList))
	assert.ErrorContains(t, err, "since lists minors one after the other")
}

// TestPatches_ofTheMock holds that the mock of a minor says a patch that behaves as it does.
func TestPatches_ofTheMock(t *testing.T) {
	t.Parallel()
	all, err := scenario.Load(scenarios.Files)
	assert.NilError(t, err)
	for _, s := range all {
		for minor, patch := range s.Patches.Since {
			assert.Check(t, patch <= minor.SettledPatch(), "%s holds since %s.%d, and the mock says it is %s.%d",
				s.ID, minor, patch, minor, minor.SettledPatch())
		}
		for minor, patch := range s.Patches.Until {
			assert.Check(t, patch < minor.SettledPatch(), "%s holds until %s.%d, and the mock says it is %s.%d",
				s.ID, minor, patch, minor, minor.SettledPatch())
		}
	}
}

// TestPatches_notKnown holds that what a patch changed is judged also where the patch is not known: beside each
// scenario that must hold since or until a patch there is one for those minors, which takes either answer.
func TestPatches_notKnown(t *testing.T) {
	t.Parallel()
	all, err := scenario.Load(scenarios.Files)
	assert.NilError(t, err)
	byID := map[string]*scenario.Scenario{}
	for _, s := range all {
		byID[s.ID] = s
	}
	for _, s := range all {
		if s.Level != scenario.Must {
			continue
		}
		either := byID[s.ID+".either"]
		if either == nil { // the two sides have it in common
			either = byID[s.ID[:strings.LastIndex(s.ID, ".")]+".either"]
		}
		for _, patches := range []map[release.Version]int{s.Patches.Since, s.Patches.Until} {
			for minor := range patches {
				assert.Assert(t, either != nil, "%s has no scenario for %s of which no patch is known: write %s.either",
					s.ID, minor, s.ID)
				assert.Check(t, otherRelease(either, Facts{Version: minor}) == "" && either.Level == scenario.Must,
					"%s does not judge %s where its patch is not known", either.ID, minor)
			}
		}
	}
}
