#!/usr/bin/env bash
# Tool: msw 2.15.0 (npm), on Node.js 20 or newer.
# Input: handlers for paths of the repository's API, where capitals, spaces and plus signs are parts of names, and
# requests for the same and for other paths, with fetch.
# Seen: a handler for README.md takes readme.md as well, and one for the branch Main takes main: capitals do not count,
# though they do in a path. Where a handler has a space, as the name of the file has it, no request reaches it; it must
# be percent-encoded. A plus sign in it, which means itself in the path of a URL, gives 500 for the same path.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error msw@2.15.0
cat >try.mjs <<'JS'
import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';

console.error = () => {};
const root = 'http://example.com/projects/1/repository';
for (const [handler, asked] of [
  ['files/README.md', 'files/README.md'],
  ['files/README.md', 'files/readme.md'],
  ['branches/Main', 'branches/main'],
  ['files/src%2Fa.txt', 'files/src%2FA.txt'],
  ['files/a b.txt', 'files/a%20b.txt'],
  ['files/a%20b.txt', 'files/a%20b.txt'],
  ['files/c+.txt', 'files/c+.txt'],
  ['files/c%2B.txt', 'files/c%2B.txt'],
]) {
  const server = setupServer(http.get(`${root}/${handler}`, () => new HttpResponse('taken')));
  server.listen({ onUnhandledRequest: 'error' });
  const seen = await fetch(`${root}/${asked}`).then(
    async (response) => (response.ok ? response.text() : `${response.status}, ${(await response.json()).message}`),
    () => 'not taken',
  );
  console.log(`${handler} <- ${asked}: ${seen}`);
  server.close();
}
JS
node try.mjs | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
files/README.md <- files/README.md: taken
files/README.md <- files/readme.md: taken
branches/Main <- branches/main: taken
files/src%2Fa.txt <- files/src%2FA.txt: taken
files/a b.txt <- files/a%20b.txt: not taken
files/a%20b.txt <- files/a%20b.txt: taken
files/c+.txt <- files/c+.txt: 500, Unexpected MODIFIER at 49, expected END
files/c%2B.txt <- files/c%2B.txt: taken
TEXT
echo
echo "As described."
