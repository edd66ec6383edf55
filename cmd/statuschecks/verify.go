package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/conformance/scenario"
)

func newVerify(sys system) *cobra.Command {
	o := newVerifyOptions()
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Test whether a server implements the API as GitLab does",
		Long: `Test whether a server implements the External Status Checks API as GitLab does.

The scenarios need some data. It is created on the server, in projects whose names begin with statuschecks-, and deleted
at the end. Nothing else is changed. The report goes to standard output. docs/verify.md explains how to test a server
that people use.`,
		Example: "  statuschecks verify --builtin\n  statuschecks verify --url https://gitlab.example.com --token " +
			"\"$TOKEN\" --only '!needs:receiver,!needs:admin' --report junit=report.xml\n" +
			"  statuschecks verify --target staging.yaml --dry-run\n  statuschecks verify --list --only respond",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd, sys) },
	}
	for _, add := range []func(*pflag.FlagSet){o.whereFlags, o.whichFlags, o.howFlags, o.tellFlags, serverOrMock} {
		add(cmd.Flags())
	}
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
	if err == nil {
		b.length = length
	}
	return err
}

func (o *verifyOptions) run(cmd *cobra.Command, sys system) error {
	ctx := cmd.Context()
	if err := o.takeTarget(sys, cmd.Flags()); err != nil {
		return err
	}
	options, err := o.runOptions(sys, cmd)
	if err != nil {
		return err
	}
	server, err := o.server()
	if err != nil {
		return err
	}
	if o.list {
		return listScenarios(sys, options.Scenarios, options.Selection)
	}
	files, err := reportFiles(o.reports)
	if err != nil {
		return err
	}
	earlier, err := readBaseline(o.baseline)
	if err != nil {
		return err
	}
	finish, err := o.aim(ctx, sys, &server)
	if err != nil {
		return err
	}
	defer finish()
	if options.Ledger, err = o.ledgerOf(options.RunID); err != nil {
		return err
	}
	if o.dryRun {
		return o.preview(ctx, sys, server, options)
	}
	show := o.newProgress(sys)
	options.Begun, options.Progress, options.Slowed = show.begin, show.end, show.slowed
	defer show.tellOfLedger(ctx, options.Ledger)()
	report, err := conformance.Run(ctx, server, options)
	show.close()
	if err != nil {
		return o.explain(ctx, err)
	}
	if earlier != nil {
		report.CompareWith(o.baseline, earlier)
	}
	if err := o.write(sys, report, files); err != nil {
		return err
	}
	if code := report.ExitCode(); code != exitOK {
		return &exitError{code: code}
	}
	return nil
}

// runOptions are what the flags say about a run.
func (o *verifyOptions) runOptions(sys system, cmd *cobra.Command) (conformance.RunOptions, error) {
	catalogue, err := o.catalogue()
	return conformance.RunOptions{
		Scenarios: catalogue, Selection: o.selection(), Shard: o.shard.Shard, Strict: o.strict,
		ReceiverWait: o.receiverWait.length,
		RunID:        newRunID(), Keep: o.keep, Clock: sys.now, Product: product(), Command: commandLine(cmd),
	}, err
}

// shardFlag is a flag that takes a shard.
type shardFlag struct{ conformance.Shard }

// Type is what the usage text shows for the value.
func (*shardFlag) Type() string { return "shard" }

// Set reads a shard.
func (s *shardFlag) Set(text string) error {
	var err error
	s.Shard, err = conformance.ParseShard(text)
	return err
}

// product names this program to a server.
func product() string { return "statuschecks/" + programVersion() }

// server is what the flags say about a server.
func (o *verifyOptions) server() (conformance.Target, error) {
	profile, err := readProfile(o.profile)
	return conformance.Target{
		URL: o.url, Token: o.token, Tokens: o.tokens, Namespace: o.namespace, Project: o.project,
		OtherProject: o.otherProject, Profile: profile, AssumeVersion: o.assumeVersion.version,
		AssumePatch: o.assumeVersion.patch, Pace: o.pace(),
	}, err
}

func (o *verifyOptions) pace() conformance.Pace {
	return conformance.Pace{Jobs: o.jobs, Rate: o.rate, Timeout: o.timeout.length, Patience: o.patience.length}
}

// commandLine is how to call the command again, with what flags, environment and settings say together, but for
// secrets.
func commandLine(cmd *cobra.Command) string {
	words := []string{cmd.CommandPath()}
	cmd.Flags().Visit(func(f *pflag.Flag) {
		_, hidden := f.Value.(secret)
		switch list, isList := f.Value.(pflag.SliceValue); {
		case hidden || strings.Contains(f.Name, "token"):
		case isList:
			words = append(words, "--"+f.Name, shellWord(strings.Join(list.GetSlice(), ",")))
		case f.Value.Type() == "bool":
			words = append(words, "--"+f.Name)
		default:
			words = append(words, "--"+f.Name, shellWord(f.Value.String()))
		}
	})
	return strings.Join(words, " ")
}

// shellWord quotes a word for a POSIX shell where it must be.
func shellWord(word string) string {
	plain := strings.IndexFunc(word, func(r rune) bool {
		return !strings.ContainsRune("-_./:=,@%+", r) && (r < '0' || r > '9') && (r < 'a' || r > 'z') &&
			(r < 'A' || r > 'Z')
	}) < 0
	if plain && word != "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// preview tells what a run would do.
func (o *verifyOptions) preview(ctx context.Context, sys system, server conformance.Target,
	options conformance.RunOptions,
) error {
	preview, err := conformance.Look(ctx, server, options)
	if err != nil {
		return o.explain(ctx, err)
	}
	return preview.WriteText(sys.out)
}

// catalogue is the folder with the scenarios; nil means those that come with the product.
func (o *verifyOptions) catalogue() (fs.FS, error) {
	if o.scenarios == "" {
		return nil, nil
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

func (o *verifyOptions) selection() conformance.Selection {
	s := conformance.Selection{Only: o.only, MaxWait: o.maxWait.length}
	for _, word := range o.levels {
		s.Levels = append(s.Levels, scenario.Level(word))
	}
	return s
}

func listScenarios(sys system, catalogue fs.FS, selection conformance.Selection) error {
	all, err := conformance.LoadCatalogue(catalogue)
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
		return &exitError{exitNotJudged, fmt.Errorf("interrupted: %w", err)}
	}
	return &exitError{code, err}
}
