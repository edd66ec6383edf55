#!/usr/bin/env bash
# Tool: retry-axios 4.0.3 with axios 1.21.1 (npm), on Node.js 20 or newer.
# Input: a server that answers 429 once, with a Retry-After that is over: 0, or a date five seconds ago, as it is if
# the clocks of both sides differ a little. Both are valid (RFC 9110, section 10.2.3), and mean that one may repeat at
# once.
# Seen: there is no second request, the 429 is the outcome. With Retry-After: 1, and with none, there is a second one.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error retry-axios@4.0.3 axios@1.21.1
cat >try.mjs <<'JS'
import { createServer } from 'node:http';
import axios from 'axios';
import { attach } from 'retry-axios';

let count = 0;
let after;
const server = createServer((incoming, response) => {
  count += 1;
  response.statusCode = count === 1 ? 429 : 200;
  if (count === 1 && after) response.setHeader('Retry-After', after);
  response.end();
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const client = axios.create();
attach(client);

const past = new Date(Date.now() - 5000).toUTCString();
for (const [name, value] of [['none', undefined], ['1', '1'], ['0', '0'], ['a date that is over', past]]) {
  [count, after] = [0, value];
  const outcome = await client.get(`http://127.0.0.1:${server.address().port}/`).then(
    (response) => response.status,
    (error) => error.response.status,
  );
  console.log(`Retry-After ${name}: ${outcome} after ${count}`);
}
process.exit(0);
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
Retry-After none: 200 after 2
Retry-After 1: 200 after 2
Retry-After 0: 429 after 1
Retry-After a date that is over: 429 after 1
TEXT
echo
echo "As described."
