#!/usr/bin/env bash
# Tool: github.com/go-resty/resty/v2 v2.17.2, with Go 1.24 or newer.
# Input: a POST that is repeated after 503, with the body {"status":"passed"} given as a text, as bytes, and as readers
# that net/http sends again by itself, as it does after a 307: strings.Reader and bytes.Buffer.
# Seen: from a reader, the second request has an empty body, and no error says so. If the server takes it, Post returns
# its response as a success. A text and bytes are sent again as they are.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >go.mod <<'TEXT'
module example.com/retry

go 1.24

require github.com/go-resty/resty/v2 v2.17.2
TEXT
cat >main.go <<'GO'
package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/go-resty/resty/v2"
)

func main() {
	var arrived []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(err)
		}
		arrived = append(arrived, fmt.Sprintf("%q", body))
		if len(arrived) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()
	client := resty.New().SetRetryCount(1).SetRetryWaitTime(time.Millisecond).
		AddRetryCondition(func(r *resty.Response, err error) bool { return r.StatusCode() == 503 })
	const body = `{"status":"passed"}`
	for _, given := range []any{body, []byte(body), strings.NewReader(body), bytes.NewBufferString(body)} {
		arrived = nil
		response, err := client.R().SetHeader("Content-Type", "application/json").SetBody(given).Post(server.URL)
		fmt.Printf("%T: arrived %s; status %d, error %v\n", given, strings.Join(arrived, ", "), response.StatusCode(), err)
	}
}
GO
export GOFLAGS=-mod=mod
go run . | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
string: arrived "{\"status\":\"passed\"}", "{\"status\":\"passed\"}"; status 200, error <nil>
[]uint8: arrived "{\"status\":\"passed\"}", "{\"status\":\"passed\"}"; status 200, error <nil>
*strings.Reader: arrived "{\"status\":\"passed\"}", ""; status 200, error <nil>
*bytes.Buffer: arrived "{\"status\":\"passed\"}", ""; status 200, error <nil>
TEXT
echo
echo "As described."
