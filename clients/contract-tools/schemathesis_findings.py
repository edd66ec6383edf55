"""Compares what Schemathesis found with what is expected.

Its arguments are the report (NDJSON), the list of what is expected, and, for a whole run, the word "all": then what is
expected and was not found fails too.
"""

import base64
import json
import re
import sys

import yaml


def findings(report):
    """Yields the operation, the check and the answer of everything that was found."""
    for line in open(report, encoding="utf-8"):
        event = json.loads(line).get("ScenarioFinished")
        if event is None:
            continue
        recorder = event["recorder"]
        for case, checks in recorder.get("checks", {}).items():
            for check in checks:
                if check["status"] != "success":
                    value = recorder["cases"][case]["value"]
                    yield value["method"] + " " + value["path"], check["name"], answer(recorder, case)


def answer(recorder, case):
    """Returns the status and the body as one text."""
    response = recorder["interactions"][case]["response"]
    if response is None:
        return "none"
    content = base64.b64decode((response.get("content") or {}).get("$base64", ""))
    return f"{response['status_code']} {content.decode('utf-8', 'replace')}".strip()


def main(report, expectations, extent=""):
    with open(expectations, encoding="utf-8") as file:
        expected = yaml.safe_load(file)
    seen, beyond = set(), {}
    for operation, check, text in findings(report):
        known = False
        for number, entry in enumerate(expected):
            if check in entry["checks"] and operation in entry["operations"] and re.search(entry["answer"], text):
                seen.add((number, check, operation))
                known = True
        if not known:
            beyond.setdefault((operation, check, text), 0)
            beyond[operation, check, text] += 1
    for (operation, check, text), count in beyond.items():
        print(f"not expected: {check} of {operation}: {text} ({count} times)")
    stale = []
    if extent == "all":
        stale = [
            (number, check, operation)
            for number, entry in enumerate(expected)
            for check in entry["checks"]
            for operation in entry["operations"]
            if (number, check, operation) not in seen
        ]
    for number, check, operation in stale:
        print(f"expected, but not found: {check} of {operation}: {expected[number]['answer']}")
    print(f"Schemathesis: {len(seen)} expected findings, {len(beyond)} beyond them")
    sys.exit(1 if beyond or stale else 0)


main(*sys.argv[1:])
