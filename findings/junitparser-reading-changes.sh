#!/usr/bin/env bash
# Tool: junitparser 5.0.3 (PyPI), on Python 3.11 or newer.
# Input: a report in JUnit's form. Its suite took 9.5 seconds, 2 of them in its two cases, and has an error outside of
# them: errors="1". There is no attribute skipped at <testsuites>, as in many reports.
# Seen: to read that attribute, skipped, counts the whole report anew: from then on the time is 2.0 and there are no
# errors, in the suite too, and so it is written. The error is gone. Before, both are read as they are in the file.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check junitparser==5.0.3
cat >report.xml <<'XML'
<testsuites tests="2" failures="0" errors="1" time="9.5">
  <testsuite name="suite" tests="2" failures="0" errors="1" skipped="0" time="9.5">
    <testcase classname="c" name="one" time="1"/>
    <testcase classname="c" name="two" time="1"/>
    <system-err>no database for the tear-down</system-err>
  </testsuite>
</testsuites>
XML
cat >try.py <<'PYTHON'
import junitparser

report = junitparser.JUnitXml.fromfile("report.xml")


def say(when):
    suite = next(iter(report))
    print(f"{when}: errors {report.errors}, time {report.time}; of the suite: errors {suite.errors}, time {suite.time}")


say("before")
print("skipped:", report.skipped)
say("after")
PYTHON
tool/bin/python try.py | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
before: errors 1, time 9.5; of the suite: errors 1, time 9.5
skipped: 0
after: errors 0, time 2.0; of the suite: errors 0, time 2.0
TEXT
echo
echo "As described."
