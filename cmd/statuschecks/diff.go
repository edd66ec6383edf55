package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/release"
)

// diffOptions are the flags of diff: those about the scenarios and how to go about them are verify's.
type diffOptions struct {
	*verifyOptions
	sides [2]diffSide
}

// diffSide is one of the two servers.
type diffSide struct{ where, token string }

// builtinWord names the built-in mock where a server is asked for.
const builtinWord = "builtin"

var sideNames = [2]string{"a", "b"}

func newDiff(sys system) *cobra.Command {
	o := &diffOptions{verifyOptions: newVerifyOptions()}
	cmd := &cobra.Command{
		Use:   "diff --a SERVER --b SERVER",
		Short: "Run the scenarios on two servers and report the differences",
		Long: `Run the scenarios on two servers at the same time and report the differences: different outcomes,
or different responses with the same outcome. Ids, times, addresses and the names of the runs count as equal.

A server is a URL, a target file whose name ends in .yaml, or the word builtin. builtin is the built-in mock; it
behaves like the release of the other server. builtin@16.4 behaves like release 16.4.`,
		Example: "  statuschecks diff --a https://gitlab.example.com --token-a \"$TOKEN\" --b builtin\n  " +
			"statuschecks diff --a staging.yaml --b production.yaml --max-wait 0s\n" +
			"  statuschecks diff --a builtin@16.4 --b builtin@18.9",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.compare(cmd, sys) },
	}
	f := cmd.Flags()
	for i, name := range sideNames {
		// Each is its own short form: cobra completes no other long flag of one letter.
		f.VarP(newText(&o.sides[i].where, serverWord).offering(serverWords), name, name,
			fmt.Sprintf("`server` %s: a URL, a target file, or builtin", strings.ToUpper(name)))
		f.Var(newSecret(&o.sides[i].token), "token-"+name, fmt.Sprintf("`token` for server %s; %s is safer",
			strings.ToUpper(name), variableFor("token-"+name)))
	}
	o.whichFlags(f)
	f.Var(newText(&o.caFile, readable), "tls-ca", "PEM `file` with the authority that signed the servers' certificates")
	f.Var(&o.patience, "patience", "how long to wait for background work of a server")
	f.Var(&o.timeout, "timeout", "time limit for one request and its response")
	f.Var(&number{&o.jobs, 1, conformance.MaxJobs}, "jobs", "number of `scenarios` that run at the same time on "+
		"each server")
	f.Var(&rate{&o.rate}, "rate", "most requests per `second` to each server (default: no limit)")
	f.Var(newReports(&o.reports, pairFormats), "report", "further reports, as `format=file`: json or text; "+
		"the file - is standard output")
	f.Var(o.color, "color", "colours in the report")
	return cmd
}

func (o *diffOptions) compare(cmd *cobra.Command, sys system) error {
	ctx := cmd.Context()
	if _, err := reportFiles(o.reports); err != nil { // before the run, so that it is not in vain
		return err
	}
	options, err := o.runOptions(sys, cmd)
	if err != nil {
		return err
	}
	if options.Ledger, err = o.ledgerOf(options.RunID); err != nil {
		return err
	}
	var both [2]conformance.Target
	var releases [2]release.Version
	var ledgers []string
	for _, i := range o.order() {
		side, err := o.side(sys, cmd.Flags(), i)
		if err != nil {
			return err
		}
		if side.builtin && side.version.version == (release.Version{}) {
			side.version.version = releases[1-i]
		}
		if both[i], err = side.server(); err != nil {
			return err
		}
		finish, err := side.aim(ctx, sys, &both[i])
		if err != nil {
			return err
		}
		defer finish()
		options.MaxWait = shorter(options.MaxWait, side.maxWait.length)
		if side.builtin {
			releases[i] = side.version.version
			continue
		}
		if releases[i], err = conformance.ReadVersion(ctx, both[i], options); err != nil && ctx.Err() == nil {
			return o.explain(ctx, err)
		}
		ledger, err := side.ledgerOf(options.RunID + sideNames[i]) // where Compare puts it
		if err != nil {
			return err
		}
		ledgers = append(ledgers, ledger)
	}
	return o.tell(ctx, sys, both, options, ledgers)
}

// shorter is the shorter of two longest times to wait, of which a negative one is any.
func shorter(a, b time.Duration) time.Duration {
	if a < 0 || b >= 0 && b < a {
		return b
	}
	return a
}

// tell compares and writes what differs.
func (o *diffOptions) tell(ctx context.Context, sys system, both [2]conformance.Target,
	options conformance.RunOptions, ledgers []string,
) error {
	show := o.newProgress(sys)
	options.Begun, options.Slowed, options.Progress = show.begin, show.slowed, show.counted
	for _, ledger := range ledgers {
		defer show.tellOfLedger(ctx, ledger)()
	}
	comparison, err := conformance.Compare(ctx, both[0], both[1], options)
	show.close()
	if err != nil {
		return o.explain(ctx, err)
	}
	if err := o.writeComparison(sys, comparison); err != nil {
		return err
	}
	if code := comparison.ExitCode(); code != exitOK {
		return &exitError{code: code}
	}
	return nil
}

// writeComparison writes what differs for people, and the reports asked for.
func (o *diffOptions) writeComparison(sys system, comparison *conformance.Comparison) error {
	files, err := reportFiles(o.reports)
	if err != nil {
		return err
	}
	people := forPeople(sys, files)
	if err := comparison.WriteText(people, conformance.TextOptions{Color: o.colored(sys, people)}); err != nil {
		return err
	}
	return writeReports(sys, files, writers{
		"json": comparison.WriteJSON, "text": func(w io.Writer) error {
			return comparison.WriteText(w,
				conformance.TextOptions{})
		},
	})
}

// order puts servers before the built-in mock, as it takes their release.
func (o *diffOptions) order() []int {
	if o.sides[0].where == builtinWord {
		return []int{1, 0}
	}
	return []int{0, 1}
}

// side turns what is said about one server into verify's options.
func (o *diffOptions) side(sys system, flags *pflag.FlagSet, i int) (*verifyOptions, error) {
	one := *o.verifyOptions
	where, name := o.sides[i].where, sideNames[i]
	one.token = o.sides[i].token
	extension := filepath.Ext(where)
	word, version, isVersion := strings.Cut(where, "@")
	switch {
	case where == "":
		return nil, wrongUsage("nothing to compare: give a server with --%s, as a URL, a target file or builtin", name)
	case word == builtinWord && one.token != "":
		return nil, wrongUsage("--%s is the built-in mock, so --token-%s does not go with it", name, name)
	case word == builtinWord:
		one.builtin = true
		if isVersion {
			if err := one.version.Set(version); err != nil {
				return nil, err
			}
		}
	case extension == ".yaml" || extension == ".yml":
		one.target = where
		return &one, one.takeSide(sys, flags, name)
	case one.token == "":
		return nil, wrongUsage("a token is needed for the server %s: set %s, or give --token-%s, to one with the "+
			"scope api of someone who may create projects", strings.ToUpper(name), variableFor("token-"+name), name)
	default:
		one.url = where
	}
	return &one, nil
}

// takeSide reads a target file; a token given apart wins.
func (o *verifyOptions) takeSide(sys system, flags *pflag.FlagSet, name string) error {
	given := o.token
	if err := o.takeTarget(sys, flags); err != nil {
		return err
	}
	if given != "" {
		o.token = given
	}
	if o.token == "" {
		return wrongUsage("a token is needed for %s: write it there, or give --token-%s", o.target, name)
	}
	return nil
}

// counted shows how far a comparison is, whose scenarios run twice.
func (p *progress) counted(done, total int, last *conformance.Result) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done, p.total = done, total
	for i, running := range p.running {
		if running == last.ID {
			p.running = append(p.running[:i], p.running[i+1:]...)
			break
		}
	}
	p.tell()
}
