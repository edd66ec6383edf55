#!/usr/bin/env bash
# Tools: openapi-to-postmanv2 6.3.3, with which Postman imports OpenAPI, and newman 6.2.2, which runs its collections
# (npm), on Node.js 20 or newer.
# Input: a document with examples: a path parameter group/project, a text with a plus sign in the query, and a multipart
# form with a list, an object and null. The document is converted, and the collection is run against a server.
# Seen: the path parameter is sent as two segments, and the plus sign as it is, so that a server reads a space; the
# ampersand in the same value is encoded. In multipart, a list is one value with commas, an object is [object Object],
# and null is an empty text. In a URL-encoded form, a plus sign is encoded.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error openapi-to-postmanv2@6.3.3 newman@6.2.2
cat >try.mjs <<'JS'
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const converter = require('openapi-to-postmanv2');
const newman = require('newman');

const responses = { 200: { description: 'Done' } };
const body = (type, properties) => ({ content: { [type]: { schema: { type: 'object', properties } } } });
const name = { type: 'string', example: '1+1 & é' };
const document = {
  openapi: '3.0.3',
  info: { title: 'Checks', version: '1' },
  servers: [{ url: 'http://example.com' }],
  paths: {
    '/projects/{id}/checks': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' }, example: 'group/project' }],
      get: { parameters: [{ name: 'search', in: 'query', schema: name, example: name.example }], responses },
      put: { requestBody: body('application/x-www-form-urlencoded', { name }), responses },
      post: {
        requestBody: body('multipart/form-data', {
          'ids[]': { type: 'array', items: { type: 'integer' }, example: [14, 15] },
          settings: { type: 'object', properties: { strict: { type: 'boolean', example: true } } },
          title: { type: 'string', nullable: true, example: null },
        }),
        responses,
      },
    },
  },
};
const server = createServer(async (incoming, response) => {
  let text = '';
  for await (const part of incoming) text += part;
  console.log(`${incoming.method} ${incoming.url}`);
  for (const [, key, value] of text.matchAll(/name="(.*)"\r\n\r\n(.*)\r\n/g)) console.log(`  ${key}: "${value}"`);
  if (text && !text.includes('form-data')) console.log(`  ${text}`);
  response.end('{}');
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const collection = await new Promise((resolve) =>
  converter.convertV2({ type: 'json', data: document }, { parametersResolution: 'Example' }, (error, made) =>
    resolve(made.output[0].data),
  ),
);
const envVar = [{ key: 'baseUrl', value: `http://127.0.0.1:${server.address().port}` }];
await new Promise((resolve) => newman.run({ collection, envVar, reporters: [] }, resolve));
server.close();
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
GET /projects/group/project/checks?search=1+1%20%26%20%C3%A9
PUT /projects/group/project/checks
  name=1%2B1%20%26%20%C3%A9
POST /projects/group/project/checks
  ids[]: "14,15"
  settings: "[object Object]"
  title: ""
TEXT
echo
echo "As described."
