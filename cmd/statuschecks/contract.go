package main

import (
	"bytes"
	"encoding/json"
	"fmt"
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
	format, failOn := newChoice("yaml", "json"), newChoice("nothing", "breaking", "any")
	cmd := &cobra.Command{
		Use:   "contract",
		Short: "Print the API as an OpenAPI 3.0.3 document",
		Long: `Print GitLab's External Status Checks API, and the operations around it, as an OpenAPI 3.0.3 document.

With --gitlab-version the document describes this release. Without it, the document describes all releases; x-since and
x-until mark what came later or was removed. With --diff the command lists what changed between two releases: GitLab's
behaviour, its feature flags, and the API. For each difference of the API it says if it may break clients of the
earlier release, and why: gone, needed, refused, retyped or unexpected. --format json is for programs.`,
		Example: "  statuschecks contract > gitlab.yaml\n" +
			"  statuschecks contract --gitlab-version 16.4 --format json\n" +
			"  statuschecks contract --gitlab-version 18.9 --plain --only status-checks --server " +
			"https://gitlab.example.com\n" +
			"  statuschecks contract --diff 16.4..16.6\n" +
			"  statuschecks contract --diff 18.9..19.4 --format json --fail-on breaking",
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if between.String() != "" {
				return printNotes(cmd, sys, &between, failOn.value)
			}
			if cmd.Flags().Changed("fail-on") {
				return wrongUsage("--fail-on says when --diff fails, so give --diff too, such as --diff 16.4..16.6")
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
	cmd.Flags().Var(&version, "gitlab-version", "describe this release only (default: all releases)")
	cmd.Flags().Var(format, "format", "format of the document")
	cmd.Flags().BoolVar(&control, "control", false, "print the mock's control surface instead")
	cmd.Flags().BoolVar(&form.Plain, "plain", false, "a simple form for code generators: JSON bodies, one type each,"+
		" no "+
		"alternatives, no extensions")
	cmd.Flags().Var(newText(&form.Topic, topic).offering(topics), "only",
		"only the operations about a `topic`, such as status-checks")
	nameVariable(cmd.Flags(), "only", "contract-only") // verify reads scenarios from a flag of this name
	cmd.Flags().Var(newText(&form.Server, serverURL), "server", "`URL` of the server, for the document")
	cmd.Flags().Var(&between, "diff", "list what changed between two releases, such as 16.4..16.6")
	cmd.Flags().Var(failOn, "fail-on", "with --diff: exit code 1 if the contracts differ in what may break clients, "+
		"or differ at all")
	return cmd
}

// printNotes says what changed between two releases.
func printNotes(cmd *cobra.Command, sys system, between *span, failOn string) error {
	for _, other := range []string{"gitlab-version", "control", "plain", "only", "server"} {
		if cmd.Flags().Changed(other) {
			return wrongUsage("--diff says what changed in GitLab, so --%s does not go with it", other)
		}
	}
	write := writeNotes
	if cmd.Flags().Changed("format") {
		if cmd.Flag("format").Value.String() != "json" {
			return wrongUsage("--diff is written as text or, with --format json, as JSON")
		}
		write = writeNotesAsJSON
	}
	all, err := notesBetween(between.from.version, between.to.version)
	if err != nil {
		return err
	}
	if err := write(sys.out, between, all); err != nil {
		return fmt.Errorf("print what changed: %w", err)
	}
	if breaking, all := countContract(all); failOn == "breaking" && breaking > 0 || failOn == "any" && all > 0 {
		return &exitError{code: exitNotConformant}
	}
	return nil
}

// topic checks what operations are to be about.
func topic(given string) error {
	for _, document := range []*openapi.Document{openapi.GitLab(), openapi.Control()} {
		if isAbout(document, spaced(given)) {
			return nil
		}
	}
	return fmt.Errorf("no operation is about it; there are %s", strings.Join(openapi.GitLab().Topics(), ", "))
}

func isAbout(document *openapi.Document, topic string) bool {
	return slices.ContainsFunc(document.Topics(), func(tag string) bool { return strings.Contains(tag, topic) })
}

// spaced is a topic as the contract writes it, with spaces where the command line may have dashes.
func spaced(topic string) string { return strings.ReplaceAll(topic, "-", " ") }

func printDocument(sys system, document *openapi.Document, form openapi.Form, format string) error {
	form.Topic = spaced(form.Topic)
	if form.Topic != "" && !isAbout(document, form.Topic) {
		return wrongUsage("--only cannot be %q: no operation is about it; there are %s", form.Topic,
			strings.Join(document.Topics(), ", "))
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
