#!/usr/bin/env bash
# Tools: aws-lambda-multipart-parser 0.1.3 and lambda-multipart-parser 1.0.1, with parse-multipart-data 1.5.0 and busboy
# 1.6.0 for comparison (npm), on Node.js 20 or newer.
# Input: a multipart form whose parts have a Content-Type of their own, as Java's and .NET's clients write it, and a
# name that is there twice, as Rails takes lists.
# Seen: to aws-lambda-multipart-parser the header of such a part belongs to its value, without its first letters: of
# "first" comes "ntent-Type: text/plain", an empty line and "first". Without the header, the value is
# right. Both keep only the last value of a name. The others read what was sent.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error aws-lambda-multipart-parser@0.1.3 \
  lambda-multipart-parser@1.0.1 parse-multipart-data@1.5.0 busboy@1.6.0
cat >try.mjs <<'JS'
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const aws = require('aws-lambda-multipart-parser');
const lambda = require('lambda-multipart-parser');
const multipart = require('parse-multipart-data');
const busboy = require('busboy');

const type = 'multipart/form-data; boundary=X';
const read = {
  'aws-lambda-multipart-parser': async (body) =>
    Object.entries(aws.parse({ headers: { 'Content-Type': type }, body, isBase64Encoded: false })),
  'lambda-multipart-parser': async (body) => {
    const event = { headers: { 'Content-Type': type }, body, isBase64Encoded: false };
    const { files, ...fields } = await lambda.parse(event);
    return Object.entries(fields);
  },
  'parse-multipart-data': async (body) =>
    multipart.parse(Buffer.from(body), 'X').map((part) => [part.name, String(part.data)]),
  busboy: (body) =>
    new Promise((resolve) => {
      const fields = [];
      const reader = busboy({ headers: { 'content-type': type } });
      reader.on('field', (name, value) => fields.push([name, value])).on('close', () => resolve(fields));
      reader.end(body);
    }),
};
for (const header of ['', '\r\nContent-Type: text/plain']) {
  const fields = [['name', 'first'], ['ids[]', '14'], ['ids[]', '15']];
  const parts = fields.map(
    ([name, value]) => `--X\r\nContent-Disposition: form-data; name="${name}"${header}\r\n\r\n${value}\r\n`,
  );
  console.log(header ? 'with a type:' : 'without a type:');
  for (const [name, parse] of Object.entries(read)) {
    console.log(`  ${name} ${JSON.stringify(await parse(`${parts.join('')}--X--\r\n`))}`);
  }
}
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
without a type:
  aws-lambda-multipart-parser [["name","first"],["ids[]","15"]]
  lambda-multipart-parser [["name","first"],["ids[]","15"]]
  parse-multipart-data [["name","first"],["ids[]","14"],["ids[]","15"]]
  busboy [["name","first"],["ids[]","14"],["ids[]","15"]]
with a type:
  aws-lambda-multipart-parser [["name","ntent-Type: text/plain\r\n\r\nfirst"],["ids[]","ntent-Type: text/plain\r\n\r\n15"]]
  lambda-multipart-parser [["name","first"],["ids[]","15"]]
  parse-multipart-data [["name","first"],["ids[]","14"],["ids[]","15"]]
  busboy [["name","first"],["ids[]","14"],["ids[]","15"]]
TEXT
echo
echo "As described."
