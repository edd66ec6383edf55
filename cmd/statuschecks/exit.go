package main

import (
	"errors"
	"fmt"

	"github.com/statuschecks/statuschecks/conformance"
)

// The exit codes. They are part of the interface: scripts branch on them.
const (
	exitOK            = conformance.ExitConformant
	exitNotConformant = conformance.ExitNotConformant
	exitNotJudged     = conformance.ExitNotJudged
	exitUsage         = conformance.ExitUsage
	exitCannotServe   = 4
	exitNotReady      = 1

	// as shells and env(1) have them, if exec could not run its command
	exitNotExecutable = 126
	exitNotFound      = 127
	exitBySignal      = 128 // and the number of the signal that ended the command
)

// exitCodes explains the codes to readers of the reference.
var exitCodes = []struct {
	code    int
	meaning string
}{
	{exitOK, "done; `verify`: the server is conformant, perhaps with known differences of a profile; `judge`: so " +
		"is the service; `diff` and " +
		"`explore`: the servers do not differ"},
	{exitNotConformant, "`verify` and `judge`: the server or the service is not conformant; `diff` and " +
		"`explore`: the servers differ; " +
		"`contract --diff`: the contracts differ as `--fail-on` says; `ready`: nothing is ready; `serve`: clients " +
		"did what `--fail-on-notes` refuses, or a fault plan was not used up with `--fail-on-unused-faults`; " +
		"`proxy`: something did not fit the contract, or a response did not come"},
	{exitNotJudged, "`seed`: the project could not be read; " +
		"`verify`, `judge`, `diff`, `explore` and `cleanup`: a server could not be judged, or not " +
		"completely: it " +
		"is unreachable or does not respond, the token is wrong, there is no licence, or the run was interrupted; " +
		"`explore`: a difference did not occur again"},
	{exitUsage, "wrong usage or input: a flag, a setting, or a file such as a seed, scenario, profile, target or " +
		"report"},
	{exitCannotServe, "`serve` and `exec`: the mock could not start: the port or socket is in use, or the " +
		"certificate is not usable; `serve --data`: the data could not be saved at the end; `proxy`: it could not " +
		"start, or the recording could not be written"},
	{exitNotExecutable, "`exec` and `judge`: the command could not be started"},
	{exitNotFound, "`exec` and `judge`: there is no such command. Else `exec` exits with the " +
		"command's own code, or with 128 and " +
		"the number of the signal that ended it"},
}

// exitError is an error with the exit code that it ends the program with.
type exitError struct {
	code int
	err  error // nil when everything was said already
}

// Error is the message for people.
func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

// Unwrap is the cause.
func (e *exitError) Unwrap() error { return e.err }

// wrongUsage is an error that the caller can mend by calling differently.
func wrongUsage(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

// fileOfFlag reads a file that a flag names. What is the file called in messages.
func fileOfFlag(path, what, flag string) ([]byte, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, wrongUsage("the %s cannot be read: %w; check --%s", what, err, flag)
	}
	return data, nil
}

// cannotServe is an error of the machine that serve runs on.
func cannotServe(format string, args ...any) error {
	return &exitError{exitCannotServe, fmt.Errorf(format, args...)}
}

// exitCode is the code for what a command returned. Errors without a code of their own are about the input.
func exitCode(err error) int {
	var known *exitError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &known):
		return known.code
	}
	return exitUsage
}
