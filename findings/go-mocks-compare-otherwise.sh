#!/usr/bin/env bash
# Tools: github.com/h2non/gock v1.2.0 and github.com/jarcoal/httpmock v1.4.2, with Go 1.26 or newer.
# Input: requests that a test expects, and requests that are sent.
# Seen: in gock paths and parameters are regular expressions that may match anywhere: /projects/1 takes /projects/12 and
# /old/projects/1, page=1 takes page=12, and 1.0 takes 100. A percent-encoded slash cannot be expected as it is sent:
# the path is compared as it is decoded, so that group/project takes both. JSON(...) refuses JSON whose media type has a
# charset. httpmock takes ids[]=14 and ids%5B%5D=14, which are the same parameter, for different ones.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >go.mod <<'TEXT'
module example.com/mocks

go 1.26

require (
	github.com/h2non/gock v1.2.0
	github.com/jarcoal/httpmock v1.4.2
)
TEXT
cat >main.go <<'GO'
package main

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/h2non/gock"
	"github.com/jarcoal/httpmock"
)

const server = "http://gitlab.example.com"

func outcome(client *http.Client, method, path, mediaType string) string {
	request, err := http.NewRequest(method, server+path, strings.NewReader(`{"a":1}`))
	if err != nil {
		panic(err)
	}
	request.Header.Set("Content-Type", mediaType)
	if _, err := client.Do(request); err != nil {
		return "refused"
	}
	return "taken"
}

func byGock(name, method, path, mediaType string, expect func(*gock.Request)) {
	defer gock.Off()
	client := &http.Client{Transport: gock.NewTransport()}
	request := gock.New(server)
	expect(request)
	request.Reply(200)
	fmt.Printf("gock, %s and %s: %s\n", name, path, outcome(client, method, path, mediaType))
}

func main() {
	for _, pair := range [][2]string{
		{"/projects/1", "/projects/12"},
		{"/projects/1", "/old/projects/1"},
		{"/projects/group%2Fproject", "/projects/group%2Fproject"},
		{"/projects/group/project", "/projects/group%2Fproject"},
		{"/projects/group/project", "/projects/group/project"},
	} {
		byGock(pair[0], "GET", pair[1], "", func(r *gock.Request) { r.Get(pair[0]) })
	}
	for _, triple := range [][3]string{{"page", "1", "12"}, {"version", "1.0", "100"}} {
		byGock(triple[0]+"="+triple[1], "GET", "/things?"+triple[0]+"="+triple[2], "", func(r *gock.Request) {
			r.Get("/things").MatchParam(triple[0], triple[1])
		})
	}
	for _, mediaType := range []string{"application/json", "application/json; charset=utf-8"} {
		byGock("JSON, "+mediaType, "POST", "/things", mediaType, func(r *gock.Request) {
			r.Post("/things").JSON(`{"a": 1}`)
		})
	}
	for _, pair := range [][2]string{
		{"/things?ids[]=14", "/things?ids[]=14"},
		{"/things?ids[]=14", "/things?ids%5B%5D=14"},
	} {
		mock := httpmock.NewMockTransport()
		mock.RegisterResponder("GET", server+pair[0], httpmock.NewStringResponder(200, ""))
		fmt.Printf("httpmock, %s and %s: %s\n", pair[0], pair[1], outcome(&http.Client{Transport: mock}, "GET", pair[1], ""))
	}
}
GO
export GOFLAGS=-mod=mod
go run . | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
gock, /projects/1 and /projects/12: taken
gock, /projects/1 and /old/projects/1: taken
gock, /projects/group%2Fproject and /projects/group%2Fproject: refused
gock, /projects/group/project and /projects/group%2Fproject: taken
gock, /projects/group/project and /projects/group/project: taken
gock, page=1 and /things?page=12: taken
gock, version=1.0 and /things?version=100: taken
gock, JSON, application/json and /things: taken
gock, JSON, application/json; charset=utf-8 and /things: refused
httpmock, /things?ids[]=14 and /things?ids[]=14: taken
httpmock, /things?ids[]=14 and /things?ids%5B%5D=14: refused
TEXT
echo
echo "As described."
