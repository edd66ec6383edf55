#!/usr/bin/env bash
# Tools: openapi-merge 2.0.2 and swagger-combine 1.4.0, with @redocly/cli 2.77.0 for comparison (npm), on Node.js 20 or
# newer.
# Input: two OpenAPI documents that are made into one: the first takes a token in a header and has no servers, the
# second one a bearer token, for all operations but one, and has a server.
# Seen: openapi-merge keeps what the first document says about security for all, so that the operations of the second
# take the other token, and the server of the second is that of the first, too, though not with serversStrategy. By
# swagger-combine security is moved to the operations, and all components are dropped: what the operations name is not
# there any more, and neither is a server. Redocly's join moves both to where they belong.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error openapi-merge@2.0.2 swagger-combine@1.4.0 \
  @redocly/cli@2.77.0
cat >first.json <<'JSON'
{
  "openapi": "3.0.3",
  "info": {"title": "First", "version": "1"},
  "security": [{"header": []}],
  "paths": {"/first": {"get": {"responses": {"200": {"description": "Done"}}}}},
  "components": {"securitySchemes": {"header": {"type": "apiKey", "in": "header", "name": "PRIVATE-TOKEN"}}}
}
JSON
cat >second.json <<'JSON'
{
  "openapi": "3.0.3",
  "info": {"title": "Second", "version": "1"},
  "servers": [{"url": "https://second.example.com"}],
  "security": [{"bearer": []}],
  "paths": {
    "/second": {
      "get": {"responses": {"200": {"description": "Done"}}},
      "post": {"security": [], "responses": {"200": {"description": "Done"}}}
    }
  },
  "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}}
}
JSON
node_modules/.bin/redocly join first.json second.json -o joined.json >/dev/null 2>&1
cat >try.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { merge } = require('openapi-merge');
const combine = require('swagger-combine');

const read = (name) => JSON.parse(readFileSync(name, 'utf8'));
const files = ['first.json', 'second.json'];
const made = {
  'openapi-merge': merge(files.map((name) => ({ oas: read(name) }))).output,
  'swagger-combine': await combine({
    openapi: '3.0.3',
    info: { title: 'Both', version: '1' },
    apis: files.map((url) => ({ url })),
  }),
  redocly: read('joined.json'),
};
for (const [tool, document] of Object.entries(made)) {
  console.log(`${tool}: knows ${Object.keys(document.components?.securitySchemes ?? {}).join(', ') || 'no scheme'}`);
  for (const [path, item] of Object.entries(document.paths)) {
    const servers = (item.servers ?? document.servers ?? []).map(({ url }) => url).join(', ') || 'its own';
    for (const method of ['get', 'post'].filter((name) => item[name])) {
      const security = item[method].security ?? document.security ?? [];
      console.log(`  ${method} ${path}: ${security.map(Object.keys).join(', ') || 'no token'}; server ${servers}`);
    }
  }
}
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
openapi-merge: knows header, bearer
  get /first: header; server https://second.example.com
  get /second: header; server https://second.example.com
  post /second: no token; server https://second.example.com
swagger-combine: knows no scheme
  get /first: header; server its own
  get /second: bearer; server its own
  post /second: no token; server its own
redocly: knows header, bearer
  get /first: header; server its own
  get /second: bearer; server https://second.example.com
  post /second: no token; server https://second.example.com
TEXT
echo
echo "As described."
