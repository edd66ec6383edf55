package conformance

import (
	"context"
	"fmt"
	"time"

	"github.com/statuschecks/statuschecks/conformance/scenario"
)

// cleaningTime is how long an interrupted run goes on removing what it made. What is left by then stays in the ledger.
const cleaningTime = time.Minute

// aftercare is a context for what is to be undone although the run was interrupted: it ends a while after the run's
// own.
func aftercare(ctx context.Context, while time.Duration) (context.Context, context.CancelFunc) {
	care, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		ending, done := context.WithTimeout(care, while)
		defer done()
		<-ending.Done()
		cancel()
	})
	return care, func() {
		stop()
		cancel()
	}
}

// care is what undoing is bound by: the end of the run's aftercare, and a limit of its own.
func (s *suite) care(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if s.aftercare == nil {
		return context.WithTimeout(context.WithoutCancel(ctx), limit)
	}
	return context.WithTimeout(s.aftercare, limit)
}

const (
	notBegun    = "not run, as the run was interrupted before"
	notFinished = "not run to its end, as the run was interrupted"
)

// unjudged is the result of a scenario that the run did not come to.
func unjudged(sc *scenario.Scenario, reason string) scenarioRun {
	return skipped(Planned{Scenario: sc, Reason: reason})
}

func noneBegun(chosen []*scenario.Scenario) []scenarioRun {
	results := make([]scenarioRun, len(chosen))
	for i, sc := range chosen {
		results[i] = unjudged(sc, notBegun)
	}
	return results
}

// unconnected is the report of a run that was interrupted before the target said what it is. Nothing was made there.
func (s *suite) unconnected(started time.Time, chosen []*scenario.Scenario) *Report {
	report := s.report(started, noneBegun(chosen))
	report.Target.Version, report.Target.Missing, report.Coverage = unknownRelease, map[string]string{}, []Coverage{}
	report.Run.Interrupted = true
	return report
}

// spared turns an error that is only one of the interruption into what it is.
func (s *suite) spared(ctx context.Context, sc *scenario.Scenario, result scenarioRun) scenarioRun {
	if ctx.Err() == nil || result.Outcome != Errored {
		return result
	}
	return unjudged(sc, notFinished)
}

// interruption says in a sentence that the run was interrupted, and how far it came; empty if it was not.
func (r *Report) interruption() string {
	if !r.Run.Interrupted {
		return ""
	}
	rest := 0
	for _, result := range r.Scenarios {
		if result.Reason == notBegun || result.Reason == notFinished {
			rest++
		}
	}
	return fmt.Sprintf("interrupted: %d of %d scenarios were not run", rest, len(r.Scenarios))
}
