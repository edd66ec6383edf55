package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/release"
)

// addCompletions has shells complete what commands and their flags take. What takes a file shows it in its usage text.
// For everything else there is nothing to offer, and the shell completes nothing.
func addCompletions(cmd *cobra.Command) {
	takesFiles := func(word string) bool { return strings.Contains(cmd.Use, word) }
	if slices.ContainsFunc([]string{"FILE", "LEDGER", "COMMAND"}, takesFiles) {
		cmd.ValidArgsFunction = completeFiles
	}
	cmd.LocalFlags().VisitAll(func(flag *pflag.Flag) {
		if complete := completionOf(flag); complete != nil {
			// It is refused for a flag that is not there, or has one already.
			_ = cmd.RegisterFlagCompletionFunc(flag.Name, complete)
		}
	})
	for _, sub := range cmd.Commands() {
		addCompletions(sub)
	}
}

func completeFiles(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveDefault
}

func completeFolders(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// completionOf is what a flag's value is completed with; nil if there is nothing to offer.
func completionOf(flag *pflag.Flag) cobra.CompletionFunc {
	switch value := flag.Value.(type) {
	case *choice:
		return completeWords(value.allowed)
	case *releaseFlag:
		return completeWords(versionTexts())
	case features:
		return completeWords(featureSwitches())
	}
	switch placeholder, _ := pflag.UnquoteUsage(flag); placeholder {
	case "file":
		return completeFiles
	case "folder":
		return completeFolders
	}
	return nil
}

func completeWords(list []string) cobra.CompletionFunc {
	return cobra.FixedCompletions(list, cobra.ShellCompDirectiveNoFileComp|cobra.ShellCompDirectiveKeepOrder)
}

func versionTexts() []string {
	var texts []string
	for _, version := range release.All() {
		texts = append(texts, version.String())
	}
	return texts
}

// featureSwitches are the feature flags as they are switched.
func featureSwitches() []string {
	var texts []string
	for _, flag := range mockserver.FeatureFlags() {
		texts = append(texts, flag.Name+"=on", flag.Name+"=off")
	}
	return texts
}
