package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/internal/lazy"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

// forShell tells whether a shell asks what can come next on its command line.
func forShell(args []string) bool {
	return len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd)
}

// offerValues lets a shell offer values for the flags and arguments of a command and of those below it.
func offerValues(cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) { offer(cmd, f) })
	cmd.PersistentFlags().VisitAll(func(f *pflag.Flag) { offer(cmd, f) })
	_, arguments, _ := strings.Cut(cmd.Use, " ")
	if takesFiles().MatchString(arguments) {
		cmd.ValidArgsFunction = shellsOwn
	}
	for _, below := range cmd.Commands() {
		offerValues(below)
	}
}

// takesFiles recognises arguments for which a shell's own completion is best.
var takesFiles = lazy.Regexp(`COMMAND|FILE|LEDGER`)

func shellsOwn(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveDefault
}

// offer lets a shell offer values for a flag.
func offer(cmd *cobra.Command, f *pflag.Flag) {
	_ = cmd.RegisterFlagCompletionFunc(f.Name, // fails for what another command has registered
		func(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
			return valuesFor(f, begun)
		})
}

// valuesFor is what can stand for a flag, when a part of it is there.
func valuesFor(f *pflag.Flag, begun string) ([]string, cobra.ShellCompDirective) {
	var known []string
	if o, can := f.Value.(offerer); can {
		known = o.offered()
	}
	if _, several := f.Value.(pflag.SliceValue); several {
		before := begun[:strings.LastIndexByte(begun, ',')+1]
		for i, value := range known {
			known[i] = before + value
		}
	}
	switch kind, _ := pflag.UnquoteUsage(f); kind {
	case "file", "name or file", "server":
		return known, cobra.ShellCompDirectiveDefault
	case "folder":
		return known, cobra.ShellCompDirectiveFilterDirs
	case "format=file", "limit":
		return known, inOrder | cobra.ShellCompDirectiveNoSpace
	}
	return known, inOrder
}

// inOrder has a shell offer what it gets and no files, such as releases from the oldest on.
const inOrder = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder

// offerer is a flag that takes values which can be counted. One that ends in = wants more behind it.
type offerer interface{ offered() []string }

// offering has a shell offer values for the text.
func (t *text) offering(values func() []string) *text {
	t.known = values
	return t
}

func (t *text) offered() []string {
	if t.known == nil {
		return nil
	}
	return t.known()
}

// offering has a shell offer values for the texts.
func (w *words) offering(values func() []string) *words {
	w.known = values
	return w
}

func (w *words) offered() []string {
	if w.known == nil {
		return nil
	}
	return w.known()
}

func (c *choice) offered() []string { return slices.Clone(c.allowed) }

func (*releaseFlag) offered() []string {
	var names []string
	for _, v := range release.All() {
		names = append(names, v.String())
	}
	return names
}

func (features) offered() []string {
	var settings []string
	for _, flag := range mockserver.FeatureFlags() {
		settings = append(settings, flag.Name+"=on", flag.Name+"=off")
	}
	return settings
}

// selections are what --only takes, apart from patterns: areas, tags and ids of scenarios.
func selections() []string {
	all, err := conformance.LoadCatalogue(nil)
	if err != nil {
		return nil
	}
	var names []string
	for _, s := range all {
		names = append(names, s.Area, s.ID)
		names = append(names, s.Tags...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// serverWords is what diff takes besides URLs and files.
func serverWords() []string {
	names := []string{builtinWord}
	for _, v := range (*releaseFlag)(nil).offered() {
		names = append(names, builtinWord+"@"+v)
	}
	return names
}

func topics() []string {
	var names []string
	for _, topic := range openapi.GitLab().Topics() {
		names = append(names, strings.ReplaceAll(topic, " ", "-"))
	}
	return names
}

// formatsOf begins what --report takes.
func formatsOf(formats []string) func() []string {
	return func() []string {
		var names []string
		for _, format := range formats {
			names = append(names, format+"=")
		}
		return names
	}
}

// limitNames begins what --rate-limit takes.
func limitNames() []string {
	names := []string{"defaults", "gitlab.com"}
	limits, _ := mockserver.ParseRateLimits(names[:1])
	for _, limit := range limits {
		names = append(names, limit.Name+"=")
	}
	return names
}
