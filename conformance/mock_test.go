package conformance_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/internal/docstest"
	"github.com/statuschecks/statuschecks/mockserver"

	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// inBubble runs a test in a bubble of its own time, where no wait is real and everything that would go on beside it
// does.
func inBubble(t *testing.T, run func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC))) // bubbles begin in 2000
		run(t)
	})
}

// repeats leaves a test that does once more what others do to runs without the race detector, which makes a run ten
// times as slow.
func repeats(t *testing.T) {
	t.Helper()
	if underRace {
		t.Skip("another test does the same under the race detector")
	}
}

// setup is a server to judge, and how.
type setup struct {
	conformance.Target
	conformance.RunOptions
}

// mock gives options that point a run at a mock in this process.
func mock(t *testing.T, change func(*mockserver.Options)) setup {
	t.Helper()
	receiver := conformance.NewReceiver("http://receiver.invalid")
	world := seed.Default()
	options := mockserver.Options{
		BaseURL: "http://builtin.invalid", Seed: &world,
		Transport: conformance.InProcess(receiver),
	}
	if change != nil {
		change(&options)
	}
	server, err := mockserver.New(options)
	assert.NilError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	var ended sync.WaitGroup
	ended.Go(func() { _ = server.Run(ctx) })
	t.Cleanup(func() { cancel(); ended.Wait() })
	o := aim(server, world)
	o.Receiver = receiver
	return o
}

func aim(server *mockserver.Server, world seed.Document) setup {
	o := setup{
		conformance.Target{URL: "http://builtin.invalid", Transport: conformance.InProcess(server)},
		conformance.RunOptions{RunID: "run1", Selection: conformance.Selection{MaxWait: -1}},
	}
	for _, token := range world.Tokens() {
		if token.Role == "admin" {
			o.Token = token.Secret
			break
		}
	}
	return o
}

// conforms runs every scenario and holds that all was as expected, the observed included, and that nothing is left.
func conforms(t *testing.T, o setup) *conformance.Report {
	t.Helper()
	report, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
	assert.NilError(t, err)
	var text strings.Builder
	assert.NilError(t, report.WriteText(&text, conformance.TextOptions{}))
	assert.Equal(t, report.Verdict, conformance.Conformant, text.String())
	assert.Equal(t, report.Totals["differed"], 0, text.String())
	assert.Equal(t, len(report.Fixtures), 0, text.String())
	assert.Equal(t, len(report.Remaining), 0, text.String())
	return report
}

// TestCatalogue runs every scenario against the mock.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		report := conforms(t, mock(t, nil))
		for _, result := range report.Scenarios {
			if result.Outcome == conformance.Skipped && !result.Moot {
				t.Errorf("%s was left out: %s", result.ID, result.Reason)
			}
		}
	})
}

// TestCatalogue_laggingTarget runs every scenario against mocks whose background jobs take a while, as GitLab's do.
func TestCatalogue_laggingTarget(t *testing.T) {
	t.Parallel()
	for _, lag := range []mockserver.Lag{
		{Min: 300 * time.Millisecond, Max: 300 * time.Millisecond},
		{Max: 2 * time.Second},
	} {
		t.Run(lag.Max.String(), func(t *testing.T) {
			t.Parallel()
			if lag.Min > 0 {
				repeats(t)
			}
			inBubble(t, func(t *testing.T) {
				conforms(t, mock(t, func(m *mockserver.Options) { m.Lag = lag }))
			})
		})
	}
}

// TestCatalogue_withoutControl runs what can run where neither clock nor licence can be moved, and waits instead.
func TestCatalogue_withoutControl(t *testing.T) {
	t.Parallel()
	repeats(t)
	inBubble(t, func(t *testing.T) {
		started := time.Now()
		o := mock(t, func(m *mockserver.Options) {
			m.NoControl, m.TimeoutEveryMinute, m.Lag = true, true, mockserver.Lag{Max: time.Second}
		})
		report, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
		assert.NilError(t, err)
		for _, result := range report.Scenarios {
			if result.Outcome != conformance.Passed && result.Outcome != conformance.Skipped {
				t.Errorf("%s: %s %+v", result.ID, result.Outcome, result.Failure)
			}
		}
		assert.Equal(t, report.Verdict, conformance.Conformant, "whoever cannot stop the clock can conform")
		assert.Assert(t, time.Since(started) < 270*time.Second, "long waits overlap with everything else; it took %s",
			time.Since(started))
	})
}

// TestPageExamples_run runs the examples of the page that teaches the format, so that they are not only well-formed.
func TestPageExamples_run(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{}
	for i, example := range docstest.Blocks(t, "scenario-format.md", "yaml") {
		files[fmt.Sprintf("page/example-%d.yaml", i+1)] = &fstest.MapFile{Data: []byte(example.Text)}
	}
	inBubble(t, func(t *testing.T) {
		o := mock(t, nil)
		o.Scenarios = files
		conforms(t, o)
	})
}
