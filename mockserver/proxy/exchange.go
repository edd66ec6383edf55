package proxy

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

// largestChecked is up to which size a body is looked at, in bytes. A larger one is passed on only.
const largestChecked = 8 << 20

type exchangeKey struct{}

// exchange is a request and its response, as they pass.
type exchange struct {
	began    time.Time
	request  stream
	response stream
	status   int // 0 until the response begins
	header   http.Header
	out      http.Header // of what the client gets
	failure  error       // why there is no response
}

// stream passes a body on and keeps it, if it is not too large. What sends a request may read on in it when the
// response has ended.
type stream struct {
	from io.ReadCloser

	mu     sync.Mutex
	kept   bytes.Buffer
	size   int64
	ended  bool
	failed error
}

func (s *stream) Read(p []byte) (int, error) {
	if s.hasEnded() {
		return 0, io.EOF
	}
	n, err := s.from.Read(p)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.size += int64(n)
	if s.size <= largestChecked {
		s.kept.Write(p[:n])
	} else {
		s.kept = bytes.Buffer{}
	}
	switch {
	case errors.Is(err, io.EOF):
		s.ended = true
	case err != nil:
		s.failed = err
	}
	return n, err
}

func (s *stream) hasEnded() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ended
}

// Close closes the body.
func (s *stream) Close() error { return s.from.Close() }

// whole is what was passed on, if that is all of it and not too much.
func (s *stream) whole() ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept.Bytes(), s.from == nil || s.ended && s.size <= largestChecked
}

// unpacked is a response's body without its packing, if that is known and not too much.
func (x *exchange) unpacked() ([]byte, bool) {
	body, all := x.response.whole()
	switch {
	case !all:
		return nil, false
	case x.header.Get("Content-Encoding") == "":
		return body, true
	case x.header.Get("Content-Encoding") != "gzip" || len(body) == 0:
		return nil, len(body) == 0
	}
	reader, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, false
	}
	text, err := io.ReadAll(io.LimitReader(reader, largestChecked+1))
	if err != nil || len(text) > largestChecked {
		return nil, false
	}
	return text, true
}

// brokeOff says whether the GitLab ended a response before its end, and not the client.
func (x *exchange) brokeOff(ctx context.Context) bool {
	return x.response.failed != nil && ctx.Err() == nil
}
