#!/usr/bin/env bash
# Tools: got 14.6.6, urllib 4.9.2 and wretch 2.11.1 (npm) on Node.js 20 or newer, aiohttp 3.14.5 (PyPI) on Python 3.11
# or newer.
# Input: a form with a name that has null for a value, and for JavaScript one that has undefined; and the same in the
# query, as far as the tool has something for it.
# Seen: the form gets a word, "null", "undefined" or "None", which a server takes for the value, such as a new name. In
# the query the same tools do otherwise: got and urllib send null as an empty value, got leaves undefined out, urllib
# and wretch send it as an empty value, and aiohttp raises a TypeError. wretch has the word "null" there too.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error got@14.6.6 urllib@4.9.2 wretch@2.11.1
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check aiohttp==3.14.5
cat >try.mjs <<'JS'
import { createServer } from 'node:http';
import got from 'got';
import urllib from 'urllib';
import wretch from 'wretch';
import formUrl from 'wretch/addons/formUrl';
import queryString from 'wretch/addons/queryString';

let seen;
const server = createServer(async (incoming, response) => {
  let body = '';
  for await (const part of incoming) body += part;
  seen = body || incoming.url;
  response.end();
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}/`;
const values = { name: null, other: undefined, last: 'x' };

for (const [name, call] of [
  ['got, form', () => got.post(url, { form: values })],
  ['got, query', () => got(url, { searchParams: values })],
  ['urllib, form', () => urllib.request(url, { method: 'POST', data: values })],
  ['urllib, query', () => urllib.request(url, { data: values })],
  ['wretch, form', () => wretch(url).addon(formUrl).formUrl(values).post().res()],
  ['wretch, query', () => wretch(url).addon(queryString).query(values).get().res()],
]) {
  await call();
  console.log(`${name}: ${seen}`);
}
process.exit(0);
JS
cat >try.py <<'PYTHON'
import asyncio

import aiohttp
from aiohttp import web


async def main():
    seen = []

    async def answer(request):
        seen.append(await request.text() or request.path_qs)
        return web.Response()

    app = web.Application()
    app.router.add_route("*", "/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = "http://127.0.0.1:{}/".format(runner.addresses[0][1])
    async with aiohttp.ClientSession() as session:
        await session.post(url, data={"name": None, "last": "x"})
        print("aiohttp, form:", seen[-1])
        try:
            await session.get(url, params={"name": None, "last": "x"})
            print("aiohttp, query:", seen[-1])
        except TypeError:
            print("aiohttp, query: TypeError")
    await runner.cleanup()


asyncio.run(main())
PYTHON
{ node try.mjs && tool/bin/python try.py; } | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
got, form: name=null&other=undefined&last=x
got, query: /?name=&last=x
urllib, form: name=null&other=undefined&last=x
urllib, query: /?name=&other=&last=x
wretch, form: name=null&other=undefined&last=x
wretch, query: /?name=null&other=&last=x
aiohttp, form: name=None&last=x
aiohttp, query: TypeError
TEXT
echo
echo "As described."
