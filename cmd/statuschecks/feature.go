package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver"
)

// features is a flag that takes NAME=on or NAME=off, several by commas or by giving it again.
type features map[string]bool

// String is what was set, by name.
func (f features) String() string {
	var set []string
	for _, name := range slices.Sorted(maps.Keys(f)) {
		set = append(set, name+"="+map[bool]string{true: "on", false: "off"}[f[name]])
	}
	return strings.Join(set, ",")
}

// Type is what the usage text shows for the value.
func (features) Type() string { return "NAME=on|off" }

// Set switches feature flags. Whether the release has them is for the server to say, which knows the release.
func (f features) Set(text string) error {
	var known []string
	for _, flag := range mockserver.FeatureFlags() {
		known = append(known, flag.Name)
	}
	for setting := range strings.SplitSeq(text, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(setting), "=")
		switch {
		case !slices.Contains(known, name):
			return fmt.Errorf("there is no feature flag %q%s; the flags are %s", name,
				strictyaml.DidYouMean(name, known), strings.Join(known, ", "))
		case value != "on" && value != "off":
			return fmt.Errorf("write %s=on or %s=off", name, name)
		}
		f[name] = value == "on"
	}
	return nil
}
