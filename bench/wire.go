package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
)

// wire is a connection that sends the same bytes again and again. An http.Client costs about as much as the mock does,
// and would count at both ends of a comparison.
type wire struct {
	conn    net.Conn
	in      *bufio.Reader
	request []byte
	status  int
}

// dial connects to the exchange's server.
func (e *exchange) dial(ctx context.Context) (*wire, error) {
	request, err := e.request(ctx)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := request.Write(&text); err != nil {
		return nil, err
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", request.URL.Host)
	if err != nil {
		return nil, err
	}
	return &wire{conn, bufio.NewReader(conn), text.Bytes(), e.status}, nil
}

// call sends the request and reads the answer, which must have a Content-Length.
func (w *wire) call() error {
	if _, err := w.conn.Write(w.request); err != nil {
		return err
	}
	line, err := w.in.ReadSlice('\n')
	if err != nil {
		return err
	}
	if want := strconv.Itoa(w.status); !bytes.HasPrefix(bytes.TrimPrefix(line, []byte("HTTP/1.1 ")), []byte(want)) {
		return fmt.Errorf("answered %q, not %s", line, want)
	}
	length := -1
	for {
		line, err := w.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		name, value, found := bytes.Cut(bytes.TrimSpace(line), []byte(":"))
		switch {
		case !found && w.status == http.StatusNotModified:
			return nil
		case !found && length < 0:
			return errors.New("the answer has no " + contentLength)
		case !found:
			_, err := w.in.Discard(length)
			return err
		case string(name) == contentLength:
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return err
			}
		}
	}
}

var contentLength = http.CanonicalHeaderKey("content-length")
