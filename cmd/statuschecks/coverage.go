package main

import (
	"encoding/json"

	"github.com/spf13/cobra"

	"github.com/statuschecks/statuschecks/mockserver/coverage"
)

func newCoverage(sys system) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "coverage",
		Short: "Show how much of the API the tests of a client exercise",
		Long: "Show how much of the API the tests of a client exercise, from the reports that serve --coverage " +
			"writes.",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newCoverageMerge(sys))
	return cmd
}

func newCoverageMerge(sys system) *cobra.Command {
	format := newChoice("text", "json", "html")
	cmd := &cobra.Command{
		Use:   "merge FILE…",
		Short: "Add up reports of coverage",
		Long:  "Add up reports that serve --coverage has written, and write the sum to standard output.",
		Example: "  statuschecks coverage merge run-1.json run-2.json\n" +
			"  statuschecks coverage merge *.json --format html > all.html",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return wrongUsage("coverage merge takes the files to add up; %s --help tells more", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error { return mergeCoverage(sys, format.value, args) },
	}
	cmd.Flags().Var(format, "format", "how the sum is written")
	nameVariable(cmd.Flags(), "format", "coverage-format") // contract has another
	return cmd
}

func mergeCoverage(sys system, format string, files []string) error {
	var reports []coverage.Report
	for _, path := range files {
		text, err := readFile(path)
		if err != nil {
			return wrongUsage("the report cannot be read: %w", err)
		}
		r, err := coverage.Read(text)
		if err != nil {
			return wrongUsage("%s: %w", path, err)
		}
		reports = append(reports, r)
	}
	all := coverage.Merge(reports...)
	switch format {
	case "json":
		e := json.NewEncoder(sys.out)
		e.SetIndent("", "  ")
		return e.Encode(all)
	case "html":
		return all.HTML(sys.out)
	}
	return all.Text(sys.out)
}
