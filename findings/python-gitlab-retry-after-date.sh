#!/usr/bin/env bash
# Tool: python-gitlab 8.6.0 (PyPI), on Python 3.11 or newer.
# Input: a server that answers 429 once, with a Retry-After that is a date, as RFC 9110 allows (section 10.2.3).
# Seen: ValueError: invalid literal for int(), in place of a second request. With Retry-After: 1 it waits and repeats.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet python-gitlab==8.6.0
cat >try.py <<'PYTHON'
import email.utils
import http.server
import sys
import threading
import time

import gitlab


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.count += 1
        body = b"[]"
        self.send_response(429 if self.server.count == 1 else 200)
        if self.server.count == 1:
            after = sys.argv[1]
            self.send_header("Retry-After", email.utils.formatdate(time.time() + 1, usegmt=True) if after == "date" else after)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Server)
server.count = 0
threading.Thread(target=server.serve_forever, daemon=True).start()
try:
    gitlab.Gitlab(f"http://127.0.0.1:{server.server_port}", "token").http_get("/projects")
    print("done", server.count)
except ValueError as error:
    print("ValueError", error, server.count)
PYTHON
changed() { echo "CHANGED: $*"; exit 1; }
[ "$(tool/bin/python try.py 1)" = "done 2" ] || changed "$(tool/bin/python try.py 1)"
said=$(tool/bin/python try.py date)
case $said in
  "ValueError invalid literal for int()"*" 1") ;;
  *) changed "$said" ;;
esac
echo "As described."
