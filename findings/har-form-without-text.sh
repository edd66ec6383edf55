#!/usr/bin/env bash
# Tools: mitmproxy 11.0.2 (PyPI) on Python 3.10 or newer, har-to-openapi 2.0.0 (npm) on Node.js 20 or newer.
# Input: a valid HAR 1.2 file with one request. Its form is given by postData.params alone: HAR calls params and text
# mutually exclusive.
# Seen: mitmproxy reads nothing of the file:
#   Unable to read HAR file. Please provide a valid HAR file
# With an empty text beside the params it reads it. har-to-openapi describes the form, whatever its media type, as
# multipart/form-data with a file.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error har-to-openapi@2.0.0
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check mitmproxy==11.0.2

har() {
  cat <<JSON
{"log": {"version": "1.2", "creator": {"name": "example", "version": "1"}, "entries": [{
 "startedDateTime": "2026-01-02T03:04:05.678Z", "time": 1, "cache": {},
 "timings": {"send": 0, "wait": 1, "receive": 0},
 "request": {"method": "POST", "url": "http://example.com/things", "httpVersion": "HTTP/1.1",
  "cookies": [], "headersSize": -1, "bodySize": -1, "queryString": [],
  "headers": [{"name": "Content-Type", "value": "application/x-www-form-urlencoded"}],
  "postData": {"mimeType": "application/x-www-form-urlencoded", "params": [{"name": "n", "value": "v"}]$1}},
 "response": {"status": 201, "statusText": "Created", "httpVersion": "HTTP/1.1", "cookies": [], "headers": [],
  "content": {"size": 2, "mimeType": "application/json", "text": "{}"}, "redirectURL": "", "headersSize": -1,
  "bodySize": 2}}]}}
JSON
}
har '' >params.har
har ', "text": ""' >both.har
cat >read.py <<'PYTHON'
import sys

from mitmproxy import exceptions, io

try:
    with open(sys.argv[1], "rb") as file:
        for flow in io.FlowReader(file).stream():
            print("mitmproxy:", flow.request.method, flow.request.url, flow.response.status_code)
except exceptions.FlowReadException as error:
    print("mitmproxy:", error)
PYTHON
cat >describe.mjs <<'JS'
import { readFileSync } from 'node:fs';
import harToOpenAPI from 'har-to-openapi';

const { spec } = await harToOpenAPI.generateSpec(JSON.parse(readFileSync('params.har', 'utf8')));
const { content } = spec.paths['/things'].post.requestBody;
for (const [type, { schema }] of Object.entries(content)) {
  console.log('har-to-openapi:', type, Object.keys(schema.properties));
}
JS
{
  venv/bin/python read.py params.har
  venv/bin/python read.py both.har
  node describe.mjs
} | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
mitmproxy: Unable to read HAR file. Please provide a valid HAR file
mitmproxy: POST http://example.com/things 201
har-to-openapi: multipart/form-data [ 'filename' ]
TEXT
echo
echo "As described."
