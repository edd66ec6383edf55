package mockserver

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/release"
)

// The feature flags of FeatureFlags, by name.
const (
	FlagStatusChecks     = gitlab.FlagStatusChecks
	FlagStatusField      = gitlab.FlagStatusField
	FlagMergeGate        = gitlab.FlagMergeGate
	FlagPendingResponses = gitlab.FlagPendingResponses
	FlagTimeout          = gitlab.FlagTimeout
)

// FeatureFlag is a feature flag that some releases of GitLab had. What it governs is off in earlier releases, and on in
// later ones.
type FeatureFlag struct {
	Name    string
	Since   release.Version // first release with the flag
	Gone    release.Version // first release without it
	Default bool            // its default
	What    string          // what it governs
	Source  string
}

// In reports whether a release has the flag, so that it can be switched there.
func (f FeatureFlag) In(v release.Version) bool {
	return gitlab.FeatureFlag{Since: f.Since, Gone: f.Gone}.In(v)
}

// FeatureFlags lists the flags that governed external status checks, oldest first.
func FeatureFlags() []FeatureFlag {
	var list []FeatureFlag
	for _, f := range gitlab.FeatureFlags {
		list = append(list, FeatureFlag(f))
	}
	return list
}

// checkFeatures returns an error if some flags cannot be switched in a release.
func checkFeatures(v release.Version, set map[string]bool) error {
	for _, name := range slices.Sorted(maps.Keys(set)) {
		if err := checkFeature(v, name); err != nil {
			return err
		}
	}
	return nil
}

func checkFeature(v release.Version, name string) error {
	var all, here []string
	for _, f := range FeatureFlags() {
		all = append(all, f.Name)
		if f.In(v) {
			here = append(here, f.Name)
		}
		if f.Name == name {
			if f.In(v) {
				return nil
			}
			return fmt.Errorf("GitLab %s has no feature flag %s: it came with %s and was removed in %s", v, name,
				f.Since, f.Gone)
		}
	}
	near := strictyaml.DidYouMean(name, all)
	if near == "" {
		near = ": there were " + strings.Join(all, ", ")
	}
	has := "none of them"
	if len(here) > 0 {
		has = strings.Join(here, " and ")
	}
	return fmt.Errorf("there is no feature flag %q%s; GitLab %s has %s", name, near, v, has)
}
