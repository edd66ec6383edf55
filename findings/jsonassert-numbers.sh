#!/usr/bin/env bash
# Tool: org.skyscreamer:jsonassert 1.5.3 (Maven Central), with which Spring Boot 3 compares JSON, with Java 17 or newer
# and Maven.
# Input: pairs of JSON texts whose ids differ by one: 9007199254740993 and 9007199254740992, as integers, and two longer
# ones. The first two fit into the type long of Java. The pairs are compared strictly, with JSONCompareMode.STRICT.
# Seen: they are equal to it, since all numbers are compared as doubles; in a list of numbers too. A text without
# quotes, which is no JSON, is equal to the same text in quotes.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId><artifactId>try</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.skyscreamer</groupId><artifactId>jsonassert</artifactId>
      <version>1.5.3</version></dependency>
  </dependencies>
</project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >/dev/null
cat >Try.java <<'JAVA'
import org.skyscreamer.jsonassert.JSONCompare;
import org.skyscreamer.jsonassert.JSONCompareMode;

public class Try {
  public static void main(String[] args) throws Exception {
    for (String[] pair : new String[][] {
        {"{\"id\": 1}", "{\"id\": 2}"},
        {"{\"id\": 9007199254740993}", "{\"id\": 9007199254740992}"},
        {"{\"id\": 12345678901234567890}", "{\"id\": 12345678901234567891}"},
        {"{\"ids\": [9007199254740993]}", "{\"ids\": [9007199254740992]}"},
        {"[9007199254740993]", "[9007199254740992]"},
        {"{\"state\": \"passed\"}", "{\"state\": passed}"}}) {
      boolean same = JSONCompare.compareJSON(pair[0], pair[1], JSONCompareMode.STRICT).passed();
      System.out.println(pair[0] + " and " + pair[1] + ": " + (same ? "equal" : "different"));
    }
  }
}
JAVA
java -cp 'lib/*' Try.java | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
{"id": 1} and {"id": 2}: different
{"id": 9007199254740993} and {"id": 9007199254740992}: equal
{"id": 12345678901234567890} and {"id": 12345678901234567891}: equal
{"ids": [9007199254740993]} and {"ids": [9007199254740992]}: equal
[9007199254740993] and [9007199254740992]: equal
{"state": "passed"} and {"state": passed}: equal
TEXT
echo
echo "As described."
