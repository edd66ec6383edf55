#!/usr/bin/env bash
# Tool: github.com/getkin/kin-openapi v0.153.0, with Go 1.26 or newer.
# Input: a valid document of OpenAPI 3.0.3, and requests that are valid by it, through the routers gorillamux and legacy
# and openapi3filter.ValidateRequest.
# Seen: with gorillamux, a path parameter keeps its percent-encoding: "group project" is compared as group%20project,
# and refused by an enum, a pattern or a length. With legacy it is decoded, but group%2Fproject finds no operation. A
# multipart body with a part that the schema does not name is refused, though additional properties are allowed; the
# same form is taken if it is URL-encoded.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >go.mod <<'TEXT'
module example.com/paths

go 1.26

require github.com/getkin/kin-openapi v0.153.0
TEXT
cat >main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/getkin/kin-openapi/routers/legacy"
)

const document = `
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /projects/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string, enum: [group project, group/project]}}]
      responses: {"200": {description: OK}}
  /form:
    post:
      requestBody:
        content:
          multipart/form-data: {schema: &form {type: object, properties: {name: {type: string}}}}
          application/x-www-form-urlencoded: {schema: *form}
      responses: {"200": {description: OK}}
`

func outcome(router routers.Router, request *http.Request) string {
	route, parameters, err := router.FindRoute(request)
	if err != nil {
		return err.Error()
	}
	input := &openapi3filter.RequestValidationInput{Request: request, PathParams: parameters, Route: route}
	if err := openapi3filter.ValidateRequest(context.Background(), input); err != nil {
		line, _, _ := strings.Cut(err.Error(), " [")
		return fmt.Sprint("refused ", parameters, ": ", line)
	}
	return fmt.Sprint("valid ", parameters)
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func main() {
	loaded := must(openapi3.NewLoader().LoadFromData([]byte(document)))
	mux, old := must(gorillamux.NewRouter(loaded)), must(legacy.NewRouter(loaded))
	for _, path := range []string{"/projects/group%20project", "/projects/group%2Fproject"} {
		request := must(http.NewRequest("GET", "http://example.com"+path, nil))
		fmt.Println("gorillamux", path, outcome(mux, request))
		fmt.Println("legacy", path, outcome(old, request))
	}
	const part = "--B\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\nx\r\n"
	for _, form := range [][2]string{
		{"application/x-www-form-urlencoded", "name=x&other=x"},
		{"multipart/form-data; boundary=B", fmt.Sprintf(part+part+"--B--\r\n", "name", "other")},
	} {
		request := must(http.NewRequest("POST", "http://example.com/form", strings.NewReader(form[1])))
		request.Header.Set("Content-Type", form[0])
		fmt.Println(form[0], outcome(mux, request))
	}
}
GO
export GOFLAGS=-mod=mod
go run . | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
gorillamux /projects/group%20project refused map[id:group%20project]: parameter "id" in path has an error: value is not one of the allowed values
legacy /projects/group%20project valid map[id:group project]
gorillamux /projects/group%2Fproject refused map[id:group%2Fproject]: parameter "id" in path has an error: value is not one of the allowed values
legacy /projects/group%2Fproject no matching operation was found
application/x-www-form-urlencoded valid map[]
multipart/form-data; boundary=B refused map[]: request body has an error: failed to decode request body: part other: undefined
TEXT
echo
echo "As described."
