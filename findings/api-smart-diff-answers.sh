#!/usr/bin/env bash
# Tool: api-smart-diff 1.0.6 (npm), on Node.js 20 or newer.
# Input: pairs of documents of OpenAPI 3.0.3 that differ in one thing, through apiCompare. Each of the changes, but the
# last, breaks clients of the first document.
# Seen: these are called non-breaking: a property of a response that goes, or whose type changes, null that comes into a
# response, and null that is not taken any more in a body. The other change of a type, in a body, is breaking. That lists
# in the query are written otherwise (explode: false) is an annotation, as a better description would be. A readOnly
# property that becomes required is breaking in a body, where that does not count.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error api-smart-diff@1.0.6
cat >try.mjs <<'JS'
import { apiCompare } from 'api-smart-diff';

const text = { type: 'string' };
const readOnly = { type: 'string', readOnly: true };
const content = (properties, required) => ({
  'application/json': { schema: { type: 'object', properties, ...(required && { required }) } },
});
const put = (rest) => ({
  openapi: '3.0.3',
  info: { title: 't', version: '1' },
  paths: { '/things': { put: { responses: { 200: { description: 'OK' } }, ...rest } } },
});
const answer = (properties) => put({ responses: { 200: { description: 'OK', content: content(properties) } } });
const body = (properties, required) => put({ requestBody: { content: content(properties, required) } });
const query = (rest) =>
  put({ parameters: [{ name: 'ids', in: 'query', schema: { type: 'array', items: text }, ...rest }] });

for (const [name, before, after] of [
  ['response, property gone', answer({ a: text, b: text }), answer({ a: text })],
  ['response, type changed', answer({ a: text }), answer({ a: { type: 'integer' } })],
  ['response, null comes', answer({ a: text }), answer({ a: { ...text, nullable: true } })],
  ['body, type changed', body({ a: text }), body({ a: { type: 'integer' } })],
  ['body, null refused', body({ a: { ...text, nullable: true } }), body({ a: text })],
  ['body, property required', body({ a: text }), body({ a: text }, ['a'])],
  ['query, explode: false', query({}), query({ explode: false })],
  ['body, readOnly required', body({ a: readOnly }), body({ a: readOnly }, ['a'])],
]) {
  console.log(`${name}: ${apiCompare(before, after).diffs.map((diff) => diff.type).join(', ')}`);
}
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
response, property gone: non-breaking
response, type changed: non-breaking
response, null comes: non-breaking
body, type changed: breaking
body, null refused: non-breaking
body, property required: breaking
query, explode: false: annotation
body, readOnly required: breaking
TEXT
echo
echo "As described."
