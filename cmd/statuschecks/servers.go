package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/statuschecks/statuschecks/mockserver"
)

// When serve is told to stop, requests that are under way get drainTime to finish, and deliveries breakOffTime to be
// broken off.
const (
	drainTime    = 1200 * time.Millisecond
	breakOffTime = 400 * time.Millisecond
)

// servers are the HTTP servers of one run.
type servers struct {
	list      []*http.Server
	listeners []net.Listener
	secure    bool
}

func newServers(handlers map[net.Listener]http.Handler, tls security, log *slog.Logger, now func() time.Time) *servers {
	s := &servers{secure: tls.config != nil}
	for listener, handler := range handlers {
		if log.Enabled(context.Background(), slog.LevelDebug) {
			handler = logRequests(handler, log, now)
		}
		s.listeners = append(s.listeners, listener)
		s.list = append(s.list, &http.Server{
			Handler: withDeadlines(handler, now), TLSConfig: tls.config, ReadHeaderTimeout: headerTime,
			IdleTimeout: 2 * time.Minute, ConnContext: mockserver.ConnContext,
			ErrorLog: serverLog(log),
		})
	}
	return s
}

// run serves until the context ends or a server fails, then lets requests that are under way finish.
func (s *servers) run(ctx context.Context, mock *mockserver.Server, log *slog.Logger) error {
	running, stop := context.WithCancel(ctx)
	defer stop()
	ended, idle := make(chan error, len(s.list)+1), make(chan struct{})
	go func() {
		ended <- mock.Run(running)
		close(idle)
	}()
	for i, server := range s.list {
		go func() {
			if s.secure {
				ended <- server.ServeTLS(s.listeners[i], "", "")
				return
			}
			ended <- server.Serve(s.listeners[i])
		}()
	}
	var failed error
	select {
	case <-ctx.Done():
		log.Info("stopping", "for", context.Cause(ctx))
	case failed = <-ended:
	}
	s.drain(context.WithoutCancel(ctx))
	stop()
	select {
	case <-idle:
	case <-time.After(breakOffTime):
	}
	if failed != nil && !errors.Is(failed, http.ErrServerClosed) && ctx.Err() == nil {
		return cannotServe("the server stopped: %w", failed)
	}
	return nil
}

// drain lets requests finish that are under way, and breaks off those that take too long.
func (s *servers) drain(ctx context.Context) {
	draining, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	for _, server := range s.list {
		if err := server.Shutdown(draining); err != nil {
			_ = server.Close()
		}
	}
}
