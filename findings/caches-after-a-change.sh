#!/usr/bin/env bash
# Tools: hishel 2.0.0 with httpx 0.28.1, CacheControl 0.14.4 and requests-cache 1.3.3 (with cache_control=True), with
# requests 2.34.2 (PyPI), on Python 3.11 or newer; got 14.6.6, make-fetch-happen 15.0.6 and undici 7.30.2 with its
# cache interceptor (npm), on Node.js 20 or newer; github.com/gregjones/httpcache of 2019-06-11, with Go 1.24 or newer.
# Input: a resource that is read, changed with a POST, PUT, PATCH or DELETE by the same client, and read again. It is
# sent with "private, max-age=60"; the change is answered with 200. After a change that succeeded a cache must not use
# what it has stored for that URL (RFC 9111, section 4.4).
# Seen: hishel, requests-cache, got and httpcache give out what was before the change, for the rest of the minute.
# CacheControl does so after a POST. make-fetch-happen and undici ask again.
set -euo pipefail
cd "$(mktemp -d)"
cat >server.py <<'PYTHON'
import os
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

changes = Counter()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *values):
        pass

    def handle_any(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.command != "GET":
            changes[self.path] += 1
        body = b"new" if changes[self.path] else b"old"
        self.send_response(200)
        if self.command == "GET":
            self.send_header("Cache-Control", "private, max-age=60")
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
with open("url.txt.part", "w") as file:
    file.write(f"http://127.0.0.1:{server.server_port}/")
os.rename("url.txt.part", "url.txt")
server.serve_forever()
PYTHON
python3 server.py &
trap 'kill %1; rm -rf "$PWD"' EXIT
until [ -s url.txt ]; do sleep 0.1; done

python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check hishel[httpx]==2.0.0 httpx==0.28.1 requests==2.34.2 \
  CacheControl==0.14.4 requests-cache==1.3.3
cat >read.py <<'PYTHON'
import requests
from cachecontrol import CacheControl
from hishel.httpx import CacheClient
from requests_cache import CachedSession

url = open("url.txt").read()
for name, client in [
    ("hishel", CacheClient()),
    ("CacheControl", CacheControl(requests.Session())),
    ("requests-cache", CachedSession(backend="memory", cache_control=True)),
]:
    seen = []
    for method in ["POST", "PUT", "PATCH", "DELETE"]:
        client.get(f"{url}{name}/{method}")
        client.request(method, f"{url}{name}/{method}")
        seen.append(f"{method} {client.get(f'{url}{name}/{method}').text}")
    print(f"{name}: " + ", ".join(seen))
PYTHON

echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error got@14.6.6 make-fetch-happen@15.0.6 undici@7.30.2
cat >read.mjs <<'JS'
import { readFileSync } from 'node:fs';
import got from 'got';
import fetch from 'make-fetch-happen';
import { Agent, interceptors, request } from 'undici';

const base = readFileSync('url.txt', 'utf8');
const cache = new Map();
const dispatcher = new Agent().compose(interceptors.cache({ type: 'private' }));
const clients = {
  got: async (method, url) => (await got(url, { method, cache, cacheOptions: { shared: false } })).body,
  'make-fetch-happen': async (method, url) => (await fetch(url, { method, cachePath: './cache' })).text(),
  undici: async (method, url) => (await request(url, { method, dispatcher })).body.text(),
};
for (const [name, send] of Object.entries(clients)) {
  const seen = [];
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    const url = `${base}${name}/${method}`;
    await send('GET', url);
    await send(method, url);
    seen.push(`${method} ${await send('GET', url)}`);
  }
  console.log(`${name}: ${seen.join(', ')}`);
}
process.exit(0);
JS

cat >go.mod <<'TEXT'
module example.com/caches

go 1.24

require github.com/gregjones/httpcache v0.0.0-20190611155906-901d90724c79
TEXT
cat >main.go <<'GO'
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/gregjones/httpcache"
)

var client = httpcache.NewMemoryCacheTransport().Client()

func send(method, url string) string {
	request, err := http.NewRequest(method, url, nil)
	if err != nil {
		panic(err)
	}
	response, err := client.Do(request)
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		panic(err)
	}
	return string(body)
}

func main() {
	base, err := os.ReadFile("url.txt")
	if err != nil {
		panic(err)
	}
	var seen []string
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
		url := string(base) + "httpcache/" + method
		send("GET", url)
		send(method, url)
		seen = append(seen, method+" "+send("GET", url))
	}
	fmt.Println("httpcache: " + strings.Join(seen, ", "))
}
GO
export GOFLAGS=-mod=mod
{ tool/bin/python read.py && node read.mjs && go run .; } | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
hishel: POST old, PUT old, PATCH old, DELETE old
CacheControl: POST old, PUT new, PATCH new, DELETE new
requests-cache: POST old, PUT old, PATCH old, DELETE old
got: POST old, PUT old, PATCH old, DELETE old
make-fetch-happen: POST new, PUT new, PATCH new, DELETE new
undici: POST new, PUT new, PATCH new, DELETE new
httpcache: POST old, PUT old, PATCH old, DELETE old
TEXT
echo
echo "As described."
