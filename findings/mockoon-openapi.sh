#!/usr/bin/env bash
# Tool: @mockoon/cli 9.9.0 (npm), which serves an OpenAPI document as a mock, on Node.js 20 or newer.
# Input: a document with a date-time, a limit for a number, an example of a header that is an integer, and examples of
# whole responses: of JSON, and of text/plain.
# Seen: the date-time is what JavaScript prints, "Mon Nov 30 2026 22:40:17 GMT+0000 (Coordinated Universal Time)", which
# is none. A number that is at most 6 is far above it. The header is "-- Header parsing error, see logs for more details
# --", while one whose example is a text is right. The example of a whole response is not used: values are made from
# its schema, and without one the body is empty, as it is for text. HEAD finds nothing where there is GET.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error @mockoon/cli@9.9.0
cat >api.json <<'JSON'
{
  "openapi": "3.0.3",
  "info": {"title": "Checks", "version": "1"},
  "paths": {
    "/check": {"get": {"responses": {"200": {
      "description": "A check",
      "headers": {
        "X-Total": {"schema": {"type": "integer"}, "example": 3},
        "X-Text": {"schema": {"type": "string"}, "example": "3"}
      },
      "content": {"application/json": {
        "schema": {"type": "object", "properties": {
          "name": {"type": "string", "example": "of the schema"},
          "updated_at": {"type": "string", "format": "date-time"},
          "retries": {"type": "integer", "minimum": 5, "maximum": 6}
        }},
        "example": {"name": "of the response", "updated_at": "2026-01-02T03:04:05Z", "retries": 5}
      }}
    }}}},
    "/only-example": {"get": {"responses": {"200": {
      "description": "Any", "content": {"application/json": {"example": {"name": "first"}}}
    }}}},
    "/text": {"get": {"responses": {"200": {
      "description": "A text", "content": {"text/plain": {"schema": {"type": "string"}, "example": "hello"}}
    }}}}
  }
}
JSON
port=$(node -e "const s = require('net').createServer().listen(0, () => { console.log(s.address().port); s.close(); })")
TZ=UTC node_modules/.bin/mockoon-cli start --data api.json --port "$port" --disable-log-to-file >mockoon.log 2>&1 &
mock=$!
trap 'kill "$mock"; rm -rf "$PWD"' EXIT
cat >try.mjs <<'JS'
const url = `http://127.0.0.1:${process.argv[2]}`;
for (let tries = 0; tries < 150; tries += 1) {
  if (await fetch(url).then(() => true, () => false)) break;
  await new Promise((resolve) => setTimeout(resolve, 200));
}
const response = await fetch(`${url}/check`);
const { name, updated_at: time, retries } = await response.json();
console.log(`X-Total "${response.headers.get('x-total')}", X-Text "${response.headers.get('x-text')}"`);
console.log(`name "${name}"`);
console.log(`updated_at ${time.replace(/\w{3} \w{3} \d+ \d+ [\d:]+/, 'DAY TIME')}`);
console.log(`retries ${retries >= 5 && retries <= 6 ? 'from 5 to 6' : 'not from 5 to 6'}`);
for (const path of ['only-example', 'text']) console.log(`${path} "${await (await fetch(`${url}/${path}`)).text()}"`);
console.log(`HEAD ${(await fetch(`${url}/check`, { method: 'HEAD' })).status}`);
JS
node try.mjs "$port" | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
X-Total "-- Header parsing error, see logs for more details --", X-Text "3"
name "of the schema"
updated_at DAY TIME GMT+0000 (Coordinated Universal Time)
retries not from 5 to 6
only-example ""
text ""
HEAD 404
TEXT
echo
echo "As described."
