#!/usr/bin/env bash
# Tool: github.com/pb33f/libopenapi-validator v0.14.0 with github.com/pb33f/libopenapi v0.38.6, with Go 1.26 or newer.
# Input: valid documents of OpenAPI 3.0.3 with one or two operations. The body of one is anyOf an integer and a number,
# that of the other one is oneOf the same two. They get the body 5, which is both: valid for anyOf, and not for oneOf.
# Seen: alone, each operation is judged right. In one document both are judged as the one that stands first, because the
# sum by which compiled schemas are kept is the same for anyOf and oneOf: a wrong body is taken, or a right one refused.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
export GOFLAGS=-mod=mod GOWORK=off
go mod init try >/dev/null 2>&1
go get github.com/pb33f/libopenapi-validator@v0.14.0 github.com/pb33f/libopenapi@v0.38.6 >/dev/null 2>&1
cat >main.go <<'GO'
package main

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
)

const operation = `  /%s:
    post:
      requestBody:
        content: {application/json: {schema: {%s: [{type: integer}, {type: number}]}}}
      responses: {"204": {description: done}}
`

// ask tells whether the body 5 is valid for each of the operations of a document.
func ask(words ...string) {
	contract := "openapi: 3.0.3\ninfo: {title: t, version: \"1\"}\npaths:\n"
	for _, word := range words {
		contract += fmt.Sprintf(operation, word, word)
	}
	document, err := libopenapi.NewDocument([]byte(contract))
	if err != nil {
		panic(err)
	}
	v, errs := validator.NewValidator(document)
	if len(errs) > 0 {
		panic(errs)
	}
	var found []string
	for _, word := range words {
		request, err := http.NewRequest(http.MethodPost, "/"+word, strings.NewReader("5"))
		if err != nil {
			panic(err)
		}
		request.Header.Set("Content-Type", "application/json")
		valid, _ := v.ValidateHttpRequest(request)
		found = append(found, fmt.Sprintf("%s: %t", word, valid))
	}
	fmt.Println(strings.Join(found, "; "))
}

func main() {
	ask("anyOf")
	ask("oneOf")
	ask("anyOf", "oneOf")
	ask("oneOf", "anyOf")
}
GO
go mod tidy >/dev/null 2>&1
go run . | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
anyOf: true
oneOf: false
anyOf: true; oneOf: true
oneOf: false; anyOf: false
TEXT
echo
echo "As described."
