#!/usr/bin/env bash
# Tools: requests 2.34.2, niquests 3.21.2, urllib3 2.8.0, httpx 0.28.1, aiohttp 3.14.5, tornado 6.6.1, httplib2 0.32.1,
# pycurl 7.49.0 and curl_cffi 0.17.0 (PyPI), on Python 3.11 or newer, with openssl to make a certificate.
# Input: a server on this machine with a certificate of its own, whose file is named in one variable of the environment
# at a time.
# Seen: no variable suits all, and no library but curl_cffi takes all of the three that most are said to take. requests
# and niquests do not heed SSL_CERT_FILE, which the others take; httplib2 has a variable of its own alone; pycurl heeds
# none, not even CURL_CA_BUNDLE, which the program curl takes.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet requests==2.34.2 niquests==3.21.2 urllib3==2.8.0 httpx==0.28.1 aiohttp==3.14.5 \
  tornado==6.6.1 httplib2==0.32.1 pycurl==7.49.0 curl_cffi==0.17.0
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out own.pem -days 2 \
  -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>/dev/null
cat >call.py <<'PYTHON'
import asyncio
import io
import sys

name, url = sys.argv[1:]
if name == "requests":
    import requests
    requests.get(url)
elif name == "niquests":
    import niquests
    niquests.get(url)
elif name == "urllib3":
    import urllib3
    urllib3.PoolManager().request("GET", url, retries=False)
elif name == "httpx":
    import httpx
    httpx.get(url)
elif name == "aiohttp":
    import aiohttp

    async def get():
        async with aiohttp.ClientSession() as session, session.get(url):
            pass
    asyncio.run(get())
elif name == "tornado":
    from tornado.httpclient import AsyncHTTPClient

    async def fetch():
        await AsyncHTTPClient().fetch(url)
    asyncio.run(fetch())
elif name == "httplib2":
    import httplib2
    httplib2.Http().request(url)
elif name == "pycurl":
    import pycurl
    curl = pycurl.Curl()
    curl.setopt(pycurl.URL, url)
    curl.setopt(pycurl.WRITEDATA, io.BytesIO())
    curl.perform()
elif name == "curl_cffi":
    import curl_cffi.requests
    curl_cffi.requests.get(url)
PYTHON
cat >try.py <<'PYTHON'
import http.server
import os
import ssl
import subprocess
import sys
import threading

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
http.server.BaseHTTPRequestHandler.do_GET = lambda self: (self.send_response(204), self.end_headers())
http.server.BaseHTTPRequestHandler.log_message = lambda *_: None
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("own.pem", "key.pem")
server.handle_error = lambda *_: None  # of those who do not trust it
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"https://localhost:{server.server_port}/"

VARIABLES = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "HTTPLIB2_CA_CERTS"]
plain = {k: v for k, v in os.environ.items() if k not in VARIABLES and not k.lower().endswith("_proxy")}
for client in "requests niquests urllib3 httpx aiohttp tornado httplib2 pycurl curl_cffi".split():
    heeded = [
        name for name in VARIABLES
        if subprocess.run([sys.executable, "call.py", client, url], env={**plain, name: "own.pem"},
                          stderr=subprocess.DEVNULL, timeout=60).returncode == 0
    ]
    print(f"{client}:", ", ".join(heeded) or "none")
PYTHON
tool/bin/python try.py | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
requests: REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE
niquests: REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE
urllib3: SSL_CERT_FILE
httpx: SSL_CERT_FILE
aiohttp: SSL_CERT_FILE
tornado: SSL_CERT_FILE
httplib2: HTTPLIB2_CA_CERTS
pycurl: none
curl_cffi: SSL_CERT_FILE, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE
TEXT
echo
echo "As described."
