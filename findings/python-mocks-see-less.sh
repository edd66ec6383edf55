#!/usr/bin/env bash
# Tools: responses 0.26.3, respx 0.23.1 and pytest-httpserver 1.2.0 (PyPI), with requests 2.34.2 and httpx 0.28.1, on
# Python 3.11 or newer.
# Input: requests that a test expects, and requests that are sent: one for the project group/project, whose path is
# percent-encoded as GitLab wants it, or not; one with a list, where a name is repeated; one with an empty value.
# Seen: respx takes the path that is not encoded for the encoded one. pytest-httpserver takes both for the one that is
# not encoded, and finds no handler for a request whose path is expected as it is sent. Of a name that is repeated,
# responses compares the last value if it is in a form, and pytest-httpserver the first if the query is expected as a
# mapping: neither takes a list there. responses does not see an empty value in a form, and refuses the form if it is
# expected; in the query it sees both the list and the empty value.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check responses==0.26.3 respx==0.23.1 pytest-httpserver==1.2.0 \
  requests==2.34.2 httpx==0.28.1
cat >try.py <<'PYTHON'
import logging

import httpx
import requests
import responses
import respx
from pytest_httpserver import HTTPServer

logging.disable()


def by_respx(expected, sent):
    with respx.mock(assert_all_called=False) as mock:
        mock.get(f"http://example.com{expected}")
        try:
            httpx.get(f"http://example.com{sent}")
            return "taken"
        except respx.models.AllMockedAssertionError:
            return "refused"


def by_responses(matcher, **sent):
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.post("http://example.com/things", match=[matcher])
        try:
            requests.post("http://example.com/things", **sent)
            return "taken"
        except requests.ConnectionError:
            return "refused"


def by_server(server, expected, sent, **more):
    server.clear()
    server.expect_request(expected, **more).respond_with_data("")
    return "taken" if httpx.get(server.url_for("") + sent).status_code == 200 else "refused"


with HTTPServer() as server:
    for expected in ("/projects/group%2Fproject", "/projects/group/project"):
        for sent in ("/projects/group%2Fproject", "/projects/group/project"):
            print(f"{expected} and {sent}: respx {by_respx(expected, sent)},"
                  f" pytest-httpserver {by_server(server, expected, sent)}")
    for expected in ({"ids[]": "14"}, {"ids[]": "15"}, {"ids[]": ["14", "15"]}):
        query = by_server(server, "/things", "/things?ids[]=14&ids[]=15", query_string=expected)
        print(f"{expected} and ids[]=14&ids[]=15: pytest-httpserver, query {query}")
in_form, in_query = responses.matchers.urlencoded_params_matcher, responses.matchers.query_param_matcher
for expected, sent in [
    ({"ids[]": "15"}, "ids[]=14&ids[]=15"),
    ({"ids[]": ["14", "15"]}, "ids[]=14&ids[]=15"),
    ({"a": "1"}, "a=1&name="),
    ({"a": "1", "name": ""}, "a=1&name="),
]:
    form, query = by_responses(in_form(expected), data=sent), by_responses(in_query(expected), params=sent)
    print(f"{expected} and {sent}: responses, form {form}, query {query}")
PYTHON
tool/bin/python try.py | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
/projects/group%2Fproject and /projects/group%2Fproject: respx taken, pytest-httpserver refused
/projects/group%2Fproject and /projects/group/project: respx taken, pytest-httpserver refused
/projects/group/project and /projects/group%2Fproject: respx taken, pytest-httpserver taken
/projects/group/project and /projects/group/project: respx taken, pytest-httpserver taken
{'ids[]': '14'} and ids[]=14&ids[]=15: pytest-httpserver, query taken
{'ids[]': '15'} and ids[]=14&ids[]=15: pytest-httpserver, query refused
{'ids[]': ['14', '15']} and ids[]=14&ids[]=15: pytest-httpserver, query refused
{'ids[]': '15'} and ids[]=14&ids[]=15: responses, form taken, query refused
{'ids[]': ['14', '15']} and ids[]=14&ids[]=15: responses, form refused, query taken
{'a': '1'} and a=1&name=: responses, form taken, query refused
{'a': '1', 'name': ''} and a=1&name=: responses, form refused, query taken
TEXT
echo
echo "As described."
