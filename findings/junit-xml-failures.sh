#!/usr/bin/env bash
# Tools: junit-xml 1.9 (PyPI), on Python 3.11 or newer; junit-xml 1.2.0 (npm), on Node.js 20 or newer. They are two
# libraries of the same name.
# Input: reports with tests that failed: one with a message, one without, as an assertion without a text leaves it.
# Seen: the one for Python does not write a failure or an error whose message and output are empty. The test is written
# as one that passed, and is not counted as failed. The one for Node.js counts failures in the suite as it should, but
# writes each of them as <error>, so that readers that count elements find errors and no failures.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check junit-xml==1.9
cat >write.py <<'PYTHON'
from junit_xml import TestCase, TestSuite, to_xml_report_string

named, plain, broken = TestCase("named"), TestCase("plain"), TestCase("broken")
named.add_failure_info("2 is not 1")
plain.add_failure_info("")
broken.add_error_info("")
print(to_xml_report_string([TestSuite("suite", [named, plain, broken])], prettyprint=False))
PYTHON
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error junit-xml@1.2.0
cat >write.mjs <<'JS'
import { getJunitXml } from 'junit-xml';

const testCases = [
  { name: 'named', failures: [{ message: '2 is not 1' }] },
  { name: 'plain', failures: [{}] },
  { name: 'broken', errors: [{}] },
];
console.log(getJunitXml({ name: 'report', suites: [{ name: 'suite', testCases }] }));
JS
cat >count.py <<'PYTHON'
import sys
from xml.etree import ElementTree

suite = ElementTree.fromstring(sys.stdin.buffer.read()).find("testsuite")
tests = [f"{test.get('name')} {[part.tag for part in test]}" for test in suite]
print(f"{sys.argv[1]}: failures {suite.get('failures')}, errors {suite.get('errors')}; " + ", ".join(tests))
PYTHON
{
  tool/bin/python write.py 2>warnings.txt | python3 count.py "junit-xml for Python"
  node write.mjs | python3 count.py "junit-xml for Node.js"
} | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
junit-xml for Python: failures 1, errors 0; named ['failure'], plain [], broken []
junit-xml for Node.js: failures 2, errors 1; named ['error'], plain ['error'], broken ['error']
TEXT
echo
echo "As described."
