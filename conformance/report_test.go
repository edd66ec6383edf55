package conformance

import (
	"bytes"
	"encoding/xml"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"gotest.tools/v3/assert"
	"gotest.tools/v3/golden"
)

// everyFormat are all the ways to write a report.
func everyFormat(r *Report) map[string]func(io.Writer) error {
	return map[string]func(io.Writer) error{
		"json": r.WriteJSON, "junit": r.WriteJUnit, "markdown": r.WriteMarkdown, "html": r.WriteHTML,
		"text": func(w io.Writer) error { return r.WriteText(w, TextOptions{Verbose: true}) },
	}
}

// hostile is what a target can answer to break a report that does not escape.
const hostile = "]]></failure><script>alert(1)</script> \x00\x07\x1b[31m\u0085\ufffe `x` ``` | **b** </summary> " +
	"${x} {{.}} \"' &amp; <!--"

func hostileReport() *Report {
	exchange := Exchange{
		Method: "GET", URL: "http://x.test/" + hostile, Status: 200, ResponseBody: hostile,
		ResponseHeader: []string{"X-A: " + hostile}, Body: hostile,
	}
	exchange.Curl = exchange.command(hostile).String()
	result := func(id string, outcome Outcome) Result {
		return Result{
			ID: id, Summary: hostile, Level: scenario.Must, Area: "odd " + hostile, Tags: []string{hostile},
			Evidence: "V",
			Source:   hostile, Why: hostile,
			File: hostile, Outcome: outcome, Roles: []scenario.Role{scenario.Developer},
			Failure: &Failure{
				Step: 1, Action: hostile, Note: hostile, Message: hostile,
				Mismatches: []scenario.Mismatch{{Pointer: hostile, Want: hostile, Got: hostile}}, Diff: "- a\n+ " +
					hostile,
				Contract: []Finding{{In: "answer", Code: "type", Pointer: hostile, Message: hostile}},
				Exchange: &exchange,
			},
			Before: []Exchange{exchange},
		}
	}
	skipped := Result{
		ID: "odd.skip", Summary: hostile, Level: scenario.Must, Area: "odd " + hostile, Evidence: "V",
		Outcome: Skipped, Reason: hostile,
	}
	known := result("odd.known", Known)
	known.Difference = &KnownDifference{Reason: hostile, Link: "javascript:alert(1)" + hostile}
	r := &Report{
		Format: ReportFormat, Verdict: NotConformant, Reasons: []string{hostile},
		Scenarios: []Result{result("odd.fail", Failed), result("odd.error", Errored), known, skipped},
		Target: TargetReport{
			URL: "http://x.test", Version: "18.9", Licensed: true,
			Missing: map[string]string{"clock": hostile},
		}, Remaining: []string{hostile},
		Run: RunReport{ID: "r1", Product: hostile, Command: hostile, MaxWait: "0s", Catalogue: CatalogueReport{
			4, 4,
			"sha256:" + strings.Repeat("0", 64),
		}},
		Totals: map[string]int{
			"failed": 1, "errored": 1, "skipped": 1, "known": 1, "passed": 0, "differed": 0,
		},
		Coverage: []Coverage{},
		Profile: &ProfileReport{
			Name: hostile, Summary: hostile,
			Differences: []DifferenceReport{{
				KnownDifference: *known.Difference, Scenarios: []string{hostile},
				Met: []string{"odd.known"},
			}},
		},
	}
	earlier := *r
	earlier.Scenarios = []Result{{ID: "odd.gone", Summary: hostile, Outcome: Passed}, {
		ID: "odd.fail", Summary: hostile,
		Outcome: Passed,
	}}
	r.CompareWith(hostile, &earlier)
	return r
}

// TestWriteJUnit_hostile holds that a strict parser reads the file back with all that was in it.
func TestWriteJUnit_hostile(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	assert.NilError(t, hostileReport().WriteJUnit(&text))
	assert.Equal(t, regexp.MustCompile(`[\x00-\x08\x0b-\x1f\x7f-\x{9f}\x{fffe}\x{fffd}]`).FindString(text.String()), "")
	var suites junitSuites
	assert.NilError(t, xml.Unmarshal(text.Bytes(), &suites))
	assert.Equal(t, len(suites.Suites), 1)
	suite := suites.Suites[0]
	assert.Equal(t, suite.Tests, 4)
	assert.Equal(t, suite.Failures, 1)
	assert.Equal(t, suite.Errors, 1)
	assert.Equal(t, suite.Skipped, 2, "a known difference is no pass")
	assert.Assert(t, strings.Contains(suite.Cases[0].Failure.Text,
		"]]></failure><script>alert(1)</script> \\x00\\a\\x1b[31m\\u0085\\ufffe `x`"), suite.Cases[0].Failure.Text)
	assert.Assert(t, strings.HasPrefix(suite.Cases[2].Skipped.Message, "known difference: ]]>"))
}

// TestWriteHTML_hostile holds that nothing from outside becomes markup, and that the page asks for nothing.
func TestWriteHTML_hostile(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	assert.NilError(t, hostileReport().WriteHTML(&text))
	page := text.String()
	assert.Equal(t, strings.Count(page, "<script"), 1)
	assert.Equal(t, strings.Count(page, "</script"), 1)
	assert.Assert(t, !strings.Contains(page, "<script>alert"))
	assert.Assert(t, !strings.Contains(page, "href=\"javascript:"))
	assert.Assert(t, !strings.Contains(page, "<!--"))
	for _, loads := range []string{" src=", "<link", "@import", "url(", "<iframe", "<img", "<form"} {
		assert.Assert(t, !strings.Contains(page, loads), "the page has %s", loads)
	}
	assert.Assert(t, strings.Contains(page, hashSource(pageScript)[1:20]), "the policy names the script")
	assert.Assert(t, strings.Contains(page, "<script>"+pageScript+"</script>"))
	assert.Assert(t, strings.Contains(page, "<style>"+pageStyle+"</style>"))
	assert.Equal(t, strings.Count(page, `class="scenario `), 4)
	assert.Equal(t, strings.Count(page, " open>"), 1, "the first that failed stands open")
}

func TestWriteMarkdown_hostile(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	assert.NilError(t, hostileReport().WriteMarkdown(&text))
	assert.Equal(t, strings.Count(text.String(), "<details>"), 3)
	outside := regexp.MustCompile("(?s)````text.*?\n````\n").ReplaceAllString(text.String(), "")
	assert.Assert(t, !regexp.MustCompile(`[^\\]<(script|/failure|/summary> )`).MatchString(outside), outside)
	assert.Equal(t, regexp.MustCompile(`[\x00-\x08\x0b-\x1f\x7f-\x{9f}]`).FindString(text.String()), "")
	for line := range strings.SplitSeq(outside, "\n") {
		if strings.HasPrefix(line, "|") {
			assert.Equal(t, strings.Count(strings.ReplaceAll(line, `\|`, ""), "|"), 8, line)
		}
	}
}

// TestWriteText_hostile holds that a target cannot steer the reader's terminal.
func TestWriteText_hostile(t *testing.T) {
	t.Parallel()
	for _, color := range []bool{false, true} {
		var text bytes.Buffer
		assert.NilError(t, hostileReport().WriteText(&text, TextOptions{Color: color, Verbose: true}))
		plain := text.String()
		if color {
			assert.Assert(t, strings.Contains(plain, "\x1b[31m"))
			plain = regexp.MustCompile(`\x1b\[\d+m`).ReplaceAllString(plain, "")
		}
		assert.Equal(t, regexp.MustCompile(`[\x00-\x08\x0b-\x1f\x7f-\x{9f}]`).FindString(plain), "")
	}
}

// TestWriteMarkdown holds the whole text of a small run.
func TestWriteMarkdown(t *testing.T) {
	t.Parallel()
	all := failingScenarios(t)
	report, _ := runFailing(t, fstest.MapFS{
		"failing/status.yaml":   all["failing/run-status.yaml"],
		"failing/observed.yaml": all["failing/run-observed.yaml"],
		"failing/skipped.yaml":  all["failing/run-skipped.yaml"],
	})
	report.Fixtures = nil
	var text bytes.Buffer
	assert.NilError(t, report.WriteMarkdown(&text))
	golden.Assert(t, text.String(), "report-markdown.golden")
}

// TestWriteMarkdown_bounded holds that a summary stays as small as CI systems take it, and names what it leaves out.
func TestWriteMarkdown_bounded(t *testing.T) {
	t.Parallel()
	r := &Report{Verdict: NotConformant, Totals: map[string]int{}}
	for i := range 400 {
		r.Scenarios = append(r.Scenarios, Result{
			ID: "big." + strings.Repeat("x", i+1), Area: "big", Outcome: Failed,
			Failure: &Failure{Action: strings.Repeat("x", i+1), Message: strings.Repeat("wörter ", 2000)},
		})
	}
	var text bytes.Buffer
	assert.NilError(t, r.WriteMarkdown(&text))
	assert.Assert(t, text.Len() < 1<<20, "%d bytes", text.Len())
	assert.Assert(t, strings.Contains(text.String(), "more, for which there is no room here"))
	assert.Assert(t, strings.Contains(text.String(), "`big."+strings.Repeat("x", 400)+"`"))
}

// TestCauses_groupOneFinding holds what is told as one: the same departure from the contract wherever it is met, and
// the same unexpected value of one operation; and that nothing is lost by it.
func TestCauses_groupOneFinding(t *testing.T) {
	t.Parallel()
	missing := func(pointer string) []Finding {
		return []Finding{{In: "answer", Code: "required", Pointer: pointer, Message: "the key hmac is missing"}}
	}
	status := func(operation, want, got string) *Failure {
		return &Failure{
			Mismatches: []scenario.Mismatch{{Pointer: "status", Want: want, Got: got}},
			Exchange:   &Exchange{Operation: operation},
		}
	}
	r := &Report{Totals: map[string]int{}, Scenarios: []Result{
		{ID: "a.1", Outcome: Failed, Failure: &Failure{Contract: missing("/0")}},
		{ID: "a.2", Outcome: Failed, Failure: &Failure{
			Contract: missing("/17"), Step: 2,
			Mismatches: []scenario.Mismatch{{Pointer: "/1/name", Want: "x", Got: "y"}},
		}},
		{ID: "a.3", Outcome: Differed, Failure: &Failure{Contract: missing("/0")}},
		{ID: "b.1", Outcome: Failed, Failure: status("list", "200", "404")},
		{ID: "b.2", Outcome: Failed, Failure: status("list", "200", "403")},
		{ID: "b.3", Outcome: Failed, Failure: status("create", "200", "404")},
		{ID: "b.4", Outcome: Failed, Failure: status("list", "200", "404")},
		{ID: "c.1", Outcome: Passed},
		{ID: "c.2", Outcome: Known, Failure: status("list", "200", "404"), Difference: &KnownDifference{}},
		{ID: "d.1", Outcome: Errored, Failure: &Failure{
			Action:  "make a project",
			Message: "POST /projects/12 answered 500",
		}},
		{ID: "d.2", Outcome: Errored, Failure: &Failure{
			Action:  "make a project",
			Message: "POST /projects/13 answered 500",
		}},
	}}
	var got []string
	for _, cause := range r.causes() {
		got = append(got, strings.Join(cause.Scenarios, " "))
	}
	assert.DeepEqual(t, got, []string{"a.1 a.2", "a.3", "b.1 b.4", "b.2", "b.3", "d.1 d.2"})
	for name, write := range everyFormat(r) {
		var text bytes.Buffer
		assert.NilError(t, write(&text))
		for _, id := range []string{"a.1", "a.2", "a.3", "b.1", "b.2", "b.3", "b.4", "d.1", "d.2"} {
			assert.Assert(t, strings.Contains(text.String(), id), "%s does not name %s", name, id)
		}
	}
	var text bytes.Buffer
	assert.NilError(t, r.WriteText(&text, TextOptions{}))
	assert.Assert(t, strings.Contains(text.String(), "a.2, step 2: /1/name: want x, got y"), text.String())
}

func TestCompareWith(t *testing.T) {
	t.Parallel()
	with := func(outcomes map[string]Outcome) *Report {
		r := &Report{Format: ReportFormat, Run: RunReport{ID: "r0"}, Verdict: Conformant, Totals: map[string]int{}}
		ids := make([]string, 0, len(outcomes))
		for id := range outcomes {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		for _, id := range ids {
			r.Scenarios = append(r.Scenarios, Result{ID: id, Outcome: outcomes[id]})
		}
		return r
	}
	var kept bytes.Buffer
	assert.NilError(t, with(map[string]Outcome{
		"a.broke": Passed, "b.mended": Failed, "c.gone": Passed, "d.same": Failed,
		"e.skips": Failed, "f.worse": Differed, "g.better": Errored, "h.known": Failed,
	}).WriteJSON(&kept))
	earlier, err := ReadReport("old.json", kept.Bytes())
	assert.NilError(t, err)
	now := with(map[string]Outcome{
		"a.broke": Failed, "b.mended": Passed, "d.same": Failed, "e.skips": Skipped, "f.worse": Errored,
		"g.better": Differed, "h.known": Known, "i.new": Passed,
	})
	now.CompareWith("old.json", earlier)
	var text bytes.Buffer
	assert.NilError(t, now.WriteText(&text, TextOptions{}))
	_, told, _ := strings.Cut(text.String(), "since the run")
	told, _, _ = strings.Cut(told, "\nGitLab")
	assert.Equal(t, told, ` r0 of 0001-01-01 00:00 at , which was conformant:
  newly failing      a.broke: failed, was passed
  newly failing      f.worse: errored, was differed
  fixed              b.mended: passed, was failed
  fixed              h.known: known, was failed
  new                i.new: passed
  gone               c.gone: was passed
  otherwise changed  e.skips: skipped, was failed
  otherwise changed  g.better: differed, was errored
`)
}

func TestReadReport_refuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                   "old.json is no report: ",
		"<html>":             "old.json is no report: ",
		`{"format":"other"}`: `old.json is no report of the form statuschecks/report/v2, its format is "other"`,
		`[]`:                 "old.json is no report: ",
		`{"format":"` + ReportFormat + `", "scenarios": [{"outcome": "fine"}]}`: `old.json is a damaged report: ` +
			`unknown outcome "fine"`,
	} {
		_, err := ReadReport("old.json", []byte(text))
		assert.ErrorContains(t, err, want)
		assert.Equal(t, ExitCode(err), ExitUsage)
	}
}

// TestCompareWith_partsOfACatalogue holds that what one run was not asked for is neither new nor gone.
func TestCompareWith_partsOfACatalogue(t *testing.T) {
	t.Parallel()
	of := func(ids ...string) *Report {
		r := &Report{Format: ReportFormat, Verdict: Conformant, Totals: map[string]int{}}
		r.Run.Catalogue = CatalogueReport{Scenarios: 3, Chosen: len(ids)}
		for _, id := range ids {
			r.Scenarios = append(r.Scenarios, Result{ID: id, Outcome: Passed})
		}
		return r
	}
	sharded := of("a", "b", "c")
	sharded.Run.Shard, sharded.Scenarios = "1/3", sharded.Scenarios[:1]
	for name, runs := range map[string]struct{ before, after *Report }{
		"--only now":    {of("a", "b", "c"), of("a")},
		"--only before": {of("a"), of("a", "b", "c")},
		"--shard now":   {of("a", "b", "c"), sharded},
		"both":          {of("a", "b"), of("c", "b")},
	} {
		runs.after.CompareWith("old.json", runs.before)
		assert.Equal(t, len(runs.after.Changes.groups()), 0, name)
		assert.Equal(t, runs.after.Changes.Apart, 2, name)
		assert.Assert(t, strings.Contains(strings.Join(runs.after.Notes(), "\n"), "2 scenarios are not compared"), name)
	}
}
