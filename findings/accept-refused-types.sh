#!/usr/bin/env bash
# Tools: github.com/munnerz/goautoneg of 2019-10-10, with which Kubernetes and Prometheus choose a media type, with
# github.com/elnormous/contenttype v1.0.4 for comparison, with Go 1.24 or newer.
# Input: Accept headers with q=0, which by RFC 9110 means not acceptable, and one in capitals, which mean the same. The
# server has text/html and application/json.
# Seen: goautoneg answers */*;q=0.1, application/json;q=0 with application/json, the one type that the client refuses,
# and finds a type where all others are refused. APPLICATION/JSON fits nothing. contenttype does as the RFC says.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >go.mod <<'TEXT'
module example.com/accept

go 1.24

require (
	github.com/elnormous/contenttype v1.0.4
	github.com/munnerz/goautoneg v0.0.0-20191010083416-a7dc8b61c822
)
TEXT
cat >main.go <<'GO'
package main

import (
	"fmt"
	"net/http"

	"github.com/elnormous/contenttype"
	"github.com/munnerz/goautoneg"
)

func main() {
	names := []string{"text/html", "application/json"}
	types := []contenttype.MediaType{contenttype.NewMediaType(names[0]), contenttype.NewMediaType(names[1])}
	for _, accept := range []string{
		"*/*;q=0.1, application/json;q=0",
		"application/vnd.api+json, */*;q=0",
		"application/json;q=0",
		"APPLICATION/JSON",
		"text/*;q=0.5, application/json",
	} {
		second, _, err := contenttype.GetAcceptableMediaTypeFromHeader(http.Header{"Accept": {accept}}.Get("Accept"), types)
		chosen := second.String()
		if err != nil {
			chosen = ""
		}
		fmt.Printf("%s: goautoneg %q, contenttype %q\n", accept, goautoneg.Negotiate(accept, names), chosen)
	}
}
GO
export GOFLAGS=-mod=mod
go run . | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
*/*;q=0.1, application/json;q=0: goautoneg "application/json", contenttype "text/html"
application/vnd.api+json, */*;q=0: goautoneg "text/html", contenttype ""
application/json;q=0: goautoneg "application/json", contenttype ""
APPLICATION/JSON: goautoneg "", contenttype "application/json"
text/*;q=0.5, application/json: goautoneg "application/json", contenttype "application/json"
TEXT
echo
echo "As described."
