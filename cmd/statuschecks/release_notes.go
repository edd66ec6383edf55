package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

// releaseNotes is what one release changed.
type releaseNotes struct {
	version  release.Version
	came     []mockserver.Change // of the history
	went     []mockserver.Change
	flags    []mockserver.FeatureFlag
	unflag   []mockserver.FeatureFlag
	contract []openapi.Difference
}

func (n releaseNotes) empty() bool {
	return len(n.came)+len(n.went)+len(n.flags)+len(n.unflag)+len(n.contract) == 0
}

// notesBetween tells what changed after a release, up to and with another one, release by release. Releases that
// changed nothing are left out.
func notesBetween(from, to release.Version) ([]releaseNotes, error) {
	var all []releaseNotes
	releases := release.All()
	for i := slices.Index(releases, from) + 1; i <= slices.Index(releases, to); i++ {
		n, err := notesOf(releases[i-1], releases[i])
		if err != nil {
			return nil, err
		}
		if !n.empty() {
			all = append(all, n)
		}
	}
	return all, nil
}

// changed returns what only the later and what only the earlier of two releases has.
func changed[T interface{ In(release.Version) bool }](all []T, before, version release.Version) (came, went []T) {
	for _, one := range all {
		switch {
		case one.In(version) && !one.In(before):
			came = append(came, one)
		case one.In(before) && !one.In(version):
			went = append(went, one)
		}
	}
	return came, went
}

// notesOf tells what a release changed against the one before it.
func notesOf(before, version release.Version) (releaseNotes, error) {
	n := releaseNotes{version: version}
	n.came, n.went = changed(mockserver.History(), before, version)
	n.flags, n.unflag = changed(mockserver.FeatureFlags(), before, version)
	found, err := openapi.GitLab().At(before).Differences(openapi.GitLab().At(version))
	if err != nil {
		return n, fmt.Errorf("compare GitLab %s with %s: %w", before, version, err)
	}
	n.contract = found
	return n, nil
}

// text writes the notes as plain text.
func (n releaseNotes) text(w *strings.Builder) {
	fmt.Fprintf(w, "GitLab %s\n", n.version)
	line := func(kind, text string) { fmt.Fprintf(w, "  %-8s  %s\n", kind, text) }
	for _, c := range n.came {
		line("does", c.What)
	}
	for _, c := range n.went {
		line("ends", c.What)
	}
	for _, f := range n.flags {
		line("flag", fmt.Sprintf("%s was added, %s by default: %s", f.Name, switched(f.Default), f.What))
	}
	for _, f := range n.unflag {
		line("flag", f.Name+" was removed, and its behaviour is always on.")
	}
	for _, d := range n.contract {
		line("contract", d.Text+"."+broken(d))
	}
}

// broken says that a difference breaks clients, and why.
func broken(d openapi.Difference) string {
	if !d.Breaking() {
		return ""
	}
	return " Breaking: " + string(d.Breaks) + "."
}

// countContract counts the differences of the contract: those that break clients, and all.
func countContract(notes []releaseNotes) (breaking, all int) {
	for _, n := range notes {
		for _, d := range n.contract {
			all++
			if d.Breaking() {
				breaking++
			}
		}
	}
	return breaking, all
}

// writeNotes writes for people what changed between two releases.
func writeNotes(w io.Writer, between *span, notes []releaseNotes) error {
	var text strings.Builder
	for _, n := range notes {
		n.text(&text)
		text.WriteByte('\n')
	}
	switch breaking, all := countContract(notes); {
	case len(notes) == 0:
		fmt.Fprintf(&text, "Nothing that is known changed from GitLab %s to %s.\n", between.from.String(),
			between.to.String())
	case breaking == 0:
		text.WriteString("Nothing in the contract breaks clients.\n")
	default:
		fmt.Fprintf(&text, "Differences of the contract: %d, of which %d may break clients.\n", all, breaking)
	}
	_, err := io.WriteString(w, text.String())
	return err
}

func switched(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// span is a flag that takes two releases, the earlier one first.
type span struct{ from, to releaseFlag }

// String is the two releases with two dots between them.
func (s *span) String() string {
	if s.from.String() == "" {
		return ""
	}
	return s.from.String() + ".." + s.to.String()
}

// Type is what the usage text shows for the value.
func (*span) Type() string { return "version..version" }

// Set reads two releases.
func (s *span) Set(text string) error {
	from, to, both := strings.Cut(text, "..")
	if !both {
		return fmt.Errorf("write two releases with two dots between them, such as 16.4..16.6")
	}
	if err := s.from.Set(from); err != nil {
		return err
	}
	if err := s.to.Set(to); err != nil {
		return err
	}
	releases := release.All()
	if slices.Index(releases, s.from.version) > slices.Index(releases, s.to.version) {
		return fmt.Errorf("%s is later than %s: write the earlier release first, as in %s..%s", s.from.String(),
			s.to.String(), s.to.String(), s.from.String())
	}
	return nil
}
