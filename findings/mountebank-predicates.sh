#!/usr/bin/env bash
# Tool: mountebank 2.9.1 (npm), on Node.js 20 or newer.
# Input: predicates on JSON, on a form and on a query, and requests that differ from them in the type of a number or a
# boolean, in the order of a list, in an empty value and in one that is missing.
# Seen: equals and deepEquals of JSON take the text "1" for 1 and "false" for false, and another order of a list, which
# only deepEquals otherwise compares whole: equals takes any list for an empty one. What must be an empty text may be
# missing, in JSON, in forms and in queries; and an exists that is false takes a name with an empty value.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error mountebank@2.9.1
cat >try.mjs <<'JS'
import { createServer } from 'node:net';
import mountebank from 'mountebank';

const free = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
const port = await free();
const host = '127.0.0.1';
const server = await mountebank.create({ port, host, nologfile: true, log: { level: 'error', transports: {} } });
const imposters = `http://${host}:${port}/imposters`;

async function show(predicate, ...all) {
  const stubs = [{ predicates: [predicate], responses: [{ is: { statusCode: 200 } }] }];
  const defaultResponse = { statusCode: 404 };
  const body = JSON.stringify({ protocol: 'http', host, defaultResponse, stubs });
  const made = await (await fetch(imposters, { method: 'POST', body })).json();
  const taken = [];
  for (const sent of all) {
    const address = `http://${host}:${made.port}/`;
    const type = sent.startsWith('{') ? 'application/json' : 'application/x-www-form-urlencoded';
    const answer = sent.startsWith('?')
      ? await fetch(address + sent)
      : await fetch(address, { method: 'POST', headers: { 'Content-Type': type }, body: sent });
    taken.push(`${sent} is ${answer.ok ? '' : 'not '}taken`);
  }
  console.log(`${JSON.stringify(predicate)}:\n  ${taken.join('\n  ')}`);
}

await show({ equals: { body: { id: 1, draft: false } } }, '{"id":1,"draft":false}', '{"id":"1","draft":"false"}');
await show({ deepEquals: { body: { id: 1 } } }, '{"id":"1"}', '{"id":1,"name":"a"}');
await show({ deepEquals: { body: { ids: [14, 15] } } }, '{"ids":[15,14]}', '{"ids":["14","15"]}', '{"ids":[14]}');
await show({ equals: { body: { ids: [] } } }, '{"ids":[14,15]}', '{}');
await show({ equals: { body: { name: '' } } }, '{"name":""}', '{"id":1}', '{"name":null}');
await show({ equals: { form: { name: '' } } }, 'name=', 'id=1');
await show({ equals: { query: { search: '' } } }, '?search=', '?page=1');
await show({ exists: { query: { search: false } } }, '?page=1', '?search=', '?search=a');
await fetch(imposters, { method: 'DELETE' });
server.close(() => process.exit(0));
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
{"equals":{"body":{"id":1,"draft":false}}}:
  {"id":1,"draft":false} is taken
  {"id":"1","draft":"false"} is taken
{"deepEquals":{"body":{"id":1}}}:
  {"id":"1"} is taken
  {"id":1,"name":"a"} is not taken
{"deepEquals":{"body":{"ids":[14,15]}}}:
  {"ids":[15,14]} is taken
  {"ids":["14","15"]} is taken
  {"ids":[14]} is not taken
{"equals":{"body":{"ids":[]}}}:
  {"ids":[14,15]} is taken
  {} is not taken
{"equals":{"body":{"name":""}}}:
  {"name":""} is taken
  {"id":1} is taken
  {"name":null} is not taken
{"equals":{"form":{"name":""}}}:
  name= is taken
  id=1 is taken
{"equals":{"query":{"search":""}}}:
  ?search= is taken
  ?page=1 is taken
{"exists":{"query":{"search":false}}}:
  ?page=1 is taken
  ?search= is taken
  ?search=a is not taken
TEXT
echo
echo "As described."
