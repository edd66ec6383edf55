#!/usr/bin/env bash
# Tools: packageurl-js 2.0.1 (npm), on Node.js 20 or newer; packageurl-python 0.17.6 (PyPI), on Python 3.11 or newer;
# github.com/package-url/packageurl-go v0.1.6, with Go 1.24 or newer; com.github.package-url:packageurl-java 1.5.0
# (Maven Central), with Java 17 or newer and Maven.
# Input: package URLs, as CycloneDX reports name packages with them, read and written again in the canonical form, which
# exists so that the texts can be compared: with capitals, a plus sign and a colon.
# Seen: no two of the four write all of them alike. A module of Go is in small letters for two and as given for two; a
# project of GitLab and a package of npm too, but the other way round. The plus sign of a version is encoded by three,
# and the colon of a digest by one. Who compares the texts of two tools takes one package for two, or two for one: npm
# has both JSONStream and jsonstream.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >purls.txt <<'TEXT'
pkg:golang/github.com/Masterminds/semver@v1.5.0
pkg:gitlab/Group/Project@1.0
pkg:npm/JSONStream@1.3.5
pkg:npm/left@1.0.0+build.1
pkg:docker/cassandra@sha256:244fd47e
pkg:composer/Vendor/Name@1.0
TEXT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error packageurl-js@2.0.1
cat >try.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { PackageURL } = createRequire(import.meta.url)('packageurl-js');
for (const line of readFileSync('purls.txt', 'utf8').trim().split('\n')) {
  console.log(`${line}\t1 packageurl-js\t${PackageURL.fromString(line).toString()}`);
}
JS
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check packageurl-python==0.17.6
cat >try.py <<'PYTHON'
from packageurl import PackageURL

for line in open("purls.txt").read().splitlines():
    print(f"{line}\t2 packageurl-python\t{PackageURL.from_string(line).to_string()}")
PYTHON
cat >go.mod <<'TEXT'
module example.com/purls

go 1.24

require github.com/package-url/packageurl-go v0.1.6
TEXT
cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/package-url/packageurl-go"
)

func main() {
	text, err := os.ReadFile("purls.txt")
	if err != nil {
		panic(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		purl, err := packageurl.FromString(line)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%s\t3 packageurl-go\t%s\n", line, purl.ToString())
	}
}
GO
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId><artifactId>try</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.github.package-url</groupId><artifactId>packageurl-java</artifactId>
      <version>1.5.0</version></dependency>
  </dependencies>
</project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >/dev/null
cat >Try.java <<'JAVA'
import com.github.packageurl.PackageURL;
import java.nio.file.Files;
import java.nio.file.Path;

public class Try {
  public static void main(String[] args) throws Exception {
    for (String line : Files.readAllLines(Path.of("purls.txt"))) {
      System.out.println(line + "\t4 packageurl-java\t" + new PackageURL(line).canonicalize());
    }
  }
}
JAVA
export GOFLAGS=-mod=mod
{ node try.mjs && tool/bin/python try.py && go run . && java -cp 'lib/*' Try.java; } >all.txt
LC_ALL=C sort -s -t "$(printf '\t')" -k1,2 all.txt | awk -F '\t' '
  $1 != line { line = $1; print line ":" }
  { print "  " substr($2, 3) ": " $3 }' | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
pkg:composer/Vendor/Name@1.0:
  packageurl-js: pkg:composer/vendor/name@1.0
  packageurl-python: pkg:composer/vendor/name@1.0
  packageurl-go: pkg:composer/vendor/name@1.0
  packageurl-java: pkg:composer/Vendor/Name@1.0
pkg:docker/cassandra@sha256:244fd47e:
  packageurl-js: pkg:docker/cassandra@sha256:244fd47e
  packageurl-python: pkg:docker/cassandra@sha256:244fd47e
  packageurl-go: pkg:docker/cassandra@sha256:244fd47e
  packageurl-java: pkg:docker/cassandra@sha256%3A244fd47e
pkg:gitlab/Group/Project@1.0:
  packageurl-js: pkg:gitlab/group/project@1.0
  packageurl-python: pkg:gitlab/group/project@1.0
  packageurl-go: pkg:gitlab/Group/Project@1.0
  packageurl-java: pkg:gitlab/Group/Project@1.0
pkg:golang/github.com/Masterminds/semver@v1.5.0:
  packageurl-js: pkg:golang/github.com/Masterminds/semver@v1.5.0
  packageurl-python: pkg:golang/github.com/Masterminds/semver@v1.5.0
  packageurl-go: pkg:golang/github.com/masterminds/semver@v1.5.0
  packageurl-java: pkg:golang/github.com/masterminds/semver@v1.5.0
pkg:npm/JSONStream@1.3.5:
  packageurl-js: pkg:npm/jsonstream@1.3.5
  packageurl-python: pkg:npm/jsonstream@1.3.5
  packageurl-go: pkg:npm/JSONStream@1.3.5
  packageurl-java: pkg:npm/JSONStream@1.3.5
pkg:npm/left@1.0.0+build.1:
  packageurl-js: pkg:npm/left@1.0.0+build.1
  packageurl-python: pkg:npm/left@1.0.0%2Bbuild.1
  packageurl-go: pkg:npm/left@1.0.0%2Bbuild.1
  packageurl-java: pkg:npm/left@1.0.0%2Bbuild.1
TEXT
echo
echo "As described."
