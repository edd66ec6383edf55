package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/statuschecks/statuschecks/conformance"
)

func newCleanup(sys system) *cobra.Command {
	o := newVerifyOptions()
	cmd := &cobra.Command{
		Use:   "cleanup [LEDGER]",
		Short: "Delete what an interrupted run of verify left on a server",
		Long: `Delete what an earlier run of verify created on a server, because the run was interrupted or had --keep.

LEDGER is the file in which the run recorded what it created. Nothing else is deleted: if a thing has another name now,
is in another place, or was created at another time, it is kept and reported. Without LEDGER, the command lists the
ledgers in the user's cache folder.`,
		Example: "  statuschecks cleanup\n" +
			"  statuschecks cleanup ~/.cache/statuschecks/mbq3x1.ledger --token \"$TOKEN\"",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return wrongUsage("cleanup takes one argument at most, the ledger of the run to clean up after; %s "+
					"--help tells more", cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listLedgers(sys)
			}
			if err := o.takeTarget(sys, cmd.Flags()); err != nil {
				return err
			}
			if o.token == "" {
				return wrongUsage("a token is needed: set STATUSCHECKS_TOKEN, or give --token, to that of the run")
			}
			transport, err := o.transport()
			if err != nil {
				return err
			}
			cleaned, err := conformance.CleanUp(cmd.Context(), conformance.Target{
				URL: o.url, Token: o.token, Transport: transport, Pace: o.pace(),
			}, args[0], conformance.RunOptions{Clock: sys.now, Product: product()})
			for _, thing := range cleaned.Removed {
				fmt.Fprintf(sys.out, "removed %s\n", thing)
			}
			for _, stay := range cleaned.Stays {
				fmt.Fprintf(sys.out, "stays, as the token may not delete it: %s\n", stay)
			}
			return cleanupError(err)
		},
	}
	f := cmd.Flags()
	f.Var(newText(&o.target, readable), "target", "YAML `file` that describes the server, as for verify")
	f.Var(newText(&o.url, serverURL), "url", "`URL` of the server (default: the URL in the ledger)")
	f.Var(newSecret(&o.token), "token", "`token` of the user who created the data; STATUSCHECKS_TOKEN is safer")
	f.Var(newText(&o.caFile, readable), "tls-ca", "PEM `file` with the authority that signed the server's certificate")
	f.Var(&o.timeout, "timeout", "time limit for one request and its response")
	f.Var(&o.patience, "patience", "how long to wait until the server has deleted something")
	return cmd
}

func cleanupError(err error) error {
	var coded *exitError
	if err == nil || errors.As(err, &coded) {
		return err
	}
	return &exitError{conformance.ExitCode(err), err}
}
