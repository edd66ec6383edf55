package conformance_test

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/scenarios"
)

// aboutTheDoor are the ids of the scenarios about the front door.
var aboutTheDoor = regexp.MustCompile(`^(http\.door|http\.malformed|http\.malformed-json|http\.media-type|` +
	`history\.(json-depth|referer-unread|addresses-unread|network-errors-untold|exposed))(\.|$)`)

// doorRow is a row of the table of docs/front-door.md: what a scenario is about, and its level.
func doorRow(s *scenario.Scenario) string {
	since, until := s.FirstReleases(), s.LastReleases()
	releases := "all"
	switch {
	case since != "" && until != "":
		releases = since + " – " + until
	case since != "":
		releases = "since " + since
	case until != "":
		releases = "until " + until
	}
	return fmt.Sprintf("| `%s` | %s | %s | %s |\n", s.ID, s.Level, releases, s.Summary)
}

// TestFrontDoorPage_scenarios holds that docs/front-door.md lists the scenarios about the front door with their levels.
// The flag -update writes the list anew.
func TestFrontDoorPage_scenarios(t *testing.T) {
	t.Parallel()
	const name, head = "../docs/front-door.md", "| scenario | level | releases | what it says |\n| --- | --- | --- " +
		"| --- |\n"
	all, err := scenario.Load(scenarios.Files)
	assert.NilError(t, err)
	var rows strings.Builder
	slices.SortFunc(all, func(a, b *scenario.Scenario) int { return strings.Compare(a.ID, b.ID) })
	for _, s := range all {
		if aboutTheDoor.MatchString(s.ID) {
			rows.WriteString(doorRow(s))
		}
	}
	page, err := os.ReadFile(name)
	assert.NilError(t, err)
	prose, table, found := strings.Cut(string(page), head)
	assert.Assert(t, found, "%s has no table of scenarios", name)
	if update := flag.Lookup("update"); update != nil && update.Value.String() == "true" {
		assert.NilError(t, os.WriteFile(name, []byte(prose+head+rows.String()), 0o644))
		return
	}
	assert.Equal(t, table, rows.String(), "run go test ./conformance -run TestFrontDoorPage -update")
}
