#!/usr/bin/env bash
# Tool: com.atlassian.oai:swagger-request-validator-core 2.46.0 (Maven Central), with Java 17 or newer and Maven.
# Input: valid requests to a document of OpenAPI 3.0.3: URL-encoded forms with a text and a list of numbers, and paths
# whose parameter is a number or a text (oneOf).
# Seen: what stands in a form is read like JSON before it is compared: a text that looks like a number, true, null or
# nothing is refused, so that a thing cannot be called 1, nor have an empty description. A list with one element is
# refused, with two it is taken. A path parameter that is no number is refused, as its text is read as JSON.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId><artifactId>try</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.atlassian.oai</groupId><artifactId>swagger-request-validator-core</artifactId>
      <version>2.46.0</version></dependency>
  </dependencies>
</project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >/dev/null
cat >Try.java <<'JAVA'
import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleRequest;

public class Try {
  static final String CONTRACT = """
      openapi: 3.0.3
      info: {title: t, version: "1"}
      paths:
        /things:
          post:
            requestBody:
              content:
                application/x-www-form-urlencoded:
                  schema:
                    type: object
                    properties:
                      name: {type: string}
                      ids: {type: array, items: {type: integer}}
            responses: {"204": {description: done}}
        /things/{id}:
          get:
            parameters:
              - {name: id, in: path, required: true, schema: {oneOf: [{type: integer}, {type: string}]}}
            responses: {"204": {description: done}}
      """;

  static final OpenApiInteractionValidator VALIDATOR =
      OpenApiInteractionValidator.createForInlineApiSpecification(CONTRACT).build();

  static void say(String what, Request request) {
    var report = VALIDATOR.validateRequest(request);
    String why = report.hasErrors() ? report.getMessages().get(0).getMessage().split(" - ")[0] : "valid";
    System.out.println(what + ": " + why);
  }

  public static void main(String[] args) {
    for (String form : new String[] {
        "name=a", "name=1", "name=18.9", "name=true", "name=null", "name=", "ids=14", "ids=14&ids=15"}) {
      say(form, SimpleRequest.Builder.post("/things").withContentType("application/x-www-form-urlencoded")
          .withBody(form).build());
    }
    for (String path : new String[] {"/things/1", "/things/a"}) {
      say(path, SimpleRequest.Builder.get(path).build());
    }
  }
}
JAVA
java -cp 'lib/*' Try.java 2>errors.txt | tee seen.txt
diff - seen.txt <<'TEXT' || { cat errors.txt; echo "CHANGED"; exit 1; }
name=a: valid
name=1: [Path '/name'] Instance type (integer) does not match any allowed primitive type (allowed: ["string"])
name=18.9: [Path '/name'] Instance type (number) does not match any allowed primitive type (allowed: ["string"])
name=true: [Path '/name'] Instance type (boolean) does not match any allowed primitive type (allowed: ["string"])
name=null: [Path '/name'] Instance type (null) does not match any allowed primitive type (allowed: ["string"])
name=: [Path '/name'] Instance type (null) does not match any allowed primitive type (allowed: ["string"])
ids=14: [Path '/ids'] Instance type (integer) does not match any allowed primitive type (allowed: ["array"])
ids=14&ids=15: valid
/things/1: valid
/things/a: Unable to parse JSON
TEXT
echo
echo "As described."
