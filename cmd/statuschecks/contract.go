package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/statuschecks/statuschecks/openapi"
)

func newContract(sys system) *cobra.Command {
	var version release
	var control bool
	format := newChoice("yaml", "json")
	cmd := &cobra.Command{
		Use:   "contract",
		Short: "Print the API as an OpenAPI 3.0.3 document",
		Long: "Print the API as an OpenAPI 3.0.3 document: GitLab's External Status Checks and the operations around them.\n\n" +
			"Without --gitlab-version it is the whole history, with x-since and x-until on what came later or is gone; with it, the\n" +
			"API as that release has it.",
		Example: "  statuschecks contract > gitlab.yaml\n  statuschecks contract --gitlab-version 16.4 --format json",
		Args:    noArguments,
		RunE: func(*cobra.Command, []string) error {
			document := openapi.GitLab()
			if control {
				document = openapi.Control()
			}
			if version.version != (openapi.Version{}) {
				document = document.At(version.version)
			}
			return printDocument(sys, document, format.value)
		},
	}
	cmd.Flags().Var(&version, "gitlab-version", "the API as this release has it (default: the whole history)")
	cmd.Flags().Var(format, "format", "how to write the document")
	cmd.Flags().BoolVar(&control, "control", false, "print the mock's control surface instead")
	return cmd
}

func printDocument(sys system, document *openapi.Document, format string) error {
	text, err := documentText(document, format)
	if err != nil {
		return fmt.Errorf("print the contract: %w", err)
	}
	_, err = sys.out.Write(append(bytes.TrimRight(text, "\n"), '\n'))
	return err
}

func documentText(document *openapi.Document, format string) ([]byte, error) {
	if format != "json" {
		return document.YAML()
	}
	text, err := document.JSON()
	if err != nil {
		return nil, err
	}
	var indented bytes.Buffer
	err = json.Indent(&indented, text, "", "  ")
	return indented.Bytes(), err
}
