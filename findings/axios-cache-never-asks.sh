#!/usr/bin/env bash
# Tool: axios-cache-interceptor 1.12.3 with axios 1.21.1 (npm), on Node.js 20 or newer.
# Input: a server that sends an ETag, and Cache-Control with one of several values; the first one is what GitLab sends.
# Four requests for the same thing, by one client for one user.
# Seen: with "private" the response is not kept, so that no request asks with If-None-Match, and all of it is sent each
# time; without "private" each further request asks, and the answer is 304. In Node.js the client takes itself for a
# cache that several users share, as long as its property location is not set to "client". With no-cache, which means
# that a client must ask, it does not ask either.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error axios-cache-interceptor@1.12.3 axios@1.21.1
cat >try.mjs <<'JS'
import { createServer } from 'node:http';
import axios from 'axios';
import { setupCache } from 'axios-cache-interceptor';

let control;
const seen = [];
const server = createServer((incoming, response) => {
  const same = incoming.headers['if-none-match'] === 'W/"1"';
  response.statusCode = same ? 304 : 200;
  seen.push(response.statusCode);
  response.setHeader('ETag', 'W/"1"');
  response.setHeader('Cache-Control', control);
  response.end(same ? undefined : '[1]');
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}/`;

const gitlab = 'max-age=0, private, must-revalidate';
for (const [value, location] of [
  [gitlab],
  ['max-age=0, must-revalidate'],
  ['max-age=60, private'],
  ['no-cache'],
  [gitlab, 'client'],
]) {
  control = value;
  seen.length = 0;
  const client = setupCache(axios.create());
  if (location) client.location = location;
  for (let i = 0; i < 4; i += 1) await client.get(url);
  console.log(`${value}; ${client.location}: ${seen.join(' ')}`);
}
process.exit(0);
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
max-age=0, private, must-revalidate; server: 200 200 200 200
max-age=0, must-revalidate; server: 200 304 304 304
max-age=60, private; server: 200 200 200 200
no-cache; server: 200 200 200 200
max-age=0, private, must-revalidate; client: 200 304 304 304
TEXT
echo
echo "As described."
