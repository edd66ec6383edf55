#!/usr/bin/env bash
# Tools: github.com/go-resty/resty/v2 v2.17.2, with Go 1.24 or newer; axios-retry 4.5.0 with axios 1.21.1 and got 14.6.6
# (npm), on Node.js 20 or newer; aiohttp-retry 2.9.1 with aiohttp 3.14.5 (PyPI), on Python 3.11 or newer.
# Input: a POST with the body {"status":"passed"} that is answered with 503, and repeated as the client is told to. The
# body is given as a text or as bytes, and as something that is read: a reader, a stream, or a BytesIO.
# Seen: what was read is not there any more: the second request of resty, axios-retry and aiohttp-retry has an empty
# body, and what it is answered with is returned as a success. net/http itself, after a 307, sends strings.Reader and
# bytes.Buffer again. got does not repeat, and says why.
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
		fmt.Printf("resty, %T: arrived %s; %d, error %v\n", given, strings.Join(arrived, ", "), response.StatusCode(), err)
	}
}
GO
export GOFLAGS=-mod=mod

echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error axios@1.21.1 axios-retry@4.5.0 got@14.6.6
cat >try.mjs <<'JS'
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import axios from 'axios';
import axiosRetry from 'axios-retry';
import got from 'got';

let arrived = [];
const server = createServer(async (incoming, response) => {
  let body = '';
  for await (const part of incoming) body += part;
  arrived.push(JSON.stringify(body));
  response.statusCode = arrived.length === 1 ? 503 : 200;
  response.end();
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}/`;

const client = axios.create();
axiosRetry(client, { retries: 1, retryCondition: () => true });
const text = '{"status":"passed"}';
const stream = () => Readable.from([text]);
const again = { limit: 1, methods: ['POST'], calculateDelay: ({ attemptCount }) => (attemptCount > 1 ? 0 : 1) };
for (const [name, send] of [
  ['axios-retry, text', async () => (await client.post(url, text)).status],
  ['axios-retry, stream', async () => (await client.post(url, stream())).status],
  ['got, text', async () => (await got.post(url, { body: text, retry: again })).statusCode],
  ['got, stream', async () => (await got.post(url, { body: stream(), retry: again })).statusCode],
]) {
  arrived = [];
  const seen = await send().catch((error) => error.message);
  console.log(`${name}: arrived ${arrived.join(', ')}; ${seen}`);
}
process.exit(0);
JS

python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check aiohttp==3.14.5 aiohttp-retry==2.9.1
cat >try.py <<'PYTHON'
import asyncio
import io
import json

from aiohttp import web
from aiohttp_retry import ExponentialRetry, RetryClient

TEXT = b'{"status":"passed"}'


async def main():
    arrived = []

    async def answer(request):
        arrived.append(json.dumps(await request.text()))
        return web.Response(status=503 if len(arrived) == 1 else 200)

    application = web.Application()
    application.router.add_post("/", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    for name, body in [("bytes", TEXT), ("BytesIO", io.BytesIO(TEXT))]:
        arrived.clear()
        options = ExponentialRetry(attempts=2, start_timeout=0.01, statuses={503})
        async with RetryClient(retry_options=options) as client, client.post(url, data=body) as response:
            print(f"aiohttp-retry, {name}: arrived {', '.join(arrived)}; {response.status}")
    await runner.cleanup()


asyncio.run(main())
PYTHON
{ go run . && node try.mjs && tool/bin/python try.py; } | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
resty, string: arrived "{\"status\":\"passed\"}", "{\"status\":\"passed\"}"; 200, error <nil>
resty, []uint8: arrived "{\"status\":\"passed\"}", "{\"status\":\"passed\"}"; 200, error <nil>
resty, *strings.Reader: arrived "{\"status\":\"passed\"}", ""; 200, error <nil>
resty, *bytes.Buffer: arrived "{\"status\":\"passed\"}", ""; 200, error <nil>
axios-retry, text: arrived "{\"status\":\"passed\"}", "{\"status\":\"passed\"}"; 200
axios-retry, stream: arrived "{\"status\":\"passed\"}", ""; 200
got, text: arrived "{\"status\":\"passed\"}", "{\"status\":\"passed\"}"; 200
got, stream: arrived "{\"status\":\"passed\"}"; Cannot retry with consumed body stream
aiohttp-retry, bytes: arrived "{\"status\":\"passed\"}", "{\"status\":\"passed\"}"; 200
aiohttp-retry, BytesIO: arrived "{\"status\":\"passed\"}", ""; 200
TEXT
echo
echo "As described."
