package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/statuschecks/statuschecks/release"
)

func newVersion(sys system) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Show the version of the program and the GitLab releases that it supports",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(sys.out, "statuschecks %s (%s, %s/%s)\ncontract: GitLab %s to %s, best evidenced "+
				"for %s\n",
				programVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH, release.Oldest, release.Newest,
				release.Reference)
			return err
		},
	}
}

// stamped is the version that a release is built as; see dist.
var stamped string

// programVersion is the version that the program was built as, or "devel" for a build from a checkout.
func programVersion() string {
	if stamped != "" {
		return "v" + stamped
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}
