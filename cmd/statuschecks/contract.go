package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

func newContract(sys system) *cobra.Command {
	var version releaseFlag
	var control bool
	var between span
	var form openapi.Form
	format := newChoice("yaml", "json")
	cmd := &cobra.Command{
		Use:   "contract",
		Short: "Print the API as an OpenAPI 3.0.3 document",
		Long: "Print the API as an OpenAPI 3.0.3 document: GitLab's External Status Checks and the operations around them.\n\n" +
			"Without --gitlab-version it is the whole history, with x-since and x-until on what came later or is gone; with it, the\n" +
			"API as that release has it. With --diff it says in words what changed between two releases: what GitLab does, its\n" +
			"feature flags, and the API.",
		Example: "  statuschecks contract > gitlab.yaml\n  statuschecks contract --gitlab-version 16.4 --format json\n" +
			"  statuschecks contract --gitlab-version 18.9 --plain --only status-checks --server https://gitlab.example.com\n" +
			"  statuschecks contract --diff 16.4..16.6",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if between.String() != "" {
				return printNotes(cmd, sys, &between)
			}
			document := openapi.GitLab()
			if control {
				document = openapi.Control()
			}
			if version.version != (release.Version{}) {
				document = document.At(version.version)
			}
			form.Release = version.version
			return printDocument(sys, document, form, format.value)
		},
	}
	cmd.Flags().Var(&version, "gitlab-version", "the API as this release has it (default: the whole history)")
	cmd.Flags().Var(format, "format", "how to write the document")
	cmd.Flags().BoolVar(&control, "control", false, "print the mock's control surface instead")
	cmd.Flags().BoolVar(&form.Plain, "plain", false, "for generators of code: JSON bodies, one type each, no alternatives, no extensions")
	cmd.Flags().StringVar(&form.Topic, "only", "", "only the operations about a `topic`, such as status-checks")
	cmd.Flags().StringVar(&form.Server, "server", "", "the `URL` of the server to write into the document")
	cmd.Flags().Var(&between, "diff", "say what changed between two releases, such as 16.4..16.6")
	return cmd
}

// printNotes says what changed between two releases.
func printNotes(cmd *cobra.Command, sys system, between *span) error {
	for _, other := range []string{"gitlab-version", "format", "control", "plain", "only", "server"} {
		if cmd.Flags().Changed(other) {
			return wrongUsage("--diff says in words what changed in GitLab, so --%s does not go with it", other)
		}
	}
	all, err := notesBetween(between.from.version, between.to.version)
	if err != nil {
		return err
	}
	var text strings.Builder
	for i, notes := range all {
		if i > 0 {
			text.WriteByte('\n')
		}
		notes.text(&text)
	}
	if len(all) == 0 {
		fmt.Fprintf(&text, "Nothing that is known changed from GitLab %s to %s.\n", between.from.String(), between.to.String())
	}
	_, err = io.WriteString(sys.out, text.String())
	return err
}

func printDocument(sys system, document *openapi.Document, form openapi.Form, format string) error {
	if form.Server != "" {
		if at, err := url.Parse(form.Server); err != nil || at.Scheme != "http" && at.Scheme != "https" || at.Host == "" {
			return wrongUsage("--server cannot be %q: give a URL such as https://gitlab.example.com", form.Server)
		}
	}
	form.Topic = strings.ReplaceAll(form.Topic, "-", " ")
	if form.Topic != "" && !slices.ContainsFunc(document.Topics(), func(tag string) bool { return strings.Contains(tag, form.Topic) }) {
		return wrongUsage("--only: no operation is about %q; there are %s", form.Topic, strings.Join(document.Topics(), ", "))
	}
	text, err := document.Write(form, format)
	if err != nil {
		return fmt.Errorf("print the contract: %w", err)
	}
	if format == "json" {
		var indented bytes.Buffer
		if err := json.Indent(&indented, text, "", "  "); err != nil {
			return fmt.Errorf("print the contract: %w", err)
		}
		text = indented.Bytes()
	}
	_, err = sys.out.Write(append(bytes.TrimRight(text, "\n"), '\n'))
	return err
}
