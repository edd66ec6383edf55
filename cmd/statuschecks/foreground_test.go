//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/tooltest"
)

// terminalOf opens a terminal, and gives the end that a program has.
func terminalOf(t *testing.T) *os.File {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	tooltest.NoTrouble(t, "a terminal", err)
	t.Cleanup(func() { _ = master.Close() })
	number, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	assert.NilError(t, err)
	assert.NilError(t, unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0))
	terminal, err := os.OpenFile(fmt.Sprint("/dev/pts/", number), os.O_RDWR|unix.O_NOCTTY, 0)
	assert.NilError(t, err)
	t.Cleanup(func() { _ = terminal.Close() })
	return terminal
}

// The terminal that sends Ctrl-C counts, and not where the input comes from.
func TestInForeground(t *testing.T) {
	const child = "IN_FOREGROUND_CHILD"
	if os.Getenv(child) != "" {
		fmt.Println("in foreground:", inForeground())
		return
	}
	t.Parallel()
	for name, test := range map[string]struct {
		input, controls bool // whether the terminal is the input, and controls the program
	}{
		"input from elsewhere":   {false, true},
		"input alone":            {true, false},
		"input and control":      {true, true},
		"no terminal whatsoever": {false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			terminal := terminalOf(t)
			cmd := exec.Command(os.Args[0], "-test.run=^TestInForeground$", "-test.v")
			cmd.Env = append(os.Environ(), child+"=1")
			cmd.ExtraFiles = []*os.File{terminal}
			cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: test.controls, Ctty: 3}
			if !test.controls {
				cmd.SysProcAttr.Ctty = 0
			}
			if test.input {
				cmd.Stdin = terminal
			}
			out, err := cmd.CombinedOutput()
			assert.NilError(t, err, "%s", out)
			assert.Assert(t, strings.Contains(string(out), fmt.Sprintln("in foreground:", test.controls)), "%s", out)
		})
	}
}
