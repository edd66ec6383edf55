#!/usr/bin/env bash
# Tool: junit2json 4.0.0 (npm), on Node.js 20 or newer.
# Input: reports in JUnit's form whose names and messages look like numbers, as 18.10, 007, 1e3, 0x1F and a long number
# do, or are empty. By the library's own types a name is a string.
# Seen: such names and messages become numbers: 18.10 is the same as 18.1, and 1e3 the same as 1. 0x1F is 0, the last
# digits of the long number are others, and an empty name is NaN, which is null in JSON.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error junit2json@4.0.0
cat >try.mjs <<'JS'
import { parse } from 'junit2json';

for (const name of ['18.1', '18.10', '007', '1e3', '0x1F', '12345678901234567890', '2 rules', '']) {
  const report = await parse(`<testsuite name="${name}" tests="1" failures="1">
    <testcase classname="${name}" name="${name}" time="0.5"><failure message="${name}"/></testcase>
  </testsuite>`);
  const [test] = report.testcase;
  const seen = [report.name, test.classname, test.name, test.failure[0].message];
  console.log(JSON.stringify(name), '->', JSON.stringify(seen));
}
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
"18.1" -> [18.1,18.1,18.1,18.1]
"18.10" -> [18.1,18.1,18.1,18.1]
"007" -> [7,7,7,7]
"1e3" -> [1,1,1,1]
"0x1F" -> [0,0,0,0]
"12345678901234567890" -> [12345678901234567000,12345678901234567000,12345678901234567000,12345678901234567000]
"2 rules" -> ["2 rules","2 rules","2 rules","2 rules"]
"" -> [null,null,null,null]
TEXT
echo
echo "As described."
