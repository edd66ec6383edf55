package postgres

import (
	"encoding/binary"
	"io"
	"net"
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

// A connection on which the database refuses TLS is closed, so that the database does not have to wait for it.
func TestOpen_closesWhatHasNoTLS(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	assert.NilError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	plain, refused := make(chan bool), make(chan error, 1)
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			asked, asksForTLS := make([]byte, 8), uint32(80877103)
			_, _ = io.ReadFull(c, asked)
			if binary.BigEndian.Uint32(asked[4:]) != asksForTLS {
				plain <- true
				_ = c.Close()
				return
			}
			_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
			_, _ = c.Write([]byte("N"))
			_, err = c.Read(asked)
			refused <- err
			_ = c.Close()
		}
	}()
	opened := make(chan error)
	go func() {
		s, err := Open(t.Context(), "postgres://u@"+listener.Addr().String()+"/d", "one")
		s.Close()
		opened <- err
	}()
	assert.Assert(t, <-plain)
	assert.ErrorIs(t, <-refused, io.EOF)
	assert.Assert(t, <-opened != nil)
}
