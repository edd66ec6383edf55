// Package conformance tests whether a server implements the External Status Checks API as GitLab does. It runs
// scenarios. Each scenario is a piece of data that describes one fact about the API, with its source. The package
// uses only GitLab's public REST API. It creates what a scenario needs on the server, records it in a ledger, and
// deletes it at the end. It changes nothing else.
//
// [Run] tests a [Target] and returns a [Report]. A scenario that cannot run on the target is skipped before its first
// request, and the report gives the reason. Every exchange is also checked against the contract of the target's
// release.
package conformance

import (
	"context"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/statuschecks/statuschecks/conformance/scenario"
)

// suite is one run.
type suite struct {
	options  options
	secrets  *secrets
	target   *target
	ledger   *ledger
	projects *projects
	control  *control
	facts    Facts

	service *takenService // nil where the target itself is judged
	watch   *watch        // of what the service calls; nil until it is known who it is

	catalogue CatalogueReport
	patterns  map[string]int // how many scenarios of the catalogue fit each pattern of the profile
	lags      atomic.Bool    // whether the target was seen to work in the background
	single    bool           // one scenario runs alone, so that what it leaves is in the way of none

	mu       sync.Mutex
	fixtures []FixtureFinding
	left     []string
	stays    []stay
	refused  []string // of what is left: what the target has is not what the run made

	aftercare context.Context // of what is undone; nil where nothing is

	other once[scenario.Variables] // what scenarios may refer to in the other project
}

// Run tests a target. The error is a *UsageError or *LoadError for wrong input, and a *TargetError if the target
// cannot be judged at all. A report with failures is not an error.
func Run(ctx context.Context, target Target, o RunOptions) (*Report, error) {
	ended, err := run(ctx, options{Target: target, RunOptions: o})
	if err != nil {
		return nil, err
	}
	return ended.report, nil
}

// runResult is a run that came to its end.
type runResult struct {
	report  *Report
	views   map[string][]view // by scenario, when targets are compared
	secrets *secrets
}

func run(ctx context.Context, o options) (*runResult, error) {
	s, chosen, err := prepareRun(o.withDefaults())
	if err != nil {
		return nil, err
	}
	started := s.options.Clock()
	if err := s.target.connect(ctx); err != nil && ctx.Err() != nil {
		return s.end(s.unconnected(started, chosen), noneBegun(chosen)), nil
	} else if err != nil {
		return nil, s.redacted(err)
	}
	if s.ledger, err = newLedger(s.options.Ledger, header{
		Format: ledgerFormat, Run: s.options.RunID,
		URL: s.target.root,
	}); err != nil {
		return nil, err
	}
	s.projects.ledger = s.ledger
	var done context.CancelFunc
	s.aftercare, done = aftercare(ctx, cleaningTime)
	defer done()
	results, err := s.judge(ctx, chosen)
	interrupted := ctx.Err() != nil
	s.cleanUp(ctx)
	if err != nil {
		return nil, s.withLeft(s.redacted(err))
	}
	report := s.report(started, results)
	report.Run.Interrupted = interrupted
	return s.end(report, results), nil
}

// end gives a report its verdict.
func (s *suite) end(report *Report, results []scenarioRun) *runResult {
	views := map[string][]view{}
	for i := range results {
		views[results[i].ID] = results[i].views
	}
	report.Refused = len(s.refused)
	report.judge()
	return &runResult{redacted(report, s.secrets), views, s.secrets}
}

// prepareRun reads everything that a run needs before anything is sent, and chooses the scenarios.
func prepareRun(o options) (*suite, []*scenario.Scenario, error) {
	all, err := LoadCatalogue(o.Scenarios)
	if err != nil {
		return nil, nil, err
	}
	if o.Profile != nil {
		if err := o.Profile.Check(all); err != nil {
			return nil, nil, err
		}
	}
	chosen, err := Select(all, o.Selection)
	if err != nil {
		return nil, nil, err
	}
	s, err := newSuite(o)
	if err != nil {
		return nil, nil, err
	}
	if s.catalogue, err = catalogueReport(o.Scenarios, len(all), len(chosen)); err != nil {
		return nil, nil, err
	}
	s.patterns = o.Profile.count(all)
	chosen, err = o.Shard.of(chosen)
	return s, chosen, err
}

func newSuite(o options) (*suite, error) {
	root, err := instanceRoot(o.URL)
	if err != nil {
		return nil, err
	}
	if o.Token == "" {
		return nil, usage("a token is needed: a personal access token with the scope api of someone who may create " +
			"projects")
	}
	s := &suite{options: o, secrets: newSecrets()}
	s.secrets.add(o.Token, "$TOKEN")
	for role, token := range o.Tokens {
		s.secrets.add(token, "$TOKEN_"+strings.ToUpper(string(role)))
	}
	s.target = &target{
		root: root, token: o.Token, secrets: s.secrets, clock: o.Clock, wait: o.Wait, pace: newPace(o.Rate),
		timeout: o.Timeout,
		agent:   o.Product + " (run " + o.RunID + ")", coverage: newCoverage(), client: newClient(o),
		assumed: o.AssumeVersion, patch: o.AssumePatch, slowed: slowdown{tell: o.Slowed},
	}
	setUp := s.maker("set-up")
	s.control = &control{maker: setUp, token: o.ControlToken}
	s.secrets.add(o.ControlToken, "$CONTROL_TOKEN")
	if o.Service != nil {
		if err := s.takeService(); err != nil {
			return nil, err
		}
	}
	s.projects = &projects{
		maker: setUp, run: o.RunID, handed: givenParts{o.Project, o.OtherProject, o.Tokens},
		creator: identity{token: o.Token},
	}
	return s, nil
}

// newClient never follows a redirect: the answer itself is what is judged.
func newClient(o options) *http.Client {
	transport := o.Transport
	if transport == nil {
		network := http.DefaultTransport.(*http.Transport).Clone()
		network.MaxIdleConnsPerHost = o.Jobs + 2
		transport = network
	}
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request,
		[]*http.Request,
	) error {
		return http.ErrUseLastResponse
	}}
}

// redacted keeps secrets out of an error's text.
func (s *suite) redacted(err error) error {
	if trouble, ok := err.(*TargetError); ok {
		return &TargetError{Kind: trouble.Kind, Message: s.secrets.redact(trouble.Message)}
	}
	return fmt.Errorf("%s", s.secrets.redact(err.Error()))
}

// withLeft adds to an error what the run could not take away again.
func (s *suite) withLeft(err error) error {
	trouble, is := err.(*TargetError)
	left := len(s.ledger.left())
	if !is || left == 0 {
		return err
	}
	text := fmt.Sprintf("%s\n%d things that the run made are still there", trouble.Message, left)
	if s.options.Ledger != "" {
		text += "; the ledger " + s.options.Ledger + " names them, for a clean-up when the server is back"
	}
	return &TargetError{Kind: trouble.Kind, Message: text + "."}
}

func (s *suite) maker(sc string) *maker {
	return &maker{t: s.target, scenario: sc, findings: s.fixtureFindings}
}

// fixtureFindings keeps departures from the contract that were met outside of scenarios, each kind once.
func (s *suite) fixtureFindings(operation string, found []Finding) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range found {
		finding := FixtureFinding{Operation: operation, Finding: one}
		if !slices.Contains(s.fixtures, finding) {
			s.fixtures = append(s.fixtures, finding)
		}
	}
}

func (s *suite) receiverURL() string {
	if s.options.Receiver == nil {
		return "https://status-checks.invalid"
	}
	return s.options.Receiver.URL()
}

// judge probes the target, plans and runs.
func (s *suite) judge(ctx context.Context, chosen []*scenario.Scenario) ([]scenarioRun, error) {
	if err := s.probe(ctx, chosen); err != nil {
		if ctx.Err() == nil {
			return nil, err
		}
		return noneBegun(chosen), nil
	}
	plan := s.plan(chosen)
	results := s.execute(ctx, plan)
	order := map[string]int{}
	for i, sc := range chosen {
		order[sc.ID] = i
	}
	slices.SortFunc(results, func(a, b scenarioRun) int { return order[a.ID] - order[b.ID] })
	if err := s.target.health.verdict(); err != nil {
		return nil, err
	}
	return results, s.stillSound(ctx, results)
}

// plan tells which scenarios run.
func (s *suite) plan(chosen []*scenario.Scenario) []Planned {
	plan := Plan(chosen, s.facts, s.options.Selection)
	run := 0
	for _, planned := range plan {
		if planned.Run {
			run++
		}
	}
	s.single = run == 1
	return plan
}

// execute runs what is planned: side by side, then one by one what changes the target for everybody.
func (s *suite) execute(ctx context.Context, plan []Planned) []scenarioRun {
	results := make([]scenarioRun, len(plan))
	seats := make(chan struct{}, s.options.Jobs)
	var wait sync.WaitGroup
	done := 0
	finish := func(i int, result scenarioRun) {
		s.mu.Lock()
		defer s.mu.Unlock()
		results[i] = result
		done++
		if s.options.Progress != nil {
			last := results[i].record(s.secrets)
			s.options.Progress(done, len(plan), &last)
		}
	}
	for i, p := range plan {
		switch {
		case !p.Run:
			finish(i, skipped(p))
		case !p.Alone:
			seat := &seat{seats: seats}
			seats <- struct{}{}
			if ctx.Err() != nil {
				<-seats
				finish(i, unjudged(p.Scenario, notBegun))
				continue
			}
			wait.Go(func() {
				defer func() { <-seats }()
				finish(i, s.runScenario(ctx, p, seat))
			})
		}
	}
	wait.Wait()
	for i, p := range plan {
		if p.Run && p.Alone && ctx.Err() != nil {
			finish(i, unjudged(p.Scenario, notBegun))
		} else if p.Run && p.Alone {
			seats <- struct{}{}
			finish(i, s.runScenario(ctx, p, &seat{seats: seats}))
			<-seats
		}
	}
	return results
}

// seat is a scenario's right to run; it is left to others while the scenario really waits. What runs outside of
// scenarios has none.
type seat struct {
	seats chan struct{}
}

func (s *seat) leave(ctx context.Context, while func() error) error {
	if s == nil {
		return while()
	}
	<-s.seats
	err := while()
	select {
	case s.seats <- struct{}{}:
		return err
	case <-ctx.Done():
		s.seats <- struct{}{}
		return ctx.Err()
	}
}

func resultOf(s *scenario.Scenario) Result {
	return Result{
		ID: s.ID, Summary: s.Summary, Level: s.Level, Area: s.Area, Tags: s.Tags, Roles: s.Roles(),
		Evidence: s.Evidence,
		Source:   s.Source, Why: s.Why, File: s.Position.String(),
	}
}

func skipped(p Planned) scenarioRun {
	result := scenarioRun{Result: resultOf(p.Scenario)}
	result.Outcome, result.Reason, result.Moot = Skipped, p.Reason, p.Moot
	if p.TooLong {
		result.Waits = p.Waits.String()
	}
	return result
}

func (s *suite) begun(sc *scenario.Scenario) {
	if s.options.Begun != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.options.Begun(sc)
	}
}

// runScenario makes the fixture, does the steps and removes what they left.
func (s *suite) runScenario(ctx context.Context, p Planned, seat *seat) scenarioRun {
	s.begun(p.Scenario)
	started := s.options.Clock()
	x := &execution{}
	if s.watch != nil {
		if n, err := s.watch.look(ctx); err == nil {
			x.mark = n
		}
	}
	failure := s.carryOut(ctx, p, x, seat)
	result := scenarioRun{Result: resultOf(p.Scenario), mishap: failure, views: x.views}
	result.Outcome = outcome(p.Scenario.Level, failure)
	if result.Outcome == Skipped {
		result.Reason, result.Moot, result.mishap = failure.reason, true, nil
	}
	s.options.Profile.weigh(&result.Result)
	if result.mishap != nil && len(x.seen) > 0 {
		for _, sent := range x.seen[:len(x.seen)-1] {
			result.before = append(result.before, sent())
		}
	}
	if receiver := s.options.Receiver; receiver != nil {
		receiver.forget(x.hooks)
	}
	result.Seconds = s.options.Clock().Sub(started).Seconds()
	return s.spared(ctx, p.Scenario, result)
}

func (s *suite) carryOut(ctx context.Context, p Planned, x *execution, seat *seat) *mishap {
	var err error
	x.fixture, err = s.prepare(ctx, p.Scenario, s.maker(p.Scenario.ID), seat)
	defer s.restore(ctx, x)
	if err != nil {
		return x.lacking(x.trouble("make what is given", err))
	}
	if p.Scenario.Need(scenario.NeedUnlicensed) && s.facts.Licensed {
		x.switched = true
		if err := s.control.license(ctx, x.project.id, false); err != nil {
			return x.trouble("switch the licence off", err)
		}
	}
	return x.run(ctx)
}

// restore undoes what a scenario did to the world, also when the run was interrupted.
func (s *suite) restore(ctx context.Context, x *execution) {
	ctx, cancel := s.care(ctx, time.Minute)
	defer cancel()
	x.endReplies()
	errs := []error{s.control.thaw(ctx, x.stopped)}
	if x.switched {
		errs = append(errs, s.control.license(ctx, x.project.id, nil))
	}
	if x.demanded {
		errs = append(errs, s.control.requireSHA(ctx, path.Dir(x.project.path), nil))
	}
	if x.faulty {
		errs = append(errs, s.control.must(ctx, "take the faults out of force", "deleteFaultPlans", nil))
	}
	errs = append(errs, x.remove(ctx))
	for _, err := range errs {
		if err != nil {
			s.leave(fmt.Sprintf("after %s: %v", x.scenario.ID, err))
		}
	}
}

func (s *suite) leave(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left = append(s.left, s.secrets.redact(text))
}

// outcome weighs a failure by the scenario's level.
func outcome(level scenario.Level, failure *mishap) Outcome {
	switch {
	case failure == nil:
		return Passed
	case failure.outcome != Failed:
		return failure.outcome
	case level == scenario.Must:
		return Failed
	}
	return Differed
}
