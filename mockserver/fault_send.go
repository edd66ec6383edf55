package mockserver

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/fault"
)

// send sends a response and applies the fault of its connection. If the connection cannot be reached, as with HTTP/2,
// the response ends instead, and a reason phrase is left out.
func send(w http.ResponseWriter, r *http.Request, h *held, f *fault.Fault) {
	reason := ""
	if f.Response != nil {
		reason = f.Response.Reason
	}
	if f.Connection == "" && reason == "" {
		w.WriteHeader(h.status)
		if f.Trickle > 0 && r.Method != http.MethodHead {
			trickle(r.Context(), w, h.body.Bytes(), time.Duration(f.Trickle))
			return
		}
		if r.Method != http.MethodHead {
			_, _ = w.Write(h.body.Bytes()) // a client that went away is no business of ours
		}
		return
	}
	connection, buffered, err := http.NewResponseController(w).Hijack()
	switch {
	case err == nil:
		defer func() { _ = connection.Close() }()
		if f.Connection == fault.Reset || f.Connection == fault.NothingListens {
			reset(connection)
			return
		}
		slow := closeAfter(connection, longestWrite) // for a client that does not read
		writeRaw(buffered, r, h, f, reason)
		_ = buffered.Flush()
		slow.Stop()
		idle(r.Context(), connection, time.Duration(f.Idle))
	case f.Connection != "":
		panic(http.ErrAbortHandler)
	default:
		w.WriteHeader(h.status)
		_, _ = w.Write(h.body.Bytes())
	}
}

// longestWrite is how long a client may take to read a response whose connection a fault is about to end.
const longestWrite = time.Minute

// idle keeps a connection open for a while, unless the client leaves. What the client sends is not looked at.
func idle(ctx context.Context, connection net.Conn, length time.Duration) {
	if length <= 0 {
		return
	}
	defer closeAfter(connection, length).Stop()
	defer context.AfterFunc(ctx, func() { _ = connection.Close() })()
	_, _ = io.Copy(io.Discard, connection)
}

// closeAfter closes a connection after some real time, unless it is stopped.
func closeAfter(connection net.Conn, length time.Duration) *time.Timer {
	return time.AfterFunc(length, func() { _ = connection.Close() })
}

// reset ends the connection with a TCP reset instead of an orderly close.
func reset(connection net.Conn) {
	inner := connection
	if over, is := connection.(interface{ NetConn() net.Conn }); is { // TLS
		inner = over.NetConn()
	}
	if tcp, is := inner.(*net.TCPConn); is {
		_ = tcp.SetLinger(0)
		_ = tcp.Close()
	}
}

// writeRaw writes a response byte by byte, as the fault describes it.
func writeRaw(w io.Writer, r *http.Request, h *held, f *fault.Fault, reason string) {
	if f.Connection == fault.Close {
		return
	}
	body := h.body.Bytes()
	if r.Method == http.MethodHead {
		body = nil
	}
	header := h.header.Clone()
	switch f.Connection {
	case fault.CutKnown:
		header.Set("Content-Length", strconv.Itoa(max(len(body), f.CutAfter+1)))
		body = body[:min(f.CutAfter, len(body))]
	case fault.CutChunked:
		header.Del("Content-Length")
		header.Set("Transfer-Encoding", "chunked")
		body = body[:min(f.CutAfter, len(body))]
		body = fmt.Appendf(nil, "%x\r\n%s\r\n", len(body), body)
		if f.CutAfter == 0 {
			body = nil
		}
	case fault.Extra:
		body = append(bytes.Clone(body), "bytes that belong to no response\r\n"...)
	case "":
		header.Set("Connection", "close")
	}
	if reason == "" {
		reason = http.StatusText(h.status)
	}
	var head bytes.Buffer
	fmt.Fprintf(&head, "HTTP/1.1 %03d %s\r\n", h.status, reason)
	_ = header.Write(&head) // a buffer takes everything
	head.WriteString("\r\n")
	_, _ = w.Write(append(head.Bytes(), body...)) // a client that went away is no business of ours
}
