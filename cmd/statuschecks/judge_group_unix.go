//go:build unix

package main

import (
	"os"
	"os/exec"
	"syscall"
)

// inOwnGroup lets a command begin a process group, so that what it starts can be ended with it.
func inOwnGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// signalGroup sends a signal to all processes of the group that a process began.
func signalGroup(first *os.Process, s syscall.Signal) error { return syscall.Kill(-first.Pid, s) }
