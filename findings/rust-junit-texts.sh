#!/usr/bin/env bash
# Tools: junit-parser 1.7.0 and quick-junit 0.8.0 (crates.io), with Rust 1.85 or newer.
# Input: a JUnit report with a failure whose text has < and & in it, escaped as XML wants it, and the same text as
# CDATA; a suite within a suite, as Node.js writes it, whose test has failed.
# Seen: junit-parser drops what is escaped, and puts a line break there: of "expected 1 < 2 && true" comes "expected 1",
# "2" and "true" in lines of their own. In attributes and as CDATA the text is right. quick-junit, which reads the texts
# right, leaves out the inner suite, so that no test has failed.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
mkdir -p src
cat >Cargo.toml <<'TEXT'
[package]
name = "reports"
version = "0.1.0"
edition = "2024"

[dependencies]
junit-parser = "=1.7.0"
quick-junit = "=0.8.0"
TEXT
cat >report.xml <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="escaped" tests="1" failures="1">
    <testcase name="first">
      <failure message="1 &lt; 2 &amp;&amp; true">expected 1 &lt; 2 &amp;&amp; true</failure>
    </testcase>
  </testsuite>
  <testsuite name="cdata" tests="1" failures="1">
    <testcase name="second">
      <failure message="1 &lt; 2 &amp;&amp; true"><![CDATA[expected 1 < 2 && true]]></failure>
    </testcase>
  </testsuite>
</testsuites>
XML
cat >nested.xml <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="outer" tests="1" failures="1">
    <testsuite name="inner" tests="1" failures="1">
      <testcase name="third"><failure message="wrong"/></testcase>
    </testsuite>
  </testsuite>
</testsuites>
XML
cat >src/main.rs <<'RUST'
use junit_parser::{TestStatus, TestSuite};
use quick_junit::{Report, TestCaseStatus};
use std::fs::read_to_string;

fn show(suite: &TestSuite) {
    for case in &suite.cases {
        if let TestStatus::Failure(failure) = &case.status {
            println!("junit-parser, {}: message {:?}, text {:?}", suite.name, failure.message, failure.text);
        }
    }
    suite.suites.iter().for_each(show);
}

fn main() {
    for file in ["report.xml", "nested.xml"] {
        let text = read_to_string(file).unwrap();
        junit_parser::from_reader(text.as_bytes()).unwrap().suites.iter().for_each(show);
        for suite in Report::deserialize_from_str(&text).unwrap().test_suites {
            println!("quick-junit, {}: {} tests", suite.name.as_str(), suite.test_cases.len());
            for case in &suite.test_cases {
                if let TestCaseStatus::NonSuccess { message, description, .. } = &case.status {
                    let text = description.as_ref().map(|text| text.as_str());
                    println!("  message {:?}, text {text:?}", message.as_ref().map(|text| text.as_str()));
                }
            }
        }
    }
}
RUST
cargo run --quiet | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
junit-parser, escaped: message "1 < 2 && true", text "expected 1\n2\ntrue"
junit-parser, cdata: message "1 < 2 && true", text "expected 1 < 2 && true"
quick-junit, escaped: 1 tests
  message Some("1 < 2 && true"), text Some("expected 1 < 2 && true")
quick-junit, cdata: 1 tests
  message Some("1 < 2 && true"), text Some("expected 1 < 2 && true")
junit-parser, inner: message "wrong", text ""
quick-junit, outer: 0 tests
TEXT
echo
echo "As described."
