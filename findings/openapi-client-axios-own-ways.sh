#!/usr/bin/env bash
# Tool: openapi-client-axios 7.9.1 with axios 1.21.1 (npm), on Node.js 20 or newer. It takes the document at run time.
# Input: a valid OpenAPI 3.0.3 document. One operation has an array in the query, with explode false. Another takes
# nothing but a form (application/x-www-form-urlencoded).
# Seen: neither is heeded. The array's parameter gets another name, labels[], which the document does not have, and the
# body is sent as application/json.
set -euo pipefail
cd "$(mktemp -d)"
server=
trap 'kill $server 2>/dev/null; rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error openapi-client-axios@7.9.1 axios@1.21.1

cat >api.json <<'JSON'
{"openapi": "3.0.3", "info": {"title": "Example", "version": "1"}, "servers": [{"url": "http://127.0.0.1:48235"}],
 "paths": {"/things": {
  "get": {"operationId": "listThings",
   "parameters": [{"name": "labels", "in": "query", "style": "form", "explode": false,
    "schema": {"type": "array", "items": {"type": "string"}}}],
   "responses": {"200": {"description": "What came"}}},
  "post": {"operationId": "makeThing",
   "requestBody": {"required": true, "content": {"application/x-www-form-urlencoded": {"schema": {
    "type": "object", "properties": {"name": {"type": "string"}}}}}},
   "responses": {"200": {"description": "What came"}}}}}}
JSON
cat >server.mjs <<'JS'
import { createServer } from 'node:http';
createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  response.setHeader('Content-Type', 'text/plain');
  response.end(`${request.method} ${request.url} ${request.headers['content-type'] ?? ''} ${body}`.trim());
}).listen(48235, '127.0.0.1', () => console.log('listening'));
JS
cat >try.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { OpenAPIClientAxios } from 'openapi-client-axios';

const client = await new OpenAPIClientAxios({ definition: JSON.parse(readFileSync('api.json', 'utf8')) }).init();
console.log((await client.listThings({ labels: ['a', 'b'] })).data);
console.log((await client.makeThing(null, { name: 'x' })).data);
JS
node server.mjs >server.txt &
server=$!
for _ in $(seq 100); do grep -q listening server.txt && break; sleep 0.1; done
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
GET /things?labels%5B%5D=a&labels%5B%5D=b
POST /things application/json {"name":"x"}
TEXT
echo
echo "As described."
