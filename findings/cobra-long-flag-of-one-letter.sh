#!/usr/bin/env bash
# Tool: github.com/spf13/cobra v1.10.2 with github.com/spf13/pflag v1.0.9, with Go 1.26 or newer.
# Input: a command with two flags that have no short form, --a and --both, for which the same completion is registered.
# Seen: both are parsed, and the help shows both. A shell that asks what can follow --both gets the values. For --a it
# gets none and an error, that the flag needs an argument, as completion looks a name of one letter up among the short
# forms alone. With the equals sign, --a=, it is the same. Where the flag has its own name as its short form, too, the
# values are offered.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
export GOFLAGS=-mod=mod GOWORK=off
go mod init try >/dev/null 2>&1
go get github.com/spf13/cobra@v1.10.2 github.com/spf13/pflag@v1.0.9 >/dev/null 2>&1
cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

func compare(short string) *cobra.Command {
	cmd := &cobra.Command{Use: "compare", Run: func(cmd *cobra.Command, _ []string) {
		one, _ := cmd.Flags().GetString("a")
		fmt.Println("ran with", one)
	}}
	cmd.Flags().StringP("a", short, "", "one side")
	cmd.Flags().String("both", "", "both sides")
	for _, name := range []string{"a", "both"} {
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions([]string{"left", "right"},
			cobra.ShellCompDirectiveNoFileComp))
	}
	return cmd
}

func try(short string, args ...string) {
	fmt.Printf("short form %q: %q\n", short, args)
	cmd := compare(short)
	cmd.SetOut(os.Stdout)
	cmd.SetErr(os.Stdout)
	cmd.SetArgs(args)
	if err := cmd.Execute(); err != nil {
		fmt.Println("error:", err)
	}
}

func main() {
	try("", "--a", "left")
	try("", cobra.ShellCompNoDescRequestCmd, "--both", "")
	try("", cobra.ShellCompNoDescRequestCmd, "--a", "")
	try("", cobra.ShellCompNoDescRequestCmd, "--a=")
	try("a", cobra.ShellCompNoDescRequestCmd, "--a", "")
}
GO
go mod tidy >/dev/null 2>&1
go run . 2>&1 | grep -v '^Completion ended' | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
short form "": ["--a" "left"]
ran with left
short form "": ["__completeNoDesc" "--both" ""]
left
right
:4
short form "": ["__completeNoDesc" "--a" ""]
[Debug] [Error] Error while parsing flags from args [--a]: flag needs an argument: --a
:0
short form "": ["__completeNoDesc" "--a="]
[Debug] [Error] Subcommand 'compare' does not support flag 'a'
:0
short form "a": ["__completeNoDesc" "--a" ""]
left
right
:4
TEXT
echo
echo "As described."
