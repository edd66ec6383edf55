package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/internal/strictyaml"
	"github.com/statuschecks/statuschecks/mockserver/postgres"
)

// run runs the program and tells its exit code.
func run(ctx context.Context, args []string, sys system) int {
	root := newRoot(sys)
	if forShell(args) {
		offerValues(root)
	}
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err != nil {
		var known *exitError
		if !errors.As(err, &known) || known.err != nil {
			fmt.Fprintf(sys.errs, "statuschecks: %s\n", strictyaml.WithoutSecrets(err.Error()))
		}
	}
	return exitCode(err)
}

// newRoot is the tree of commands.
func newRoot(sys system) *cobra.Command {
	root := &cobra.Command{
		Use:   "statuschecks",
		Short: "A mock of GitLab's External Status Checks API, and a conformance suite for servers with this API",
		Long: `statuschecks has a mock of GitLab's External Status Checks API (serve), and tests whether a server
implements this API as GitLab does (verify).

A flag overrides its environment variable, and the variable overrides the settings file. The variable of a flag
is STATUSCHECKS_ and the name of the flag in capitals.`,
		Args:              cobra.ArbitraryArgs,
		SilenceUsage:      true,
		SilenceErrors:     true,
		DisableAutoGenTag: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return wrongUsage("there is no command %q%s; statuschecks --help lists the commands", args[0],
					strictyaml.DidYouMean(args[0], commandNames(cmd)))
			}
			return cmd.Help()
		},
	}
	root.SetOut(sys.out)
	root.SetErr(sys.errs)
	root.SetFlagErrorFunc(flagTrouble)
	root.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveNoFileComp)
	root.PersistentFlags().Var(newText(new(string), readable), "config",
		"settings `file` (default ./statuschecks.yaml, if there is one)")
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return applySettings(cmd, sys.environ) }
	root.AddCommand(newServe(sys), newExec(sys), newReady(sys), newTrigger(sys), newReceive(sys),
		newProxy(sys), newSeed(sys), newSign(sys),
		newVerifySignature(sys), newVerify(sys), newJudge(sys), newMergeReports(sys), newCleanup(sys), newCoverage(sys),
		newLint(sys),
		newDiff(sys), newExplore(sys), newContract(sys), newVersion(sys), newReference(sys), newVersions(sys),
		newCatalogue(sys))
	tame(root)
	return root
}

func commandNames(parent *cobra.Command) []string {
	var names []string
	for _, c := range parent.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return names
}

// noArguments refuses words after the flags, and says which flag was perhaps meant.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return wrongUsage("%s takes no arguments, and %q is one; %s --help lists its flags", cmd.CommandPath(), args[0],
		cmd.CommandPath())
}

// flagTrouble turns what the flag parser says into what to do about it.
func flagTrouble(cmd *cobra.Command, err error) error {
	help := "; " + cmd.CommandPath() + " --help lists the flags"
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var missing *pflag.ValueRequiredError
	switch {
	case errors.As(err, &unknown):
		name := unknown.GetSpecifiedName()
		if len(name) == 1 {
			return wrongUsage("there is no flag -%s%s", name, help)
		}
		if name == "version" && !cmd.HasParent() {
			return wrongUsage("there is no flag --version; %s version shows it", cmd.Name())
		}
		return wrongUsage("there is no flag --%s%s%s", name, strictyaml.DidYouMean("--"+name, flagNames(cmd)), help)
	case errors.As(err, &invalid):
		return unfit("--"+invalid.GetFlag().Name, invalid.GetFlag(), invalid.GetValue(), invalid)
	case errors.As(err, &missing):
		return wrongUsage("--%s needs a value after it%s", missing.GetFlag().Name, help)
	}
	return wrongUsage("%w%s", err, help)
}

func flagNames(cmd *cobra.Command) []string {
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
	return names
}

// unfit tells what is wrong with a value for a flag, without secrets.
func unfit(where string, f *pflag.Flag, value string, err error) error {
	shown := strconv.Quote(value)
	if _, hidden := f.Value.(secret); hidden && value != "" || postgres.IsURL(value) {
		shown = "what was given"
	}
	why := plainCause(err)
	if f.Value.Type() == "bool" {
		why = "write true or false, or the flag alone for true"
	}
	return wrongUsage("%s cannot be %s", where, passwords().ReplaceAllString(shown+": "+why, "://…@"))
}

// passwords are the users and passwords in URLs.
var passwords = lazy.Regexp(`://[^/@\s]*@`)

// plainCause is the innermost reason, in words for people who do not write Go.
func plainCause(err error) string {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err.Error()
}
