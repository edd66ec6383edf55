#!/usr/bin/env bash
# Tools: test-results-parser 0.4.6 and junitxml-to-javascript 1.1.4 (npm), on Node.js 20 or newer.
# Input: a JUnit report that Node.js itself writes, with --test-reporter=junit: a describe in a describe is a suite in a
# suite, and a test in the inner one has failed. And a report without counts, which may be left out, of a test that
# has failed after more than a thousand seconds, which Maven's Surefire has written as 1,234.5.
# Seen: both leave out the inner suite, and so the test that failed: to junitxml-to-javascript all have succeeded, and
# test-results-parser has the count of the outer suite, and no test for it. Without counts, it says SKIP, and NaN tests,
# of which one has failed. The time is one second to junitxml-to-javascript, and NaN to test-results-parser.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error test-results-parser@0.4.6 \
  junitxml-to-javascript@1.1.4
cat >some.test.mjs <<'JS'
import { describe, it } from 'node:test';

describe('outer', () => {
  it('first', () => {});
  describe('inner', () => {
    it('second', () => {
      throw new Error('wrong');
    });
  });
});
JS
node --test --test-reporter=junit some.test.mjs >nested.xml && exit 1
grep -o -E '<(testsuite|testcase|failure) (name="[^"]*"|type="[^"]*")|</testsuite>' nested.xml | tee seen.txt
cat >plain.xml <<'XML'
<testsuite name="outer">
  <testcase classname="outer" name="slow" time="1,234.5"><failure message="wrong"/></testcase>
</testsuite>
XML
cat >try.mjs <<'JS'
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { parse } = require('test-results-parser');
const Reader = require('junitxml-to-javascript');

for (const file of ['nested.xml', 'plain.xml']) {
  const { status, total, failed, suites } = parse({ type: 'junit', files: [file] });
  const names = suites.flatMap((suite) => suite.cases).map((test) => `${test.name} ${test.status}`);
  console.log(`${file}: test-results-parser ${status}, tests ${total}, failed ${failed}, cases ${names.join(', ')}`);
  const { testsuites } = await new Reader().parseXMLFile(file);
  const tests = testsuites.flatMap((suite) => suite.testCases);
  console.log(`${file}: junitxml-to-javascript ${tests.map((test) => `${test.name} ${test.result}`).join(', ')}`);
  if (file !== 'nested.xml') console.log(`seconds: ${suites[0].cases[0].duration / 1000}, ${tests[0].duration}`);
}
JS
node try.mjs | tee -a seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
<testsuite name="outer"
<testcase name="first"
<testsuite name="inner"
<testcase name="second"
<failure type="testCodeFailure"
</testsuite>
</testsuite>
nested.xml: test-results-parser FAIL, tests 2, failed 1, cases first PASS
nested.xml: junitxml-to-javascript first succeeded
plain.xml: test-results-parser SKIP, tests NaN, failed NaN, cases slow FAIL
plain.xml: junitxml-to-javascript slow failed
seconds: NaN, 1
TEXT
echo
echo "As described."
