package main

import (
	"crypto/hmac"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/statuschecks/statuschecks/mockserver"
)

func newSign(sys system) *cobra.Command {
	key := ""
	cmd := &cobra.Command{
		Use:   "sign FILE",
		Short: "Print the signature of a webhook body",
		Long: `Print what GitLab sends in the header X-Gitlab-Signature for the exact bytes of a file: HMAC-SHA256
under the shared secret of the external status check, in hexadecimal digits. The file - is standard input.`,
		Example: "  statuschecks sign body.json --secret hush",
		Args:    oneFile,
		RunE: func(_ *cobra.Command, args []string) error {
			body, err := bytesOf(args[0])
			if err != nil {
				return err
			}
			if key == "" {
				return wrongUsage("a secret is needed: give --secret, or set STATUSCHECKS_SECRET")
			}
			_, err = fmt.Fprintln(sys.out, mockserver.Signature(key, body))
			return err
		},
	}
	addSecret(cmd, &key)
	return cmd
}

func newVerifySignature(sys system) *cobra.Command {
	key, signature := "", ""
	cmd := &cobra.Command{
		Use:   "verify-signature FILE",
		Short: "Tell by the exit code whether the signature of a webhook body is right",
		Long: `Compare a signature with the one that GitLab sends for the exact bytes of a file. The exit code is 0 if
they are equal, and 1 if they differ. The file - is standard input.`,
		Example: "  statuschecks verify-signature body.json --secret hush --signature 6c52a647…",
		Args:    oneFile,
		RunE: func(_ *cobra.Command, args []string) error {
			body, err := bytesOf(args[0])
			if err != nil {
				return err
			}
			if key == "" || signature == "" {
				return wrongUsage("--secret and --signature are needed")
			}
			if why := wrongSignature(key, signature, body); why != "" {
				return &exitError{exitNotReady, fmt.Errorf("the signature is wrong: %s", why)}
			}
			_, err = fmt.Fprintln(sys.out, "the signature is right")
			return err
		},
	}
	addSecret(cmd, &key)
	cmd.Flags().Var(newText(&signature, anyName), "signature", "value of the header X-Gitlab-Signature")
	return cmd
}

func addSecret(cmd *cobra.Command, key *string) {
	cmd.Flags().Var(newSharedSecret(key), "secret", "shared `secret` of the external status check")
}

// wrongSignature says what is wrong with a signature; empty if it is right. It never says what would be right.
func wrongSignature(key, signature string, body []byte) string {
	right := mockserver.Signature(key, body)
	trimmed := strings.TrimRight(string(body), "\r\n")
	switch {
	case hmac.Equal([]byte(right), []byte(signature)):
		return ""
	case signature == "":
		return "there is none; does the external status check have a shared secret?"
	case hmac.Equal([]byte(right), []byte(strings.ToLower(strings.TrimSpace(signature)))):
		return "GitLab writes it in lower-case hexadecimal digits, without spaces"
	case hmac.Equal([]byte(right), []byte(strings.TrimPrefix(signature, "sha256="))):
		return "GitLab writes it without sha256= before it"
	case hmac.Equal([]byte(mockserver.Signature(key, []byte(trimmed))), []byte(signature)):
		return "it is right for the body without the line break at its end"
	case len(signature) != len(right):
		return fmt.Sprintf("it has %d characters, and should have %d", len(signature), len(right))
	}
	return "the secret is another one, or the bytes were changed"
}

// oneFile asks for the file that a command reads.
func oneFile(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return wrongUsage("%s takes one file, or - for standard input", cmd.CommandPath())
	}
	return nil
}

func bytesOf(path string) ([]byte, error) {
	if path == "-" {
		body, err := readBounded(os.Stdin, largestFile)
		if err != nil {
			return nil, wrongUsage("standard input cannot be read: %w", err)
		}
		return body, nil
	}
	body, err := readFile(path)
	if err != nil {
		return nil, wrongUsage("the file cannot be read: %w", err)
	}
	return body, nil
}
