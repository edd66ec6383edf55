#!/usr/bin/env bash
# Tool: @gitbeaker/rest 43.8.0 (npm), on Node.js 20 or newer.
# Input: a server that answers 429 with Retry-After: 3, as GitLab does until its window is over.
# Seen: the client does not read Retry-After. It sends ten requests in less than a second, and then gives up.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error @gitbeaker/rest@43.8.0
cat >try.js <<'JS'
import { createServer } from 'node:http';
import { Gitlab } from '@gitbeaker/rest';

let count = 0;
const server = createServer((_, response) => {
  count += 1;
  response.writeHead(429, { 'Retry-After': '3', 'Content-Type': 'text/plain' }).end('Retry later\n');
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const began = Date.now();
let told = 'success';
try {
  await new Gitlab({ host: `http://127.0.0.1:${server.address().port}`, token: 'token' }).Projects.all({ maxPages: 1 });
} catch {
  told = 'failure';
}
console.log(told, count, Date.now() - began < 3000 ? 'at once' : 'later');
process.exit(0);
JS
said=$(node try.js)
[ "$said" = "failure 10 at once" ] || { echo "CHANGED: $said"; exit 1; }
echo "As described."
