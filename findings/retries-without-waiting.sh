#!/usr/bin/env bash
# Tools: gaxios 8.3.3, ofetch 1.5.1, superagent 10.4.2, fetch-retry 6.0.0 and @actions/http-client 4.0.1, with ky
# 2.1.0 and undici 7.30.2 for comparison (npm), on Node.js 20 or newer.
# Input: retries are switched on; a server answers the first request with 429 or 503 and Retry-After: 2.
# Seen: ky and undici wait for two seconds. gaxios, ofetch, superagent and fetch-retry do not read the header, and
# repeat at once or after their own time; ofetch, superagent and fetch-retry repeat a POST, too. @actions/http-client
# never repeats after 429, and after 503 at once.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error gaxios@8.3.3 ofetch@1.5.1 superagent@10.4.2 \
  fetch-retry@6.0.0 @actions/http-client@4.0.1 ky@2.1.0 undici@7.30.2
cat >try.js <<'JS'
import { createServer } from 'node:http';
import { HttpClient } from '@actions/http-client';
import withRetry from 'fetch-retry';
import { request as gaxios } from 'gaxios';
import ky from 'ky';
import { ofetch } from 'ofetch';
import superagent from 'superagent';
import { Agent, RetryAgent, request as undici } from 'undici';

let status, times;
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    times.push(performance.now());
    const headers = { 'Content-Type': 'application/json', 'Retry-After': '2' };
    response.writeHead(times.length === 1 ? status : 200, headers).end('{}');
  });
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const url = `http://127.0.0.1:${server.address().port}/`;
const body = (method) => (method === 'GET' ? undefined : '{}');
const dispatcher = new RetryAgent(new Agent());
const actions = new HttpClient('try', [], { allowRetries: true, maxRetries: 2 });
const fetchRetry = withRetry(fetch, { retries: 2, retryDelay: 50, retryOn: [429, 503] });
const clients = {
  ky: (method) => ky(url, { method, body: body(method), retry: 2 }),
  undici: (method) => undici(url, { method, body: body(method), dispatcher }),
  gaxios: (method) => gaxios({ url, method, data: body(method), retry: true }),
  ofetch: (method) => ofetch(url, { method, body: body(method), retry: 2, retryDelay: 50 }),
  superagent: (method) => superagent(method, url).send(body(method)).retry(2),
  'fetch-retry': (method) => fetchRetry(url, { method, body: body(method) }),
  '@actions/http-client': (method) => actions.request(method, url, body(method) ?? null, {}),
};
for (const [name, call] of Object.entries(clients)) {
  const seen = [];
  for (const [method, code] of [['GET', 429], ['GET', 503], ['POST', 429]]) {
    [status, times] = [code, []];
    await call(method).catch(() => {});
    const waited = times.length > 1 && times[1] - times[0];
    const did = waited === false ? 'not repeated' : waited < 1500 ? 'repeated too soon' : 'repeated in time';
    seen.push(`${method} after ${code} ${did}`);
  }
  console.log(`${name}: ${seen.join(', ')}`);
}
process.exit();
JS
node try.js | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
ky: GET after 429 repeated in time, GET after 503 repeated in time, POST after 429 not repeated
undici: GET after 429 repeated in time, GET after 503 repeated in time, POST after 429 not repeated
gaxios: GET after 429 repeated too soon, GET after 503 repeated too soon, POST after 429 not repeated
ofetch: GET after 429 repeated too soon, GET after 503 repeated too soon, POST after 429 repeated too soon
superagent: GET after 429 repeated too soon, GET after 503 repeated too soon, POST after 429 repeated too soon
fetch-retry: GET after 429 repeated too soon, GET after 503 repeated too soon, POST after 429 repeated too soon
@actions/http-client: GET after 429 not repeated, GET after 503 repeated too soon, POST after 429 not repeated
TEXT
echo
echo "As described."
