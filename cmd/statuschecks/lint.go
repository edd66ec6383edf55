package main

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/conformance/scenario"
)

func newLint(sys system) *cobra.Command {
	kind := newChoice("auto", string(conformance.ScenarioFile), string(conformance.ProfileFile),
		string(conformance.TargetKind))
	cmd := &cobra.Command{
		Use:   "lint FILE|FOLDER…",
		Short: "Check scenario, profile and target files",
		Long: `Check scenario, profile and target files. The command reports all errors at once, with their
positions. In a folder it checks all files that end in .yaml or .yml, including those in subfolders.`,
		Example: "  statuschecks lint my-scenarios\n  statuschecks lint staging.yaml profiles/*.yaml",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return wrongUsage("lint takes files or folders to check; %s --help tells more", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return lintAll(sys, kind.value, args) },
	}
	cmd.Flags().Var(kind, "kind", "kind of the files; auto recognises it by their keys")
	return cmd
}

func lintAll(sys system, kind string, args []string) error {
	files, err := sourceFiles(args)
	if err != nil {
		return err
	}
	catalogue, err := conformance.LoadCatalogue(nil)
	if err != nil {
		return err
	}
	is := conformance.FileKind(kind)
	if kind == "auto" {
		is = ""
	}
	done, err := conformance.Lint(files, is, catalogue)
	if err != nil {
		fmt.Fprintln(sys.out, err) // the problems are what was asked for, and editors read them
		return &exitError{code: exitUsage}
	}
	var counts []string
	for _, one := range conformance.FileKinds {
		if n := done.Files[one]; n > 0 && one == conformance.ScenarioFile {
			counts = append(counts, fmt.Sprintf("%s with %s", counted(n, "scenario file"),
				counted(done.Scenarios, "scenario")))
		} else if n > 0 {
			counts = append(counts, counted(n, string(one)+" file"))
		}
	}
	fmt.Fprintf(sys.out, "nothing is wrong with %s\n", strings.Join(counts, ", "))
	return nil
}

func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// sourceFiles reads files, and the YAML files of folders, in order and each once.
func sourceFiles(args []string) ([]scenario.File, error) {
	var files []scenario.File
	for _, arg := range args {
		found := 0
		err := filepath.WalkDir(arg, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || path != arg && filepath.Ext(path) != ".yaml" &&
				filepath.Ext(path) != ".yml" {
				return err
			}
			found++
			if slices.ContainsFunc(files,
				func(f scenario.File) bool { return f.Name == filepath.ToSlash(path) }) {
				return nil
			}
			data, err := readFile(path)
			files = append(files, scenario.File{Name: filepath.ToSlash(path), Data: data})
			return err
		})
		if err != nil {
			return nil, wrongUsage("%s cannot be read: %s; name files or folders that exist", arg, plainCause(err))
		}
		if found == 0 {
			return nil, wrongUsage("there is no file that ends in .yaml or .yml in %s; name another folder", arg)
		}
	}
	return files, nil
}
