// Put beside the state machine in place of its own tests by "make mutants", so that the suite is the only one to notice
// a mutant.
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
	"github.com/statuschecks/statuschecks/release"

	"github.com/statuschecks/statuschecks/mockserver/seed"
)

const (
	serverURL   = "http://gitlab.invalid"
	receiverURL = "http://receiver.invalid"
)

// releases are those that a mutant is judged in, one after the other: the reference, and one that has much of what went
// since. What only others have counts as not covered.
var releases = []release.Version{release.Reference, {Major: 15, Minor: 7}}

// present is the time in a bubble, whose own clock begins at the turn of the millennium.
func present() time.Time { return time.Now().AddDate(26, 1, 0) }

// begin makes the mock and says how to judge it.
func begin(t *testing.T, v release.Version, only []string) (
	*mockserver.Server, conformance.Target, conformance.RunOptions,
) {
	receiver := conformance.NewReceiver(receiverURL)
	world := seed.Default()
	server, err := mockserver.New(mockserver.Options{
		BaseURL: serverURL, Now: present, Seed: &world, Transport: conformance.InProcess(receiver), Version: v,
		Features: features(v),
	})
	if err != nil {
		t.Fatal(err)
	}
	target := conformance.Target{URL: serverURL, Receiver: receiver, Transport: conformance.InProcess(server)}
	options := conformance.RunOptions{
		RunID: "mutant", Clock: present, Selection: conformance.Selection{Only: only, MaxWait: -1},
	}
	for _, token := range world.Tokens() {
		if token.Role == "admin" {
			target.Token = token.Secret
		}
	}
	return server, target, options
}

// features switches external status checks on where a flag governs them.
func features(v release.Version) map[string]bool {
	const whole = "ff_external_status_checks"
	for _, f := range mockserver.FeatureFlags() {
		if f.Name == whole && f.In(v) {
			return map[string]bool{whole: true}
		}
	}
	return nil
}

// TestSuite holds that every scenario passes in each of the releases, and none is left out. It stops at the first that
// does not.
func TestSuite(t *testing.T) {
	for _, v := range releases {
		if !t.Run(v.String(), func(t *testing.T) { judge(t, v) }) {
			return
		}
	}
}

func judge(t *testing.T, v release.Version) {
	synctest.Test(t, func(t *testing.T) {
		server, target, options := begin(t, v, nil)
		running, stop := context.WithCancel(context.Background())
		var ended sync.WaitGroup
		ended.Go(func() { _ = server.Run(running) })
		defer ended.Wait()
		defer stop()
		judging, enough := context.WithTimeout(context.Background(), time.Hour)
		defer enough()
		options.Progress = func(_, _ int, last *conformance.Result) {
			switch last.Outcome {
			case conformance.Failed, conformance.Differed, conformance.Errored:
				t.Errorf("%s: %s", last.ID, last.Outcome)
				enough()
			}
		}
		report, err := conformance.Run(judging, target, options)
		if err != nil {
			t.Fatal(err)
		}
		if report.Verdict != conformance.Conformant {
			t.Errorf("the verdict is %q", report.Verdict)
		}
		if len(report.Remaining) > 0 || len(report.Fixtures) > 0 {
			t.Error(strings.Join(report.Remaining, "; "), report.Fixtures)
		}
	})
}
