package conformance_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
)

// stuck is a transport that interrupts the run at a certain request, and from then on gives no answer to what deletes
// projects.
type stuck struct {
	http.RoundTripper
	at        string
	interrupt context.CancelFunc
}

func (s stuck) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, s.at) {
		s.interrupt()
	}
	if r.Method == http.MethodDelete {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return s.RoundTripper.RoundTrip(r)
}

// TestRun_cleansUpForAMinute holds that an interrupted run ends within a minute, whatever the server does, with a
// report and with its ledger.
func TestRun_cleansUpForAMinute(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]string{"set-up": "/access_tokens", "a scenario": "/status_checks"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				var when time.Time
				o := mock(t, nil)
				o.Only, o.Ledger, o.Timeout, o.Patience = []string{"respond", "list"},
					filepath.Join(t.TempDir(), "run.ledger"), time.Hour, time.Hour
				o.Transport = stuck{o.Transport, at, func() {
					if when.IsZero() {
						when = time.Now()
					}
					cancel()
				}}
				report, err := conformance.Run(ctx, o.Target, o.RunOptions)
				assert.NilError(t, err)
				took := time.Since(when)
				assert.Assert(t, took <= time.Minute, "it took %s", took)
				assert.Equal(t, report.Verdict, conformance.NotJudged)
				assert.Assert(t, report.Run.Interrupted)
				assert.Equal(t, report.Totals["errored"], 0, "%v", report.Totals)
				assert.Assert(t, len(report.Remaining) > 0)
				_, err = os.Stat(o.Ledger)
				assert.NilError(t, err, "what is left is in the ledger")
			})
		})
	}
}
