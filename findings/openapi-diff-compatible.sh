#!/usr/bin/env bash
# Tool: org.openapitools.openapidiff:openapi-diff-core 2.1.7 (Maven Central), with Java 17 or newer and Maven.
# Input: pairs of valid documents of OpenAPI 3.0.3 that differ in one place: in a value that clients send in a body, or
# in one that they receive. Each of the changes breaks clients of the first document.
# Seen: seven of the changes are called compatible, or no change at all: null that can come in a response or may no
# longer be sent, a least length and both limits of a list, a oneOf whose integer becomes a boolean, and properties
# that are no longer allowed. Others like them are called incompatible: a greatest length, a limit of a number.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId><artifactId>try</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.openapitools.openapidiff</groupId><artifactId>openapi-diff-core</artifactId>
      <version>2.1.7</version></dependency>
  </dependencies>
</project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >/dev/null
cat >Try.java <<'JAVA'
import org.openapitools.openapidiff.core.OpenApiCompare;

public class Try {
  static String contract(String sent, String received) {
    return """
        openapi: 3.0.3
        info: {title: t, version: "1"}
        paths:
          /things:
            post:
              requestBody:
                content: {application/json: {schema: {type: object, properties: {sent: %s}}}}
              responses:
                "200":
                  description: ok
                  content: {application/json: {schema: {type: object, properties: {received: %s}}}}
        """.formatted(sent, received);
  }

  static void say(String where, String before, String after) {
    var diff = where.equals("sent")
        ? OpenApiCompare.fromContents(contract(before, "{type: string}"), contract(after, "{type: string}"))
        : OpenApiCompare.fromContents(contract("{type: string}", before), contract("{type: string}", after));
    String found = diff.isUnchanged() ? "no change" : diff.isCompatible() ? "compatible" : "incompatible";
    System.out.println(where + ": " + before + " -> " + after + ": " + found);
  }

  public static void main(String[] args) {
    say("received", "{type: string}", "{type: string, nullable: true}");
    say("received", "{oneOf: [{type: string}, {type: integer}]}", "{oneOf: [{type: string}, {type: boolean}]}");
    say("received", "{type: integer}", "{type: boolean}");
    say("received", "{type: string, enum: [a]}", "{type: string, enum: [a, b]}");
    say("sent", "{type: string}", "{type: string, minLength: 8}");
    say("sent", "{type: string}", "{type: string, maxLength: 8}");
    say("sent", "{type: array, items: {type: string}}", "{type: array, items: {type: string}, minItems: 1}");
    say("sent", "{type: array, items: {type: string}}", "{type: array, items: {type: string}, maxItems: 1}");
    say("sent", "{type: string}", "{type: string, pattern: \"^[a-z]+$\"}");
    say("sent", "{type: string, nullable: true}", "{type: string}");
    say("sent", "{type: integer}", "{type: integer, minimum: 1}");
    say("sent", "{type: integer}", "{type: integer, multipleOf: 5}");
    say("sent", "{type: object}", "{type: object, additionalProperties: false}");
  }
}
JAVA
java -cp 'lib/*' Try.java 2>errors.txt | tee seen.txt
diff - seen.txt <<'TEXT' || { cat errors.txt; echo "CHANGED"; exit 1; }
received: {type: string} -> {type: string, nullable: true}: compatible
received: {oneOf: [{type: string}, {type: integer}]} -> {oneOf: [{type: string}, {type: boolean}]}: no change
received: {type: integer} -> {type: boolean}: incompatible
received: {type: string, enum: [a]} -> {type: string, enum: [a, b]}: incompatible
sent: {type: string} -> {type: string, minLength: 8}: compatible
sent: {type: string} -> {type: string, maxLength: 8}: incompatible
sent: {type: array, items: {type: string}} -> {type: array, items: {type: string}, minItems: 1}: compatible
sent: {type: array, items: {type: string}} -> {type: array, items: {type: string}, maxItems: 1}: compatible
sent: {type: string} -> {type: string, pattern: "^[a-z]+$"}: incompatible
sent: {type: string, nullable: true} -> {type: string}: compatible
sent: {type: integer} -> {type: integer, minimum: 1}: incompatible
sent: {type: integer} -> {type: integer, multipleOf: 5}: incompatible
sent: {type: object} -> {type: object, additionalProperties: false}: no change
TEXT
echo
echo "As described."
