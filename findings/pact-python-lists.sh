#!/usr/bin/env bash
# Tool: pact-python 4.2.0 with pact-python-ffi 0.5.12.1 (PyPI), on Python 3.11 or newer.
# Input: an interaction that expects a list in the query, and others whose JSON bodies are matched: a boolean, and a list
# of numbers by its type; and requests against the mock that Pact serves.
# Seen: with_query_parameter takes a list for one value, its JSON text, which no client sends, so that neither the list
# nor anything else fits; each value must be given on its own. match.boolean takes the texts "true" and "false", which
# match.integer does not do with "1". match.like and match.each_like of a list take an empty one.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check pact-python==4.2.0 pact-python-ffi==0.5.12.1
cat >try.py <<'PYTHON'
import logging
import urllib.error
import urllib.request

from pact import Pact, match

logging.disable(logging.CRITICAL)


def ask(expect, target, body=None):
    pact = Pact("client", "gitlab")
    interaction = pact.upon_receiving("a request")
    expect(interaction.with_request("GET" if body is None else "POST", "/checks"))
    interaction.will_respond_with(200)
    with pact.serve(raises=False, verbose=False) as server:
        data = None if body is None else body.encode()
        request = urllib.request.Request(str(server.url).rstrip("/") + target, data, {"Content-Type": "application/json"})
        try:
            urllib.request.urlopen(request)
            said = "is taken"
        except urllib.error.HTTPError:
            said = "is not taken: " + str(getattr(server.mismatches[0], "mismatches", server.mismatches)[0])
    print(f"  {body or target} {said}")


def twice(interaction):
    interaction.with_query_parameter("ids[]", "14").with_query_parameter("ids[]", "15")


list_sent = "/checks?ids%5B%5D=14&ids%5B%5D=15"
print("query, a list:")
ask(lambda i: i.with_query_parameter("ids[]", ["14", "15"]), list_sent)
print("query, two values:")
ask(twice, list_sent)
ask(twice, "/checks?ids%5B%5D=15&ids%5B%5D=14")
for name, matcher, bodies in [
    ("match.boolean(True)", match.boolean(True), ["false", '"true"', '"false"', "0"]),
    ("match.integer(1)", match.integer(1), ["2", '"1"']),
    ("match.like([14])", match.like([14]), ["[15, 16]", "[]", '["14"]']),
    ("match.each_like(14)", match.each_like(14), ["[]"]),
]:
    print(f"JSON, {name}:")
    for value in bodies:
        ask(lambda i: i.with_body({"v": matcher}, "application/json"), "/checks", f'{{"v": {value}}}')
PYTHON
tool/bin/python try.py 2>/dev/null | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
query, a list:
  /checks?ids%5B%5D=14&ids%5B%5D=15 is not taken: Query mismatch: Expected query parameter 'ids[]' with value '["14", "15"]' but was '14'
query, two values:
  /checks?ids%5B%5D=14&ids%5B%5D=15 is taken
  /checks?ids%5B%5D=15&ids%5B%5D=14 is not taken: Query mismatch: Expected query parameter 'ids[]' with value '14' but was '15'
JSON, match.boolean(True):
  {"v": false} is taken
  {"v": "true"} is taken
  {"v": "false"} is taken
  {"v": 0} is not taken: Body mismatch: Expected 0 (Integer) to match a boolean
JSON, match.integer(1):
  {"v": 2} is taken
  {"v": "1"} is not taken: Body mismatch: Expected '1' (String) to be an integer
JSON, match.like([14]):
  {"v": [15, 16]} is taken
  {"v": []} is taken
  {"v": ["14"]} is not taken: Body mismatch: Expected '14' (String) to be the same type as 14 (Integer)
JSON, match.each_like(14):
  {"v": []} is taken
TEXT
echo
echo "As described."
