#!/usr/bin/env bash
# Tools: axios-mock-adapter 2.1.0 with axios 1.21.1, and fetch-mock 12.6.0 (npm), on Node.js 20 or newer.
# Input: forms, parameters and JSON with a date that a test expects, and the same ones sent, and others; for fetch-mock, an
# empty list in the query, and a header with two values.
# Seen: axios-mock-adapter takes every FormData for the expected one, and does not take the same URLSearchParams as a body,
# the same date in JSON, or parameters without a name that is undefined in what is expected. fetch-mock takes all for an
# empty list, and does not take two values of a header as Headers joins them, with a space behind the comma.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error axios@1.21.1 axios-mock-adapter@2.1.0 \
  fetch-mock@12.6.0
cat >try.mjs <<'JS'
import axios from 'axios';
import MockAdapter from 'axios-mock-adapter';
import fetchMock from 'fetch-mock';

const taken = async (call) => {
  try {
    await call();
    return 'taken';
  } catch {
    return 'not taken';
  }
};
const form = (id) => {
  const data = new FormData();
  data.append('ids[]', id);
  return data;
};

console.log('axios-mock-adapter');
async function withAxios(name, expect, ...all) {
  for (const [sent, request] of all) {
    const client = axios.create();
    expect(new MockAdapter(client));
    console.log(`  ${name}, sent ${sent}: ${await taken(() => client.request({ url: '/checks', ...request }))}`);
  }
}
await withAxios('FormData with 14', (mock) => mock.onPost('/checks', form('14')).reply(200),
  ['14', { method: 'post', data: form('14') }], ['15', { method: 'post', data: form('15') }]);
await withAxios('URLSearchParams with 14', (mock) => mock.onPost('/checks', new URLSearchParams('ids[]=14')).reply(200),
  ['14', { method: 'post', data: new URLSearchParams('ids[]=14') }]);
await withAxios('JSON with a date', (mock) => mock.onPost('/checks', { due: new Date(0) }).reply(200),
  ['the same date', { method: 'post', data: { due: new Date(0) } }]);
const params = { page: 1, search: undefined };
await withAxios('parameters page and search, undefined', (mock) => mock.onGet('/checks', { params }).reply(200),
  ['page', { params: { page: 1 } }], ['page and search, undefined', { params: { page: 1, search: undefined } }]);

console.log('fetch-mock');
async function withFetch(name, route, ...all) {
  for (const [sent, query, options] of all) {
    const mock = fetchMock.createInstance();
    mock.route({ url: 'path:/checks', ...route }, 200);
    const answer = await taken(() => mock.fetchHandler(`http://gitlab.example.com/checks${query}`, options));
    console.log(`  ${name}, sent ${sent}: ${answer}`);
  }
}
await withFetch('query with ids[], an empty list', { query: { 'ids[]': [] } }, ['14', '?ids%5B%5D=14'], ['nothing', '']);
const two = new Headers([['X-Level', 'low'], ['X-Level', 'high']]);
await withFetch('header with low and high', { headers: { 'X-Level': ['low', 'high'] } },
  ['Headers with both', '', { headers: two }], ['low,high', '', { headers: { 'X-Level': 'low,high' } }],
  ['low, high', '', { headers: { 'X-Level': 'low, high' } }]);
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
axios-mock-adapter
  FormData with 14, sent 14: taken
  FormData with 14, sent 15: taken
  URLSearchParams with 14, sent 14: not taken
  JSON with a date, sent the same date: not taken
  parameters page and search, undefined, sent page: not taken
  parameters page and search, undefined, sent page and search, undefined: taken
fetch-mock
  query with ids[], an empty list, sent 14: taken
  query with ids[], an empty list, sent nothing: taken
  header with low and high, sent Headers with both: not taken
  header with low and high, sent low,high: taken
  header with low and high, sent low, high: not taken
TEXT
echo
echo "As described."
