package main

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// How long a client of the mock may take over what it sends and what it reads.
const (
	headerTime = 10 * time.Second
	bodyTime   = 60 * time.Second
	answerTime = 60 * time.Second
)

// withDeadlines lets no client take for ever over the body of a request, or over reading the answer. Between the two
// the mock may take its time.
func withDeadlines(next http.Handler, now func() time.Time) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		connection := http.NewResponseController(w)
		if r.Body != nil && r.Body != http.NoBody {
			if err := connection.SetReadDeadline(now().Add(bodyTime)); err == nil {
				r.Body = &hurriedBody{ReadCloser: r.Body, done: func() { _ = connection.SetReadDeadline(time.Time{}) }}
			}
		}
		next.ServeHTTP(&hurriedWriter{
			ResponseWriter: w,
			begin:          func() { _ = connection.SetWriteDeadline(now().Add(answerTime)) },
		}, r)
	})
}

// hurriedBody takes the deadline away when there is no more to read.
type hurriedBody struct {
	io.ReadCloser
	done func()
}

// Read reads from the body.
func (b *hurriedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		b.done()
	}
	return n, err
}

// hurriedWriter sets the deadline when the answer begins.
type hurriedWriter struct {
	http.ResponseWriter
	begin func()
}

// WriteHeader writes the status.
func (w *hurriedWriter) WriteHeader(status int) {
	w.begin()
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *hurriedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
