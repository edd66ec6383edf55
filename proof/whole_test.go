package proof

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"gotest.tools/v3/assert"
	"gotest.tools/v3/golden"

	"github.com/statuschecks/statuschecks/mockserver"
)

var wholeRun = flag.Bool("whole", false, "run every scenario on every server; takes minutes")

func onlyWhole(t *testing.T) {
	t.Helper()
	if !*wholeRun {
		t.Skip("takes minutes; make proof runs it")
	}
}

// TestWhole_table runs every scenario on every broken server and holds the table, or with -update writes it.
func TestWhole_table(t *testing.T) {
	onlyWhole(t)
	want, got := killers(t), killers(t) // with -run and -update the other rows stay
	var mu sync.Mutex
	t.Run("defect", func(t *testing.T) {
		for _, d := range Defects() {
			t.Run(d.ID, func(t *testing.T) {
				t.Parallel()
				report, _ := trial{defect: d}.judge(t)
				row := rowOf(report)
				row.Short = want[d.ID].Short
				if golden.FlagUpdate() && !row.agrees(want[d.ID]) {
					row.Short = short(t, d, row)
				}
				mu.Lock()
				defer mu.Unlock()
				got[d.ID] = row
				if golden.FlagUpdate() { // at once, so that a run that is stopped was not for nothing
					assert.NilError(t, os.WriteFile("killers.yaml", []byte(write(got)), 0o644))
					return
				}
				assert.DeepEqual(t, row, want[d.ID])
			})
		}
	})
}

// agrees tells whether the scenarios that an earlier row's short run tries notice the server as they did. The short run
// itself holds that they do so alone.
func (r Row) agrees(earlier Row) bool {
	return len(earlier.Short) > 0 && !slices.ContainsFunc(earlier.Short,
		func(id string) bool { return r.kind(id) != earlier.kind(id) })
}

// TestWhole_noFalseAlarms runs the catalogue twenty times for each lag of the background jobs.
func TestWhole_noFalseAlarms(t *testing.T) {
	onlyWhole(t)
	for i := range 20 {
		shorter := time.Duration(i) * 7 * time.Millisecond // so that no two runs have the same lags
		for _, lag := range []mockserver.Lag{
			{},
			{Min: 300 * time.Millisecond, Max: 300*time.Millisecond + shorter},
			{Max: 2*time.Second - shorter},
		} {
			t.Run(fmt.Sprintf("%s-%s/%d", lag.Min, lag.Max, i), func(t *testing.T) {
				t.Parallel()
				report, _ := trial{jobs: 8, mock: func(o *mockserver.Options) { o.Lag = lag }}.judge(t)
				blameless(t, report)
			})
		}
	}
}

// TestWhole_harmless runs the catalogue on servers that are odd and do nothing wrong.
func TestWhole_harmless(t *testing.T) {
	onlyWhole(t)
	for _, d := range Harmless() {
		t.Run(d.ID, func(t *testing.T) {
			t.Parallel()
			report, _ := trial{defect: d, jobs: 8}.judge(t)
			blameless(t, report)
		})
	}
}
