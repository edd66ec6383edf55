#!/usr/bin/env bash
# Tools: @readme/oas-to-har 38.5.1 with oas 38.6.0 (npm), on Node.js 20 or newer.
# Input: an operation of OpenAPI 3.0 with a list in the query and a list in a URL-encoded form. Both are written with
# the defaults: the name is repeated for each element. The values are [14, 15].
# Seen: HAR has an entry with a name and a value for each parameter in queryString. Here it is one, with the value
# 14&ids[]=15, so that a tool that encodes values sends one element with that text. In the form it is one as well, with
# the value 14,15, which a form that repeats names does not have.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error @readme/oas-to-har@38.5.1 oas@38.6.0
cat >try.mjs <<'JS'
import oasToHar from '@readme/oas-to-har';
import Oas from 'oas';

const list = { type: 'array', items: { type: 'integer' } };
const form = { schema: { type: 'object', properties: { ids: list } } };
const contract = new Oas({
  openapi: '3.0.3',
  info: { title: 't', version: '1' },
  servers: [{ url: 'https://example.com' }],
  paths: {
    '/rules': {
      post: {
        parameters: [{ name: 'ids[]', in: 'query', schema: list }],
        requestBody: { content: { 'application/x-www-form-urlencoded': form } },
        responses: { 204: { description: 'done' } },
      },
    },
  },
});
const values = { query: { 'ids[]': [14, 15] }, formData: { ids: [14, 15] } };
const har = oasToHar(contract, contract.operation('/rules', 'post'), values);
const { queryString, postData } = har.log.entries[0].request;
console.log('queryString:', JSON.stringify(queryString));
console.log('params:', JSON.stringify(postData.params));
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
queryString: [{"name":"ids[]","value":"14&ids[]=15"}]
params: [{"name":"ids","value":"14,15"}]
TEXT
echo
echo "As described."
