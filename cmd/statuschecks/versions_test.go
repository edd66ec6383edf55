package main

import (
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/release"
)

// TestVersions_hasEachChange holds that the page about releases has a row for each change of the history.
func TestVersions_hasEachChange(t *testing.T) {
	t.Parallel()
	text, err := versionsPage()
	assert.NilError(t, err)
	for _, c := range mockserver.History() {
		assert.Assert(t, strings.Contains(text, `<a id="`+c.Name+`">`), c.Name)
	}
}

func TestSpan_takesTwoReleasesInOrder(t *testing.T) {
	t.Parallel()
	var s span
	assert.Equal(t, s.String(), "")
	assert.NilError(t, s.Set("16.4..v16.11.2-ee"))
	assert.Equal(t, s.String(), "16.4..16.11")
	for text, want := range map[string]string{
		"16.4": "two dots", "16.4..": "is not a GitLab version", "16.4..20.0": "nearest is 19.4",
		"16.6..16.4": "16.6 is later than 16.4: write the earlier release first, as in 16.4..16.6",
		"13.1..14.0": "nearest is 14.0",
	} {
		assert.ErrorContains(t, (&span{}).Set(text), want, text)
	}
}

// TestNotesBetween_missNothing holds that what the releases changed one by one is what they changed together.
func TestNotesBetween_missNothing(t *testing.T) {
	t.Parallel()
	notes, err := notesBetween(release.Oldest, release.Newest)
	assert.NilError(t, err)
	came, went := 0, 0
	for _, n := range notes {
		came += len(n.came)
		went += len(n.went)
	}
	for _, c := range mockserver.History() {
		if c.In(release.Oldest) {
			came++ // it was there from the beginning
		}
		if !c.In(release.Newest) {
			went--
		}
	}
	assert.Equal(t, came, len(mockserver.History()))
	assert.Equal(t, went, 0)
	none, err := notesBetween(release.Newest, release.Newest)
	assert.NilError(t, err)
	assert.Equal(t, len(none), 0)
}
