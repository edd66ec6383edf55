package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/statuschecks/statuschecks/conformance"
)

// exploreOptions are the flags of explore: those about the server and how to go about it are verify's.
type exploreOptions struct {
	*verifyOptions
	seed             uint64
	steps, maxShrink int
	out              string
	grace            period
}

func newExplore(sys system) *cobra.Command {
	o := &exploreOptions{
		verifyOptions: newVerifyOptions(), grace: period{length: 10 * time.Second}, steps: 200,
		maxShrink: 100,
	}
	cmd := &cobra.Command{
		Use:   "explore",
		Short: "Compare a server with the built-in mock by random requests",
		Long: `Send the same random requests to a server and to the built-in mock of the same release, and compare
the responses. The steps create, change and delete checks, set statuses and retry them, push commits, and close
and merge merge requests. They use all roles, and valid and invalid values. Ids, times and addresses count as
equal.

At the first difference, the command looks for fewer steps that show it, and writes them as a scenario.
docs/explore.md has an example. All steps happen in projects whose names begin with statuschecks-; they are
deleted at the end.`,
		Example: "  statuschecks explore --url https://gitlab.example.com --token \"$TOKEN\"\n  statuschecks " +
			"explore --target staging.yaml --seed 7 --steps 1000 --out found/explored.yaml\n" +
			"  statuschecks explore --builtin --lag 0s-2s",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd, sys) },
	}
	o.flags(cmd.Flags())
	return cmd
}

func (o *exploreOptions) flags(f *pflag.FlagSet) {
	f.Var(newText(&o.target, readable), "target", "YAML `file` that describes the server, as for verify")
	o.serverFlags(f)
	f.Var(&o.assumeVersion, "assume-version",
		"GitLab release to compare the server with, instead of the one it reports")
	f.BoolVar(&o.builtin, "builtin", false, "compare the built-in mock with itself instead of a server")
	f.Var(&o.version, "gitlab-version", "with --builtin: GitLab release that both mocks behave as (default 18.9)")
	f.Var(&o.lag, "lag", "with --builtin: delay of background jobs and deliveries in one of the two "+
		"mocks")
	f.Var(&dice{&o.seed}, "seed", "`number` that decides every step; the same number repeats the same steps "+
		"(default: a new one, which is shown)")
	nameVariable(f, "seed", "explore-seed") // serve reads its world from a file of this name
	f.Var(&number{&o.steps, 1, 1_000_000}, "steps", "number of `steps`")
	f.Var(&number{&o.maxShrink, 0, 100_000}, "max-shrink", "most `replays` to find fewer steps to a difference; "+
		"0 shows the steps as they happened")
	f.Var(&o.grace, "grace", "how long the response to a GET may differ before it counts, because servers work in "+
		"the background")
	f.Var(newText(&o.out, writable), "out",
		"`file` for the scenario that shows the difference (default: it is printed)")
	f.Var(newText(&o.caFile, readable), "tls-ca", "PEM `file` with the authority that signed the server's certificate")
	f.Var(&o.patience, "patience", "how long to wait for background work of the server")
	f.Var(&o.timeout, "timeout", "time limit for one request and its response")
	f.Var(&rate{&o.rate}, "rate", "most requests per `second` (default: no limit)")
	f.BoolVar(&o.keep, "keep", false, "do not delete what was created, and keep the ledger")
	f.Var(newText(&o.ledger, creatable), "ledger", "`file` that records what was created, for cleanup "+
		"(default: a new file in the user's cache folder)")
	f.Var(newReports(&o.reports, pairFormats), "report", "further reports, as `format=file`: json or text; "+
		"the file - is standard output")
	f.Var(o.color, "color", "colours in the output")
	f.Var(o.progress, "progress", "how to show the progress; auto: a bar on a terminal, lines elsewhere")
	serverOrMock(f)
}

func (o *exploreOptions) run(cmd *cobra.Command, sys system) error {
	if err := o.takeTarget(sys, cmd.Flags()); err != nil {
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	if !cmd.Flags().Changed("seed") {
		o.seed = uint64(sys.now().UnixNano()) % 1_000_000
	}
	e, err := o.compareSides(cmd, sys)
	if err != nil {
		return err
	}
	return o.tell(sys, e)
}

// check tells what is wrong with the flags before anything is sent.
func (o *exploreOptions) check() error {
	if o.project != "" || o.otherProject != "" {
		return wrongUsage("the target file names a project to work in, and explore makes its own, so that lists are " +
			"exact; leave project and other_project out, or name a namespace")
	}
	if _, err := reportFiles(o.reports); err != nil {
		return err
	}
	return o.aimed()
}

// compareSides compares the server with a mock of its release.
func (o *exploreOptions) compareSides(cmd *cobra.Command, sys system) (*conformance.Exploration, error) {
	ctx := cmd.Context()
	options, err := o.runOptions(sys, cmd)
	if err != nil {
		return nil, err
	}
	target, err := o.server()
	if err != nil {
		return nil, err
	}
	if options.Ledger, err = o.ledgerOf(options.RunID); err != nil {
		return nil, err
	}
	if o.builtin {
		finish, err := o.aimAtMock(ctx, sys, &target)
		if err != nil {
			return nil, err
		}
		defer finish()
	} else if target.Transport, err = o.transport(); err != nil {
		return nil, err
	}
	mock := *o.verifyOptions
	mock.lag = lag{}
	if mock.version.version, err = conformance.ReadVersion(ctx, target, options); err != nil && ctx.Err() == nil {
		return nil, o.explain(ctx, err)
	}
	reference := conformance.Target{Pace: conformance.Pace{Timeout: o.timeout.length, Patience: o.patience.length}}
	finish, err := mock.aimAtMock(ctx, sys, &reference)
	if err != nil {
		return nil, err
	}
	defer finish()
	show := o.newProgress(sys)
	options.Slowed = show.slowed
	defer show.tellOfLedger(ctx, options.Ledger)()
	e, err := conformance.Explore(ctx, target, reference, conformance.ExploreOptions{
		Seed: o.seed, Steps: o.steps, MaxShrink: o.shrink(), Grace: max(o.grace.length, time.Millisecond),
		Progress: show.explored, Run: options,
	})
	show.close()
	if err != nil {
		return nil, o.explain(ctx, err)
	}
	return e, nil
}

// shrink is how many replays may be made, for a library to which 0 means its own choice.
func (o *exploreOptions) shrink() int {
	if o.maxShrink == 0 {
		return -1
	}
	return o.maxShrink
}

// tell writes what came of it, and the scenario to its file.
func (o *exploreOptions) tell(sys system, e *conformance.Exploration) error {
	file := ""
	if e.Divergence != nil {
		file = o.out
	}
	files, err := reportFiles(o.reports)
	if err != nil {
		return err
	}
	people := forPeople(sys, files)
	if err := e.WriteText(people, conformance.TextOptions{Color: o.colored(sys, people)}, file); err != nil {
		return err
	}
	err = writeReports(sys, files, writers{
		"json": e.WriteJSON, "text": func(w io.Writer) error { return e.WriteText(w, conformance.TextOptions{}, "") },
	})
	if err != nil {
		return err
	}
	if file != "" {
		if err := os.WriteFile(file, e.Divergence.File(), 0o644); err != nil {
			return &exitError{exitNotJudged, fmt.Errorf("write the scenario: %w", err)}
		}
	}
	if e.Interrupted && e.Divergence != nil {
		return &exitError{e.ExitCode(), errors.New("interrupted while the difference was shrunk")}
	}
	if code := e.ExitCode(); code != exitOK {
		return &exitError{code: code}
	}
	return nil
}

// explored shows how far an exploration is.
func (p *progress) explored(at conformance.ExploreProgress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.total, p.running = at.Steps, at.Total, []string{at.Action}
	if at.Replays > 0 {
		p.done, p.total, p.doing = at.Replays, at.Budget, "a difference; replay "
	}
	p.tell()
}
