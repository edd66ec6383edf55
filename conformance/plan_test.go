package conformance

import (
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/release"
)

func version(t *testing.T, text string) release.Version {
	t.Helper()
	v, err := release.Parse(text)
	assert.NilError(t, err)
	return v
}

func TestDecide(t *testing.T) {
	t.Parallel()
	yes := true
	passing := scenario.Step{Let: &scenario.Let{Pass: 121 * time.Second}}
	call := func(role scenario.Role) scenario.Step { return scenario.Step{Call: "getVersion", As: role} }
	plain := func(change func(*scenario.Scenario)) *scenario.Scenario {
		s := &scenario.Scenario{
			ID: "plan.x", Given: scenario.Given{Project: scenario.ProjectGiven{Visibility: "private"}},
			Steps: []scenario.Step{call(scenario.Maintainer)},
		}
		change(s)
		return s
	}
	mock := map[string]string{scenario.NeedAdmin: "no admin"}
	real := map[string]string{
		scenario.NeedClock: "no clock", scenario.NeedLicence: "no switch", scenario.NeedControl: "no control",
		scenario.NeedReceiver: "no receiver", "role guest": "no guest", "visibility internal": "no internal",
	}
	tests := []struct {
		name       string
		scenario   *scenario.Scenario
		missing    map[string]string
		unlicensed bool
		maxWait    time.Duration
		reason     string
		moot       bool
		alone      bool
		waits      time.Duration
	}{
		{name: "plain", scenario: plain(func(*scenario.Scenario) {}), missing: real},
		{
			name: "since, older", scenario: plain(func(s *scenario.Scenario) { s.Since = version(t, "18.10") }),
			reason: "since GitLab 18.10, the target is 18.9", moot: true,
		},
		{name: "since, equal", scenario: plain(func(s *scenario.Scenario) { s.Since = version(t, "18.9") })},
		{name: "until, equal", scenario: plain(func(s *scenario.Scenario) { s.Until = version(t, "18.9") })},
		{
			name: "until, younger", scenario: plain(func(s *scenario.Scenario) { s.Until = version(t, "17.11") }),
			reason: "until GitLab 17.11, the target is 18.9", moot: true,
		},
		{
			name: "clock moves", scenario: plain(func(s *scenario.Scenario) { s.Steps = append(s.Steps, passing) }),
			missing: mock,
			alone:   true,
		},
		{
			name: "really waits", scenario: plain(func(s *scenario.Scenario) { s.Steps = append(s.Steps, passing) }),
			missing: real,
			maxWait: 3 * time.Minute, waits: 121 * time.Second,
		},
		{
			name:     "waits without bound",
			scenario: plain(func(s *scenario.Scenario) { s.Steps = append(s.Steps, passing) }),
			missing:  real, maxWait: -1, waits: 121 * time.Second,
		},
		{
			name: "waits too long", scenario: plain(func(s *scenario.Scenario) { s.Steps = append(s.Steps, passing) }),
			missing: real, waits: 121 * time.Second,
			reason: "really waits 2m1s, more than the 0s allowed, as the target's clock cannot be moved",
		},
		{
			name: "clock stops",
			scenario: plain(func(s *scenario.Scenario) {
				s.Steps = append(s.Steps,
					scenario.Step{Let: &scenario.Let{Freeze: true}})
			}),
			missing: real, reason: "about a clock that is stopped: no clock", moot: true,
		},
		{
			name: "receiver by its steps",
			scenario: plain(func(s *scenario.Scenario) {
				s.Steps = append(s.Steps,
					scenario.Step{Receive: &scenario.Receive{}})
			}), missing: real,
			reason: "no receiver",
		},
		{
			name:     "control by statement",
			scenario: plain(func(s *scenario.Scenario) { s.Needs = []string{scenario.NeedControl} }),
			missing:  real, reason: "no control",
		},
		{
			name:     "admin by its steps",
			scenario: plain(func(s *scenario.Scenario) { s.Steps = append(s.Steps, call(scenario.Admin)) }),
			missing:  mock, reason: "no admin",
		},
		{
			name: "role", scenario: plain(func(s *scenario.Scenario) {
				s.Steps = append(s.Steps,
					call(scenario.Guest))
			}), missing: real,
			reason: "no guest",
		},
		{
			name: "assignee", scenario: plain(
				func(s *scenario.Scenario) {
					s.Given.MergeRequest = &scenario.MergeRequestGiven{
						Author:   scenario.Creator,
						Assignee: scenario.Guest,
					}
				}),
			missing: real, reason: "no guest",
		},
		{
			name: "visibility", scenario: plain(func(s *scenario.Scenario) { s.Given.Project.Visibility = "internal" }),
			missing: real, reason: "no internal",
		},
		{
			name:     "a project in a group",
			scenario: plain(func(s *scenario.Scenario) { s.Given.Project.Group = scenario.InTopGroup }),
			missing:  map[string]string{ownGroup: "no group"}, reason: "no group",
		},
		{
			name: "a branch of a group",
			scenario: plain(func(s *scenario.Scenario) {
				s.Given.Branches = []scenario.BranchGiven{{
					Key:   "b",
					Group: true,
				}}
			}),
			missing: map[string]string{ownGroup: "no group"}, reason: "no group",
		},
		{
			name: "no group is needed",
			scenario: plain(func(s *scenario.Scenario) {
				s.Given.Branches = []scenario.BranchGiven{{
					Key:       "b",
					Protected: true,
				}}
			}),
			missing: map[string]string{ownGroup: "no group"},
		},
		{
			name: "licence gone", scenario: plain(func(*scenario.Scenario) {}), missing: real, unlicensed: true,
			reason: "the target has no licence for external status checks (Ultimate)",
		},
		{
			name:     "about no licence, none",
			scenario: plain(func(s *scenario.Scenario) { s.Needs = []string{scenario.NeedUnlicensed} }),
			missing:  real, unlicensed: true,
		},
		{
			name:     "about no licence, fixed",
			scenario: plain(func(s *scenario.Scenario) { s.Needs = []string{scenario.NeedUnlicensed} }),
			missing:  real, moot: true,
			reason: "about a target without a licence, and this one has one that cannot be switched off",
		},
		{
			name:     "about no licence, switch",
			scenario: plain(func(s *scenario.Scenario) { s.Needs = []string{scenario.NeedUnlicensed} }),
			missing:  mock,
		},
		{
			name: "licence is switched",
			scenario: plain(func(s *scenario.Scenario) {
				s.Steps = append(s.Steps, scenario.Step{Let: &scenario.Let{Licensed: &yes}})
			}),
			missing: real, moot: true,
			reason: "about a licence that is switched: no switch",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			facts := Facts{Version: version(t, "18.9"), Licensed: !test.unlicensed, Missing: test.missing}
			p := decide(test.scenario, facts, test.maxWait)
			assert.Equal(t, p.Reason, test.reason)
			assert.Equal(t, p.Run, test.reason == "")
			assert.Equal(t, p.Moot, test.moot)
			assert.Equal(t, p.Alone, test.alone)
			assert.Equal(t, p.Waits, test.waits)
		})
	}
}

func TestPlanOrder(t *testing.T) {
	t.Parallel()
	lets := func(id string, pass time.Duration, needs ...string) *scenario.Scenario {
		s := &scenario.Scenario{
			ID: id, Needs: needs, Given: scenario.Given{Project: scenario.ProjectGiven{Visibility: "private"}},
			Steps: []scenario.Step{{Call: "getVersion", As: scenario.Maintainer}},
		}
		if pass > 0 {
			s.Steps = append(s.Steps, scenario.Step{Let: &scenario.Let{Pass: pass}})
		}
		return s
	}
	scenarios := []*scenario.Scenario{
		lets("a.one", 0), lets("a.clock", 0, scenario.NeedClock), lets("a.two", time.Minute),
		lets("a.three", 0), lets("a.four", 3*time.Minute),
	}
	for missing, want := range map[string][]string{
		scenario.NeedClock: {"a.four", "a.two", "a.one", "a.clock", "a.three"}, // real waits first
		// what moves the clock last, by itself
		scenario.NeedLicence: {"a.one", "a.three", "a.clock", "a.two", "a.four"},
	} {
		facts := Facts{Version: version(t, "18.9"), Licensed: true, Missing: map[string]string{missing: "none"}}
		var order []string
		for _, p := range Plan(scenarios, facts, Selection{MaxWait: -1}) {
			order = append(order, p.Scenario.ID)
		}
		assert.DeepEqual(t, order, want)
	}
}

func TestSelect(t *testing.T) {
	t.Parallel()
	scenarios := []*scenario.Scenario{
		{ID: "respond.stale-sha", Area: "respond", Level: scenario.Must, Tags: []string{"sha"}},
		{ID: "respond.twice", Area: "respond", Level: scenario.Observed},
		{ID: "retry.passed", Area: "retry", Level: scenario.Must, Tags: []string{"slow"}},
		{ID: "list.paging", Area: "checks", Level: scenario.Should, Tags: []string{"slow", "paging"}},
	}
	tests := []struct {
		name   string
		only   []string
		levels []scenario.Level
		want   []string
		wrong  string
	}{
		{name: "all", want: []string{"respond.stale-sha", "respond.twice", "retry.passed", "list.paging"}},
		{name: "id", only: []string{"retry.passed"}, want: []string{"retry.passed"}},
		{name: "area", only: []string{"respond"}, want: []string{"respond.stale-sha", "respond.twice"}},
		{name: "tag", only: []string{"slow"}, want: []string{"retry.passed", "list.paging"}},
		{name: "glob", only: []string{"*.pa*"}, want: []string{"retry.passed", "list.paging"}},
		{name: "several", only: []string{"retry", "checks"}, want: []string{"retry.passed", "list.paging"}},
		{name: "without", only: []string{"!slow"}, want: []string{"respond.stale-sha", "respond.twice"}},
		{name: "area without", only: []string{"respond", "!sha"}, want: []string{"respond.twice"}},
		{name: "level", levels: []scenario.Level{scenario.Must}, want: []string{"respond.stale-sha", "retry.passed"}},
		{name: "unknown", only: []string{"respnd"}, wrong: `no scenario fits "respnd" (did you mean respond?)`},
		{name: "unknown without", only: []string{"!respond.stale-shaa"}, wrong: "did you mean respond.stale-sha?"},
		{
			name: "nothing left", only: []string{"paging"}, levels: []scenario.Level{scenario.Must},
			wrong: "leaves no scenario",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			chosen, err := Select(scenarios, Selection{Only: test.only, Levels: test.levels})
			if test.wrong != "" {
				assert.ErrorContains(t, err, test.wrong)
				assert.Equal(t, ExitCode(err), ExitUsage)
				return
			}
			assert.NilError(t, err)
			var ids []string
			for _, s := range chosen {
				ids = append(ids, s.ID)
			}
			assert.DeepEqual(t, ids, test.want)
		})
	}
}
