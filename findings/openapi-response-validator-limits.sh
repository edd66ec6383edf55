#!/usr/bin/env bash
# Tools: openapi-response-validator 12.1.3 and openapi-request-validator 12.1.3 (npm), on Node.js 20 or newer.
# Input: an operation of OpenAPI 3.0, one of whose numbers must be above 0: minimum: 0 with exclusiveMinimum: true, as
# OpenAPI 3.0 and 2.0 write it. A number, as in exclusiveMinimum: 0, is of OpenAPI 3.1.
# Seen: no validator can be made of it: the constructors throw "schema is invalid: … exclusiveMinimum must be number",
# be it in a parameter, in a body or in a response. So they do with exclusiveMinimum: false, which is the default.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error \
  openapi-response-validator@12.1.3 openapi-request-validator@12.1.3
cat >try.js <<'JS'
const { default: Requests } = require('openapi-request-validator');
const { default: Responses } = require('openapi-response-validator');

const inJSON = (schema) => ({ content: { 'application/json': { schema } } });

function say(words, make) {
  let seen = 'made';
  try {
    make();
  } catch (error) {
    seen = error.message;
  }
  console.log(`${words}: ${seen}`);
}

for (const more of [{}, { exclusiveMinimum: true }, { exclusiveMinimum: false }]) {
  const number = { type: 'number', minimum: 0, ...more };
  const name = JSON.stringify(more);
  say(`${name} in a parameter`, () => new Requests({ parameters: [{ name: 'n', in: 'query', schema: number }] }));
  say(`${name} in a body`, () => new Requests({ parameters: [], requestBody: inJSON(number) }));
  say(`${name} in a response`, () => new Responses({ responses: { 200: { description: 'ok', ...inJSON(number) } } }));
}
JS
node try.js | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
{} in a parameter: made
{} in a body: made
{} in a response: made
{"exclusiveMinimum":true} in a parameter: schema is invalid: data/properties/n/exclusiveMinimum must be number
{"exclusiveMinimum":true} in a body: schema is invalid: data/properties/body/exclusiveMinimum must be number
{"exclusiveMinimum":true} in a response: schema is invalid: data/properties/response/exclusiveMinimum must be number
{"exclusiveMinimum":false} in a parameter: schema is invalid: data/properties/n/exclusiveMinimum must be number
{"exclusiveMinimum":false} in a body: schema is invalid: data/properties/body/exclusiveMinimum must be number
{"exclusiveMinimum":false} in a response: schema is invalid: data/properties/response/exclusiveMinimum must be number
TEXT
echo
echo "As described."
