#!/usr/bin/env bash
# Tool: Bruno's command line, @usebruno/cli 4.1.0 (npm), on Node.js 20 or newer.
# Input: an OpenAPI document of one path, imported with "bru import openapi", whose requests are run as they are. A
# segment of the path is group/project by its example; a query has lists and a page; a form has a list, which by OpenAPI
# is sent under its name once for each element; a body in JSON has a number above 2^53, which int64 takes.
# Seen: the request is sent without any query, though the imported file lists the parameters with their values;
# group/project becomes two segments; the list in the form is one value with a comma; and the number is another one.
set -euo pipefail
cd "$(mktemp -d)"
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error @usebruno/cli@4.1.0
cat >api.yaml <<'YAML'
openapi: 3.0.3
info: {title: Checks, version: "1"}
servers: [{url: "http://127.0.0.1/api"}]
paths:
  /projects/{id}/checks:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}, example: group/project}
    get:
      operationId: list
      parameters:
        - {name: ids, in: query, schema: {type: array, items: {type: integer}}, example: [1, 2]}
        - {name: page, in: query, required: true, schema: {type: integer}, example: 3}
      responses: {"200": {description: a list}}
    post:
      operationId: create
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              properties:
                name: {type: string, example: A & B}
                branch_ids: {type: array, items: {type: integer}, example: [1, 2]}
      responses: {"201": {description: made}}
    put:
      operationId: update
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, properties: {number: {type: integer, format: int64, example: 9007199254740993}}}
      responses: {"200": {description: changed}}
YAML
cat >server.mjs <<'JS'
import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';

const server = createServer((request, response) => {
  let text = '';
  request.on('data', (part) => (text += part));
  request.on('end', () => {
    console.log(JSON.stringify([request.method, request.url, text.replace(/\s+/g, '')]));
    response.end('{}');
  });
}).listen(0, '127.0.0.1', () => writeFileSync('port', String(server.address().port)));
JS
node server.mjs >seen.txt &
server=$!
for _ in {1..100}; do [ ! -s port ] || break; sleep 0.1; done
npx --no-install bru import openapi --source api.yaml --output collection --collection-name checks >/dev/null
grep -A2 'name: page' collection/list.yml | head -3
(cd collection && npx --no-install --prefix .. bru run --env "Environment 1" \
  --env-var "baseUrl=http://127.0.0.1:$(cat ../port)/api" >/dev/null)
cat seen.txt
diff - <(sort seen.txt) <<'TEXT' || { echo "CHANGED"; exit 1; }
["GET","/api/projects/group/project/checks",""]
["POST","/api/projects/group/project/checks","name=A+%26+B&branch_ids=1%2C2"]
["PUT","/api/projects/group/project/checks","{\"number\":9007199254740992}"]
TEXT
echo
echo "As described."
