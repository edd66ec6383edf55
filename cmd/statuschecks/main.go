// Command statuschecks has a mock of GitLab's External Status Checks API, and tests servers that implement this API.
//
// Its commands: serve runs the mock, exec runs a command with a mock of its own, ready tells whether one is ready,
// trigger lets something happen in a mock, receive prints webhook deliveries, sign and verify-signature handle their
// signatures, verify tests a server, judge tests an external service, merge-reports joins reports, diff and explore
// compare servers, cleanup deletes what an interrupted run left on a server, lint checks files, contract prints the API
// as an OpenAPI document, and version shows the version. docs/reference/commands.md lists every flag.
//
// A flag overrides its environment variable (STATUSCHECKS_ and the name of the flag), and the variable overrides the
// settings file. Output for programs goes to standard output, and messages for people go to standard error.
package main

import (
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// system is what the program takes from outside.
type system struct {
	out     io.Writer // for machines: documents, reports, the ready line
	errs    io.Writer // for people: progress, logs, errors
	environ []string  // as os.Environ
	now     func() time.Time
}

// oneSignal is how soon after a signal another one is the same: timeout(1), for one, sends two, one to the program and
// one to its process group.
const oneSignal = 300 * time.Millisecond

func main() {
	if os.Getenv("GOGC") == "" {
		collectLazily()
	}
	ctx, restore := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// net/http logs there about strange servers; our own error message is better
	log.SetOutput(io.Discard)
	context.AfterFunc(ctx, func() { time.AfterFunc(oneSignal, restore) }) // a second signal ends the program at once
	os.Exit(run(ctx, os.Args[1:], system{out: os.Stdout, errs: os.Stderr, environ: os.Environ(), now: time.Now}))
}
