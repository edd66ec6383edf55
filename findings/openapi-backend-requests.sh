#!/usr/bin/env bash
# Tool: openapi-backend 5.21.2 (npm), on Node.js 20 or newer.
# Input: a valid document of OpenAPI 3.0.3, and requests that are valid by it.
# Seen: four of them are refused. A path parameter that is either an integer or a text (oneOf), if it is a number: that
# is taken for both; with anyOf it works. A query parameter whose name is ids[]: it loses its brackets, and is then
# unknown. A number in a form: it is compared as a text, while one in the query is not. A JSON body without a required
# property that is readOnly, which is required in responses only. In the other direction, mockResponseForOperation
# answers true where the example is false, and {} where it is null.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error openapi-backend@5.21.2
cat >try.mjs <<'JS'
import { OpenAPIBackend } from 'openapi-backend';

const form = 'application/x-www-form-urlencoded';
const numbers = { type: 'array', items: { type: 'integer' } };
const both = [{ type: 'integer' }, { type: 'string' }];
const body = (type, schema) => ({ required: true, content: { [type]: { schema } } });
const responses = { 200: { description: 'OK' } };
const example = (type, value) => ({
  200: { description: 'OK', content: { 'application/json': { schema: { type, nullable: true }, example: value } } },
});
const operation = (operationId, rest) => ({ operationId, responses, ...rest });
const project = (schema) => ({ name: 'id', in: 'path', required: true, schema });

const api = new OpenAPIBackend({
  quick: true,
  definition: {
    openapi: '3.0.3',
    info: { title: 't', version: '1' },
    paths: {
      '/one/{id}': { get: operation('one', { parameters: [project({ oneOf: both })] }) },
      '/any/{id}': { get: operation('any', { parameters: [project({ anyOf: both })] }) },
      '/true': { get: operation('true', { responses: example('boolean', true) }) },
      '/false': { get: operation('false', { responses: example('boolean', false) }) },
      '/null': { get: operation('null', { responses: example('object', null) }) },
      '/brackets': { get: operation('brackets', { parameters: [{ name: 'ids[]', in: 'query', schema: numbers }] }) },
      '/list': {
        get: operation('list', { parameters: [{ name: 'ids', in: 'query', schema: numbers }] }),
        post: operation('post', {
          requestBody: body(form, { type: 'object', properties: { n: { type: 'integer' } } }),
        }),
        put: operation('put', {
          requestBody: body('application/json', {
            type: 'object',
            required: ['id', 'name'],
            properties: { id: { type: 'integer', readOnly: true }, name: { type: 'string' } },
          }),
        }),
      },
    },
  },
});
await api.init();

for (const [method, path, type, sent] of [
  ['GET', '/one/group%2Fproject'],
  ['GET', '/one/5'],
  ['GET', '/any/5'],
  ['GET', '/list?ids=14&ids=15'],
  ['GET', '/brackets?ids[]=14&ids[]=15'],
  ['POST', '/list', form, { n: '5' }],
  ['PUT', '/list', 'application/json', { id: 5, name: 'x' }],
  ['PUT', '/list', 'application/json', { name: 'x' }],
]) {
  const headers = type ? { 'content-type': type } : {};
  const { errors } = api.validateRequest({ method, path, headers, body: sent });
  const outcome = errors ? errors.map((error) => `${error.instancePath} ${error.message}`).join('; ') : 'valid';
  console.log(`${method} ${path} ${sent ? JSON.stringify(sent) : ''}: ${outcome}`);
}
for (const name of ['true', 'false', 'null']) {
  console.log(`example ${name}: ${JSON.stringify(api.mockResponseForOperation(name).mock)}`);
}
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
GET /one/group%2Fproject : valid
GET /one/5 : /path/id must match exactly one schema in oneOf
GET /any/5 : valid
GET /list?ids=14&ids=15 : valid
GET /brackets?ids[]=14&ids[]=15 : /query must NOT have additional properties
POST /list {"n":"5"}: /requestBody/n must be integer
PUT /list {"id":5,"name":"x"}: valid
PUT /list {"name":"x"}: /requestBody must have required property 'id'
example true: true
example false: true
example null: {}
TEXT
echo
echo "As described."
