package main

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

const (
	settingsFile      = "statuschecks.yaml"
	environmentPrefix = "STATUSCHECKS_"
)

// setting is a value for a flag that did not come from the command line.
type setting struct {
	from   string // for messages: the variable, or file:line:column
	values []string
}

// applySettings gives the flags that the command line left alone their values: from the environment, else from the
// settings file. A flag gets none that does not go together with one on the command line.
func applySettings(cmd *cobra.Command, environ []string) error {
	environment, err := readEnvironment(cmd.Root(), environ)
	if err != nil {
		return err
	}
	file, err := readSettings(cmd, environment)
	if err != nil {
		return err
	}
	given := map[string]bool{}
	cmd.Flags().Visit(func(f *pflag.Flag) { given[f.Name] = true })
	var wrong error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		outdone := slices.ContainsFunc(f.Annotations[givesWay], func(other string) bool { return given[other] })
		if f.Changed || outdone || wrong != nil {
			return
		}
		if s, ok := environment[variableOf(f)]; ok {
			wrong = set(cmd, f, s)
		} else if s, ok := file[f.Name]; ok {
			wrong = set(cmd, f, s)
		}
	})
	return wrong
}

func set(cmd *cobra.Command, f *pflag.Flag, s setting) error {
	for _, value := range s.values {
		if err := cmd.Flags().Set(f.Name, value); err != nil {
			return unfit(s.from+": "+f.Name, f, value, err)
		}
	}
	return nil
}

// variableFor is the environment variable of a flag.
func variableFor(flag string) string {
	return environmentPrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// ownVariable is the annotation of a flag whose variable is not that of its name, as another command's flag of this
// name means another thing.
const ownVariable = "variable"

// givesWay is the annotation of a flag with the names of others that it does not go together with.
const givesWay = "gives-way"

// giveWay lets some flags, as far as the command has them, leave aside what the environment and the settings file say
// if the command line has one of the others.
func giveWay(flags *pflag.FlagSet, names []string, others ...string) {
	for _, name := range names {
		if f := flags.Lookup(name); f != nil {
			f.Annotations = map[string][]string{givesWay: others}
		}
	}
}

// nameVariable gives a flag the variable that a flag of another name would have.
func nameVariable(flags *pflag.FlagSet, flag, instead string) {
	flags.Lookup(flag).Annotations = map[string][]string{ownVariable: {variableFor(instead)}}
}

// variableOf is the environment variable of a flag of a command.
func variableOf(f *pflag.Flag) string {
	if own := f.Annotations[ownVariable]; len(own) > 0 {
		return own[0]
	}
	return variableFor(f.Name)
}

// readEnvironment collects, by their names, the variables that belong to flags; one that belongs to none is a mistake.
// An empty one counts as not set.
func readEnvironment(root *cobra.Command, environ []string) (map[string]setting, error) {
	flags := map[string]bool{} // by their variables
	visitFlags(root, func(f *pflag.Flag) { flags[variableOf(f)] = true })
	found := map[string]setting{}
	for _, entry := range environ {
		variable, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(variable, environmentPrefix) || value == "" {
			continue
		}
		if !flags[variable] {
			known := slices.Collect(maps.Keys(flags))
			return nil, wrongUsage("the environment variable %s belongs to no flag%s; unset it, or give it the name "+
				"of a flag", variable, strictyaml.DidYouMean(variable, known))
		}
		found[variable] = setting{from: "the environment variable " + variable, values: []string{value}}
	}
	return found, nil
}

// visitFlags visits the flags of all commands that can be set from outside.
func visitFlags(cmd *cobra.Command, visit func(*pflag.Flag)) {
	for _, flags := range []*pflag.FlagSet{cmd.PersistentFlags(), cmd.LocalNonPersistentFlags()} {
		flags.VisitAll(func(f *pflag.Flag) {
			if settable(f) {
				visit(f)
			}
		})
	}
	for _, child := range cmd.Commands() {
		if hasSettings(child) {
			visitFlags(child, visit)
		}
	}
}

func settable(f *pflag.Flag) bool { return f.Name != "help" && !f.Hidden }

// hasSettings tells the program's own commands from those that come with the library.
func hasSettings(cmd *cobra.Command) bool {
	return !cmd.Hidden && !slices.Contains([]string{"help", "completion"}, cmd.Name())
}

// readSettings reads the settings file, if there is one, and gives what it has for the command.
func readSettings(cmd *cobra.Command, environment map[string]setting) (map[string]setting, error) {
	path := cmd.Flags().Lookup("config").Value.String()
	if s, ok := environment[variableFor("config")]; ok && path == "" {
		path = s.values[0]
	}
	named := path != ""
	if !named {
		path = settingsFile
	}
	data, err := readFile(path)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return nil, nil
	}
	if err != nil {
		return nil, wrongUsage("the settings file cannot be read: %w; check --config", err)
	}
	sections, err := parseSettings(path, data, settingNames(cmd.Root()))
	if err != nil {
		return nil, err
	}
	return sections[cmd.Name()], nil
}

// settingNames maps each command to the names of its flags.
func settingNames(root *cobra.Command) map[string][]string {
	names := map[string][]string{}
	for _, child := range root.Commands() {
		if !hasSettings(child) {
			continue
		}
		child.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			if settable(f) {
				names[child.Name()] = append(names[child.Name()], f.Name)
			}
		})
	}
	return names
}
