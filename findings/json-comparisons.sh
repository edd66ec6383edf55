#!/usr/bin/env bash
# Tools: org.skyscreamer:jsonassert 1.5.3 (Maven Central), with which Spring Boot 3 compares JSON, with Java 17 or newer
# and Maven; assert.JSONEq of github.com/stretchr/testify v1.12.1, github.com/wI2L/jsondiff v0.7.1 and MatchJSON of
# github.com/onsi/gomega v1.44.0, with Go 1.24 or newer.
# Input: pairs of JSON texts whose ids differ by one: 9007199254740993 and 9007199254740992, which fit into 64 bits, and
# two longer ones. JSONAssert is asked to be strict, with JSONCompareMode.STRICT.
# Seen: they are equal to JSONAssert, testify and jsondiff, which compare numbers as doubles, so that a test does not
# find the wrong id. gomega tells them apart.
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
cat >pairs.txt <<'TEXT'
{"id": 1} {"id": 2}
{"id": 9007199254740993} {"id": 9007199254740992}
{"id": 12345678901234567890} {"id": 12345678901234567891}
[9007199254740993] [9007199254740992]
TEXT
cat >Try.java <<'JAVA'
import java.nio.file.Files;
import java.nio.file.Path;
import org.skyscreamer.jsonassert.JSONCompare;
import org.skyscreamer.jsonassert.JSONCompareMode;

public class Try {
  public static void main(String[] args) throws Exception {
    for (String line : Files.readAllLines(Path.of("pairs.txt"))) {
      String[] pair = line.split("(?<=[]}]) ");
      boolean same = JSONCompare.compareJSON(pair[0], pair[1], JSONCompareMode.STRICT).passed();
      System.out.println(line + ": JSONAssert " + (same ? "equal" : "different"));
    }
  }
}
JAVA
cat >go.mod <<'TEXT'
module example.com/compare

go 1.24

require (
	github.com/onsi/gomega v1.44.0
	github.com/stretchr/testify v1.12.1
	github.com/wI2L/jsondiff v0.7.1
)
TEXT
cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/onsi/gomega"
	"github.com/stretchr/testify/assert"
	"github.com/wI2L/jsondiff"
)

// quiet takes the failures of a test.
type quiet struct{}

func (quiet) Errorf(string, ...any) {}

func word(same bool) string {
	if same {
		return "equal"
	}
	return "different"
}

func main() {
	text, err := os.ReadFile("pairs.txt")
	if err != nil {
		panic(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		pair := regexp.MustCompile(`^(.*[}\]]) ([{\[].*)$`).FindStringSubmatch(line)[1:]
		testify := assert.JSONEq(quiet{}, pair[0], pair[1])
		patch, err := jsondiff.CompareJSON([]byte(pair[0]), []byte(pair[1]))
		if err != nil {
			panic(err)
		}
		matched, err := gomega.MatchJSON(pair[0]).Match(pair[1])
		if err != nil {
			panic(err)
		}
		fmt.Printf("%s: testify %s, jsondiff %s, gomega %s\n", line, word(testify), word(len(patch) == 0), word(matched))
	}
}
GO
export GOFLAGS=-mod=mod
{ java -cp 'lib/*' Try.java && go run .; } | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
{"id": 1} {"id": 2}: JSONAssert different
{"id": 9007199254740993} {"id": 9007199254740992}: JSONAssert equal
{"id": 12345678901234567890} {"id": 12345678901234567891}: JSONAssert equal
[9007199254740993] [9007199254740992]: JSONAssert equal
{"id": 1} {"id": 2}: testify different, jsondiff different, gomega different
{"id": 9007199254740993} {"id": 9007199254740992}: testify equal, jsondiff equal, gomega different
{"id": 12345678901234567890} {"id": 12345678901234567891}: testify equal, jsondiff equal, gomega different
[9007199254740993] [9007199254740992]: testify equal, jsondiff equal, gomega different
TEXT
echo
echo "As described."
