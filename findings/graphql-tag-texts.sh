#!/usr/bin/env bash
# Tools: graphql-tag 2.12.7, which is also gql of @apollo/client, and @urql/core 6.0.3 (npm) with graphql 16.15.0, on
# Node.js 20 or newer.
# Input: queries that differ only in a text: search: "a,b", "a b", "a  b", and a text with a comma at its end.
# Seen: graphql-tag keeps what it has parsed under the query with all spaces and commas taken for one space, in texts
# too. So the second query is silently the first one: who asks for "a b" gets what is found for "a,b". Which text
# is sent depends on which query came first. urql's gql keeps them apart.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error graphql-tag@2.12.7 @urql/core@6.0.3 graphql@16.15.0
cat >try.mjs <<'JS'
import { gql as urql } from '@urql/core';
import { print } from 'graphql';
import { gql } from 'graphql-tag';

for (const text of ['status, passed', 'status passed', 'status,passed', 'status  passed ', 'other', 'other,']) {
  const query = `{ projects(search: "${text}") { nodes { id } } }`;
  const sent = (tag) => print(tag([query])).match(/".*"/)[0];
  console.log(`"${text}": graphql-tag ${sent(gql)}, urql ${sent(urql)}`);
}
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
"status, passed": graphql-tag "status, passed", urql "status, passed"
"status passed": graphql-tag "status, passed", urql "status passed"
"status,passed": graphql-tag "status, passed", urql "status,passed"
"status  passed ": graphql-tag "status  passed ", urql "status  passed "
"other": graphql-tag "other", urql "other"
"other,": graphql-tag "other,", urql "other,"
TEXT
echo
echo "As described."
