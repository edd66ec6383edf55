package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/mockserver/seed/collect"
)

type seedOptions struct{ from, root, project, token, caFile, out string }

func newSeed(sys system) *cobra.Command {
	o := &seedOptions{}
	cmd := &cobra.Command{
		Use:   "seed",
		Short: "Make a seed of a recording, or of a real project",
		Long: `Make a seed for serve --seed: of a recording (HAR) that proxy or a browser has written, or of a project
of a real GitLab, which is only read. It has users, members, branches, protected branches, checks, labels,
milestones and merge requests with their statuses, also those from forks. Secrets are not in it: each user
gets the made-up token glpat-USERNAME. What a seed cannot have, or GitLab does not tell, is said on
standard error.`,
		Example: "  statuschecks seed --from session.har > world.yaml\n" +
			"  statuschecks seed --from-gitlab https://gitlab.example.com --project group/project --out world.yaml",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	f := cmd.Flags()
	f.Var(newText(&o.from, readable), "from", "`file` with a recording (HAR) that has the bodies of responses")
	f.Var(newText(&o.root, ownURL), "from-gitlab", "root `URL` of a GitLab")
	f.Var(newText(&o.project, idOrPath), "project", "`id or full path` of the project there")
	f.Var(newSecret(&o.token), "token", "`token` that may read the project, with the scope read_api; "+
		"STATUSCHECKS_TOKEN is safer")
	f.Var(newText(&o.caFile, readable), "tls-ca", "PEM `file` with the authority that signed the GitLab's certificate")
	f.Var(newText(&o.out, writable), "out", "`file` for the seed (default: standard output)")
	nameVariable(f, "project", "seed-project")
	nameVariable(f, "out", "seed-out")
	return cmd
}

func (o *seedOptions) run(ctx context.Context, sys system) error {
	c := &collect.Collector{}
	switch {
	case (o.from == "") == (o.root == ""):
		return wrongUsage("give --from FILE.har for a recording, or --from-gitlab URL with --project for a project")
	case o.from != "" && o.project != "":
		return wrongUsage("--project goes with --from-gitlab; of a recording, all projects are taken")
	case o.from == "" && o.project == "":
		return wrongUsage("--from-gitlab needs --project: the id or the full path of a project")
	case o.from == "" && o.token == "":
		return wrongUsage("a token is needed: set STATUSCHECKS_TOKEN to one that may read the project, or give --token")
	}
	if err := o.collect(ctx, c); err != nil {
		return err
	}
	document, missing, err := c.Document()
	if err != nil {
		return wrongUsage("%w", err)
	}
	text := document.YAML()
	if _, err := seed.Parse("seed", text); err != nil {
		return wrongUsage("what was found makes no seed that can be read: %w", err)
	}
	for _, one := range missing {
		fmt.Fprintf(sys.errs, "left out: %s\n", one)
	}
	if o.out == "" {
		_, err = sys.out.Write(text)
	} else {
		err = os.WriteFile(o.out, text, 0o600)
	}
	if err != nil {
		return wrongUsage("the seed cannot be written: %w; check --out", err)
	}
	return nil
}

// collect takes what there is.
func (o *seedOptions) collect(ctx context.Context, c *collect.Collector) error {
	if o.from == "" {
		transport, err := trusting(o.caFile)
		if err != nil {
			return err
		}
		g := collect.GitLab{Root: strings.TrimSuffix(o.root, "/"), Token: o.token, Client: newClient(transport)}
		if err := c.Project(ctx, g, o.project); err != nil {
			return &exitError{exitNotJudged, fmt.Errorf("the project cannot be read: %w", err)}
		}
		return nil
	}
	text, err := fileOfFlag(o.from, "recording", "from")
	if err != nil {
		return err
	}
	if _, err := c.HAR(text); err != nil {
		return wrongUsage("%s: %w", o.from, err)
	}
	return nil
}
