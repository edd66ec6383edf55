package conformance

import (
	"bytes"
	"context"
	"io"
	"net/http"
)

// InProcess returns a transport that passes requests to a handler in the same process, without a socket. If the
// handler writes nothing, the response is 200 with an empty body, as over the network. If the caller cancels the
// request, the response is lost.
func InProcess(handler http.Handler) http.RoundTripper { return inProcess{handler} }

type inProcess struct {
	handler http.Handler
}

// RoundTrip serves one request. The handler sees it as a server does: with a request line, a host and an address it
// came from, and with a body that is never nil.
func (p inProcess) RoundTrip(outgoing *http.Request) (*http.Response, error) {
	if err := outgoing.Context().Err(); err != nil {
		return nil, err
	}
	incoming := outgoing.Clone(outgoing.Context())
	incoming.RequestURI = outgoing.URL.RequestURI()
	incoming.RemoteAddr = "127.0.0.1:1"
	if incoming.Host == "" {
		incoming.Host = outgoing.URL.Host
	}
	if incoming.Body == nil {
		incoming.Body = http.NoBody
	}
	if incoming.Body != http.NoBody && incoming.ContentLength <= 0 {
		incoming.ContentLength, incoming.TransferEncoding = -1, []string{"chunked"}
	}
	w := &responseBuffer{header: http.Header{}}
	p.handler.ServeHTTP(w, incoming)
	_ = incoming.Body.Close()
	if err := context.Cause(outgoing.Context()); err != nil {
		return nil, err
	}
	if w.closed {
		return nil, io.EOF
	}
	return w.response(outgoing), nil
}

// responseBuffer collects what a handler writes.
type responseBuffer struct {
	header http.Header
	sent   http.Header // as it was when the status was written
	status int
	body   bytes.Buffer
	closed bool // the connection, before anything was sent
}

// Header is the header to be sent.
func (w *responseBuffer) Header() http.Header { return w.header }

// WriteHeader sends status and header; later calls change nothing.
func (w *responseBuffer) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status, w.sent = status, w.header.Clone()
	}
}

// Write adds to the body.
func (w *responseBuffer) Write(data []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(data)
}

func (w *responseBuffer) response(to *http.Request) *http.Response {
	w.WriteHeader(http.StatusOK)
	body := w.body.Bytes()
	if to.Method == http.MethodHead {
		body = nil
	}
	return &http.Response{
		Status: http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Request: to,
	}
}
