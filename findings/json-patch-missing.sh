#!/usr/bin/env bash
# Tools: fast-json-patch 3.1.1, with rfc6902 5.4.0 for comparison (npm), on Node.js 20 or newer;
# github.com/evanphx/json-patch/v5 v5.9.11, with Go 1.24 or newer; com.flipkart.zjsonpatch:zjsonpatch 0.4.16 (Maven
# Central), with Java 17 or newer and Maven.
# Input: patches of JSON (RFC 6902), one operation each, for {"a": 1, "list": [1, 2]}. The RFC says that what an
# operation is about must exist, that an index has neither a sign nor a zero in front, and that 1 and 1.0 are equal.
# Seen: without its third argument, which is off as it comes, fast-json-patch removes and replaces what is not there,
# copies it as nothing, and removes the last element of a list for -1. To evanphx/json-patch a name that is not there
# is null in a test, and -1 is the last element, too; to it and zjsonpatch 1 and 1.0 differ. zjsonpatch removes what is
# not there. rfc6902 refuses all of them but the last one.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >operations.txt <<'TEXT'
{"op":"remove","path":"/b"}
{"op":"replace","path":"/b","value":2}
{"op":"copy","from":"/b","path":"/c"}
{"op":"remove","path":"/list/-1"}
{"op":"add","path":"/list/01","value":3}
{"op":"test","path":"/b","value":null}
{"op":"test","path":"/a","value":1.0}
TEXT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error fast-json-patch@3.1.1 rfc6902@5.4.0
cat >try.mjs <<'JS'
import { readFileSync } from 'node:fs';
import fast from 'fast-json-patch';
import { applyPatch } from 'rfc6902';

for (const line of readFileSync('operations.txt', 'utf8').trim().split('\n')) {
  const show = (name, apply) => {
    const document = { a: 1, list: [1, 2] };
    let shown = 'refused';
    try {
      if (apply(document)) shown = JSON.stringify(document);
    } catch {}
    console.log(`${line}: ${name} ${shown}`);
  };
  const patch = [JSON.parse(line)];
  show('fast-json-patch', (document) => fast.applyPatch(document, patch));
  show('rfc6902', (document) => applyPatch(document, patch).every((error) => !error));
}
JS
cat >go.mod <<'TEXT'
module example.com/patch

go 1.24

require github.com/evanphx/json-patch/v5 v5.9.11
TEXT
cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"strings"

	jsonpatch "github.com/evanphx/json-patch/v5"
)

func main() {
	text, err := os.ReadFile("operations.txt")
	if err != nil {
		panic(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		patch, err := jsonpatch.DecodePatch([]byte("[" + line + "]"))
		if err != nil {
			panic(err)
		}
		shown := "refused"
		if done, err := patch.Apply([]byte(`{"a":1,"list":[1,2]}`)); err == nil {
			shown = string(done)
		}
		fmt.Printf("%s: evanphx/json-patch %s\n", line, shown)
	}
}
GO
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId><artifactId>try</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.flipkart.zjsonpatch</groupId><artifactId>zjsonpatch</artifactId>
      <version>0.4.16</version></dependency>
  </dependencies>
</project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >/dev/null
cat >Try.java <<'JAVA'
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.flipkart.zjsonpatch.JsonPatch;
import java.nio.file.Files;
import java.nio.file.Path;

public class Try {
  public static void main(String[] args) throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    for (String line : Files.readAllLines(Path.of("operations.txt"))) {
      String shown = "refused";
      try {
        JsonNode document = mapper.readTree("{\"a\":1,\"list\":[1,2]}");
        shown = JsonPatch.apply(mapper.readTree("[" + line + "]"), document).toString();
      } catch (RuntimeException refused) {
        // as the RFC says
      }
      System.out.println(line + ": zjsonpatch " + shown);
    }
  }
}
JAVA
export GOFLAGS=-mod=mod
{ node try.mjs && go run . && java -cp 'lib/*' Try.java; } | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
{"op":"remove","path":"/b"}: fast-json-patch {"a":1,"list":[1,2]}
{"op":"remove","path":"/b"}: rfc6902 refused
{"op":"replace","path":"/b","value":2}: fast-json-patch {"a":1,"list":[1,2],"b":2}
{"op":"replace","path":"/b","value":2}: rfc6902 refused
{"op":"copy","from":"/b","path":"/c"}: fast-json-patch {"a":1,"list":[1,2],"c":null}
{"op":"copy","from":"/b","path":"/c"}: rfc6902 refused
{"op":"remove","path":"/list/-1"}: fast-json-patch {"a":1,"list":[1]}
{"op":"remove","path":"/list/-1"}: rfc6902 refused
{"op":"add","path":"/list/01","value":3}: fast-json-patch {"a":1,"list":[1,3,2]}
{"op":"add","path":"/list/01","value":3}: rfc6902 refused
{"op":"test","path":"/b","value":null}: fast-json-patch refused
{"op":"test","path":"/b","value":null}: rfc6902 refused
{"op":"test","path":"/a","value":1.0}: fast-json-patch {"a":1,"list":[1,2]}
{"op":"test","path":"/a","value":1.0}: rfc6902 {"a":1,"list":[1,2]}
{"op":"remove","path":"/b"}: evanphx/json-patch refused
{"op":"replace","path":"/b","value":2}: evanphx/json-patch refused
{"op":"copy","from":"/b","path":"/c"}: evanphx/json-patch refused
{"op":"remove","path":"/list/-1"}: evanphx/json-patch {"a":1,"list":[1]}
{"op":"add","path":"/list/01","value":3}: evanphx/json-patch {"a":1,"list":[1,3,2]}
{"op":"test","path":"/b","value":null}: evanphx/json-patch {"a":1,"list":[1,2]}
{"op":"test","path":"/a","value":1.0}: evanphx/json-patch refused
{"op":"remove","path":"/b"}: zjsonpatch {"a":1,"list":[1,2]}
{"op":"replace","path":"/b","value":2}: zjsonpatch refused
{"op":"copy","from":"/b","path":"/c"}: zjsonpatch refused
{"op":"remove","path":"/list/-1"}: zjsonpatch refused
{"op":"add","path":"/list/01","value":3}: zjsonpatch refused
{"op":"test","path":"/b","value":null}: zjsonpatch refused
{"op":"test","path":"/a","value":1.0}: zjsonpatch refused
TEXT
echo
echo "As described."
