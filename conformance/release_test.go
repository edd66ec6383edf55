package conformance

import (
	"strings"
	"testing"
	"testing/fstest"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/release"
)

// TestRunByRelease holds by which release a target is judged, and what is said when that is not its own.
func TestRunByRelease(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, says     string
		assume         release.Version
		version, shown string
		note           string
	}{
		{name: "known", says: "18.9.3-ee", version: "18.9"},
		{
			name: "newer", says: "20.1.0-ee", version: "19.4", shown: "20.1.0-ee",
			note: "the target says it is GitLab 20.1, which is newer than what is known here; it was judged as " +
				"GitLab 19.4",
		},
		{
			name: "assumed", says: "18.9.3-ee", assume: release.Of(18, 8), version: "18.8", shown: "18.9.3-ee",
			note: `the target says it is GitLab "18.9.3-ee"; it was judged as GitLab 18.8, as was asked`,
		},
		{name: "assumed as it says", says: "18.9.3-ee", assume: release.Of(18, 9), version: "18.9"},
		{
			name: "assumed for want of a release", says: "a fork, 2026", assume: release.Of(18, 9), version: "18.9",
			shown: "a fork, 2026", note: `the target says it is GitLab "a fork, 2026"; it was judged as GitLab 18.9,` +
				` as was asked`,
		},
		{
			name: "assumed for want of a known one", says: "13.12.1", assume: release.Of(14, 1), version: "14.1",
			shown: "13.12.1", note: `the target says it is GitLab "13.12.1"; it was judged as GitLab 14.1, ` +
				`as was asked`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := newFakeGitLab()
			g.version = test.says
			options, _ := optionsFor(g, fstest.MapFS{"list/one.yaml": {Data: []byte(head("list.one") + pendingList)}})
			options.AssumeVersion = test.assume
			report, err := Run(t.Context(), options.Target, options.RunOptions)
			assert.NilError(t, err)
			assert.Equal(t, report.Target.Version, test.version)
			assert.Equal(t, report.Target.ReportedVersion, test.shown)
			var text strings.Builder
			assert.NilError(t, report.WriteText(&text, TextOptions{}))
			assert.Equal(t, strings.Contains(strings.Join(strings.Fields(text.String()), " "), "the target says"),
				test.note != "", text.String())
			if test.note != "" {
				assert.Assert(t, strings.Contains(strings.Join(report.Notes(), "\n"), test.note), report.Notes())
			}
		})
	}
}

func TestRunByRelease_asksWhenItCannotTell(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	g.version = "banana"
	options, _ := optionsFor(g, fstest.MapFS{"list/one.yaml": {Data: []byte(head("list.one") + pendingList)}})
	_, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.ErrorContains(t, err, `calls its version "banana", which is no GitLab version.`)
	assert.ErrorContains(t, err, "which release is it to be judged as? Name one from 14.0 to 19.4, as in "+
		"--assume-version 18.9.")
}

// TestRunByRelease_leavesOutWhatEnded holds that what is known to end with the newest known release is not asked of a
// newer one.
func TestRunByRelease_leavesOutWhatEnded(t *testing.T) {
	t.Parallel()
	for says, reason := range map[string]string{"19.4.1-ee": "", "19.5.0-ee": "until GitLab 19.4, the target is a " +
		"newer one"} {
		g := newFakeGitLab()
		g.version = says
		scenarios := fstest.MapFS{
			"list/one.yaml": {Data: []byte(head("list.one") + "until: \"19.4\"\n" + pendingList)},
			"list/two.yaml": {Data: []byte(head("list.two") + pendingList)},
		}
		options, _ := optionsFor(g, scenarios)
		report, err := Run(t.Context(), options.Target, options.RunOptions)
		assert.NilError(t, err)
		assert.Equal(t, report.Scenarios[0].ID, "list.one")
		assert.Equal(t, report.Scenarios[0].Reason, reason)
		assert.Equal(t, report.Scenarios[0].Moot, reason != "")
		assert.Equal(t, report.Scenarios[1].Reason, "")
	}
}
