#!/usr/bin/env bash
# Tools: har-to-k6 0.14.16 and httpsnippet 3.0.10 (npm), on Node.js 20 or newer.
# Input: a valid HAR 1.2 file with one request. Its query has the name d[] twice, and so has its form (postData.params)
# the name m[], which is how Rails takes lists.
# Seen: har-to-k6 makes a request with the second d[] a second time, and with one m[] whose value is "1,2". Of the code
# that httpsnippet makes, that for fetch in browsers sends one m[] with "1,2" and that for node-fetch sends the last m[]
# alone, while that for Go sends both.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error har-to-k6@0.14.16 httpsnippet@3.0.10

cat >file.har <<'JSON'
{"log": {"version": "1.2", "creator": {"name": "example", "version": "1"}, "entries": [{
 "startedDateTime": "2026-01-02T03:04:05.678Z", "time": 1, "cache": {},
 "timings": {"send": 0, "wait": 1, "receive": 0},
 "request": {"method": "POST", "url": "http://example.com/things?d%5B%5D=1&d%5B%5D=2", "httpVersion": "HTTP/1.1",
  "cookies": [], "headersSize": -1, "bodySize": -1,
  "headers": [{"name": "Content-Type", "value": "application/x-www-form-urlencoded"}],
  "queryString": [{"name": "d[]", "value": "1"}, {"name": "d[]", "value": "2"}],
  "postData": {"mimeType": "application/x-www-form-urlencoded",
   "params": [{"name": "n", "value": "a&b"}, {"name": "m[]", "value": "1"}, {"name": "m[]", "value": "2"}]}},
 "response": {"status": 204, "statusText": "No Content", "httpVersion": "HTTP/1.1", "cookies": [], "headers": [],
  "content": {"size": 0, "mimeType": ""}, "redirectURL": "", "headersSize": -1, "bodySize": 0}}]}}
JSON
cat >try.mjs <<'JS'
import { readFileSync } from 'node:fs';
import k6 from 'har-to-k6';
import { HTTPSnippet } from 'httpsnippet';

const har = JSON.parse(readFileSync('file.har', 'utf8'));
const { main } = await k6.liHARToK6Script(har);
console.log('k6:', main.match(/things\?[^']*/)[0], main.match(/n=[^']*/)[0]);
const snippet = new HTTPSnippet(har.log.entries[0].request);
const lines = async (target, client, wanted) =>
  (await snippet.convert(target, client)).split('\n').filter((line) => wanted.test(line)).map((line) => line.trim());
const browser = (await lines('javascript', 'fetch', /URLSearchParams/))[0].match(/URLSearchParams\((\{.*?\})\)/)[1];
console.log('fetch:', new Function(`return new URLSearchParams(${browser}).toString()`)());
const node = (await lines('node', 'fetch', /^encodedParams/)).join('');
const run = new Function('encodedParams', `${node} return encodedParams.toString()`);
console.log('node-fetch:', run(new URLSearchParams()));
console.log('Go:', (await lines('go', 'native', /NewReader/))[0].match(/"(.*)"/)[1]);
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
k6: things?d%5B%5D=1&d%5B%5D=2&d%5B%5D=2 n=a%26b&m%5B%5D=1%2C2
fetch: n=a%26b&m%5B%5D=1%2C2
node-fetch: n=a%26b&m%5B%5D=2
Go: n=a%26b&m%5B%5D=1&m%5B%5D=2
TEXT
echo
echo "As described."
