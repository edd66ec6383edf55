// Command statuschecks imitates GitLab's External Status Checks API and judges servers that have it.
//
// It has a command for each use: serve runs a mock GitLab, verify judges a server, cleanup removes what an interrupted
// verify left behind, contract prints the API as an OpenAPI document, and version tells what this is.
// docs/reference/commands.md lists every flag.
//
// A setting is taken from its flag, else from the environment variable STATUSCHECKS_ and its name, else from the
// settings file. What machines read goes to standard output, what people read to standard error.
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

func main() {
	if os.Getenv("GOGC") == "" {
		collectLazily()
	}
	ctx, restore := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// net/http notes there what it makes of strange servers; the error that follows says it better
	log.SetOutput(io.Discard)
	context.AfterFunc(ctx, restore) // a second signal ends the program at once
	os.Exit(run(ctx, os.Args[1:], system{out: os.Stdout, errs: os.Stderr, environ: os.Environ(), now: time.Now}))
}
