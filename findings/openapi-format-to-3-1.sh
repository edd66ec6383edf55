#!/usr/bin/env bash
# Tools: openapi-format 1.33.6 and @scalar/openapi-upgrader 0.4.9 (npm), on Node.js 20 or newer; the second one asks for
# 22, and runs on 20 too.
# Input: a document of OpenAPI 3.0.3 with a property called nullable, with an example, a default and an extension
# that hold an object with the keys nullable and type, and with a $ref that has nullable beside it, which 3.0 ignores.
# Converted to 3.1.
# Seen: openapi-format removes the property, and takes what is only data for schemas: the example, the default and the
# extension say something else afterwards. @scalar/openapi-upgrader does that with the extension only. It lets the
# component that is referred to be null, and openapi-format does not.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error openapi-format@1.33.6 @scalar/openapi-upgrader@0.4.9
cat >try.mjs <<'JS'
import format from 'openapi-format';
import { upgradeFromThreeToThreeOne } from '@scalar/openapi-upgrader/3.0-to-3.1';

const data = { nullable: true, type: 'string' };
const schemas = {
  Property: { type: 'object', properties: { nullable: { type: 'boolean' } } },
  Example: { type: 'object', example: data },
  Default: { type: 'object', default: data },
  Extension: { type: 'object', 'x-column': data },
  Reference: { $ref: '#/components/schemas/Property', nullable: true },
};
const make = () =>
  structuredClone({ openapi: '3.0.3', info: { title: 't', version: '1' }, paths: {}, components: { schemas } });

const converted = await format.openapiConvertVersion(make(), { convertTo: '3.1' });
const results = { 'openapi-format': converted.data, '@scalar/openapi-upgrader': upgradeFromThreeToThreeOne(make()) };
for (const [name, document] of Object.entries(results)) {
  console.log(`${name}: ${document.openapi}`);
  const schemas = Object.entries(document.components.schemas);
  for (const [key, schema] of schemas) console.log(`  ${key}: ${JSON.stringify(schema)}`);
}
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
openapi-format: 3.1.0
  Property: {"type":"object","properties":{}}
  Example: {"type":"object","examples":[{"type":["string","null"]}]}
  Default: {"type":"object","default":{"type":["string","null"]}}
  Extension: {"type":"object","x-column":{"type":["string","null"]}}
  Reference: {"$ref":"#/components/schemas/Property"}
@scalar/openapi-upgrader: 3.1.1
  Property: {"type":"object","properties":{"nullable":{"type":"boolean"}}}
  Example: {"type":"object","examples":[{"nullable":true,"type":"string"}]}
  Default: {"type":"object","default":{"nullable":true,"type":"string"}}
  Extension: {"type":"object","x-column":{"type":["string","null"]}}
  Reference: {"anyOf":[{"$ref":"#/components/schemas/Property"},{"type":"null"}]}
TEXT
echo
echo "As described."
