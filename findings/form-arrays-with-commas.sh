#!/usr/bin/env bash
# Tools: swagger-client 3.37.3, openapi-fetch 0.17.0, oazapfts 7.5.0 (npm), on Node.js 20 or newer.
# Input: a valid OpenAPI 3.0.3 document whose operation takes a form (application/x-www-form-urlencoded) with an array.
# By the specification its style is "form" and its explode is true, so each element has a name of its own: ids=1&ids=2.
# Seen: all three send one value with a comma, ids=1,2 (openapi-fetch with the comma percent-encoded).
set -euo pipefail
cd "$(mktemp -d)"
server=
trap 'kill $server 2>/dev/null; rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error \
  swagger-client@3.37.3 openapi-fetch@0.17.0 oazapfts@7.5.0 @oazapfts/runtime@1.2.0 tsx@4.23.15

cat >api.json <<'JSON'
{"openapi": "3.0.3", "info": {"title": "Example", "version": "1"}, "servers": [{"url": "http://127.0.0.1:48233"}],
 "paths": {"/things": {"post": {"operationId": "makeThing", "tags": ["things"],
  "requestBody": {"required": true, "content": {"application/x-www-form-urlencoded": {"schema": {
    "type": "object", "properties": {"ids": {"type": "array", "items": {"type": "integer"}}}}}}},
  "responses": {"200": {"description": "The body, as it came",
    "content": {"application/json": {"schema": {"type": "string"}}}}}}}}}
JSON
cat >server.mjs <<'JS'
import { createServer } from 'node:http';
createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(body));
}).listen(48233, '127.0.0.1', () => console.log('listening'));
JS
cat >try.ts <<'JS'
import { readFileSync } from 'node:fs';
import createClient from 'openapi-fetch';
import SwaggerClient from 'swagger-client';
import { makeThing } from './generated.ts';

const body = { ids: [1, 2] };
const client = await SwaggerClient({ spec: JSON.parse(readFileSync('api.json', 'utf8')) });
console.log('swagger-client', (await client.apis.things.makeThing({}, { requestBody: body })).body);
const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
const fetched = await createClient<any>({ baseUrl: 'http://127.0.0.1:48233' }).POST('/things', { body, headers });
console.log('openapi-fetch', fetched.data);
console.log('oazapfts', ((await makeThing(body)) as any).data);
JS
npx oazapfts api.json generated.ts
node server.mjs >server.txt &
server=$!
for _ in $(seq 100); do grep -q listening server.txt && break; sleep 0.1; done
npx tsx try.ts | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
swagger-client ids=1,2
openapi-fetch ids=1%2C2
oazapfts ids=1,2
TEXT
echo
echo "As described."
