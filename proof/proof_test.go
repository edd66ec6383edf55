package proof

import (
	"flag"
	"os"
	"regexp"
	"runtime/debug"
	"slices"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
)

// TestMain has garbage collected less often, as every test makes many small servers.
func TestMain(m *testing.M) {
	flag.Parse()
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

func killers(t *testing.T) map[string]Row {
	t.Helper()
	rows, err := Killers()
	assert.NilError(t, err)
	return rows
}

// catalogue are all scenarios, those made from the contract too.
func catalogue(t *testing.T) []*conformance.Scenario {
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

// TestDefects_areCaught runs, for each broken server, scenarios that the table says notice it; under the race detector, for a quarter of them.
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
	assert.Assert(t, !row.Seen(), "%s", shown(t, report))
}

// TestHarmless_isNotBlamed runs some scenarios on servers that are odd and do nothing wrong.
func TestHarmless_isNotBlamed(t *testing.T) {
	t.Parallel()
	for _, d := range Harmless() {
		t.Run(d.ID, func(t *testing.T) {
			t.Parallel()
			report, _ := trial{defect: d, jobs: 8, only: []string{"retry.failed", "timeout.strictly-older", "licence.respond", "roles.respond.planner", "deliver.payload"}}.judge(t)
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

// TestTable_isComplete holds that every defect is noticed, that the table names scenarios that are there, and that every
// scenario catches a broken server or says why it cannot.
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
		assert.Check(t, listed && row.Seen(), "%s (%s) is noticed by nothing: write a scenario that catches it, then run make proof", d.ID, d.Wrong)
		for _, id := range slices.Concat(row.noticing(), row.Short) {
			assert.Check(t, known[id], "killers.yaml: %s names the scenario %s, which is not there; run make proof", d.ID, id)
		}
		for _, id := range row.Caught {
			kills[id]++
		}
		delete(rows, d.ID)
	}
	for id := range rows {
		t.Errorf("killers.yaml: there is no defect %s; run make proof", id)
	}
	for id := range known {
		reason := reasons[id]
		assert.Check(t, kills[id] > 0 || reason != "", "the scenario %s catches no broken server: add a defect that it catches, or say in unkillable.yaml why there is none, then run make proof", id)
		assert.Check(t, kills[id] == 0 || reason == "", "unkillable.yaml: %s catches broken servers after all", id)
	}
	for id := range reasons {
		assert.Check(t, known[id], "unkillable.yaml names the scenario %s, which is not there", id)
	}
}
