package conformance_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
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

// slowMaker is a transport to a server that takes a while to make a project, whether or not the client waits for it.
// The run is interrupted as soon as it has asked for one.
type slowMaker struct {
	http.RoundTripper
	interrupt context.CancelFunc
	late      *sync.WaitGroup
}

func (s slowMaker) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/projects") {
		return s.RoundTripper.RoundTrip(r)
	}
	s.interrupt()
	select {
	case <-time.After(4 * time.Second):
		return s.RoundTripper.RoundTrip(r)
	case <-r.Context().Done():
	}
	s.late.Go(func() {
		time.Sleep(4 * time.Second)
		if response, err := s.RoundTripper.RoundTrip(r.WithContext(context.WithoutCancel(r.Context()))); err == nil {
			_ = response.Body.Close()
		}
	})
	return nil, r.Context().Err()
}

// TestRun_removesWhatIsMadeAfterAnInterruption holds that a run which is interrupted while the server makes a project
// removes that project, too.
func TestRun_removesWhatIsMadeAfterAnInterruption(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		o := mock(t, nil)
		var late sync.WaitGroup
		server := o.Transport
		o.Only, o.Ledger = []string{"respond"}, filepath.Join(t.TempDir(), "run.ledger")
		o.Transport = slowMaker{server, cancel, &late}
		report, err := conformance.Run(ctx, o.Target, o.RunOptions)
		assert.NilError(t, err)
		late.Wait()
		assert.Assert(t, report.Run.Interrupted)
		assert.Equal(t, len(report.Remaining), 0, "%v", report.Remaining)
		list := o.URL + "/api/v4/projects?simple=true"
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, list, http.NoBody)
		assert.NilError(t, err)
		r.Header.Set("Private-Token", o.Token)
		response, err := server.RoundTrip(r)
		assert.NilError(t, err)
		text, err := io.ReadAll(response.Body)
		assert.NilError(t, err)
		assert.Equal(t, response.StatusCode, http.StatusOK, "%s", text)
		assert.Assert(t, !strings.Contains(string(text), "statuschecks-"), "%s", text)
	})
}
