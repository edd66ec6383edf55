#!/usr/bin/env bash
# Tool: github.com/google/go-querystring v1.2.0, with which client-go and go-github write their queries, with Go 1.24 or
# newer.
# Input: structs for a query with a map, and with a number, a list and a map in a field of type any, as options have it
# that allow several kinds of values.
# Seen: a map is sent as Go prints it, custom_attributes=map[team:core], without an error, and an empty one as map[]. So
# is a list in a field of type any, [14 15], while the same list in a field of its own type is repeated. A pointer that
# is nil is sent as an empty value.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >go.mod <<'TEXT'
module example.com/query

go 1.24

require github.com/google/go-querystring v1.2.0
TEXT
cat >main.go <<'GO'
package main

import (
	"fmt"
	"net/url"

	"github.com/google/go-querystring/query"
)

type options struct {
	Any        any               `url:"any"`
	Attributes map[string]string `url:"custom_attributes"`
	IDs        []int             `url:"ids[]"`
	Name       *string           `url:"name"`
}

func main() {
	for _, given := range []options{
		{IDs: []int{14, 15}, Any: 14},
		{Any: []int{14, 15}, Attributes: map[string]string{"team": "core"}},
		{Any: map[string]int{"a": 1}},
	} {
		values, err := query.Values(given)
		if err != nil {
			panic(err)
		}
		text, err := url.QueryUnescape(values.Encode())
		if err != nil {
			panic(err)
		}
		fmt.Println(text)
	}
}
GO
export GOFLAGS=-mod=mod
go run . | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
any=14&custom_attributes=map[]&ids[]=14&ids[]=15&name=
any=[14 15]&custom_attributes=map[team:core]&name=
any=map[a:1]&custom_attributes=map[]&name=
TEXT
echo
echo "As described."
