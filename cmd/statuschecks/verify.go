package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/scenarios"
)

// verifyOptions are the flags of verify.
type verifyOptions struct {
	url, token, caFile, scenarios, ledger string
	receiverListen, receiverURL           string
	namespace                             string
	only, levels, reports                 []string
	builtin, list, keep, strict, verbose  bool
	jobs                                  int
	rate                                  float64
	patience                              period
	maxWait                               boundedWait
	version                               release
	lag                                   lag
	color                                 *choice
}

func newVerify(sys system) *cobra.Command {
	o := &verifyOptions{color: newChoice("auto", "always", "never"), patience: period{time.Minute}, maxWait: boundedWait{-1}}
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Judge a server by scenarios",
		Long: "Judge a server by scenarios: is its External Status Checks API what GitLab's is?\n\n" +
			"What the scenarios need is made on the server, in projects whose names begin with statuschecks-, and removed at the end;\n" +
			"nothing else is touched. The report goes to standard output.",
		Example: "  statuschecks verify --builtin\n  statuschecks verify --url https://gitlab.example.com --token \"$TOKEN\" --max-wait 0s --report junit=report.xml\n" +
			"  statuschecks verify --list --only respond",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	f := cmd.Flags()
	f.StringVar(&o.url, "url", "", "`URL` of the server: the instance's root, or its /api/v4")
	f.StringVar(&o.token, "token", "", "`token` with the scope api of someone who may create projects; better given as STATUSCHECKS_TOKEN")
	f.StringVar(&o.caFile, "tls-ca", "", "PEM `file` with the authority that signed the server's certificate")
	f.StringVar(&o.namespace, "namespace", "", "`id or path` of the namespace to make projects in (default: that of the token's owner)")
	f.BoolVar(&o.builtin, "builtin", false, "judge the built-in mock instead of a server")
	f.Var(&o.version, "gitlab-version", "with --builtin: GitLab release that the mock behaves as (default 18.9)")
	f.Var(&o.lag, "lag", "with --builtin: how long the mock's background jobs and deliveries wait")
	f.StringSliceVar(&o.only, "only", nil, "scenarios to run: `ids`, globs over ids, areas or tags; with ! before it, to leave out")
	f.StringSliceVar(&o.levels, "level", nil, "`levels` to run: must, should, observed (default: all)")
	f.BoolVar(&o.list, "list", false, "list the scenarios and run none")
	f.StringVar(&o.scenarios, "scenarios", "", "`folder` with scenarios of your own instead of the built-in ones")
	f.Var(&o.maxWait, "max-wait", "leave out scenarios that really have to wait longer than this, as 0s; any leaves out none")
	f.Var(&o.patience, "patience", "how long to poll for what the server does in the background")
	f.IntVar(&o.jobs, "jobs", 8, "`scenarios` to run at a time")
	f.Float64Var(&o.rate, "rate", 0, "requests a `second` at most (default: no limit)")
	f.StringVar(&o.receiverListen, "receiver-listen", "", "`host:port` to receive the server's deliveries at (default: a free local port if the server is local)")
	f.StringVar(&o.receiverURL, "receiver-url", "", "`URL` by which the server reaches the receiver")
	f.StringSliceVar(&o.reports, "report", nil, "further reports as `format=file`: html, json, junit, markdown or text")
	f.BoolVar(&o.strict, "strict", false, "properties that the contract does not know are violations")
	f.BoolVar(&o.keep, "keep", false, "leave on the server what was made, and the ledger of it")
	f.StringVar(&o.ledger, "ledger", "", "`file` that remembers what was made, for cleanup (default: a new one among the user's cached files)")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "a line for each scenario, and which answers were met")
	f.Var(o.color, "color", "colours in the report")
	return cmd
}

// boundedWait is a flag that takes a length of time or "any".
type boundedWait struct{ length time.Duration }

// String is the length; "any" when there is no bound.
func (b *boundedWait) String() string {
	if b.length < 0 {
		return "any"
	}
	return b.length.String()
}

// Type is what the usage text shows for the value.
func (*boundedWait) Type() string { return "duration" }

// Set reads a length of time or "any".
func (b *boundedWait) Set(text string) error {
	if text == "any" {
		b.length = -1
		return nil
	}
	length, err := readPeriod(text)
	b.length = length
	return err
}

func (o *verifyOptions) run(ctx context.Context, sys system) error {
	catalogue, err := o.catalogue()
	if err != nil {
		return err
	}
	selection, err := o.selection()
	if err != nil {
		return err
	}
	if o.list {
		return listScenarios(sys, catalogue, selection)
	}
	files, err := parseReports(o.reports)
	if err != nil {
		return err
	}
	options := conformance.Options{
		URL: o.url, Token: o.token, Namespace: o.namespace, Scenarios: catalogue, Selection: selection, Jobs: o.jobs, Rate: o.rate,
		Patience: o.patience.length, Keep: o.keep, Strict: o.strict, Clock: sys.now, Product: "statuschecks/" + programVersion(),
		RunID: strconv.FormatInt(sys.now().UnixMilli(), 36),
	}
	finish, err := o.aim(ctx, sys, &options)
	if err != nil {
		return err
	}
	defer finish()
	show := newProgress(sys)
	options.Progress = show.tell
	report, err := conformance.Run(ctx, options)
	show.clear()
	if err != nil {
		return o.explain(ctx, err)
	}
	if err := o.write(sys, report, files); err != nil {
		return err
	}
	if code := report.ExitCode(); code != exitOK {
		return &exitError{code: code}
	}
	return nil
}

// catalogue is the folder with the scenarios.
func (o *verifyOptions) catalogue() (fs.FS, error) {
	if o.scenarios == "" {
		return scenarios.Files, nil
	}
	info, err := os.Stat(o.scenarios)
	if err == nil && !info.IsDir() {
		return nil, wrongUsage("--scenarios %s is a file; name the folder that it is in", o.scenarios)
	}
	if err != nil {
		return nil, wrongUsage("the scenarios cannot be read: %w; check --scenarios", err)
	}
	return os.DirFS(o.scenarios), nil
}

func (o *verifyOptions) selection() (conformance.Selection, error) {
	s := conformance.Selection{Only: o.only, MaxWait: o.maxWait.length}
	for _, word := range o.levels {
		level := conformance.Level(word)
		var known []string
		for _, l := range conformance.Levels {
			known = append(known, string(l))
			if l == level {
				s.Levels = append(s.Levels, level)
			}
		}
		if len(s.Levels) == 0 || s.Levels[len(s.Levels)-1] != level {
			return s, wrongUsage("--level cannot be %q: write one of %s%s", word, strings.Join(known, ", "), didYouMean(word, known))
		}
	}
	return s, nil
}

func listScenarios(sys system, catalogue fs.FS, selection conformance.Selection) error {
	all, err := conformance.Load(catalogue)
	if err != nil {
		return err
	}
	chosen, err := conformance.Select(all, selection)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(sys.out, 0, 0, 2, ' ', 0)
	for _, s := range chosen {
		fmt.Fprintf(table, "%s\t%s\t%s\n", s.ID, s.Level, s.Summary)
	}
	return table.Flush()
}

// explain gives an error of the suite its exit code, and names the flag that can mend it.
func (o *verifyOptions) explain(ctx context.Context, err error) error {
	code := conformance.ExitCode(err)
	if ctx.Err() != nil {
		return &exitError{exitNotJudged, fmt.Errorf("interrupted; what was made on the server was removed as far as possible: %w", err)}
	}
	return &exitError{code, err}
}

// newLedgerPath is a file of this run among the user's cached files.
func newLedgerPath(run string) (string, error) {
	folder, err := os.UserCacheDir()
	if err != nil {
		return "", wrongUsage("there is no folder for the ledger: %w; name a file with --ledger", err)
	}
	return filepath.Join(folder, "statuschecks", run+".ledger"), nil
}
