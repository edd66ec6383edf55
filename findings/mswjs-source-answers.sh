#!/usr/bin/env bash
# Tool: @mswjs/source 0.5.0 with msw 2.15.0 (npm), on Node.js 20 or newer.
# Input: a valid document of OpenAPI 3.0.3, of which fromOpenApi makes handlers, and a valid HAR 1.2 file, of which
# fromTraffic makes some. Requests that the document describes, or that the file has.
# Seen, with the document: an operation whose only success is 201 or 204 is answered with 501 Not Implemented. The
# examples of headers and of properties are not used, but words and numbers that differ from call to call, so that Link
# is a word. The example null of a body becomes {}.
# Seen, with the file: a body in Base64 is given out in Base64, unless its media type has "text" in it. If
# Content-Encoding is gzip, as in what browsers write, while the text is plain, the body cannot be read.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error @mswjs/source@0.5.0 msw@2.15.0
cat >try.mjs <<'JS'
import { setupServer } from 'msw/node';
import { fromOpenApi } from '@mswjs/source/open-api';
import { fromTraffic } from '@mswjs/source/traffic';

const server = 'http://gitlab.example.com/api/v4';
const json = (content) => ({ description: 'OK', content: { 'application/json': content } });
const object = { type: 'object', properties: { id: { type: 'integer', example: 700000 } } };
const document = {
  openapi: '3.0.3',
  info: { title: 't', version: '1' },
  servers: [{ url: server }],
  paths: {
    '/things': {
      get: {
        responses: {
          200: {
            ...json({ schema: { type: 'array', items: {} }, example: [1] }),
            headers: { Link: { schema: { type: 'string', example: '<…>; rel="next"' } } },
          },
        },
      },
      post: { responses: { 201: json({ schema: object, example: { id: 1 } }) } },
      delete: { responses: { 204: { description: 'gone' } } },
    },
    '/thing': { get: { responses: { 200: json({ schema: object }) } } },
    '/nothing': { get: { responses: { 200: json({ schema: { type: 'object', nullable: true }, example: null }) } } },
  },
};

const entry = (path, headers, content) => ({
  startedDateTime: '2026-01-02T03:04:05.678Z',
  time: 1,
  cache: {},
  timings: { send: 0, wait: 1, receive: 0 },
  request: {
    method: 'GET', url: server + path, httpVersion: 'HTTP/1.1', cookies: [], headers: [], queryString: [],
    headersSize: -1, bodySize: -1,
  },
  response: {
    status: 200, statusText: 'OK', httpVersion: 'HTTP/1.1', cookies: [], headers, redirectURL: '',
    headersSize: -1, bodySize: -1, content: { size: 7, ...content },
  },
});
const text = '{"a":1}';
const base64 = { encoding: 'base64', text: Buffer.from(text).toString('base64') };
const entries = [
  entry('/plain', [], { mimeType: 'application/json', text }),
  entry('/base64', [], { mimeType: 'application/json', ...base64 }),
  entry('/base64-text', [], { mimeType: 'text/plain', ...base64 }),
  entry('/gzip', [{ name: 'Content-Encoding', value: 'gzip' }], { mimeType: 'application/json', text }),
];
const har = { log: { version: '1.2', creator: { name: 'example', version: '1' }, entries } };

const mock = setupServer(...(await fromOpenApi(document)), ...fromTraffic(har));
mock.listen();
const read = async (path, init) => {
  const response = await fetch(server + path, init);
  const body = await response.text().catch(() => 'not readable');
  return { status: response.status, body, link: response.headers.get('Link') };
};

const list = await read('/things');
console.log(`document, list: ${list.status} ${list.body}, Link as in the example: ${list.link.startsWith('<')}`);
for (const method of ['POST', 'DELETE']) {
  const { status, body } = await read('/things', { method });
  console.log(`document, ${method}: ${status} ${body}`);
}
const ids = [];
for (let i = 0; i < 8; i += 1) ids.push(JSON.parse((await read('/thing')).body).id);
console.log(`document, id as in the example: ${ids.includes(700000)}, ids differ: ${new Set(ids).size > 1}`);
console.log(`document, null: ${(await read('/nothing')).body}`);
for (const path of ['/plain', '/base64', '/base64-text', '/gzip']) {
  console.log(`file, ${path}: ${(await read(path)).body}`);
}
mock.close();
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
document, list: 200 [1], Link as in the example: false
document, POST: 501 Not Implemented
document, DELETE: 501 Not Implemented
document, id as in the example: false, ids differ: true
document, null: {}
file, /plain: {"a":1}
file, /base64: eyJhIjoxfQ==
file, /base64-text: {"a":1}
file, /gzip: not readable
TEXT
echo
echo "As described."
