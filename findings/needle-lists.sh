#!/usr/bin/env bash
# Tool: needle 3.5.0 (npm), on Node.js 20 or newer.
# Input: the same object with a list, sent as application/x-www-form-urlencoded and as multipart/form-data.
# Seen: the first has ids[] for each element, as Rails and PHP take lists. The second has ids[0] and ids[1]: to Rails
# that is an object with the keys 0 and 1, and no list.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error needle@3.5.0
cat >try.mjs <<'JS'
import { createServer } from 'node:http';
import needle from 'needle';

let body;
const server = createServer(async (incoming, response) => {
  body = '';
  for await (const part of incoming) body += part;
  response.end();
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}/`;
const values = { ids: [14, 15], rules: { ids: [16] } };

await needle('post', url, values);
console.log('form:', [...new URLSearchParams(body).keys()].join(' '));
await needle('post', url, values, { multipart: true });
console.log('multipart:', [...body.matchAll(/ name="(.*?)"/g)].map((match) => match[1]).join(' '));
process.exit(0);
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
form: ids[] ids[] rules[ids][]
multipart: ids[0] ids[1] rules[ids][0]
TEXT
echo
echo "As described."
