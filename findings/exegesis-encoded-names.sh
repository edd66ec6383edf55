#!/usr/bin/env bash
# Tools: exegesis 4.3.0 and openapi-enforcer 1.23.0 (npm), on Node.js 20 or newer.
# Input: valid requests for a document of OpenAPI 3.0: a list in the query under ids[], with the brackets as they are
# and percent-encoded, as clients send them; a parameter that may be a number or the word any; and a URL-encoded form
# with a number and a boolean.
# Seen: exegesis does not know a name that is percent-encoded: ids%5B%5D=14 is no parameter to it, and the service gets
# no list. openapi-enforcer refuses the number where the word is allowed too, and each number and boolean in a form,
# since they are texts there.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error exegesis@4.3.0 openapi-enforcer@1.23.0
cat >try.mjs <<'JS'
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const exegesis = require('exegesis');
const Enforcer = require('openapi-enforcer');

const responses = { 200: { description: 'Done', content: { 'application/json': { schema: {} } } } };
const ids = { type: 'array', items: { type: 'integer' } };
const form = { type: 'object', properties: { retries: { type: 'integer' }, strict: { type: 'boolean' } } };
const either = { oneOf: [{ type: 'integer' }, { type: 'string', enum: ['any'] }] };
const document = () => ({
  openapi: '3.0.3',
  info: { title: 'Checks', version: '1' },
  paths: {
    '/checks': {
      'x-exegesis-controller': 'checks',
      get: {
        operationId: 'list',
        parameters: [
          { name: 'ids[]', in: 'query', schema: structuredClone(ids) },
          { name: 'reviewer', in: 'query', schema: structuredClone(either) },
        ],
        responses,
      },
      post: {
        operationId: 'create',
        requestBody: { content: { 'application/x-www-form-urlencoded': { schema: structuredClone(form) } } },
        responses,
      },
    },
  },
});
const [enforcer] = await Enforcer(document(), { fullResult: true, hideWarnings: true });
const controller = {
  list: (context) => context.params.query,
  create: (context) => context.requestBody,
};
const options = { controllers: { checks: controller }, ignoreServers: true };
const handle = await exegesis.compileApi(document(), options);
const server = createServer((incoming, response) => handle(incoming, response, () => response.end('not found')));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}`;

const show = async (method, path, body) => {
  const headers = body ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {};
  const response = await fetch(url + path, { method, headers, body });
  const given = response.ok ? await response.text() : `refused, ${(await response.json()).errors[0].message}`;
  console.log(`${method} ${path} ${body ?? ''}`.trim());
  console.log(`  exegesis ${given}`);
  const sent = body ? { body: Object.fromEntries(new URLSearchParams(body)) } : {};
  const [taken, refused] = enforcer.request({ method: method.toLowerCase(), path, headers, ...sent });
  const reason = String(refused ?? '').trim().split('\n').pop().trim();
  console.log(`  openapi-enforcer ${taken ? JSON.stringify(body ? taken.body : taken.query) : `refused, ${reason}`}`);
};
await show('GET', '/checks?ids[]=14&ids[]=15');
await show('GET', '/checks?ids%5B%5D=14&ids%5B%5D=15');
await show('GET', '/checks?reviewer=any');
await show('GET', '/checks?reviewer=7');
await show('POST', '/checks', 'retries=3');
await show('POST', '/checks', 'strict=true');
server.close();
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
GET /checks?ids[]=14&ids[]=15
  exegesis {"ids[]":[14,15]}
  openapi-enforcer {"ids[]":[14,15]}
GET /checks?ids%5B%5D=14&ids%5B%5D=15
  exegesis {}
  openapi-enforcer {"ids[]":[14,15]}
GET /checks?reviewer=any
  exegesis {"reviewer":"any"}
  openapi-enforcer {"reviewer":"any"}
GET /checks?reviewer=7
  exegesis {"reviewer":"7"}
  openapi-enforcer refused, Expected an integer. Received: "7"
POST /checks retries=3
  exegesis {"retries":3}
  openapi-enforcer refused, Expected an integer. Received: "3"
POST /checks strict=true
  exegesis {"strict":true}
  openapi-enforcer refused, Expected a boolean. Received: "true"
TEXT
echo
echo "As described."
