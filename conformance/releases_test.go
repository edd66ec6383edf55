package conformance_test

import (
	"flag"
	"slices"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/openapi"
)

var (
	everyRelease = flag.Bool("every-release", false, "run every scenario against the mock of every release; make releases does")
	mixedUp      = flag.Bool("mixed-up", false, "run every scenario against mocks that are not what the suite is told; make releases-apart does")
)

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
		releases = []openapi.Version{{Major: 14, Minor: 0}, {Major: 15, Minor: 6}, {Major: 16, Minor: 5}, {Major: 19, Minor: 4}}
	}
	for _, v := range releases {
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) {
				report := conforms(t, mock(t, ofRelease(v)))
				assert.Equal(t, report.Target.Version, v.String())
				assert.Equal(t, report.Target.Says, "")
				for _, r := range report.Scenarios {
					if r.Outcome == conformance.Skip && !r.Moot {
						t.Errorf("%s was left out: %s", r.ID, r.Reason)
					}
				}
			})
		})
	}
}

// TestReleases_withFeatureFlags runs every scenario where the flags of a release are switched other than it was shipped: the verdict must
// not depend on them.
func TestReleases_withFeatureFlags(t *testing.T) {
	t.Parallel()
	for _, f := range mockserver.FeatureFlags() {
		releases := slices.DeleteFunc(openapi.Versions(), func(v openapi.Version) bool { return !f.In(v) })
		if f.Name == "ff_external_status_checks" {
			continue // without it there is nothing to judge
		}
		if !*everyRelease {
			releases = releases[len(releases)-1:]
		}
		for _, v := range releases {
			t.Run(f.Name+"/"+v.String(), func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T) {
					report, err := conformance.Run(t.Context(), mock(t, func(o *mockserver.Options) {
						o.Version, o.Features = v, map[string]bool{f.Name: !f.Default}
					}))
					assert.NilError(t, err)
					for _, r := range report.Scenarios {
						if r.Outcome != conformance.Pass && r.Outcome != conformance.Skip {
							t.Errorf("%s: %s %+v", r.ID, r.Outcome, r.Failure)
						}
					}
				})
			})
		}
	}
}
