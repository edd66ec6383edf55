#!/usr/bin/env bash
# Tool: net/http/httputil of Go 1.26.8.
# Input: a ReverseProxy in front of a server whose answer has a header for this connection alone, once with
# "Connection: X-Hop" and once with "Connection: close, X-Hop".
# Seen: the proxy takes X-Hop out of the first answer, as HTTP asks of it. Out of the second it does not: beside "close"
# the client of net/http drops the whole header Connection before the proxy can read it.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >go.mod <<'TEXT'
module example.com/hop

go 1.24
TEXT
cat >main.go <<'GO'
package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
)

// answer serves one request with fixed bytes.
func answer(text string) *url.URL {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		_, _ = http.ReadRequest(bufio.NewReader(connection))
		fmt.Fprint(connection, text)
		_ = connection.Close()
	}()
	return &url.URL{Scheme: "http", Host: listener.Addr().String()}
}

func main() {
	for _, value := range []string{"X-Hop", "close, X-Hop"} {
		upstream := answer("HTTP/1.1 200 OK\r\nConnection: " + value + "\r\nX-Hop: 1\r\nContent-Length: 0\r\n\r\n")
		proxy := httptest.NewServer(httputil.NewSingleHostReverseProxy(upstream))
		response, err := http.Get(proxy.URL)
		if err != nil {
			panic(err)
		}
		fmt.Printf("Connection: %s: X-Hop is %q\n", value, response.Header.Get("X-Hop"))
		proxy.Close()
	}
}
GO
GOTOOLCHAIN=go1.26.8 go run . | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
Connection: X-Hop: X-Hop is ""
Connection: close, X-Hop: X-Hop is "1"
TEXT
echo
echo "As described."
