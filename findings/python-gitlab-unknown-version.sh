#!/usr/bin/env bash
# Tool: python-gitlab 8.6.0 (PyPI), on Python 3.11 or newer.
# Input: Gitlab.version() and another call, of a server that answers 200, 503 or 401, and of an address where nobody
# listens.
# Seen: version() never raises. It gives ('unknown', 'unknown') for each of them but the first, also where there is no
# server at all, so a check of health that is built on it sees a GitLab. The other call raises each time.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet python-gitlab==8.6.0
cat >try.py <<'PYTHON'
import http.server
import json
import threading

import gitlab


class Server(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        status = self.server.status
        body = {"version": "18.9.0-ee", "revision": "1a2b3c4"} if status == 200 else {"message": str(status)}
        if status == 200 and self.path.startswith("/api/v4/projects"):
            body = []
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


def projects(client):
    try:
        return client.projects.list(get_all=True)
    except Exception as error:
        return type(error).__name__


server = http.server.HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = gitlab.Gitlab(f"http://127.0.0.1:{server.server_port}", "token")
for status in 200, 401, 503:
    server.status = status
    client._server_version = None
    print(status, client.version(), projects(client))
server.shutdown()
server.server_close()
client = gitlab.Gitlab(f"http://127.0.0.1:{server.server_port}", "token")
print("nobody", client.version(), projects(client))
PYTHON
tool/bin/python try.py | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
200 ('18.9.0-ee', '1a2b3c4') []
401 ('unknown', 'unknown') GitlabAuthenticationError
503 ('unknown', 'unknown') GitlabListError
nobody ('unknown', 'unknown') ConnectionError
TEXT
echo
echo "As described."
