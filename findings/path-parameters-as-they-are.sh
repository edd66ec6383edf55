#!/usr/bin/env bash
# Tools: swagger-typescript-api 13.13.0, openapi-zod-client 1.18.3 with @zodios/core 10.9.6 (npm), on Node.js 20.
# Input: a valid OpenAPI 3.0.3 document with a path parameter of type string, and the value "group/project" for it. A
# parameter in a path is percent-encoded, as group%2Fproject, for it is one segment.
# Seen: both clients put the value into the path as it is. The request is for another path: /projects/group/project.
# (Orval 7.13.2 does so too; there the setting urlEncodeParameters is for it, and is off by default.)
set -euo pipefail
cd "$(mktemp -d)"
server=
trap 'kill $server 2>/dev/null; rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error \
  swagger-typescript-api@13.13.0 openapi-zod-client@1.18.3 @zodios/core@10.9.6 axios@1.21.1 zod@3.25.76 tsx@4.23.15

cat >api.json <<'JSON'
{"openapi": "3.0.3", "info": {"title": "Example", "version": "1"}, "servers": [{"url": "http://127.0.0.1:48234"}],
 "paths": {"/projects/{id}": {"get": {"operationId": "getProject",
  "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
  "responses": {"200": {"description": "The target of the request",
    "content": {"application/json": {"schema": {"type": "string"}}}}}}}}}
JSON
cat >server.mjs <<'JS'
import { createServer } from 'node:http';
createServer((request, response) => {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(request.url));
}).listen(48234, '127.0.0.1', () => console.log('listening'));
JS
cat >try.ts <<'JS'
import { createApiClient } from './zod.ts';
import { Api } from './typed.ts';

const id = 'group/project';
const typed = await new Api().projects.getProject(id as any);
console.log('swagger-typescript-api', typed.data);
const zodios = createApiClient('http://127.0.0.1:48234');
console.log('openapi-zod-client', await zodios.get('/projects/:id', { params: { id } }));
JS
npx swagger-typescript-api generate -p api.json -o . -n typed.ts >/dev/null
npx openapi-zod-client api.json -o zod.ts >/dev/null
node server.mjs >server.txt &
server=$!
for _ in $(seq 100); do grep -q listening server.txt && break; sleep 0.1; done
npx tsx try.ts | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
swagger-typescript-api /projects/group/project
openapi-zod-client /projects/group/project
TEXT
echo
echo "As described."
