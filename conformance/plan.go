package conformance

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/release"
)

// Facts are the known properties of a target, before scenarios run.
type Facts struct {
	Version  release.Version
	Patch    *int // the patch level; nil means that it is not known
	Newer    bool // than any release that is known
	Licensed bool
	// Missing maps each capability that the target lacks to the reason why: a need such as "clock", or
	// "role guest" or "visibility internal".
	Missing map[string]string
}

// lacks is the reason why a capability is missing; empty when it is there.
func (f *Facts) lacks(capability string) string { return f.Missing[capability] }

// Selection selects scenarios.
type Selection struct {
	Only    []string         // ids, globs, areas, tags or needs, with "!" before it to leave out; empty means all
	Levels  []scenario.Level // empty means all
	MaxWait time.Duration    // the longest time a scenario may really have to wait; negative means any
}

// Planned is a scenario with the decision whether it runs.
type Planned struct {
	Scenario *scenario.Scenario
	Run      bool
	Reason   string // why it does not run
	Moot     bool   // it does not run because it says nothing about such a target, so that nothing is left open
	Waits    time.Duration
	TooLong  bool // it does not run because it waits longer than it may
	Alone    bool // it moves the clock for everybody, so it runs by itself
}

// Select returns the selected scenarios in their order. A pattern that matches no scenario is an error.
func Select(scenarios []*scenario.Scenario, s Selection) ([]*scenario.Scenario, error) {
	used := make([]bool, len(s.Only))
	var chosen []*scenario.Scenario
	for _, sc := range scenarios {
		wanted := !slices.ContainsFunc(s.Only, func(pattern string) bool { return !strings.HasPrefix(pattern, "!") })
		for i, pattern := range s.Only {
			plain, without := strings.CutPrefix(pattern, "!")
			if fits(sc, plain) {
				used[i], wanted = true, !without
			}
		}
		if wanted && (len(s.Levels) == 0 || slices.Contains(s.Levels, sc.Level)) {
			chosen = append(chosen, sc)
		}
	}
	for i, pattern := range s.Only {
		if !used[i] {
			return nil, usage("no scenario fits %q%s; a pattern is an id, a glob over ids, an area, a tag, or "+
				"needs:receiver and its like", pattern, perhaps(pattern, scenarios))
		}
	}
	if len(chosen) == 0 {
		return nil, usage("the selection leaves no scenario")
	}
	return chosen, nil
}

// perhaps names what a pattern that fits nothing was perhaps meant to be.
func perhaps(pattern string, scenarios []*scenario.Scenario) string {
	word := strings.TrimPrefix(pattern, "!")
	begins := func(start string) bool {
		return slices.ContainsFunc(scenarios, func(s *scenario.Scenario) bool { return strings.HasPrefix(s.ID, start) })
	}
	near := strictyaml.DidYouMean(word, handles(scenarios))
	switch {
	case begins(word + "."):
		return " (did you mean " + pattern + ".*?)"
	case near == "" && begins(word):
		return " (did you mean " + pattern + "*?)"
	}
	return near
}

// needsPrefix begins a pattern that means the scenarios that need something of the target or of the run.
const needsPrefix = "needs:"

// fits tells whether a pattern means a scenario.
func fits(s *scenario.Scenario, pattern string) bool {
	if need, is := strings.CutPrefix(pattern, needsPrefix); is {
		return s.Need(need)
	}
	if pattern == s.ID || pattern == s.Area || slices.Contains(s.Tags, pattern) {
		return true
	}
	matched, err := path.Match(pattern, s.ID)
	return err == nil && matched
}

// handles are all words that a pattern can be.
func handles(scenarios []*scenario.Scenario) []string {
	var words []string
	for _, need := range []string{
		scenario.NeedReceiver, scenario.NeedAdmin, scenario.NeedControl, scenario.NeedClock,
		scenario.NeedLicence,
	} {
		words = append(words, needsPrefix+need)
	}
	for _, s := range scenarios {
		words = append(append(words, s.ID, s.Area), s.Tags...)
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// Plan decides which scenarios run on a target, before the first request. Scenarios that really wait come first, the
// longest wait first, so that the others run meanwhile. Scenarios that need the target for themselves come last.
func Plan(scenarios []*scenario.Scenario, facts Facts, s Selection) []Planned {
	plan := make([]Planned, 0, len(scenarios))
	for _, sc := range scenarios {
		plan = append(plan, decide(sc, facts, s.MaxWait))
	}
	slices.SortStableFunc(plan, func(a, b Planned) int {
		return cmp.Or(compareBool(a.Alone, b.Alone), -cmp.Compare(a.Waits, b.Waits))
	})
	return plan
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func decide(s *scenario.Scenario, facts Facts, maxWait time.Duration) Planned {
	p := Planned{Scenario: s}
	hasClock := facts.lacks(scenario.NeedClock) == ""
	if !hasClock {
		p.Waits = s.Passes()
	}
	p.Reason, p.Moot = notAbout(s, facts)
	if p.Reason == "" {
		p.Reason = notPossible(s, facts)
	}
	if p.TooLong = p.Reason == "" && maxWait >= 0 && p.Waits > maxWait; p.TooLong {
		p.Reason = fmt.Sprintf("really waits %s, more than the %s allowed, as the target's clock cannot be moved",
			p.Waits, maxWait)
	}
	p.Run = p.Reason == ""
	p.Alone = p.Run && (hasClock && (s.Passes() > 0 || s.Need(scenario.NeedClock)) || s.Need(scenario.NeedSHASwitch))
	return p
}

// notAbout says why a scenario has nothing to say about the target.
func notAbout(s *scenario.Scenario, facts Facts) (reason string, moot bool) {
	if reason := otherRelease(s, facts); reason != "" {
		return reason, true
	}
	switch {
	case endsWithNewest(s) && facts.Newer:
		return fmt.Sprintf("until GitLab %s, the target is a newer one", release.Newest), true
	case len(s.Given.Members) > 0 && facts.lacks(scenario.NeedAdmin) != "":
		return "about people whom only an administrator can make: " + facts.lacks(scenario.NeedAdmin), true
	case len(s.Given.Members) > 0 && facts.lacks(ownPeople) != "":
		return "about people whom the run makes: " + facts.lacks(ownPeople), true
	case len(s.Given.Members) > 0 && s.MakesGroup() && facts.lacks(ownGroup) != "":
		return "about people in a group: " + facts.lacks(ownGroup), true
	case s.WithCustomRoles() && facts.lacks(customRoles) != "":
		return "about custom roles: " + facts.lacks(customRoles), true
	case s.Calls(graphQLOperation) && facts.lacks(graphQL) != "":
		return "about GraphQL: " + facts.lacks(graphQL), true
	case s.Calls("createApprovalRule") && facts.lacks(approvalRules) != "":
		return "about approvals: " + facts.lacks(approvalRules), true
	case s.Need(scenario.NeedUnlicensed) && facts.Licensed && facts.lacks(scenario.NeedLicence) != "":
		return "about a target without a licence, and this one has one that cannot be switched off", true
	case s.Need(scenario.NeedLicence) && facts.lacks(scenario.NeedLicence) != "":
		return "about a licence that is switched: " + facts.lacks(scenario.NeedLicence), true
	case s.Need(scenario.NeedSHASwitch) && facts.lacks(scenario.NeedSHASwitch) != "":
		return "about a setting of a group: " + facts.lacks(scenario.NeedSHASwitch), true
	case s.Need(scenario.NeedService):
		for _, need := range []string{
			scenario.NeedPending, scenario.NeedLists, scenario.NeedWrites, scenario.NeedSecret,
		} {
			if s.Need(need) && facts.lacks(need) != "" {
				return facts.lacks(need), true
			}
		}
	case s.Need(scenario.NeedClock) && facts.lacks(scenario.NeedClock) != "":
		return "about a clock that is stopped: " + facts.lacks(scenario.NeedClock), true
	}
	return "", false
}

// notPossible says what the target lacks for a scenario.
func notPossible(s *scenario.Scenario, facts Facts) string {
	if !facts.Licensed && !s.Need(scenario.NeedUnlicensed) {
		return "the target has no licence for external status checks (Ultimate)"
	}
	for _, need := range []string{
		scenario.NeedReceiver, scenario.NeedAdmin, scenario.NeedControl, scenario.NeedService, scenario.NeedAnswers,
	} {
		if s.Need(need) && facts.lacks(need) != "" {
			return facts.lacks(need)
		}
	}
	if s.Isolation == scenario.OwnProject && facts.lacks(ownProject) != "" {
		return facts.lacks(ownProject)
	}
	for _, need := range []string{ownGroup, groupBranches} {
		if s.NeedsGroup() && facts.lacks(need) != "" {
			return facts.lacks(need)
		}
	}
	if s.Given.Other && facts.lacks(otherProject) != "" {
		return facts.lacks(otherProject)
	}
	if len(s.Given.Tokens) > 0 && facts.lacks(ownTokens) != "" {
		return facts.lacks(ownTokens)
	}
	for _, role := range s.Roles() {
		if reason := facts.lacks("role " + string(role)); reason != "" {
			return reason
		}
	}
	return facts.lacks("visibility " + s.Given.Project.Visibility)
}
