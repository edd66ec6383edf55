package mockserver

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

// patientConn limits each single wait for the other side, as Ruby does. A read waits at most readTimeout for the next
// piece, counted from the last piece read or written. A write waits at most writeTimeout.
type patientConn struct {
	net.Conn

	mu      sync.Mutex
	reading *time.Timer // runs during a read
	writing bool
}

// past is a deadline that makes a pending read or write fail at once.
var past = time.Unix(1, 0)

func (c *patientConn) Read(b []byte) (int, error) {
	c.mu.Lock()
	c.reading = time.AfterFunc(readTimeout, c.endRead)
	if c.writing {
		c.reading.Stop()
	}
	c.mu.Unlock()
	n, err := c.Conn.Read(b)
	c.mu.Lock()
	c.reading.Stop()
	c.reading = nil
	c.mu.Unlock()
	if n == 0 && errors.Is(err, os.ErrDeadlineExceeded) {
		err = fmt.Errorf("no answer for %s: %w", readTimeout, err)
	}
	return n, err
}

func (c *patientConn) endRead() { _ = c.Conn.SetReadDeadline(past) }

func (c *patientConn) Write(b []byte) (int, error) {
	c.write(true)
	overdue := time.AfterFunc(writeTimeout, func() { _ = c.Conn.SetWriteDeadline(past) })
	n, err := c.Conn.Write(b)
	overdue.Stop()
	c.write(false)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = fmt.Errorf("the request was not taken for %s: %w", writeTimeout, err)
	}
	return n, err
}

// write records whether a write is in progress. Meanwhile a read does not time out.
func (c *patientConn) write(on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writing = on
	switch {
	case c.reading == nil:
	case on:
		c.reading.Stop()
	default:
		c.reading.Reset(readTimeout)
	}
}
