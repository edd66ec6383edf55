package conformance_test

import (
	"flag"
	"slices"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/release"
)

var (
	everyRelease = flag.Bool("every-release", false, "run every scenario against the mock of every release; make "+
		"releases does")
	mixedUp = flag.Bool("mixed-up", false, "run every scenario against mocks that are not what the suite is "+
		"told; make releases-apart does")
)

// ofRelease makes the mock one of a release, with external status checks switched on where a feature flag governs them.
func ofRelease(v release.Version) func(*mockserver.Options) {
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
	releases := release.All()
	if !*everyRelease {
		releases = []release.Version{{Major: 14, Minor: 0}, {Major: 15, Minor: 7}, {Major: 19, Minor: 4}}
	}
	for _, v := range releases {
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel()
			if v != releases[0] {
				repeats(t)
			}
			inBubble(t, func(t *testing.T) {
				report := conforms(t, mock(t, ofRelease(v)))
				assert.Equal(t, report.Target.Version, v.String())
				assert.Equal(t, report.Target.ReportedVersion, "")
				for _, r := range report.Scenarios {
					if r.Outcome == conformance.Skipped && !r.Moot {
						t.Errorf("%s was left out: %s", r.ID, r.Reason)
					}
				}
			})
		})
	}
}

// flagsShow are the scenarios that fail where a feature flag is switched other than the release shipped it. A suite
// cannot see flags: it judges by what was shipped, and where a flag was off, says nothing that depends on it.
var flagsShow = map[string][]string{
	"status_checks_add_status_field":               nil,
	"only_allow_merge_if_all_status_checks_passed": nil,
	"pending_status_check_responses": {
		"timeout.beside-an-answer", "timeout.can-be-retried", "timeout.not-told", "timeout.rows-of-new-merge-requests",
		"timeout.rows-of-other-branches",
	},
	"timeout_status_check_responses": {
		"timeout.beside-an-answer", "timeout.can-be-retried", "timeout.not-told", "timeout.pending-response",
		"timeout.retried",
		"timeout.rows-of-new-merge-requests", "timeout.rows-of-other-branches", "timeout.strictly-older",
	},
}

// TestReleases_withFeatureFlags runs every scenario where a flag is switched other than the release shipped it.
func TestReleases_withFeatureFlags(t *testing.T) {
	t.Parallel()
	for _, f := range mockserver.FeatureFlags() {
		want, judged := flagsShow[f.Name]
		if !judged {
			assert.Equal(t, f.Name, "ff_external_status_checks", "without it there is nothing to judge; of any "+
				"other flag, say what it shows")
			continue
		}
		releases := slices.DeleteFunc(release.All(), func(v release.Version) bool { return !f.In(v) })
		for _, v := range releases {
			if !*everyRelease && v != releases[len(releases)-1] {
				continue
			}
			want := want
			if v.String() == "16.5" { // where nothing times out yet
				want = nil
			}
			t.Run(f.Name+"/"+v.String(), func(t *testing.T) {
				t.Parallel()
				repeats(t)
				found := see(t, question{told: v, change: func(o *mockserver.Options) {
					o.Version, o.Features = v,
						map[string]bool{f.Name: !f.Default}
				}})
				assert.DeepEqual(t, found.failed, want)
			})
		}
	}
}
