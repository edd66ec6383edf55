// Put beside the state machine in place of its own tests by "make mutants", so that the suite is the only one to notice a mutant.
package gitlab_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/mockserver"
)

const (
	serverURL   = "http://gitlab.invalid"
	receiverURL = "http://receiver.invalid"
)

// present is the time in a bubble, whose own clock begins at the turn of the millennium.
func present() time.Time { return time.Now().AddDate(26, 1, 0) }

// begin makes the mock and says how to judge it.
func begin(t *testing.T, only []string) (*mockserver.Server, conformance.Options) {
	receiver := conformance.NewReceiver(receiverURL)
	seed := mockserver.DefaultSeed()
	server, err := mockserver.New(mockserver.Options{BaseURL: serverURL, Now: present, Seed: &seed, Transport: conformance.InProcess(receiver)})
	if err != nil {
		t.Fatal(err)
	}
	options := conformance.Options{
		URL: serverURL, RunID: "mutant", Receiver: receiver, Transport: conformance.InProcess(server), Clock: present, Jobs: 8,
		Selection: conformance.Selection{Only: only, MaxWait: -1},
	}
	for _, token := range seed.Tokens() {
		if token.Role == "admin" {
			options.Token = token.Secret
		}
	}
	return server, options
}

// TestSuite holds that every scenario passes. It stops at the first that does not.
func TestSuite(t *testing.T) {
	_, options := begin(t, []string{"http", "checks.list.*", "!slow"})
	options.Selection.MaxWait, options.Receiver = 0, nil
	_, _ = conformance.Run(context.Background(), options) // compiles the contract, which must not happen in a bubble
	synctest.Test(t, func(t *testing.T) {
		server, options := begin(t, nil)
		running, stop := context.WithCancel(context.Background())
		var ended sync.WaitGroup
		ended.Go(func() { _ = server.Run(running) })
		defer ended.Wait()
		defer stop()
		judging, enough := context.WithTimeout(context.Background(), time.Hour)
		defer enough()
		options.Progress = func(_, _ int, last *conformance.Result) {
			switch last.Outcome {
			case conformance.Fail, conformance.Differs, conformance.Error:
				t.Errorf("%s: %s", last.ID, last.Outcome)
				enough()
			}
		}
		report, err := conformance.Run(judging, options)
		if err != nil {
			t.Fatal(err)
		}
		if len(report.Left) > 0 || len(report.Fixtures) > 0 {
			t.Error(strings.Join(report.Left, "; "), report.Fixtures)
		}
	})
}
