#!/usr/bin/env bash
# Tools: got 14.6.6, make-fetch-happen 15.0.6, and undici 7.30.2 with its cache interceptor (npm), on Node.js 20 or
# newer.
# Input: a list whose first page stays the same while a second page comes to be. The server sends what GitLab sends:
# an ETag of the body, and "max-age=0, private, must-revalidate" in each response, also in a 304. From the second
# response on it has a Link to the next page. A 304 brings new headers for what is stored (RFC 9111, section 3.2).
# Seen: all three ask with If-None-Match, get 304 with the Link, and give out the stored response without it: the
# second page is not seen. got takes new values of headers that it has, but no header that it does not have, and so
# never shows the Link. make-fetch-happen stores the Link, and shows it one request later. undici drops it and,
# because the 304 has a Cache-Control, the stored response too: every other request is sent without If-None-Match.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error got@14.6.6 make-fetch-happen@15.0.6 undici@7.30.2

cat >try.mjs <<'JS'
import { createServer } from 'node:http';
import got from 'got';
import fetch from 'make-fetch-happen';
import { Agent, interceptors, request } from 'undici';

let count = 0;
let said = '';
const server = createServer((incoming, response) => {
  count += 1;
  const same = incoming.headers['if-none-match'] === 'W/"1"';
  said = same ? '304' : '200';
  response.setHeader('ETag', 'W/"1"');
  response.setHeader('Cache-Control', 'max-age=0, private, must-revalidate');
  if (count > 1) response.setHeader('Link', `<http://example.com/things?page=2>; rel="next"`);
  response.statusCode = same ? 304 : 200;
  response.end(same ? undefined : '[1]');
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}/things`;

const agent = new Agent().compose(interceptors.cache({ type: 'private' }));
const withUndici = async () => {
  const response = await request(url, { dispatcher: agent });
  await response.body.text();
  return response.headers.link;
};
const withFetch = async () => {
  const response = await fetch(url, { cachePath: './cache' });
  await response.text();
  return response.headers.get('link');
};
const cache = new Map();
const withGot = async () => (await got(url, { cache, cacheOptions: { shared: false } })).headers.link;

for (const [name, get] of [['got', withGot], ['make-fetch-happen', withFetch], ['undici', withUndici]]) {
  count = 0;
  const seen = [];
  for (let i = 0; i < 4; i += 1) {
    const link = await get();
    seen.push(`${said} ${link ? 'next' : 'no next'}`);
  }
  console.log(`${name}: ${seen.join(', ')}`);
}
process.exit(0);
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
got: 200 no next, 304 no next, 304 no next, 304 no next
make-fetch-happen: 200 no next, 304 no next, 304 next, 304 next
undici: 200 no next, 304 no next, 200 next, 304 next
TEXT
echo
echo "As described."
