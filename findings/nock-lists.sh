#!/usr/bin/env bash
# Tool: nock 14.0.17 (npm), on Node.js 20 or newer.
# Input: requests that a test expects, with lists and nested objects in the query, in a form and in JSON, and requests
# that are sent. A server that reads forms as Rails does takes ids[]=14&ids[]=15 for a list, ids[0]=14&ids[1]=15 for an
# object, and of ids=14&ids=15 the last value.
# Seen: a list that is expected under ids matches the second and the third way of writing it, and not the first, which
# is the only one that is a list to the server. ids[] matches the first, but not if the list has one element: then it
# must be expected as a text. In JSON, where a full stop or a bracket in a name means nothing, {"a.b": 1} and
# {"a[b]": 1} are taken for {"a": {"b": 1}}, and the other way round.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error nock@14.0.17
cat >try.mjs <<'JS'
import nock from 'nock';

nock.disableNetConnect();
const send = async (expected, path, init) => {
  nock.cleanAll();
  expected(nock('http://example.com')).reply(200);
  return fetch(`http://example.com${path}`, init).then(
    () => 'taken',
    () => 'refused',
  );
};
const post = (type, body) => ({ method: 'POST', headers: { 'Content-Type': type }, body });
const show = (value) => JSON.stringify(value);

for (const [expected, sent] of [
  [{ ids: ['14', '15'] }, 'ids[]=14&ids[]=15'],
  [{ ids: ['14', '15'] }, 'ids[0]=14&ids[1]=15'],
  [{ ids: ['14', '15'] }, 'ids=14&ids=15'],
  [{ 'ids[]': ['14', '15'] }, 'ids[]=14&ids[]=15'],
  [{ 'ids[]': ['14'] }, 'ids[]=14'],
  [{ 'ids[]': '14' }, 'ids[]=14'],
]) {
  const query = await send((scope) => scope.get('/things').query(expected), `/things?${sent}`);
  const form = await send(
    (scope) => scope.post('/things', expected),
    '/things',
    post('application/x-www-form-urlencoded', sent),
  );
  console.log(`${show(expected)} and ${sent}: query ${query}, form ${form}`);
}
for (const [expected, sent] of [
  [{ a: { b: 1 } }, { 'a.b': 1 }],
  [{ a: { b: 1 } }, { 'a[b]': 1 }],
  [{ 'a.b': 1 }, { a: { b: 1 } }],
  [{ a: { b: 1 } }, { a: { b: '1' } }],
]) {
  const json = await send(
    (scope) => scope.post('/things', expected),
    '/things',
    post('application/json', show(sent)),
  );
  console.log(`${show(expected)} and ${show(sent)}: JSON ${json}`);
}
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
{"ids":["14","15"]} and ids[]=14&ids[]=15: query refused, form refused
{"ids":["14","15"]} and ids[0]=14&ids[1]=15: query taken, form taken
{"ids":["14","15"]} and ids=14&ids=15: query taken, form taken
{"ids[]":["14","15"]} and ids[]=14&ids[]=15: query taken, form taken
{"ids[]":["14"]} and ids[]=14: query refused, form refused
{"ids[]":"14"} and ids[]=14: query taken, form taken
{"a":{"b":1}} and {"a.b":1}: JSON taken
{"a":{"b":1}} and {"a[b]":1}: JSON taken
{"a.b":1} and {"a":{"b":1}}: JSON taken
{"a":{"b":1}} and {"a":{"b":"1"}}: JSON refused
TEXT
echo
echo "As described."
