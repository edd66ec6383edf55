#!/usr/bin/env bash
# Tool: github.com/machinebox/graphql v0.2.2, with Go 1.24 or newer.
# Input: responses with the statuses 401, 429 and 503, whose bodies are JSON without errors, as {"message": …}, or have
# data that is null. For comparison, a body that is no JSON, and one with two errors.
# Seen: an error is returned only if the body is no JSON, or if it has errors, of which the first one is told. With
# {"message": "401 Unauthorized"} there is neither an error nor data: the query seems to have found nothing.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >go.mod <<'TEXT'
module example.com/ask

go 1.24

require github.com/machinebox/graphql v0.2.2
TEXT
cat >main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/machinebox/graphql"
)

func main() {
	var status int
	var body string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		if _, err := io.WriteString(w, body); err != nil {
			panic(err)
		}
	}))
	defer server.Close()
	for _, answer := range []struct {
		status int
		body   string
	}{
		{401, `{"message": "401 Unauthorized"}`},
		{429, `{"message": "Too many requests"}`},
		{503, `{"data": null}`},
		{503, `Try again later`},
		{200, `{"data": null, "errors": [{"message": "first"}, {"message": "second"}]}`},
	} {
		status, body = answer.status, answer.body
		var found struct {
			Project *struct {
				Name string `json:"name"`
			} `json:"project"`
		}
		request := graphql.NewRequest(`{ project(fullPath: "group/project") { name } }`)
		err := graphql.NewClient(server.URL).Run(context.Background(), request, &found)
		fmt.Printf("%d %s: project %v, error %v\n", status, body, found.Project, err)
	}
}
GO
export GOFLAGS=-mod=mod
go mod tidy >/dev/null 2>&1
go run . | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
401 {"message": "401 Unauthorized"}: project <nil>, error <nil>
429 {"message": "Too many requests"}: project <nil>, error <nil>
503 {"data": null}: project <nil>, error <nil>
503 Try again later: project <nil>, error decoding response: invalid character 'T' looking for beginning of value
200 {"data": null, "errors": [{"message": "first"}, {"message": "second"}]}: project <nil>, error graphql: first
TEXT
echo
echo "As described."
