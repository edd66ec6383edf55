package main

import (
	"io"
	"log"
	"log/slog"
	"net/http"
	"time"

	"github.com/statuschecks/statuschecks/internal/strictyaml"
)

var logLevels = map[string]slog.Level{
	"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn,
	"error": slog.LevelError,
}

// newLog makes a log that writes lines in the format "text" or "json".
func newLog(out io.Writer, format, level string) *slog.Logger {
	options := &slog.HandlerOptions{Level: logLevels[level]}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(out, options))
	}
	return slog.New(slog.NewTextHandler(out, options))
}

// serverLog is where the HTTP server says what went wrong with a connection.
func serverLog(l *slog.Logger) *log.Logger {
	return slog.NewLogLogger(l.Handler(), slog.LevelDebug)
}

// logRequests notes each request that was answered: never its query, which may hold a token, nor a token in its path.
func logRequests(next http.Handler, l *slog.Logger, now func() time.Time) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := now()
		seen := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(seen, r)
		l.LogAttrs(r.Context(), slog.LevelDebug, "answered", slog.String("method", r.Method),
			slog.String("path", strictyaml.WithoutTokens(r.URL.EscapedPath())),
			slog.Int("status", seen.status), slog.Duration("took", now().Sub(start)))
	})
}

// statusWriter remembers the status that was written.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader writes the status.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
