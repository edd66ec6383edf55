#!/usr/bin/env bash
# Tool: requests 2.34.2 with urllib3 2.8.0 (PyPI), on Python 3.11 or newer.
# Input: a session whose HTTPAdapter has max_retries=3. The documentation of requests says that such retries are for
# connections that cannot be made, and never for requests that reached the server. The server answers once with 429,
# 503 or 413, with a Retry-After of one second or without.
# Seen: with a Retry-After, a request that reached the server is sent again after all, also a PUT and a DELETE; only POST
# and PATCH are not. Without the header the first response is the outcome.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check requests==2.34.2 urllib3==2.8.0
cat >try.py <<'PYTHON'
import http.server
import threading

import requests
from requests.adapters import HTTPAdapter


class Busy(http.server.BaseHTTPRequestHandler):
    count, status, after, times = 0, 0, False, 1

    def do_GET(self):
        Busy.count += 1
        busy = Busy.count <= Busy.times
        self.send_response(Busy.status if busy else 200)
        if busy and Busy.after:
            self.send_header("Retry-After", "1")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_PUT = do_DELETE = do_POST = do_PATCH = do_GET

    def log_message(self, *ignored):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Busy)
threading.Thread(target=server.serve_forever, daemon=True).start()
session = requests.Session()
session.mount("http://", HTTPAdapter(max_retries=3))


def send(method, status, after, times):
    Busy.count, Busy.status, Busy.after, Busy.times = 0, status, after, times
    outcome = session.request(method, f"http://127.0.0.1:{server.server_port}/").status_code
    header = "with" if after else "without"
    print(f"{method}, {status} {header} Retry-After, {times} times: {outcome} after {Busy.count}")


for method in ("GET", "PUT", "DELETE", "POST", "PATCH"):
    send(method, 503, True, 1)
for status in (429, 413, 502):
    send("PUT", status, True, 1)
send("PUT", 503, False, 1)
send("GET", 429, True, 9)
PYTHON
tool/bin/python try.py | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
GET, 503 with Retry-After, 1 times: 200 after 2
PUT, 503 with Retry-After, 1 times: 200 after 2
DELETE, 503 with Retry-After, 1 times: 200 after 2
POST, 503 with Retry-After, 1 times: 503 after 1
PATCH, 503 with Retry-After, 1 times: 503 after 1
PUT, 429 with Retry-After, 1 times: 200 after 2
PUT, 413 with Retry-After, 1 times: 200 after 2
PUT, 502 with Retry-After, 1 times: 502 after 1
PUT, 503 without Retry-After, 1 times: 503 after 1
GET, 429 with Retry-After, 9 times: 429 after 4
TEXT
echo
echo "As described."
