#!/usr/bin/env bash
# Tools: gql-query-builder 3.8.0 and json-to-graphql-query 2.3.0 (npm), with graphql 16.15.0, on Node.js 20 or newer.
# Input: arguments of a query, given as JavaScript has them: a list, an object, a Date, and undefined.
# Seen: gql-query-builder declares a variable for a list or an object and sends no value for it, so that the argument is
# as good as not there: of labels: ['bug'] comes a query for all labels. A number, a text or true is sent. The list must
# be given as {value: ['bug'], list: true}. json-to-graphql-query writes undefined as a value of an enum that is called
# undefined, and a Date as an empty object; both are queries that can be parsed.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error gql-query-builder@3.8.0 json-to-graphql-query@2.3.0 \
  graphql@16.15.0
cat >try.mjs <<'JS'
import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import { parse } from 'graphql';
import { jsonToGraphQLQuery } from 'json-to-graphql-query';

const builder = createRequire(import.meta.url)('gql-query-builder');

for (const value of ['bug', 10, ['bug'], [1, 2], { in: 'x' }, undefined, new Date(0)]) {
  console.log(`${inspect(value)}:`);
  try {
    const { query, variables } = builder.query({ operation: 'issues', variables: { only: value }, fields: ['id'] });
    console.log(`  gql-query-builder ${query}, variables ${JSON.stringify(variables)}`);
  } catch (error) {
    console.log(`  gql-query-builder ${error.message}`);
  }
  const text = jsonToGraphQLQuery({ query: { issues: { __args: { only: value }, id: true } } });
  parse(text);
  console.log(`  json-to-graphql-query ${text}`);
}
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
'bug':
  gql-query-builder query ($only: String) { issues (only: $only) { id } }, variables {"only":"bug"}
  json-to-graphql-query query { issues (only: "bug") { id } }
10:
  gql-query-builder query ($only: Int) { issues (only: $only) { id } }, variables {"only":10}
  json-to-graphql-query query { issues (only: 10) { id } }
[ 'bug' ]:
  gql-query-builder query ($only: String) { issues (only: $only) { id } }, variables {}
  json-to-graphql-query query { issues (only: ["bug"]) { id } }
[ 1, 2 ]:
  gql-query-builder query ($only: String) { issues (only: $only) { id } }, variables {}
  json-to-graphql-query query { issues (only: [1, 2]) { id } }
{ in: 'x' }:
  gql-query-builder query ($only: String) { issues (only: $only) { id } }, variables {}
  json-to-graphql-query query { issues (only: {in: "x"}) { id } }
undefined:
  gql-query-builder query ($only: String) { issues (only: $only) { id } }, variables {}
  json-to-graphql-query query { issues (only: undefined) { id } }
1970-01-01T00:00:00.000Z:
  gql-query-builder query ($only: String) { issues (only: $only) { id } }, variables {}
  json-to-graphql-query query { issues (only: {}) { id } }
TEXT
echo
echo "As described."
