package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/statuschecks/statuschecks/conformance"
)

// newRunID is a name for a run that no other has, also not one that starts in the same instant, and that nobody can
// guess.
func newRunID() string { return strings.ToLower(rand.Text()[:12]) }

// ledgerFolder is where ledgers are, among the user's cached files.
func ledgerFolder() (string, error) {
	folder, err := os.UserCacheDir()
	if err != nil {
		return "", wrongUsage("there is no folder for the ledger: %w; name a file with --ledger", err)
	}
	return filepath.Join(folder, "statuschecks"), nil
}

// ledgerOf is the ledger of a run: the file that was named, or a new one. There is none for the built-in mock.
func (o *verifyOptions) ledgerOf(run string) (string, error) {
	switch {
	case o.builtin:
		return "", nil
	case o.ledger != "":
		return o.ledger, nil
	}
	folder, err := ledgerFolder()
	return filepath.Join(folder, run+".ledger"), err
}

// tellOfLedger says where the ledger of a run is, before anything is made; at once when the run is interrupted, what
// happens then; and, by the function that it returns, that something is left. A run against the built-in mock has no
// ledger and leaves nothing.
func (p *progress) tellOfLedger(ctx context.Context, path string) func() {
	if path == "" {
		return func() {}
	}
	p.say(p.people, "what is made on the server is written down in %s until it is removed again", path)
	stop := context.AfterFunc(ctx, func() {
		p.say(p.people, "interrupted: cleaning up, for a minute at most. A second Ctrl-C ends at once, and leaves "+
			"what %s names", path)
	})
	return func() {
		stop()
		if _, err := os.Stat(path); err == nil {
			p.say(p.people, "what is left on the server is in the ledger %s; to remove it, with the same token: "+
				"statuschecks cleanup %s", path, shellWord(path))
		}
	}
}

// say writes a line for people, whatever the progress shows.
func (p *progress) say(to io.Writer, format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(to, "%sstatuschecks: %s\n", p.wipe(), fmt.Sprintf(format, args...))
}

// listLedgers lists the ledgers that runs have left.
func listLedgers(sys system) error {
	folder, err := ledgerFolder()
	if err != nil {
		return err
	}
	left, err := conformance.Ledgers(folder)
	if err != nil {
		return err
	}
	if len(left) == 0 {
		fmt.Fprintf(sys.out, "no ledgers are left in %s\n", folder)
		return nil
	}
	table := tabwriter.NewWriter(sys.out, 0, 0, 2, ' ', 0)
	for _, l := range left {
		what := fmt.Sprintf("%d left", l.Left)
		if l.Err != nil {
			what += ", " + l.Err.Error()
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", l.Path, l.Written.Format("2006-01-02 15:04"), what, l.URL)
	}
	return table.Flush()
}
