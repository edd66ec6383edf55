#!/usr/bin/env bash
# Tool: @apiture/openapi-down-convert 0.14.2 (npm), which makes OpenAPI 3.0 of OpenAPI 3.1, with @redocly/cli 2.77.0 to
# judge the results, on Node.js 20 or newer.
# Input: valid documents of OpenAPI 3.1 with one schema each: what may be null with anyOf, and with a list of three
# types, an exclusive minimum, and properties that are called const and $schema.
# Seen: the tool ends with exit code 0, and calls the documents 3.0.3, but leaves the type null, the list of types and a
# number in exclusiveMinimum in them, which are not valid there. Of the property const comes a property enum, whose
# schema is a list, and the property $schema is gone. A list of two types, one of them null, is right.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error @apiture/openapi-down-convert@0.14.2 \
  @redocly/cli@2.77.0
cat >schemas.txt <<'TEXT'
{"type": ["string", "null"]}
{"anyOf": [{"type": "string"}, {"type": "null"}]}
{"type": ["string", "integer", "null"]}
{"type": "integer", "exclusiveMinimum": 1}
{"type": "object", "properties": {"const": {"type": "string"}}}
{"type": "object", "properties": {"$schema": {"type": "string"}}}
TEXT
cat >show.cjs <<'JS'
const { readFileSync } = require('node:fs');
const [schema, judged] = process.argv.slice(2);
const document = JSON.parse(readFileSync('new.json', 'utf8'));
console.log(`${schema}:\n  ${document.openapi} ${JSON.stringify(document.components.schemas.A)}, ${judged}`);
JS
cat >redocly.yaml <<'YAML'
rules: {struct: error}
YAML
while read -r schema; do
  cat >old.json <<JSON
{"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "paths": {}, "components": {"schemas": {"A": $schema}}}
JSON
  node_modules/.bin/redocly lint old.json >/dev/null 2>&1
  node_modules/.bin/openapi-down-convert --input old.json --output new.json
  judged="not valid"
  node_modules/.bin/redocly lint new.json >/dev/null 2>&1 && judged="valid"
  node show.cjs "$schema" "$judged"
done <schemas.txt | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
{"type": ["string", "null"]}:
  3.0.3 {"type":"string","nullable":true}, valid
{"anyOf": [{"type": "string"}, {"type": "null"}]}:
  3.0.3 {"anyOf":[{"type":"string"},{"type":"null"}]}, not valid
{"type": ["string", "integer", "null"]}:
  3.0.3 {"type":["string","integer","null"]}, not valid
{"type": "integer", "exclusiveMinimum": 1}:
  3.0.3 {"type":"integer","exclusiveMinimum":1}, not valid
{"type": "object", "properties": {"const": {"type": "string"}}}:
  3.0.3 {"type":"object","properties":{"enum":[{"type":"string"}]}}, not valid
{"type": "object", "properties": {"$schema": {"type": "string"}}}:
  3.0.3 {"type":"object","properties":{}}, valid
TEXT
echo
echo "As described."
