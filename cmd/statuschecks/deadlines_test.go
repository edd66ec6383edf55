package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"gotest.tools/v3/assert"
)

// A body that does not come is not waited for, and a client that takes its time between body and answer is.
func TestWithDeadlines(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body string
		late time.Duration // by how much the deadline is nearer than usual
		want int
	}{
		"a body that ends":         {"whole", 0, http.StatusOK},
		"a body that does not end": {"cut", bodyTime - 50*time.Millisecond, http.StatusRequestTimeout},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if _, err := io.ReadAll(r.Body); err != nil {
					w.WriteHeader(http.StatusRequestTimeout)
				}
			})
			now := func() time.Time { return time.Now().Add(-test.late) }
			server := httptest.NewServer(withDeadlines(handler, now))
			defer server.Close()
			connection, err := net.Dial("tcp", server.Listener.Addr().String())
			assert.NilError(t, err)
			defer connection.Close()
			assert.NilError(t, connection.SetDeadline(time.Now().Add(10*time.Second)))
			fmt.Fprintf(connection, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n%s", test.body)
			answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
			assert.NilError(t, err)
			defer answer.Body.Close()
			assert.Equal(t, answer.StatusCode, test.want)
		})
	}
}
