#!/usr/bin/env bash
# Tools: jsonpath-plus 10.4.0 and jsonpath 1.3.0, with json-p3 2.3.1 for comparison (npm), on Node.js 20 or newer.
# Input: paths of RFC 9535 for a list of checks: with null, with a number and a text that look the same, two names at
# once, and the last element.
# Seen: to both, a comparison is JavaScript's ==: 2 is found for "2" and the other way round, and what has no name at
# all for null. What is there, but null, does not exist for them. $[-1] finds nothing. jsonpath-plus finds nothing for
# two names in quotes, and the first letter of a text for [0]. json-p3 does as the RFC says.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error jsonpath-plus@10.4.0 jsonpath@1.3.0 json-p3@2.3.1
cat >try.mjs <<'JS'
import { query } from 'json-p3';
import jsonpath from 'jsonpath';
import { JSONPath } from 'jsonpath-plus';

const json = [{ id: 2, name: 'first' }, { id: '2', name: null }, { id: 3 }];
console.log(JSON.stringify(json));
for (const path of [
  '$[?(@.id == 2)]',
  "$[?(@.id == '2')]",
  '$[?(@.name == null)]',
  '$[?(@.name)]',
  '$[-1]',
  "$[0]['id','name']",
  '$[0].name[0]',
]) {
  console.log(`${path}:`);
  console.log(`  jsonpath-plus ${JSON.stringify(JSONPath({ path, json }))}`);
  console.log(`  jsonpath ${JSON.stringify(jsonpath.query(json, path))}`);
  console.log(`  json-p3 ${JSON.stringify(query(path, json).values())}`);
}
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
[{"id":2,"name":"first"},{"id":"2","name":null},{"id":3}]
$[?(@.id == 2)]:
  jsonpath-plus [{"id":2,"name":"first"},{"id":"2","name":null}]
  jsonpath [{"id":2,"name":"first"},{"id":"2","name":null}]
  json-p3 [{"id":2,"name":"first"}]
$[?(@.id == '2')]:
  jsonpath-plus [{"id":2,"name":"first"},{"id":"2","name":null}]
  jsonpath [{"id":2,"name":"first"},{"id":"2","name":null}]
  json-p3 [{"id":"2","name":null}]
$[?(@.name == null)]:
  jsonpath-plus [{"id":"2","name":null},{"id":3}]
  jsonpath [{"id":"2","name":null},{"id":3}]
  json-p3 [{"id":"2","name":null}]
$[?(@.name)]:
  jsonpath-plus [{"id":2,"name":"first"}]
  jsonpath [{"id":2,"name":"first"}]
  json-p3 [{"id":2,"name":"first"},{"id":"2","name":null}]
$[-1]:
  jsonpath-plus []
  jsonpath []
  json-p3 [{"id":3}]
$[0]['id','name']:
  jsonpath-plus []
  jsonpath [2,"first"]
  json-p3 [2,"first"]
$[0].name[0]:
  jsonpath-plus ["f"]
  jsonpath []
  json-p3 []
TEXT
echo
echo "As described."
