#!/usr/bin/env bash
# Tool: tap-junit 5.0.4, with tap-xunit 2.4.1 and tap-parser 18.3.4 for comparison (npm), on Node.js 20 or newer.
# Input: TAP in which a test that is not done yet fails, and says so: "not ok 2 - later # TODO not written". To the TAP
# specification such a test is no failure, and the run has passed.
# Seen: in the JUnit report of tap-junit it is a failure, in the counts too, and nothing of TODO is told, so that GitLab
# shows a failed test. tap-xunit makes it skipped, and tap-parser says that the run is ok.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error tap-junit@5.0.4 tap-xunit@2.4.1 tap-parser@18.3.4
cat >run.tap <<'TEXT'
TAP version 13
1..3
ok 1 - first
not ok 2 - later # TODO not written
ok 3 - elsewhere # SKIP no network
TEXT
{
  node_modules/.bin/tap-junit <run.tap
  echo
  node_modules/.bin/tap-xunit <run.tap
  node --input-type=module -e "
    import { readFileSync } from 'node:fs';
    import { Parser } from 'tap-parser';
    const run = Parser.parse(readFileSync('run.tap', 'utf8')).find(([kind]) => kind === 'complete')[1];
    console.log('tap-parser: ' + (run.ok ? 'ok' : 'not ok') + ', to do ' + run.todo + ', skipped ' + run.skip);"
} | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
<?xml version="1.0"?><testsuites tests="3" name="Tap-Junit" failures="1"><testsuite name="Tap-Junit-Suite" tests="3" skipped="1" failures="1"><testcase name="first" id="1"/><testcase name="later" id="2"><failure message="" type="fail"/></testcase><testcase name="elsewhere" id="3"><skipped/></testcase></testsuite></testsuites>


<?xml version="1.0"?>
<testsuites>
  <testsuite tests="3" skipped="2" failures="0" errors="0" name="Default">
    <testcase name="#1 first"/>
    <testcase name="#2 later">
      <skipped/>
    </testcase>
    <testcase name="#3 elsewhere">
      <skipped/>
    </testcase>
  </testsuite>
</testsuites>
tap-parser: ok, to do 1, skipped 1
TEXT
echo
echo "As described."
