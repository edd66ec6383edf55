#!/usr/bin/env bash
# Tools: requests 2.34.2, httpx 0.28.1 and aiohttp 3.14.5 with trust_env (PyPI), on Python 3.11 or newer; axios 1.21.1,
# and undici 7.30.2 with EnvHttpProxyAgent (npm), on Node.js 20 or newer.
# Input: http_proxy names a proxy, and no_proxy a server on the loopback interface, in several ways.
# Seen: only "127.0.0.1" and "*" keep all five from the proxy. A port behind an address is not heeded by requests, and a
# port behind any host not by aiohttp; requests heeds it behind a name. A range is not heeded by httpx, aiohttp and
# undici, and "*" beside something else not by requests, aiohttp and undici. With "[::1]" or a range of IPv6, httpx can
# make no client at all, whatever it is for: httpx.Client() raises InvalidURL.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error axios@1.21.1 undici@7.30.2
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check requests==2.34.2 httpx==0.28.1 aiohttp==3.14.5
cat >get.mjs <<'JS'
import axios from 'axios';
import { EnvHttpProxyAgent, request } from 'undici';

const url = process.argv[2];
const { data } = await axios.get(url, { responseType: 'text' });
const { body } = await request(url, { dispatcher: new EnvHttpProxyAgent({ proxyTunnel: false }) });
console.log(`axios ${data}, undici ${await body.text()}`);
process.exit(0);
JS
cat >try.py <<'PYTHON'
import asyncio
import http.server
import os
import subprocess
import threading

import aiohttp
import httpx
import requests


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(self.server.word)

    def log_message(self, *ignored):
        pass


def serve(word):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.word = word
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


async def by_aiohttp(url):
    async with aiohttp.ClientSession(trust_env=True) as session, session.get(url) as response:
        return await response.text()


def by_httpx(url):
    try:
        return httpx.get(url).text
    except httpx.InvalidURL:
        return "InvalidURL"


for name in ("HTTP_PROXY", "NO_PROXY", "ALL_PROXY", "all_proxy"):
    os.environ.pop(name, None)
port = str(serve(b"direct"))
os.environ["http_proxy"] = f"http://127.0.0.1:{serve(b'proxy')}"
for host, heeded in [
    ("127.0.0.1", "gitlab.example.com"),
    ("127.0.0.1", "127.0.0.1"),
    ("127.0.0.1", "127.0.0.1:PORT"),
    ("localhost", "localhost:PORT"),
    ("127.0.0.1", "127.0.0.0/8"),
    ("127.0.0.1", "*"),
    ("127.0.0.1", "gitlab.example.com,*"),
    ("127.0.0.1", "127.0.0.1,[::1]"),
    ("127.0.0.1", "127.0.0.1,fd00::/8"),
]:
    os.environ["no_proxy"] = heeded.replace("PORT", port)
    url = f"http://{host}:{port}/"
    node = subprocess.run(["node", "get.mjs", url], capture_output=True, text=True, check=True).stdout.strip()
    print(f"{host}, no_proxy={heeded}: requests {requests.get(url).text}, httpx {by_httpx(url)},"
          f" aiohttp {asyncio.run(by_aiohttp(url))}, {node}")
PYTHON
tool/bin/python try.py | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
127.0.0.1, no_proxy=gitlab.example.com: requests proxy, httpx proxy, aiohttp proxy, axios proxy, undici proxy
127.0.0.1, no_proxy=127.0.0.1: requests direct, httpx direct, aiohttp direct, axios direct, undici direct
127.0.0.1, no_proxy=127.0.0.1:PORT: requests proxy, httpx direct, aiohttp proxy, axios direct, undici direct
localhost, no_proxy=localhost:PORT: requests direct, httpx direct, aiohttp proxy, axios direct, undici direct
127.0.0.1, no_proxy=127.0.0.0/8: requests direct, httpx proxy, aiohttp proxy, axios direct, undici proxy
127.0.0.1, no_proxy=*: requests direct, httpx direct, aiohttp direct, axios direct, undici direct
127.0.0.1, no_proxy=gitlab.example.com,*: requests proxy, httpx direct, aiohttp proxy, axios direct, undici proxy
127.0.0.1, no_proxy=127.0.0.1,[::1]: requests direct, httpx InvalidURL, aiohttp direct, axios direct, undici direct
127.0.0.1, no_proxy=127.0.0.1,fd00::/8: requests direct, httpx InvalidURL, aiohttp direct, axios direct, undici direct
TEXT
echo
echo "As described."
