// Package mocktest starts a mock of GitLab for a Go test, as net/http/httptest starts a server for a handler.
package mocktest

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/expectation"
)

// Server is a mock that listens on the loopback interface.
type Server struct {
	*mockserver.Server

	// URL is the base URL of the mock, such as http://127.0.0.1:41234. The API is below URL + "/api/v4".
	URL string

	made atomic.Int64 // numbers worlds
}

// NewServer starts a mock for a test. Background jobs run and webhooks are sent by themselves when they are due. If
// opts.Log is nil, the mock logs to the test. The mock is closed when the test ends. If no mock can be made from opts,
// NewServer fails the test.
func NewServer(tb testing.TB, opts mockserver.Options) *Server {
	tb.Helper()
	if opts.Log == nil {
		opts.Log = slog.New(slog.NewTextHandler(tb.Output(), nil))
	}
	listener := httptest.NewUnstartedServer(nil)
	pausable := mockserver.NewListener(listener.Listener)
	if opts.StopListening == nil {
		opts.StopListening = pausable.StopListening
	}
	mock, err := mockserver.New(opts)
	if err != nil {
		_ = pausable.Close()
		tb.Fatalf("mocktest: %v", err)
	}
	listener.Listener, listener.Config.Handler = pausable, mock
	listener.Config.ConnContext = mockserver.ConnContext
	listener.Start()
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := mock.Run(ctx); err != nil {
			tb.Errorf("mocktest: %v", err)
		}
	})
	tb.Cleanup(func() {
		listener.Close()
		stop()
		running.Wait()
	})
	return &Server{Server: mock, URL: listener.URL}
}

// Expect fails the test, when it ends, unless clients have done by then what is expected. The calls from now on count,
// unless e.Since says otherwise. It fails the test at once if the expectation makes no sense, and at the end if the
// expectation is gone then, as after a reset.
func (s *Server) Expect(tb testing.TB, e expectation.Expectation) {
	tb.Helper()
	added, err := s.AddExpectation(e)
	if err != nil {
		tb.Fatalf("mocktest: %v", err)
	}
	tb.Cleanup(func() {
		tb.Helper()
		known := false
		for _, v := range s.Expectations() {
			if v.ID != added.ID {
				continue
			}
			known = true
			if !v.Met {
				tb.Errorf("mocktest: %s", v)
			}
		}
		if !known {
			tb.Errorf("mocktest: the expectation %s is gone before it could be checked: a reset, a seed or the "+
				"restoring of a snapshot removes all; call Expect after it, or CheckExpectations before", added.ID)
		}
	})
}

// CheckExpectations fails the test for each expectation that is not met now.
func (s *Server) CheckExpectations(tb testing.TB) {
	tb.Helper()
	for _, v := range s.Expectations() {
		if !v.Met {
			tb.Errorf("mocktest: %s", v)
		}
	}
}

// CheckFaults fails the test for each fault plan that is not used up now.
func (s *Server) CheckFaults(tb testing.TB) {
	tb.Helper()
	for _, plan := range s.UnusedFaults() {
		tb.Errorf("mocktest: the fault plan %s was not used up: %s", plan.ID, strings.Join(plan.Missing(), "; "))
	}
}
