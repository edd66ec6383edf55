package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/release"
)

// choice is a flag that takes one of a few words.
type choice struct {
	value   string
	allowed []string
}

func newChoice(allowed ...string) *choice { return &choice{value: allowed[0], allowed: allowed} }

// String is the word chosen.
func (c *choice) String() string { return c.value }

// Type is what the usage text shows for the value.
func (c *choice) Type() string { return strings.Join(c.allowed, "|") }

// Set chooses a word.
func (c *choice) Set(text string) error {
	if !slices.Contains(c.allowed, text) {
		return fmt.Errorf("write one of %s%s", strings.Join(c.allowed, ", "), strictyaml.DidYouMean(text, c.allowed))
	}
	c.value = text
	return nil
}

// releaseFlag is a flag that takes a GitLab version.
type releaseFlag struct{ version release.Version }

// String is the version; empty when none was given.
func (r *releaseFlag) String() string {
	if r.version == (release.Version{}) {
		return ""
	}
	return r.version.String()
}

// Type is what the usage text shows for the value.
func (*releaseFlag) Type() string { return "version" }

// Set reads a version that the contract knows.
func (r *releaseFlag) Set(text string) error {
	v, err := release.Parse(text)
	if err != nil {
		return err
	}
	if err := release.Covered(v); err != nil {
		return err
	}
	r.version = v
	return nil
}

// patchedRelease is a flag that takes a release with or without its patch level.
type patchedRelease struct {
	releaseFlag
	patch *int // nil when none was named
}

// String is the version, with its patch if one was named.
func (p *patchedRelease) String() string {
	if p.patch == nil {
		return p.releaseFlag.String()
	}
	return fmt.Sprintf("%s.%d", p.version, *p.patch)
}

// Set reads a version that the contract knows.
func (p *patchedRelease) Set(text string) error {
	p.patch = nil
	if patch, named := release.ParsePatch(text); named {
		p.patch = &patch
	}
	return p.releaseFlag.Set(text)
}

// period is a flag that takes a length of time, one of some length if it must be.
type period struct {
	length time.Duration
	some   bool // nothing is too little
}

// atLeastSome is a flag that takes a length of time above nothing.
func atLeastSome(length time.Duration) period { return period{length, true} }

// String is the length with its unit.
func (p *period) String() string { return p.length.String() }

// Type is what the usage text shows for the value.
func (*period) Type() string { return "duration" }

// Set reads a length of time.
func (p *period) Set(text string) error {
	length, err := readPeriod(text)
	if err == nil && p.some && length == 0 {
		err = fmt.Errorf("%q is no time at all; write more, such as 5s", text)
	}
	if err == nil {
		p.length = length
	}
	return err
}

func readPeriod(text string) (time.Duration, error) {
	length, err := time.ParseDuration(strings.TrimSpace(text))
	if err != nil {
		return 0, fmt.Errorf("%q is not a duration; write a number with a unit, such as 300ms, 2s or 1m30s", text)
	}
	if length < 0 {
		return 0, fmt.Errorf("%q is negative; write 0s or more", text)
	}
	if length > conformance.MaxPeriod {
		return 0, fmt.Errorf("%q is too long; write %dh or less", text, conformance.MaxPeriod/time.Hour)
	}
	return length, nil
}

// lag is a flag that takes a length of time, or two with a dash between them.
type lag struct{ mockserver.Lag }

// String is the length, or the shortest and the longest.
func (l *lag) String() string {
	if l.Min == l.Max {
		return l.Min.String()
	}
	return l.Min.String() + "-" + l.Max.String()
}

// Type is what the usage text shows for the value.
func (*lag) Type() string { return "duration" }

// Set reads one length or a range.
func (l *lag) Set(text string) error {
	shortest, longest, isRange := strings.Cut(text, "-")
	if !isRange || shortest == "" {
		shortest, longest = text, text
	}
	least, err := readLagEnd(shortest)
	if err != nil {
		return err
	}
	most, err := readLagEnd(longest)
	if err != nil {
		return err
	}
	if most < least {
		return fmt.Errorf("the range %q ends before it begins; write the shorter time first, as in 100ms-2s", text)
	}
	l.Min, l.Max = least, most
	return nil
}

func readLagEnd(text string) (time.Duration, error) {
	if text == "0" {
		return 0, nil
	}
	return readPeriod(text)
}
