#!/usr/bin/env bash
# Tools: ndjson 0.3.1, requests 2.34.2 and httpx 0.28.1, with jsonlines 4.0.0 for comparison (PyPI), on Python 3.11 or
# newer.
# Input: two lines of JSON, as a server sends them with Content-Type: application/x-ndjson. In a text of the first one
# is U+2028 or U+0085, which JSON allows as they are: line separators of Unicode that are not \n.
# Seen: ndjson.loads takes them for the end of a line, joins what it has with commas and so gives out another text, in
# silence: "a,b". requests' iter_lines(decode_unicode=True) and httpx's iter_lines give out a line that ends in the
# middle of the text. requests without decode_unicode, ndjson.reader and jsonlines read what was sent.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check ndjson==0.3.1 requests==2.34.2 httpx==0.28.1 jsonlines==4.0.0
cat >try.py <<'PYTHON'
import io
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import jsonlines
import ndjson
import requests


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def by_httpx():
    with httpx.stream("GET", url) as response:
        return list(response.iter_lines())


server = HTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/"
for separator in ["\u2028", "\u0085"]:
    text = json.dumps({"note": f"a{separator}b"}, ensure_ascii=False) + '\n{"note": "c"}\n'
    body = text.encode()
    print(f"{text.encode('unicode_escape').decode()}:")
    for name, read in [
        ("ndjson.loads", lambda: ndjson.loads(text)),
        ("ndjson.reader", lambda: list(ndjson.reader(io.StringIO(text)))),
        ("jsonlines", lambda: list(jsonlines.Reader(io.StringIO(text)))),
        ("requests, iter_lines()", lambda: list(requests.get(url).iter_lines())),
        ("requests, decode_unicode", lambda: list(requests.get(url).iter_lines(decode_unicode=True))),
        ("httpx, iter_lines()", by_httpx),
    ]:
        print(f"  {name}: {ascii(read())}")
PYTHON
tool/bin/python try.py | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
{"note": "a\u2028b"}\n{"note": "c"}\n:
  ndjson.loads: [{'note': 'a,b'}, {'note': 'c'}]
  ndjson.reader: [{'note': 'a\u2028b'}, {'note': 'c'}]
  jsonlines: [{'note': 'a\u2028b'}, {'note': 'c'}]
  requests, iter_lines(): [b'{"note": "a\xe2\x80\xa8b"}', b'{"note": "c"}']
  requests, decode_unicode: ['{"note": "a', 'b"}', '{"note": "c"}']
  httpx, iter_lines(): ['{"note": "a', 'b"}', '{"note": "c"}']
{"note": "a\x85b"}\n{"note": "c"}\n:
  ndjson.loads: [{'note': 'a,b'}, {'note': 'c'}]
  ndjson.reader: [{'note': 'a\x85b'}, {'note': 'c'}]
  jsonlines: [{'note': 'a\x85b'}, {'note': 'c'}]
  requests, iter_lines(): [b'{"note": "a\xc2\x85b"}', b'{"note": "c"}']
  requests, decode_unicode: ['{"note": "a', 'b"}', '{"note": "c"}']
  httpx, iter_lines(): ['{"note": "a', 'b"}', '{"note": "c"}']
TEXT
echo
echo "As described."
