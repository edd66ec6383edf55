#!/usr/bin/env bash
# Tool: gidgetlab 2.1.2 with httpx 0.28.1 (PyPI), on Python 3.11 or newer.
# Input: answers as GitLab gives them: 429 with RateLimit headers and the text "Retry later", and 400 that tells in
# "error" which parameter is missing; and parameters of a query that are None, false and a list.
# Seen: 429 is a BadRequest, though there is a RateLimitExceeded, and rate_limit, which requests wait for, is not set from
# it. Of what is in "error" nothing is told. None is sent as the text None, False as False, and a list under its name
# without brackets, so that GitLab sees the last element alone.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check gidgetlab==2.1.2 httpx==0.28.1
cat >try.py <<'PYTHON'
import asyncio
import http.server
import threading

import httpx
from gidgetlab import GitLabException
from gidgetlab.httpx import GitLabAPI

LIMITS = {"RateLimit-Limit": "60", "RateLimit-Remaining": "0", "RateLimit-Reset": "1798000000", "Retry-After": "30"}


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        status, media_type, body, headers = 200, "application/json", "[]", {}
        if "limited" in self.path:
            status, media_type, body, headers = 429, "text/plain", "Retry later\n", LIMITS
        elif "missing" in self.path:
            status, body = 400, '{"error": "search is missing"}'
        elif "unfit" in self.path:
            status, body = 400, '{"message": "400 Bad request - Scope is unfit"}'
        else:
            print("sent", self.path)
        self.send_response(status)
        for name, value in {**headers, "Content-Type": media_type, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


async def main(url):
    async with httpx.AsyncClient() as client:
        gitlab = GitLabAPI(client, "example", url=url, access_token="glpat-maintainer")
        for name in ["limited", "missing", "unfit"]:
            try:
                await gitlab.getitem(f"/{name}")
            except GitLabException as error:
                print(f"{name}: {type(error).__name__}: {error}, rate_limit {gitlab.rate_limit}")
        await gitlab.getitem("/merge_requests", {"search": None, "draft": False, "iids": [14, 15]})


server = http.server.HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
asyncio.run(main(f"http://127.0.0.1:{server.server_port}"))
PYTHON
tool/bin/python try.py | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
limited: BadRequest: Too Many Requests, rate_limit None
missing: BadRequest: Bad Request, rate_limit None
unfit: BadRequest: 400 Bad request - Scope is unfit, rate_limit None
sent /api/v4/merge_requests?search=None&draft=False&iids=14&iids=15
TEXT
echo
echo "As described."
