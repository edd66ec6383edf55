// Package mocktest starts a mock of GitLab for a Go test, as net/http/httptest starts a server for a handler.
package mocktest

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/statuschecks/statuschecks/mockserver"
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
	mock, err := mockserver.New(opts)
	if err != nil {
		tb.Fatalf("mocktest: %v", err)
	}
	listener := httptest.NewServer(mock)
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
