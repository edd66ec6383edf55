package main

import (
	"github.com/spf13/cobra"

	"github.com/statuschecks/statuschecks/conformance"
)

func newMergeReports(sys system) *cobra.Command {
	o := newVerifyOptions()
	cmd := &cobra.Command{
		Use:   "merge-reports [flags] FILE...",
		Short: "Join the reports of a run that was shared between machines",
		Long: `Join the JSON reports of all shards of a run, which verify --shard or judge --shard wrote. The report is
that of the whole run, with its verdict and exit code.`,
		Example: "  statuschecks verify --target staging.yaml --shard 1/2 --report json=1.json\n" +
			"  statuschecks verify --target staging.yaml --shard 2/2 --report json=2.json\n" +
			"  statuschecks merge-reports 1.json 2.json --report junit=report.xml",
		Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error { return o.merge(sys, args) },
	}
	f := cmd.Flags()
	f.Var(newReports(&o.reports, reportFormats), "report", "further reports, as `format=file`: html, json, "+
		"junit, markdown or text; the file - is standard output")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "show a line for each scenario, and which responses occurred")
	f.Var(o.color, "color", "colours in the report")
	return cmd
}

// merge reads the reports, and writes the one of them all.
func (o *verifyOptions) merge(sys system, paths []string) error {
	files, err := reportFiles(o.reports)
	if err != nil {
		return err
	}
	reports := make([]*conformance.Report, len(paths))
	for i, path := range paths {
		data, err := readFile(path)
		if err != nil {
			return wrongUsage("the report cannot be read: %w; check its name", err)
		}
		if reports[i], err = conformance.ReadReport(path, data); err != nil {
			return wrongUsage("%w", err)
		}
	}
	report, err := conformance.MergeReports(paths, reports)
	if err != nil {
		return wrongUsage("%w", err)
	}
	if err := o.write(sys, report, files); err != nil {
		return err
	}
	if code := report.ExitCode(); code != exitOK {
		return &exitError{code: code}
	}
	return nil
}
