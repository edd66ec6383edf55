#!/usr/bin/env bash
# Tools: dotenv 18.0.10 (npm), and util.parseEnv of Node.js 20.12 or newer, which is its --env-file; python-dotenv 1.2.4
# (PyPI), on Python 3.11 or newer; github.com/joho/godotenv v1.5.1 and github.com/subosito/gotenv v1.6.0, with Go 1.24
# or newer; dotenvy 0.15.7 (crates.io), with Rust 1.85 or newer; io.github.cdimascio:dotenv-java 3.2.0 (Maven Central),
# with Java 17 or newer and Maven.
# Input: one file .env each, with one line: a secret in which a number sign, a dollar sign or a backslash is, without
# quotes, in single quotes and in double quotes.
# Seen: no two of them read all lines alike, except dotenv and Node.js. A number sign without a space in front of it
# begins a comment for four of seven. Without quotes, what follows a dollar sign is gone with dotenvy; in double quotes,
# $2a and $10 are gone with the two for Go, and dotenvy refuses the line. dotenv-java has the single quotes in the value.
# A service in one language and its tests in another have two secrets, and signatures differ. Only single quotes around
# a secret without a backslash are read alike, except by dotenv-java.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >lines.txt <<'TEXT'
S=p4ss#w0rd
S='p4ss#w0rd'
S=p4ss$w0rd
S="$2a$10$abc"
S='$2a$10$abc'
S="p4ss\\w0rd"
S='p4ss\\w0rd'
S=`p4ss`
TEXT
echo '{"private": true, "type": "module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error dotenv@18.0.10
cat >try.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import dotenv from 'dotenv';

for (const line of readFileSync('lines.txt', 'utf8').trim().split('\n')) {
  console.log(`${line}\t1 dotenv\t${dotenv.parse(line).S}`);
  console.log(`${line}\t2 Node.js\t${parseEnv(line).S}`);
}
JS
python3 -m venv tool
tool/bin/pip install --quiet --disable-pip-version-check python-dotenv==1.2.4
cat >try.py <<'PYTHON'
import io

from dotenv import dotenv_values

for line in open("lines.txt").read().splitlines():
    print(f"{line}\t3 python-dotenv\t{dotenv_values(stream=io.StringIO(line))['S']}")
PYTHON
cat >go.mod <<'TEXT'
module example.com/secrets

go 1.24

require (
	github.com/joho/godotenv v1.5.1
	github.com/subosito/gotenv v1.6.0
)
TEXT
cat >main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/joho/godotenv"
	"github.com/subosito/gotenv"
)

func main() {
	text, err := os.ReadFile("lines.txt")
	if err != nil {
		panic(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		first, err := godotenv.Unmarshal(line)
		if err != nil {
			panic(err)
		}
		second, err := gotenv.StrictParse(strings.NewReader(line))
		if err != nil {
			panic(err)
		}
		fmt.Printf("%s\t4 godotenv\t%s\n%s\t5 gotenv\t%s\n", line, first["S"], line, second["S"])
	}
}
GO
mkdir -p src
cat >Cargo.toml <<'TEXT'
[package]
name = "secrets"
version = "0.1.0"
edition = "2024"

[dependencies]
dotenvy = "=0.15.7"
TEXT
cat >src/main.rs <<'RUST'
fn main() {
    for line in std::fs::read_to_string("lines.txt").unwrap().lines() {
        let read = dotenvy::from_read_iter(line.as_bytes()).next().unwrap();
        println!("{line}\t6 dotenvy\t{}", read.map(|(_, value)| value).unwrap_or("refused".into()));
    }
}
RUST
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId><artifactId>try</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.github.cdimascio</groupId><artifactId>dotenv-java</artifactId>
      <version>3.2.0</version></dependency>
  </dependencies>
</project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >/dev/null
cat >Try.java <<'JAVA'
import io.github.cdimascio.dotenv.Dotenv;
import java.nio.file.Files;
import java.nio.file.Path;

public class Try {
  public static void main(String[] args) throws Exception {
    for (String line : Files.readAllLines(Path.of("lines.txt"))) {
      Files.writeString(Path.of(".env"), line + "\n");
      System.out.println(line + "\t7 dotenv-java\t" + Dotenv.load().get("S"));
    }
  }
}
JAVA
unset S
export GOFLAGS=-mod=mod
{ node try.mjs && tool/bin/python try.py && go run . && cargo run --quiet && java -cp 'lib/*' Try.java; } >all.txt
LC_ALL=C sort -s -t "$(printf '\t')" -k1,2 all.txt | awk -F '\t' '
  $1 != line { line = $1; print line ":" }
  { print "  " substr($2, 3) ": " $3 }' | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
S="$2a$10$abc":
  dotenv: $2a$10$abc
  Node.js: $2a$10$abc
  python-dotenv: $2a$10$abc
  godotenv: a$abc
  gotenv: a$abc
  dotenvy: refused
  dotenv-java: $2a$10$abc
S="p4ss\\w0rd":
  dotenv: p4ss\\w0rd
  Node.js: p4ss\\w0rd
  python-dotenv: p4ss\w0rd
  godotenv: p4ss\w0rd
  gotenv: p4ss\w0rd
  dotenvy: p4ss\w0rd
  dotenv-java: p4ss\\w0rd
S='$2a$10$abc':
  dotenv: $2a$10$abc
  Node.js: $2a$10$abc
  python-dotenv: $2a$10$abc
  godotenv: $2a$10$abc
  gotenv: $2a$10$abc
  dotenvy: $2a$10$abc
  dotenv-java: '$2a$10$abc'
S='p4ss#w0rd':
  dotenv: p4ss#w0rd
  Node.js: p4ss#w0rd
  python-dotenv: p4ss#w0rd
  godotenv: p4ss#w0rd
  gotenv: p4ss#w0rd
  dotenvy: p4ss#w0rd
  dotenv-java: 'p4ss#w0rd'
S='p4ss\\w0rd':
  dotenv: p4ss\\w0rd
  Node.js: p4ss\\w0rd
  python-dotenv: p4ss\w0rd
  godotenv: p4ss\\w0rd
  gotenv: p4ss\\w0rd
  dotenvy: p4ss\\w0rd
  dotenv-java: 'p4ss\\w0rd'
S=`p4ss`:
  dotenv: p4ss
  Node.js: p4ss
  python-dotenv: `p4ss`
  godotenv: `p4ss`
  gotenv: `p4ss`
  dotenvy: `p4ss`
  dotenv-java: `p4ss`
S=p4ss#w0rd:
  dotenv: p4ss
  Node.js: p4ss
  python-dotenv: p4ss#w0rd
  godotenv: p4ss#w0rd
  gotenv: p4ss
  dotenvy: p4ss#w0rd
  dotenv-java: p4ss
S=p4ss$w0rd:
  dotenv: p4ss$w0rd
  Node.js: p4ss$w0rd
  python-dotenv: p4ss$w0rd
  godotenv: p4ss$w0rd
  gotenv: p4ss$w0rd
  dotenvy: p4ss
  dotenv-java: p4ss$w0rd
TEXT
echo
echo "As described."
