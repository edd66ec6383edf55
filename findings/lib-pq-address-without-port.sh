#!/usr/bin/env bash
# Tool: github.com/lib/pq v1.12.3, with Go 1.24 or newer.
# Input: the URL of a database at an IPv6 address without a port, postgres://u@[::1]/d, as PostgreSQL's own tools take
# it.
# Seen: the driver puts the address into brackets a second time, and connects nowhere:
#   dial tcp: address [[::1]]:5432: missing port in address
# With the port in the URL it dials [::1]:5432. An IPv4 address needs no port.
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
	"fmt"
	"os"

	"github.com/lib/pq"
)

func main() {
	connector, err := pq.NewConnector(os.Args[1])
	if err == nil {
		err = sql.OpenDB(connector).Ping()
	}
	fmt.Println(err)
}
GO
export GOFLAGS=-mod=mod
go build -o connect .
changed() { echo "CHANGED: $*"; exit 1; }
for url in 'postgres://u@[::1]/d' 'postgres://u@[::1]:5432/d' 'postgres://u@127.0.0.1/d'; do
  said=$(./connect "$url?sslmode=disable")
  echo "$url: $said"
  case $url in
    *1]/d) [ "$said" = 'dial tcp: address [[::1]]:5432: missing port in address' ] || changed "$said" ;;
    *) [[ $said != *"missing port"* ]] || changed "$said" ;;
  esac
done
echo
echo "As described."
