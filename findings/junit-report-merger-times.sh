#!/usr/bin/env bash
# Tool: junit-report-merger 9.0.4 (npm), on Node.js 20 or newer.
# Input: two JUnit reports, each with a suite of its own and the suite "two", which take 2 and 1 seconds.
# Seen: the counts are added, and the times are not: the whole takes 2 of 6 seconds, and the suite "two", in which there
# are two tests of one second now, takes one.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error junit-report-merger@9.0.4
for name in a b; do
  cat >$name.xml <<XML
<testsuites tests="2" failures="0" time="3">
  <testsuite name="one of $name" tests="1" failures="0" time="2"><testcase name="x" classname="$name" time="2"/></testsuite>
  <testsuite name="two" tests="1" failures="0" time="1"><testcase name="y" classname="$name" time="1"/></testsuite>
</testsuites>
XML
done
node_modules/.bin/jrm all.xml a.xml b.xml
grep -o '<testsuite.*>' all.xml | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
<testsuites tests="4" failures="0" time="2">
<testsuite name="one of a" tests="1" failures="0" time="2">
<testsuite name="two" tests="2" failures="0" time="1">
<testsuite name="one of b" tests="1" failures="0" time="2">
TEXT
echo
echo "As described."
