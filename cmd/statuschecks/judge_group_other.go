//go:build !unix

package main

import (
	"os"
	"os/exec"
	"syscall"
)

// inOwnGroup does nothing where there are no process groups.
func inOwnGroup(*exec.Cmd) {}

// signalGroup sends a signal to the one process.
func signalGroup(only *os.Process, s syscall.Signal) error { return only.Signal(s) }
