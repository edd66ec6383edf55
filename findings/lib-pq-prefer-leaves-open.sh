#!/usr/bin/env bash
# Tool: github.com/lib/pq v1.12.3, with Go 1.24 or newer.
# Input: sslmode=prefer, and a server without TLS, which refuses TLS with the byte N and then waits.
# Seen: the driver opens a second connection without TLS, as it should, but leaves the first one open. It stays open when
# the database is closed, too: PostgreSQL gives up on it after authentication_timeout (a minute), counts it until then
# among max_connections, and waits for it in a smart shutdown. With sslmode=require the driver closes it.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >go.mod <<'TEXT'
module example.com/connect

go 1.24

require github.com/lib/pq v1.12.3
TEXT
cat >main.go <<'GO'
package main

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"github.com/lib/pq"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	first := make(chan string, 1)
	go func() {
		c, _ := listener.Accept()
		go func() {
			if second, err := listener.Accept(); err == nil {
				_ = second.Close()
			}
		}()
		asked := make([]byte, 8)
		_, _ = io.ReadFull(c, asked)
		_, _ = c.Write([]byte("N"))
		_ = c.SetReadDeadline(time.Now().Add(3 * time.Second))
		_, err := c.Read(asked)
		switch {
		case errors.Is(err, io.EOF):
			first <- "closed"
		case errors.Is(err, os.ErrDeadlineExceeded):
			first <- "still open after 3 s"
		default:
			first <- fmt.Sprint(err)
		}
	}()
	connector, err := pq.NewConnector("postgres://u@" + listener.Addr().String() + "/d?sslmode=" + os.Args[1])
	if err != nil {
		panic(err)
	}
	db := sql.OpenDB(connector)
	_ = db.Ping()
	_ = db.Close()
	fmt.Println(<-first)
}
GO
export GOFLAGS=-mod=mod
go build -o connect .
changed() { echo "CHANGED: $*"; exit 1; }
for mode in prefer require; do
  said=$(./connect "$mode")
  echo "sslmode=$mode: the connection with the refusal is $said"
  case $mode in
    prefer) [ "$said" = 'still open after 3 s' ] || changed "$said" ;;
    require) [ "$said" = closed ] || changed "$said" ;;
  esac
done
echo
echo "As described."
