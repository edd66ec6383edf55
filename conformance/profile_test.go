package conformance

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"gotest.tools/v3/assert"
	"gotest.tools/v3/golden"
)

const profileText = `profile: other-server
summary: A server that is nearly GitLab.
differences:
  - scenarios: [list.wrong, "list.some-*"]
    reason: It says waiting for pending.
    link: https://example.com/docs
  - scenarios: [list.right]
    reason: It counted backwards once.
    link: https://example.com/old
`

func wrongExpectation(id string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte(head(id) + strings.ReplaceAll(pendingList, "pending", "waiting"))}
}

func TestProfile(t *testing.T) {
	t.Parallel()
	profile, err := ReadProfile("p.yaml", []byte(profileText))
	assert.NilError(t, err)
	g := newFakeGitLab()
	options, _ := optionsFor(g, fstest.MapFS{
		"list/wrong.yaml": wrongExpectation("list.wrong"),
		"list/a.yaml":     wrongExpectation("list.some-a"),
		"list/b.yaml":     {Data: []byte(head("list.some-b") + pendingList)},
		"list/right.yaml": {Data: []byte(head("list.right") + pendingList)},
	})
	options.Profile = profile
	report, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.NilError(t, err)
	assert.Equal(t, report.Verdict, KnownVerdict)
	assert.Equal(t, report.ExitCode(), ExitConformant)
	assert.Equal(t, report.Totals["known"], 2)
	assert.Equal(t, report.Totals["passed"], 2)
	assert.DeepEqual(t, report.Reasons,
		[]string{"2 must scenarios are known differences of other-server: list.some-a, list.wrong"})
	assert.DeepEqual(t, report.Notes(), []string{"list.right no longer differs as the profile other-server says (It " +
		"counted backwards once.); take it out of the profile"})
	assert.DeepEqual(t, report.Profile.Differences[0].Met, []string{"list.some-a", "list.wrong"})
	assert.Equal(t, len(report.Profile.Differences[0].NoLonger), 0, "some scenarios of the pattern differ still")
	claimFile(t, report)
	for name, write := range everyFormat(report) {
		var text bytes.Buffer
		assert.NilError(t, write(&text))
		assert.Assert(t, strings.Contains(text.String(), "It says waiting for pending."), "%s:\n%s", name,
			text.String())
	}
}

// TestProfile_tellsWhatNoLongerDiffersOfWholePatternsAlone holds that nobody is told to take a pattern out of the
// profile of which the run left scenarios out, as they may differ still.
func TestProfile_tellsWhatNoLongerDiffersOfWholePatternsAlone(t *testing.T) {
	t.Parallel()
	text := strings.ReplaceAll(profileText, "list.right", "list.held-*")
	profile, err := ReadProfile("p.yaml", []byte(text))
	assert.NilError(t, err)
	report := func(only []string, shard Shard) *Report {
		options, _ := optionsFor(newFakeGitLab(), fstest.MapFS{
			"list/wrong.yaml": wrongExpectation("list.wrong"),
			"list/a.yaml":     wrongExpectation("list.some-a"),
			"list/b.yaml":     {Data: []byte(head("list.some-b") + pendingList)},
			"list/c.yaml":     {Data: []byte(head("list.held-c") + pendingList)},
			"list/d.yaml":     {Data: []byte(head("list.held-d") + pendingList)},
			"list/old.yaml":   {Data: []byte(head("list.held-old") + "until: \"14.0\"\n" + pendingList)},
		})
		options.Profile, options.Only, options.Shard = profile, only, shard
		report, err := Run(t.Context(), options.Target, options.RunOptions)
		assert.NilError(t, err)
		return report
	}
	tells := func(r *Report) bool { return strings.Contains(strings.Join(r.Notes(), "\n"), "no longer differs") }
	told := []string{"list.held-* no longer differs as the profile other-server says (It counted backwards once.); " +
		"take it out of the profile"}
	assert.DeepEqual(t, report(nil, Shard{}).Notes(), told)
	for _, only := range []string{"list.some-b", "list.held-c", "!list.held-d"} {
		assert.Assert(t, !tells(report([]string{only}, Shard{})), only)
	}
	shards := []*Report{report(nil, Shard{1, 3}), report(nil, Shard{2, 3}), report(nil, Shard{3, 3})}
	for i, shard := range shards {
		assert.Assert(t, !tells(shard), "shard %d", i+1)
	}
	merged, err := MergeReports([]string{"1", "2", "3"}, shards)
	assert.NilError(t, err)
	assert.DeepEqual(t, merged.Notes(), told)
}

// TestProfile_neverHidesErrors holds that what the profile does not name still fails, and that what could not be
// carried out is no known difference.
func TestProfile_neverHidesErrors(t *testing.T) {
	t.Parallel()
	profile, err := ReadProfile("p.yaml",
		[]byte("profile: p\ndifferences:\n  - {scenarios: [list.wrong, list.broken], reason: r, link: "+
			"\"https://x.example\"}\n"))
	assert.NilError(t, err)
	g := newFakeGitLab()
	options, _ := optionsFor(g, fstest.MapFS{
		"list/wrong.yaml": wrongExpectation("list.wrong"),
		"list/also.yaml":  wrongExpectation("list.also"),
		"list/broken.yaml": {Data: []byte(head("list.broken") + "steps: [{call: listExternalStatusChecks, capture: " +
			"{x: .body.none.none}}]\n")},
	})
	options.Profile = profile
	report, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.NilError(t, err)
	assert.Equal(t, report.Verdict, NotConformant)
	outcomes := map[string]Outcome{}
	for _, result := range report.Scenarios {
		outcomes[result.ID] = result.Outcome
	}
	assert.DeepEqual(t, outcomes, map[string]Outcome{"list.also": Failed, "list.broken": Errored, "list.wrong": Known})
}

// TestReadProfile_problems holds the whole message for each way a profile can be wrong.
func TestReadProfile_problems(t *testing.T) {
	t.Parallel()
	wrong := `profle: other-server
summary: [a]
differences:
  - scenarios: list.wrong
    reason: r
  - scenarios: ["list.[", list.right]
    reason: r
    link: somewhere
    because: x
  - scenarios: [list.right]
    reason: r
    link: https://example.com
  - 7
`
	_, err := ReadProfile("profiles/wrong.yaml", []byte(wrong))
	var load *scenario.LoadError
	assert.Assert(t, errors.As(err, &load), "%v", err)
	assert.Equal(t, ExitCode(err), ExitUsage)
	golden.Assert(t, err.Error()+"\n", "profile-problems.golden")
	for _, text := range []string{
		"", "[]", "profile: x", "profile: x\ndifferences: []",
		"profile: x\ndifferences: {a: b}", "a: &x 1",
	} {
		_, err := ReadProfile("p.yaml", []byte(text))
		assert.Assert(t, errors.As(err, &load), "%q: %v", text, err)
	}
}

func TestProfile_namesScenariosThatExist(t *testing.T) {
	t.Parallel()
	profile, err := ReadProfile("p.yaml", []byte(strings.ReplaceAll(profileText, "list.right", "list.rihgt")))
	assert.NilError(t, err)
	g := newFakeGitLab()
	options, _ := optionsFor(g, fstest.MapFS{
		"list/wrong.yaml": wrongExpectation("list.wrong"), "list/a.yaml": wrongExpectation("list.some-a"),
		"list/right.yaml": {Data: []byte(head("list.right") + pendingList)},
	})
	options.Profile = profile
	_, err = Run(t.Context(), options.Target, options.RunOptions)
	assert.Equal(t, ExitCode(err), ExitUsage)
	assert.Equal(t, err.Error(), `p.yaml:7:17: no scenario fits "list.rihgt" (did you mean list.right?)
    7 |   - scenarios: [list.rihgt]
      |                 ^`)
	assert.Equal(t, len(g.log), 0, "nothing is sent")
}
