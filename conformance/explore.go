package conformance

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/release"
)

// ExploreOptions say how to explore. The zero value works.
type ExploreOptions struct {
	Seed      uint64 // decides every step; the same seed on servers that behave the same is the same walk
	Steps     int    // to take in all; 0 means 100
	WalkSteps int    // to take at most before beginning anew with new projects; 0 means 40
	// replays at most, each with new projects, to find a shorter list of steps; 0 means 100, less means none
	MaxShrink int
	Grace     time.Duration // how long an answer to a GET may go on differing before it counts; 0 means 10 seconds

	Progress func(ExploreProgress) // called after each step and each replay; nil means not

	// Run says how requests are sent and where is recorded what is created. Its fields about scenarios are not used.
	Run RunOptions
}

// ExploreProgress describes how far an exploration is.
type ExploreProgress struct {
	Steps, Total    int    // of the walk; Total is what was asked for
	Replays, Budget int    // of the shrinking, once a difference was found
	Action          string // the step at hand
}

func (o ExploreOptions) withDefaults() ExploreOptions {
	if o.Steps <= 0 {
		o.Steps = 100
	}
	if o.WalkSteps <= 0 {
		o.WalkSteps = 40
	}
	if o.MaxShrink == 0 {
		o.MaxShrink = 100
	}
	if o.Grace <= 0 {
		o.Grace = 10 * time.Second
	}
	if o.Progress == nil {
		o.Progress = func(ExploreProgress) {}
	}
	return o
}

// Exploration is the result of Explore.
type Exploration struct {
	Target, Reference Explored
	Seed              uint64
	Asked             int // steps that were asked for
	Steps, Walks      int // that were taken
	Divergence        *Divergence
	Interrupted       bool     // before all steps were taken, or the difference was shrunk
	Remaining         []string // what could not be removed from the servers, or was kept
}

// Explored is one of the two servers of an exploration.
type Explored struct {
	URL             string
	Version         release.Version
	ReportedVersion string // what it says it is, if it is judged as another release
}

// Divergence is the first step for which the response of the target differs from that of the reference.
type Divergence struct {
	Walk, Step int                // where it was met first, counted from 1
	Replays    int                // that were made to shrink it
	Again      bool               // it came again when the same steps were replayed
	Stopped    string             // why the shrinking ended early; empty when it did not
	Scenario   *scenario.Scenario // the fewest steps that were found, with the reference's answers as expectations
	Diff       string             // of the last step, with - for the reference and + for the target
	Exchange   *Exchange          // of the last step, with the target
}

// The two servers of an exploration, by position.
const (
	ofReference = iota
	ofTarget
)

// explorer is one exploration.
type explorer struct {
	options ExploreOptions
	sides   [2]*suite
	result  *Exploration
	replays int
	named   int // projects that were made
}

// Explore makes the same random steps on two servers, until their responses differ or all steps are done. If there is
// a difference, it repeats the steps to find the shortest list that shows it. It runs no scenarios. The ledger of the
// reference is o.Run.Ledger with "-reference" before the extension; a reference in this process has none. The error is
// a *UsageError for wrong input, and a *TargetError if a server cannot be explored.
func Explore(ctx context.Context, target, reference Target, o ExploreOptions) (*Exploration, error) {
	x := &explorer{options: o.withDefaults(), result: &Exploration{Seed: o.Seed}}
	x.result.Asked = x.options.Steps
	care, done := aftercare(ctx, cleaningTime)
	defer done()
	for i, server := range [2]Target{ofReference: reference, ofTarget: target} {
		if server.Project != "" {
			return nil, usage("exploring makes projects of its own, so that lists are exact; it cannot work in the "+
				"project %s", server.Project)
		}
		side := options{Target: server, RunOptions: o.Run}
		if i == ofReference {
			side.Ledger = besideLedger(o.Run.Ledger, "-reference", server)
		}
		s, err := newSuite(side.withDefaults())
		if err != nil {
			return nil, err
		}
		x.sides[i], s.aftercare = s, care
	}
	err := x.begin(ctx)
	if err == nil {
		err = x.explore(ctx)
	}
	x.result.Interrupted = ctx.Err() != nil
	x.finish(ctx)
	if err != nil && !x.result.Interrupted {
		return nil, x.withLeft(err)
	}
	return redacted(x.result, x.secrets()...), nil
}

// both does something on both sides at the same time. An error of the reference says so.
func (x *explorer) both(do func(i int, s *suite) error) error {
	var errs [2]error
	var wait sync.WaitGroup
	for i, s := range x.sides {
		wait.Go(func() { errs[i] = do(i, s) })
	}
	wait.Wait()
	if errs[ofTarget] != nil {
		return x.explained(ofTarget, errs[ofTarget])
	}
	if errs[ofReference] != nil {
		return x.explained(ofReference, errs[ofReference])
	}
	return nil
}

// explained makes what went wrong on one side fit for people.
func (x *explorer) explained(i int, err error) error {
	var stuck *stuckError
	if errors.Is(err, errNoReference) || errors.As(err, &stuck) {
		return err
	}
	s := x.sides[i]
	if errors.Is(err, context.Canceled) {
		return connectionTrouble(err, s.target.root)
	}
	err = s.redacted(s.unreachable(err))
	known, is := err.(*TargetError)
	switch {
	case i == ofReference && is:
		return &TargetError{Kind: known.Kind, Message: "the reference: " + known.Message, Err: known.Err}
	case i == ofReference:
		return fmt.Errorf("the reference: %w", err)
	}
	return err
}

// begin connects to both servers and finds out what they can do.
func (x *explorer) begin(ctx context.Context) error {
	err := x.both(func(_ int, s *suite) error {
		if err := s.target.connect(ctx); err != nil {
			return err
		}
		l, err := newLedger(s.options.Ledger, header{Format: ledgerFormat, Run: s.options.RunID, URL: s.target.root})
		if err != nil {
			return err
		}
		s.ledger, s.projects.ledger = l, l
		if err := s.probe(ctx, roleProbes()); err != nil {
			return err
		}
		if !s.facts.Licensed {
			return trouble(Unlicensed, nil, "%s answers 401 to who asks for the checks of an own project: it has no "+
				"licence for external status checks (Ultimate), or its feature flag is off. There is nothing to "+
				"explore.",
				s.target.root)
		}
		return nil
	})
	for i, into := range [2]*Explored{ofReference: &x.result.Reference, ofTarget: &x.result.Target} {
		*into = explored(x.sides[i].target)
	}
	return err
}

// roleProbes are scenarios that need a role each, by which the probe tells which roles can be had.
func roleProbes() []*scenario.Scenario {
	var probes []*scenario.Scenario
	for _, role := range scenario.Roles {
		if role != scenario.Admin {
			probes = append(probes, &scenario.Scenario{
				ID: "explore.role-" + string(role), Level: scenario.Must, Isolation: scenario.Shared,
				Given: scenario.Given{Project: scenario.ProjectGiven{Visibility: "private"}},
				Steps: []scenario.Step{{As: role, Call: "listExternalStatusChecks"}},
			})
		}
	}
	return probes
}

// finish removes what both sides still have, also when the exploration was interrupted.
func (x *explorer) finish(ctx context.Context) {
	for i, s := range x.sides {
		if s.ledger == nil {
			continue
		}
		s.cleanUp(ctx)
		for _, text := range s.left {
			if i == ofReference {
				text = "the reference: " + text
			}
			x.result.Remaining = append(x.result.Remaining, text)
		}
	}
}

// withLeft adds to an error what could not be removed from the target.
func (x *explorer) withLeft(err error) error {
	if s := x.sides[ofTarget]; s.ledger != nil {
		return s.withLeft(err)
	}
	return err
}

// explore takes walks until the steps are used up or a difference is found, which it shrinks.
func (x *explorer) explore(ctx context.Context) error {
	dice := &chance{state: x.options.Seed}
	for x.result.Steps < x.options.Steps {
		x.result.Walks++
		found, err := x.wander(ctx, newModel(x.roles(), x.clocks(), dice))
		if err != nil {
			return err
		}
		if found != nil {
			step := len(found.steps)
			best, again, err := x.shrink(ctx, found)
			d := x.divergence(best)
			d.Walk, d.Step, d.Replays, d.Again = x.result.Walks, step, x.replays, again
			if err != nil { // what was found is worth telling all the same
				d.Stopped = err.Error()
			}
			x.result.Divergence = d
			return nil
		}
	}
	return nil
}

// roles are those that both servers have.
func (x *explorer) roles() []scenario.Role {
	var roles []scenario.Role
	for _, role := range scenario.Roles {
		has := role != scenario.Admin && role != scenario.Creator
		for _, s := range x.sides {
			has = has && s.facts.lacks("role "+string(role)) == ""
		}
		if has {
			roles = append(roles, role)
		}
	}
	return roles
}

// clocks tells whether both servers' clocks can be moved.
func (x *explorer) clocks() bool {
	return x.sides[ofReference].control.has(scenario.NeedClock) && x.sides[ofTarget].control.has(scenario.NeedClock)
}

// wander takes one walk at random and gives the steps to the first difference, nil without one.
func (x *explorer) wander(ctx context.Context, m *model) (*counterexample, error) {
	w, err := x.startWalk(ctx, "walk", m.given())
	if err != nil {
		return nil, err
	}
	defer w.end(ctx)
	for len(w.steps) < x.options.WalkSteps && x.result.Steps < x.options.Steps && !w.late() {
		move := m.next()
		for i := range move.steps {
			step := &move.steps[i]
			heard, err := w.take(ctx, step)
			if err != nil {
				return nil, err
			}
			x.result.Steps++
			x.options.Progress(ExploreProgress{Steps: x.result.Steps, Total: x.options.Steps, Action: stepTitle(step)})
			if heard.diff != "" {
				return &counterexample{w.given, w.steps}, nil
			}
			if !move.goesOn(i, heard) {
				break
			}
		}
	}
	return nil, nil
}
