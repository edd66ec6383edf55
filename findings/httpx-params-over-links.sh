#!/usr/bin/env bash
# Tool: httpx 0.28.1 (PyPI), and requests 2.34.2 to compare, on Python 3.11 or newer.
# Input: a list of three pages. Each response has a Link to the next page, as an absolute URL with a query. The client
# has a parameter of its own, per_page=2, which is to go with every request. It follows the Link, for at most three
# requests.
# Seen: httpx puts its params in the place of the query that a URL has: the link to page 2 becomes a request for the
# first page, again and again. An empty params={} takes the query away as well. requests adds its params to the query.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check httpx==0.28.1 requests==2.34.2
cat >try.py <<'PYTHON'
import http.server
import threading
import urllib.parse

import httpx
import requests

seen = []


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        seen.append(self.path)
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        page = int(query.get("page", ["1"])[-1])
        self.send_response(200)
        if page < 3:
            self.send_header("Link", f'<{base}/things?page={page + 1}&per_page=2>; rel="next"')
        self.end_headers()
        self.wfile.write(str(page).encode())

    def log_message(self, *ignored):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}"


def follow(name, client):
    seen.clear()
    url, pages = f"{base}/things", []
    while url and len(pages) < 3:
        response = client.get(url)
        pages.append(response.text)
        url = response.links.get("next", {}).get("url")
    print(f"{name}: pages {', '.join(pages)} by {' '.join(seen)}")


follow("httpx", httpx.Client(params={"per_page": 2}))
session = requests.Session()
session.params = {"per_page": 2}
follow("requests", session)
for params in ({"page": 3}, {}, None):
    seen.clear()
    httpx.get(f"{base}/things?per_page=2", params=params)
    print(f"httpx, ?per_page=2 and params={params}: {seen[0]}")
PYTHON
tool/bin/python try.py | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
httpx: pages 1, 1, 1 by /things?per_page=2 /things?per_page=2 /things?per_page=2
requests: pages 1, 2, 3 by /things?per_page=2 /things?page=2&per_page=2&per_page=2 /things?page=3&per_page=2&per_page=2
httpx, ?per_page=2 and params={'page': 3}: /things?page=3
httpx, ?per_page=2 and params={}: /things
httpx, ?per_page=2 and params=None: /things?per_page=2
TEXT
echo
echo "As described."
