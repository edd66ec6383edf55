#!/usr/bin/env bash
# Tool: pook 2.1.6 with requests 2.34.2 (PyPI), on Python 3.11 or newer.
# Input: expectations of a list in the query and of an empty value, in the URL and as parameters, and of JSON; and the
# requests that were expected, and others.
# Seen: a list fits no request, in the URL and as a parameter, not even the same one. An empty value in the URL takes any
# other and none, and as a parameter it fits nothing; param_exists does not find it. The JSON texts [], {} and false
# cannot be expected: "expectation argument cannot be empty". 1.0 is not taken for 1.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check pook==2.1.6 requests==2.34.2
cat >try.py <<'PYTHON'
import pook
import requests

URL = "http://gitlab.example.com/checks"


def show(name, expect, *all_sent):
    print(f"{name}:")
    for sent in all_sent:
        pook.on()
        pook.reset()
        try:
            expect().reply(200)
            if sent.startswith("?"):
                requests.get(URL + sent)
            else:
                requests.post(URL, data=sent, headers={"Content-Type": "application/json"})
            said = "is taken"
        except pook.exceptions.PookNoMatches:
            said = "is not taken"
        except ValueError as error:
            said = f"raises ValueError: {error}"
        finally:
            pook.off()
        print(f"  {sent} {said}")


def parameter(value):
    return lambda: pook.get(URL).params({"ids[]": value})


both = "?ids%5B%5D=14&ids%5B%5D=15"
show("URL with ids[] 14 and 15", lambda: pook.get(URL + both), both, "?ids%5B%5D=14")
show("parameter ids[], a list of 14 and 15", parameter(["14", "15"]), both, "?ids%5B%5D=14")
show("parameter ids[] 14", parameter("14"), "?ids%5B%5D=14", both)
show("URL with an empty search", lambda: pook.get(URL + "?search="), "?search=", "?search=a", "?page=1")
show("parameter search, empty", lambda: pook.get(URL).param("search", ""), "?search=")
show("param_exists search", lambda: pook.get(URL).param_exists("search"), "?search=a", "?search=")
for value, sent in [([14], "[14]"), ([], "[]"), ({}, "{}"), (False, "false"), ({"ids": []}, '{"ids": []}')]:
    show(f"JSON {value}", lambda: pook.post(URL).json(value), sent)
show("JSON {'id': 1}", lambda: pook.post(URL).json({"id": 1}), '{"id": 1}', '{"id": 1.0}')
PYTHON
tool/bin/python try.py | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
URL with ids[] 14 and 15:
  ?ids%5B%5D=14&ids%5B%5D=15 is not taken
  ?ids%5B%5D=14 is not taken
parameter ids[], a list of 14 and 15:
  ?ids%5B%5D=14&ids%5B%5D=15 is not taken
  ?ids%5B%5D=14 is not taken
parameter ids[] 14:
  ?ids%5B%5D=14 is taken
  ?ids%5B%5D=14&ids%5B%5D=15 is not taken
URL with an empty search:
  ?search= is taken
  ?search=a is taken
  ?page=1 is taken
parameter search, empty:
  ?search= is not taken
param_exists search:
  ?search=a is taken
  ?search= is not taken
JSON [14]:
  [14] is taken
JSON []:
  [] raises ValueError: expectation argument cannot be empty
JSON {}:
  {} raises ValueError: expectation argument cannot be empty
JSON False:
  false raises ValueError: expectation argument cannot be empty
JSON {'ids': []}:
  {"ids": []} is taken
JSON {'id': 1}:
  {"id": 1} is taken
  {"id": 1.0} is not taken
TEXT
echo
echo "As described."
