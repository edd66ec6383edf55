package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

// tame has the commands that come with the library, help and completion, refuse what they do not know as the program's
// own do.
func tame(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "help":
			cmd.Run, cmd.RunE = nil, helpAbout
		case "completion":
			cmd.Args, cmd.RunE = cobra.ArbitraryArgs, completionFor
			for _, shell := range cmd.Commands() {
				shell.Args = noArguments
			}
		}
	}
}

// helpAbout shows what a command does.
func helpAbout(cmd *cobra.Command, args []string) error {
	about, rest, err := cmd.Root().Find(args)
	if err != nil || len(rest) > 0 {
		word := strings.Join(args, " ")
		return wrongUsage("there is no command %q%s; statuschecks --help lists the commands", word,
			strictyaml.DidYouMean(word, commandNames(cmd.Root())))
	}
	about.InitDefaultHelpFlag()
	return about.Help()
}

// completionFor is reached without a shell, or with one that there is nothing for.
func completionFor(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	shells := commandNames(cmd)
	slices.Sort(shells)
	return wrongUsage("there is no completion for %q; there is one for %s", args[0], strings.Join(shells, ", "))
}
