package conformance_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/mockserver"
)

// mock gives options that point a run at a mock in this process.
func mock(t testing.TB, change func(*mockserver.Options)) conformance.Options {
	t.Helper()
	receiver := conformance.NewReceiver("http://receiver.invalid")
	seed := mockserver.DefaultSeed()
	options := mockserver.Options{BaseURL: "http://builtin.invalid", Now: time.Now, Seed: &seed, Transport: conformance.InProcess(receiver)}
	if change != nil {
		change(&options)
	}
	server, err := mockserver.New(options)
	assert.NilError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	var ended sync.WaitGroup
	ended.Go(func() { _ = server.Run(ctx) })
	t.Cleanup(func() { cancel(); ended.Wait() })
	o := conformance.Options{URL: "http://builtin.invalid", RunID: "run1", Transport: conformance.InProcess(server), Receiver: receiver,
		Selection: conformance.Selection{MaxWait: -1}}
	for _, token := range seed.Tokens() {
		if token.Role == "admin" {
			o.Token = token.Secret
			break
		}
	}
	return o
}

// TestCatalogue runs every scenario against the mock.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	report, err := conformance.Run(t.Context(), mock(t, nil))
	assert.NilError(t, err)
	var text strings.Builder
	assert.NilError(t, report.WriteText(&text, conformance.TextOptions{}))
	if report.Verdict != conformance.Conformant || report.Totals["differs"] > 0 || len(report.Left) > 0 {
		t.Fatal(text.String())
	}
	t.Log(text.String())
}
