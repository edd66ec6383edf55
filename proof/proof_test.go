package proof

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/internal/testheap"
	"github.com/statuschecks/statuschecks/mockserver"
)

func TestMain(m *testing.M) { os.Exit(testheap.Run(m)) }

func killers(t *testing.T) map[string]Row {
	t.Helper()
	rows, err := Killers()
	assert.NilError(t, err)
	return rows
}

// catalogue are all scenarios, those made from the contract too.
func catalogue(t *testing.T) []*scenario.Scenario {
	t.Helper()
	all, err := everything()
	assert.NilError(t, err)
	return all
}

// most is how many of a defect's scenarios the short run tries. The whole run tries all scenarios on all servers.
const most = 2

// sample picks up to n ids, spread evenly.
func sample(ids []string, n int) []string {
	if len(ids) <= n {
		return ids
	}
	var picked []string
	for i := range n {
		picked = append(picked, ids[i*len(ids)/n])
	}
	return picked
}

// short picks scenarios that notice a broken server also when they run without the others.
func short(t *testing.T, d Defect, row Row) []string {
	t.Helper()
	for _, n := range []int{most, 4 * most, len(row.noticing())} {
		picked := sample(noticingAlone(t, d, row, sample(row.noticing(), n)), most)
		if len(picked) > 0 && len(noticingAlone(t, d, row, picked)) == len(picked) {
			return picked
		}
	}
	return nil
}

// noticingAlone are those of some scenarios that notice a broken server when only those run.
func noticingAlone(t *testing.T, d Defect, row Row, ids []string) []string {
	t.Helper()
	if len(ids) == 0 {
		return nil
	}
	report, _ := trial{defect: d, only: ids}.judge(t)
	alone := rowOf(report)
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return alone.kind(id) != row.kind(id) })
}

// TestDefects_areCaught runs, for each broken server, scenarios that the table says notice it; under the race detector,
// for a quarter of them.
func TestDefects_areCaught(t *testing.T) {
	t.Parallel()
	rows := killers(t)
	for i, d := range Defects() {
		t.Run(d.ID, func(t *testing.T) {
			t.Parallel()
			if underRace && i%4 > 0 {
				t.Skip("runs without the race detector")
			}
			row := rows[d.ID]
			tr := trial{defect: d, only: row.Short}
			if len(tr.only) == 0 {
				tr.only = []string{"list.shape"}
			}
			report, _ := tr.judge(t)
			got := rowOf(report)
			for _, id := range row.Short {
				assert.Equal(t, got.kind(id), row.kind(id), "%s\n%s", id, shown(t, report))
			}
			assert.Assert(t, got.Seen(), "nothing of %q was noticed", d.Wrong)
		})
	}
}

// blameless holds that nothing failed, differed or could not be carried out, and that nothing was left behind.
func blameless(t *testing.T, report *conformance.Report) {
	t.Helper()
	row := rowOf(report)
	row.Skipped, row.Verdict = nil, ""
	row.Findings = slices.DeleteFunc(row.Findings, func(operation string) bool {
		standing, _, err := conformance.StandingOf(operation)
		assert.NilError(t, err)
		return standing != conformance.Judged
	})
	assert.Assert(t, !row.Seen(), "%s", shown(t, report))
}

// TestHarmless_isNotBlamed runs some scenarios on servers that are odd and do nothing wrong.
func TestHarmless_isNotBlamed(t *testing.T) {
	t.Parallel()
	for _, d := range Harmless() {
		t.Run(d.ID, func(t *testing.T) {
			t.Parallel()
			report, _ := trial{defect: d, jobs: 8, only: []string{
				"retry.failed", "timeout.strictly-older",
				"licence.respond", "roles.respond.planner", "deliver.payload",
			}}.judge(t)
			blameless(t, report)
		})
	}
}

var kebab = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// TestDefects_areWellFormed holds that each defect has an id of its own, a sentence and something that it does.
func TestDefects_areWellFormed(t *testing.T) {
	t.Parallel()
	seen, areas := map[string]bool{}, map[string]bool{}
	for _, d := range slices.Concat(Defects(), Harmless()) {
		assert.Assert(t, kebab.MatchString(d.ID), d.ID)
		assert.Assert(t, !seen[d.ID], "%s is there twice", d.ID)
		assert.Assert(t, len(d.Wrong) > 10 && d.Wrong[len(d.Wrong)-1] == '.', "%s: %q is no sentence", d.ID, d.Wrong)
		assert.Assert(t, slices.Contains(Areas, d.Area), "%s: there is no area %q", d.ID, d.Area)
		seen[d.ID], areas[d.Area] = true, true
	}
	assert.Equal(t, len(areas), len(Areas))
}

// TestTable_isComplete holds that every defect is noticed, that the table names scenarios that are there, and that
// every scenario catches a broken server or says why it cannot.
func TestTable_isComplete(t *testing.T) {
	t.Parallel()
	rows := killers(t)
	reasons, err := Unkillable()
	assert.NilError(t, err)
	kills, known := map[string]int{}, map[string]bool{}
	for _, s := range catalogue(t) {
		known[s.ID] = true
	}
	for _, d := range Defects() {
		row, listed := rows[d.ID]
		assert.Check(t, listed && row.Seen(), "%s (%s) is noticed by nothing: write a scenario that catches it, "+
			"then run make proof", d.ID, d.Wrong)
		for _, id := range slices.Concat(row.noticing(), row.Short) {
			assert.Check(t, known[id], "killers.yaml: %s names the scenario %s, which is not there; run make proof",
				d.ID, id)
		}
		for _, id := range row.Caught {
			kills[id]++
		}
		delete(rows, d.ID)
	}
	for _, c := range CaseDefects() { // TestCases_eachHasADefectOfItsOwn runs them
		kills[c.Case]++
	}
	for id := range rows {
		t.Errorf("killers.yaml: there is no defect %s; run make proof", id)
	}
	for id := range known {
		reason := reasons[id]
		assert.Check(t, kills[id] > 0 || reason != "", "the scenario %s catches no broken server: add a defect that "+
			"it catches, or say in unkillable.yaml why there is none, then run make proof", id)
		assert.Check(t, kills[id] == 0 || reason == "", "unkillable.yaml: %s catches broken servers after all", id)
	}
	for id := range reasons {
		assert.Check(t, known[id], "unkillable.yaml names the scenario %s, which is not there", id)
	}
}

// TestTimeouts_atEverySecondOfTheMinute holds that a job that goes by a wrong rule is caught whenever it looks, and one
// that goes by the right rule never is.
func TestTimeouts_atEverySecondOfTheMinute(t *testing.T) {
	t.Parallel()
	rules := map[string]func(time.Duration) alteration{
		"timeout.retry-restarts": fromCreation, "timeout.not-after-a-minute": afterAMinute,
		"timeout.made-later": laterRows,
	}
	for second := time.Duration(0); second < time.Minute; second += 5 * time.Second {
		t.Run("right/"+second.String(), func(t *testing.T) {
			t.Parallel()
			late := func(o *mockserver.Options) {
				o.TimeoutEveryMinute, o.NoControl = true, true
				o.Now = func() time.Time { return present().Add(second) }
			}
			report, _ := trial{
				defect: Defect{ID: "right", Area: "timeout"}, jobs: 8, only: []string{"timeout"},
				mock: late,
			}.judge(t)
			blameless(t, report)
		})
	}
	for id, rule := range rules {
		for second := time.Duration(0); second < time.Minute; second += 5 * time.Second {
			t.Run(id+"/"+second.String(), func(t *testing.T) {
				t.Parallel()
				wrong := Defect{ID: "wrong", Area: "timeout", Options: minutely, Answer: rule(second)}
				report, _ := trial{defect: wrong, only: []string{id}}.judge(t)
				assert.Assert(t, slices.Contains(rowOf(report).Caught, id), "%s", shown(t, report))
			})
		}
	}
}

// TestAround_neverDecides holds that a server which lacks what stands around status checks, or departs from the
// contract there, is conformant all the same, and that the report says what it lacks.
func TestAround_neverDecides(t *testing.T) {
	t.Parallel()
	const noAuditLog = "the target lacks an audit log of projects: it"
	says := map[string]string{
		"no-time-tracking":       "the target lacks time tracking: it answered 404 to addSpentTime",
		"no-approvals":           "about approvals: approval rules cannot be made",
		"no-audit-log":           noAuditLog + " answered 404 to listProjectAuditEvents",
		"audit-log-not-licensed": noAuditLog + " answered 403 to listProjectAuditEvents",
		"no-threads":             "the target lacks threads: it answered 404 to createMergeRequestDiscussion",
		"no-comments":            "the target lacks comments: it answered 501 to createMergeRequestNote",
		"bare-notes":             "createMergeRequestNote",
		"no-conflicts":           "the target does not show that branches contradict each other",
		"no-rebase":              "the target does not show that a branch is behind",
		"approvals-stop-nothing": "the target does not show that approvals are missing",
		"no-single-files":        "the target lacks files by the API: it answered 404 to createFile",
		"no-metadata":            "the target lacks metadata of the instance: it answered 404 to getMetadata",
		"brief-merge-requests":   "getMergeRequest",
		"brief-projects":         "getProject", "words-for-numbers": "getMergeRequest",
	}
	about := []string{
		"merge", "history.metadata.edition", "deliver.time-spent", "deliver.resolved",
		"deliver.not-on-comment", "deliver.approvals-*", "checks.audit.*",
	}
	for _, d := range around() {
		t.Run(d.ID, func(t *testing.T) {
			t.Parallel()
			report, _ := trial{defect: d, jobs: 8, only: about}.judge(t)
			blameless(t, report)
			assert.Equal(t, report.Verdict, conformance.Conformant, "%s", shown(t, report))
			assert.Assert(t, says[d.ID] != "", "say what is to be read of it")
			var text strings.Builder
			assert.NilError(t, report.WriteText(&text, conformance.TextOptions{Verbose: true}))
			read := strings.Join(strings.Fields(text.String()), " ")
			assert.Assert(t, strings.Contains(read, says[d.ID]), "%s", read)
		})
	}
}
