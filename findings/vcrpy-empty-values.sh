#!/usr/bin/env bash
# Tool: vcrpy 9.4.2 (PyPI) with requests 2.34.2, on Python 3.11 or newer.
# Input: a request that is recorded, and another one that is sent when the record is played, compared by method, path,
# query and body.
# Seen: values that are empty do not count: "name=", which sets a name to nothing, is the same as no name at all, and
# as "title=", in the query and in a form. In JSON, 1 is the same as true, and 0 as false. That two numbers differ, or
# the order in a list of a form, is seen.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check vcrpy==9.4.2 requests==2.34.2
cat >try.py <<'PYTHON'
import http.server
import os
import threading

import requests
import vcr
from vcr.errors import CannotOverwriteExistingCassetteException


class Answer(http.server.BaseHTTPRequestHandler):
    def do_PUT(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *ignored):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/things"
recorder = vcr.VCR(record_mode="once", match_on=["method", "path", "query", "body"])


def send(kind, value):
    with recorder.use_cassette("cassette.yaml"):
        if kind == "query":
            requests.put(f"{url}?{value}", data="")
        else:
            media_type = "application/json" if kind == "JSON" else "application/x-www-form-urlencoded"
            requests.put(url, data=value, headers={"Content-Type": media_type})


for kind, recorded, sent in [
    ("query", "id=1&name=", "id=1"),
    ("query", "name=", "title="),
    ("query", "ids[]=14&ids[]=15", "ids[]=15"),
    ("form", "id=1&name=", "id=1"),
    ("form", "name=", "title="),
    ("form", "ids[]=14&ids[]=15", "ids[]=15&ids[]=14"),
    ("JSON", '{"all": 1}', '{"all": true}'),
    ("JSON", '{"all": 0}', '{"all": false}'),
    ("JSON", '{"all": 1}', '{"all": 2}'),
]:
    send(kind, recorded)
    try:
        send(kind, sent)
        outcome = "the same"
    except CannotOverwriteExistingCassetteException:
        outcome = "different"
    print(f"{kind}: {recorded} and {sent} are {outcome}")
    os.remove("cassette.yaml")
PYTHON
tool/bin/python try.py | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
query: id=1&name= and id=1 are the same
query: name= and title= are the same
query: ids[]=14&ids[]=15 and ids[]=15 are different
form: id=1&name= and id=1 are the same
form: name= and title= are the same
form: ids[]=14&ids[]=15 and ids[]=15&ids[]=14 are different
JSON: {"all": 1} and {"all": true} are the same
JSON: {"all": 0} and {"all": false} are the same
JSON: {"all": 1} and {"all": 2} are different
TEXT
echo
echo "As described."
