#!/usr/bin/env bash
# Tools: httpx-sse 0.4.3 and sseclient-py 1.9.0 (PyPI), on Python 3.11 or newer; github.com/r3labs/sse/v2 v2.10.0 and
# github.com/tmaxmax/go-sse v0.12.0, with Go 1.25 or newer.
# Input: two streams of server-sent events. The first begins with a block that has a retry and another that has an id,
# as servers send them, each without data, which the HTML standard takes for no event (section 9.2.6). The second ends
# in the middle of an event, as when a connection is lost; such an event is to be dropped.
# Seen: httpx-sse and r3labs/sse give out an event with empty data for both blocks, and go-sse for the one with the
# id: who reads each event as JSON fails on them. sseclient-py and r3labs/sse give out the half of the last event as
# an event.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check httpx-sse==0.4.3 httpx==0.28.1 sseclient-py==1.9.0
printf 'retry: 3000\n\nid: 7\n\ndata: {"a": 1}\n\n' >blocks.txt
printf 'data: {"a": 1}\n\ndata: {"a": 2, "b' >half.txt

cat >read.py <<'PYTHON'
import json
import pathlib

import httpx
import httpx_sse
import sseclient


def with_httpx(content):
    response = httpx.Response(200, headers={"content-type": "text/event-stream"}, content=content)
    return httpx_sse.EventSource(response).iter_sse()


def with_sseclient(content):
    return sseclient.SSEClient(iter([content])).events()


for name, read in [("httpx-sse", with_httpx), ("sseclient-py", with_sseclient)]:
    for file in ["blocks.txt", "half.txt"]:
        data = [event.data for event in read(pathlib.Path(file).read_bytes())]
        print(name, file, json.dumps(data, separators=(",", ":")))
PYTHON
cat >go.mod <<'TEXT'
module example.com/read

go 1.25

require (
	github.com/r3labs/sse/v2 v2.10.0
	github.com/tmaxmax/go-sse v0.12.0
	gopkg.in/cenkalti/backoff.v1 v1.1.0
)
TEXT
cat >main.go <<'GO'
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"

	r3labs "github.com/r3labs/sse/v2"
	tmaxmax "github.com/tmaxmax/go-sse"
	"gopkg.in/cenkalti/backoff.v1"
)

func withR3labs(content []byte) (data []string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = w.Write(content)
	}))
	defer server.Close()
	client := r3labs.NewClient(server.URL)
	client.ReconnectStrategy = &backoff.StopBackOff{}
	_ = client.SubscribeRaw(func(event *r3labs.Event) { data = append(data, string(event.Data)) })
	return data
}

func withGoSSE(content []byte) (data []string) {
	for event, err := range tmaxmax.Read(bytes.NewReader(content), nil) {
		if err == nil {
			data = append(data, event.Data)
		}
	}
	return data
}

func main() {
	for _, file := range []string{"blocks.txt", "half.txt"} {
		content, err := os.ReadFile(file)
		if err != nil {
			panic(err)
		}
		first, _ := json.Marshal(withR3labs(content))
		second, _ := json.Marshal(withGoSSE(content))
		fmt.Printf("r3labs/sse %s %s\ngo-sse %s %s\n", file, first, file, second)
	}
}
GO
export GOFLAGS=-mod=mod
{ tool/bin/python read.py && go run .; } | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
httpx-sse blocks.txt ["","","{\"a\": 1}"]
httpx-sse half.txt ["{\"a\": 1}"]
sseclient-py blocks.txt ["{\"a\": 1}"]
sseclient-py half.txt ["{\"a\": 1}","{\"a\": 2, \"b"]
r3labs/sse blocks.txt ["","","{\"a\": 1}"]
go-sse blocks.txt ["","{\"a\": 1}"]
r3labs/sse half.txt ["{\"a\": 1}","{\"a\": 2, \"b"]
go-sse half.txt ["{\"a\": 1}"]
TEXT
echo
echo "As described."
