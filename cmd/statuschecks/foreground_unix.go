//go:build unix

package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// inForeground reports whether the program's group is that to which its terminal sends Ctrl-C.
func inForeground() bool {
	terminal, err := os.Open("/dev/tty") // the terminal that controls the program, whatever its input is
	if err != nil {
		return false
	}
	defer terminal.Close()
	group, err := unix.IoctlGetInt(int(terminal.Fd()), unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}
