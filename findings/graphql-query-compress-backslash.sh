#!/usr/bin/env bash
# Tool: graphql-query-compress 1.2.4 (npm), on Node.js 20 or newer.
# Input: valid GraphQL queries with two texts, of which the second has two spaces in the middle. In one of the queries
# the first text ends with a backslash, which is written as two of them: "C:\\".
# Seen: after the text that ends with a backslash, the compressor takes the second text for what is between texts: one
# of its two spaces is taken out, so that the server gets another text. Nothing says so, as the query stays valid.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error graphql-query-compress@1.2.4 graphql@16.15.0
cat >try.mjs <<'JS'
import { parse } from 'graphql';
import compress from 'graphql-query-compress';

for (const query of [
  String.raw`{ find(path: "C:", name: "two  spaces") }`,
  String.raw`{ find(path: "C:\\", name: "two  spaces") }`,
]) {
  parse(query);
  const short = compress(query);
  let valid = 'valid';
  try {
    parse(short);
  } catch {
    valid = 'not valid';
  }
  console.log(`${query} -> ${short} (${valid})`);
}
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
{ find(path: "C:", name: "two  spaces") } -> {find(path:"C:",name:"two  spaces")} (valid)
{ find(path: "C:\\", name: "two  spaces") } -> {find(path:"C:\\", name: "two spaces")} (valid)
TEXT
echo
echo "As described."
