#!/usr/bin/env bash
# Tool: openapi-sampler 1.7.10 (npm), with which Redoc shows examples, and ajv 8.20.0 to judge them, on Node.js 20 or
# newer.
# Input: schemas without an example, as OpenAPI 3.1 has them.
# Seen: of a schema that may be null or an integer, with null in front, comes an empty object, which is neither; with
# null behind, or as a list of types, the sample is right. multipleOf and uniqueItems are not heeded, while minimum and
# minItems are, and an e-mail address is longer than maxLength.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error openapi-sampler@1.7.10 ajv@8.20.0
cat >try.mjs <<'JS'
import { Ajv } from 'ajv';
import { sample } from 'openapi-sampler';

const ajv = new Ajv({ strict: false, validateFormats: false });
for (const schema of [
  { anyOf: [{ type: 'null' }, { type: 'integer' }] },
  { anyOf: [{ type: 'integer' }, { type: 'null' }] },
  { type: ['null', 'integer'] },
  { type: 'array', items: { oneOf: [{ type: 'null' }, { type: 'string' }] } },
  { type: 'integer', minimum: 10, multipleOf: 7 },
  { type: 'array', minItems: 2, uniqueItems: true, items: { type: 'integer' } },
  { type: 'string', format: 'email', maxLength: 10 },
]) {
  const made = sample(schema);
  const judged = ajv.validate(schema, made) ? 'valid' : 'not valid';
  console.log(`${JSON.stringify(schema)}: ${JSON.stringify(made)}, ${judged}`);
}
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
{"anyOf":[{"type":"null"},{"type":"integer"}]}: {}, not valid
{"anyOf":[{"type":"integer"},{"type":"null"}]}: 0, valid
{"type":["null","integer"]}: null, valid
{"type":"array","items":{"oneOf":[{"type":"null"},{"type":"string"}]}}: [{}], not valid
{"type":"integer","minimum":10,"multipleOf":7}: 10, not valid
{"type":"array","minItems":2,"uniqueItems":true,"items":{"type":"integer"}}: [0,0], not valid
{"type":"string","format":"email","maxLength":10}: "user@example.com", not valid
TEXT
echo
echo "As described."
