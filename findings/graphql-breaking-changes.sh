#!/usr/bin/env bash
# Tools: graphql 16.15.0 (npm, GraphQL.js) on Node.js 20 or newer, graphql-core 3.3.2 (PyPI) on Python 3.11 or newer.
# Input: pairs of schemas, through findBreakingChanges and findDangerousChanges. In each pair, queries that the first
# one takes are refused by the second one: those with two keys of an input that becomes @oneOf, and those without an
# argument or a field that must not be null and loses its default.
# Seen: neither is called breaking. Of @oneOf nothing is told at all. The lost default of an argument is dangerous only;
# of that of a field of an input GraphQL.js tells nothing, and graphql-core that it is dangerous. A new argument that
# must not be null and has no default, which breaks the same queries, is breaking.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error graphql@16.15.0
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check graphql-core==3.3.2
cat >pairs.json <<'JSON'
[
 ["@oneOf", "input I { a: Int b: Int } type Query { f(i: I): Int }",
  "input I @oneOf { a: Int b: Int } type Query { f(i: I): Int }", "{ f(i: {a: 1, b: 2}) }"],
 ["default of an argument", "type Query { f(n: Int! = 5): Int }", "type Query { f(n: Int!): Int }", "{ f }"],
 ["default of a field", "input I { a: Int! = 5 } type Query { f(i: I): Int }",
  "input I { a: Int! } type Query { f(i: I): Int }", "{ f(i: {}) }"],
 ["new argument", "type Query { f: Int }", "type Query { f(n: Int!): Int }", "{ f }"]
]
JSON
cat >try.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { buildSchema, findBreakingChanges, findDangerousChanges, parse, validate } from 'graphql';

const types = (changes) => changes.map((change) => change.type).join(' ') || '-';
for (const [name, ...texts] of JSON.parse(readFileSync('pairs.json', 'utf8'))) {
  const [before, after] = texts.slice(0, 2).map((text) => buildSchema(text));
  const query = parse(texts[2]);
  const outcomes = [before, after].map((schema) => (validate(schema, query).length ? 'refused' : 'taken'));
  console.log(`GraphQL.js, ${name}: ${outcomes.join(', then ')}; breaking ${types(findBreakingChanges(before, after))},`
    + ` dangerous ${types(findDangerousChanges(before, after))}`);
}
JS
cat >try.py <<'PYTHON'
import json

from graphql import build_schema, find_breaking_changes, find_dangerous_changes, parse, validate


def types(changes):
    return " ".join(change.type.name for change in changes) or "-"


for name, *texts in json.load(open("pairs.json")):
    before, after = (build_schema(text) for text in texts[:2])
    query = parse(texts[2])
    outcomes = ["refused" if validate(schema, query) else "taken" for schema in (before, after)]
    print(f"graphql-core, {name}: {', then '.join(outcomes)}; breaking {types(find_breaking_changes(before, after))},"
          f" dangerous {types(find_dangerous_changes(before, after))}")
PYTHON
{ node try.mjs && tool/bin/python try.py; } | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
GraphQL.js, @oneOf: taken, then refused; breaking -, dangerous -
GraphQL.js, default of an argument: taken, then refused; breaking -, dangerous ARG_DEFAULT_VALUE_CHANGE
GraphQL.js, default of a field: taken, then refused; breaking -, dangerous -
GraphQL.js, new argument: taken, then refused; breaking REQUIRED_ARG_ADDED, dangerous -
graphql-core, @oneOf: taken, then refused; breaking -, dangerous -
graphql-core, default of an argument: taken, then refused; breaking -, dangerous ARG_DEFAULT_VALUE_CHANGE
graphql-core, default of a field: taken, then refused; breaking -, dangerous INPUT_FIELD_DEFAULT_VALUE_CHANGE
graphql-core, new argument: taken, then refused; breaking REQUIRED_ARG_ADDED, dangerous -
TEXT
echo
echo "As described."
