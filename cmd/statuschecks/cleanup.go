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
		Short: "Remove what an interrupted verify left on a server",
		Long: "Remove what a verify that was interrupted, or that ran with --keep, left on a server. LEDGER is the " +
			"file in which it wrote\n" +
			"what it made. Nothing else is touched: what is called otherwise by now, stands elsewhere or was made " +
			"at another time stays, and is\n" +
			"told. Without LEDGER the ledgers are listed that are left among the user's cached files.",
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
			cleaned, err := conformance.CleanUp(cmd.Context(), conformance.Options{
				URL: o.url, Token: o.token, Ledger: args[0], Patience: o.patience.length, Timeout: o.timeout.length,
				Clock: sys.now, Transport: transport,
				Product: "statuschecks/" + programVersion(),
			})
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
	f.Var(newText(&o.url, serverURL), "url", "`URL` of the server (default: that in the ledger)")
	f.Var(newSecret(&o.token), "token", "`token` of who made the things; better given as STATUSCHECKS_TOKEN")
	f.Var(newText(&o.caFile, readable), "tls-ca", "PEM `file` with the authority that signed the server's certificate")
	f.Var(&o.timeout, "timeout", "how long one request may take with its answer")
	f.Var(&o.patience, "patience", "how long to poll until the server has removed a thing")
	return cmd
}

func cleanupError(err error) error {
	var coded *exitError
	if err == nil || errors.As(err, &coded) {
		return err
	}
	return &exitError{conformance.ExitCode(err), err}
}
