#!/usr/bin/env bash
# Tool: @stepci/runner 2.0.7 (npm), which stepci runs, on Node.js 20 or newer.
# Input: a workflow that sends a date in JSON, a form, and a query in a URL beside params; that captures a list and sends
# it on; and that checks values of another type.
# Seen: a date, which YAML has without quotes, is sent as the time that it is now. A form has no Content-Type. With
# params, the query of the URL is gone. A list that was captured is left out of the JSON. A check takes 1 for the text
# "1", true for 1, and what is missing for null.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error @stepci/runner@2.0.7
cat >workflow.yml <<'YAML'
version: "1.1"
name: values
env: {host: PORT}
tests:
  sent:
    steps:
      - name: a date
        http: {url: "http://${{env.host}}/date", method: POST, json: {due_date: 2026-01-02, text: "2026-01-02"}}
      - name: a form
        http: {url: "http://${{env.host}}/form", method: POST, form: {"ids[]": "14"}}
      - name: a query
        http: {url: "http://${{env.host}}/query?ids[]=14", method: GET, params: {page: "2"}}
      - name: what is captured
        http:
          url: http://${{env.host}}/captured
          method: GET
          captures: {ids: {jsonpath: $.ids}, name: {jsonpath: $.name}}
      - name: what was captured
        http:
          url: http://${{env.host}}/used
          method: POST
          json: {ids: "${{captures.ids}}", name: "${{captures.name}}"}
  text for 1:
    steps:
      - http: {url: "http://${{env.host}}/", method: GET, check: {jsonpath: {$.id: "1"}}}
  1 for true:
    steps:
      - http: {url: "http://${{env.host}}/", method: GET, check: {jsonpath: {$.draft: 1}}}
  null for missing:
    steps:
      - http: {url: "http://${{env.host}}/", method: GET, check: {jsonpath: {$.missing: null}}}
  2 for 1:
    steps:
      - http: {url: "http://${{env.host}}/", method: GET, check: {jsonpath: {$.id: 2}}}
YAML
cat >try.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { runFromYAML } from '@stepci/runner';

const start = Date.now();
const server = createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  body = body.replace(/"(\d{4}-\d\d-\d\dT[\d:.]+Z)"/, (all, time) => (Date.parse(time) >= start ? '(the time it is)' : all));
  if (request.url !== '/') {
    console.log(`${request.method} ${decodeURIComponent(request.url)} ${request.headers['content-type']} ${body}`);
  }
  response.setHeader('Content-Type', 'application/json');
  response.end('{"id": 1, "draft": true, "ids": [14, 15], "name": "a"}');
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const text = readFileSync('workflow.yml', 'utf8').replace('PORT', `127.0.0.1:${server.address().port}`);
const { result } = await runFromYAML(text);
for (const test of result.tests.slice(1)) console.log(`${test.name ?? test.id}: ${test.passed ? 'passed' : 'failed'}`);
server.close();
server.closeAllConnections();
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
POST /date application/json {"due_date":(the time it is),"text":"2026-01-02"}
POST /form undefined ids%5B%5D=14
GET /query?page=2 undefined 
GET /captured undefined 
POST /used application/json {"name":"a"}
text for 1: passed
1 for true: passed
null for missing: passed
2 for 1: failed
TEXT
echo
echo "As described."
