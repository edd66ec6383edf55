//go:build !unix

package main

import "os"

// inForeground reports whether the program has a terminal that sends Ctrl-C to it and to the command.
func inForeground() bool { return isTerminal(os.Stdin) }
