#!/usr/bin/env bash
# Tool: org.wiremock:wiremock 3.13.2 (Maven Central), with Java 17 or newer and Maven.
# Input: expectations on lists in a query and in a form, with havingExactly, and on JSON with a path; and a path
# parameter that is percent-encoded, as group%2Fproject.
# Seen: havingExactly("14", "14") takes 14 and 15: each expected value must be there, and the number of values be the
# same, so that one value counts twice. A path to an empty list, or to null, finds nothing, while one to an empty text
# does. In a path, withPathParam compares what is encoded, while withQueryParam compares what is decoded.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId><artifactId>try</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.wiremock</groupId><artifactId>wiremock</artifactId><version>3.13.2</version></dependency>
  </dependencies>
</project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >/dev/null
cat >Try.java <<'JAVA'
import static com.github.tomakehurst.wiremock.client.WireMock.*;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

public class Try {
  static final HttpClient CLIENT = HttpClient.newHttpClient();
  static WireMockServer server;

  static void show(String expected, MappingBuilder expectation, String... all) throws Exception {
    server.resetAll();
    server.stubFor(expectation.willReturn(ok()));
    System.out.println(expected + ":");
    for (String sent : all) {
      HttpRequest.Builder request = HttpRequest.newBuilder();
      if (sent.startsWith("/")) {
        request.uri(URI.create(server.baseUrl() + sent));
      } else {
        request.uri(URI.create(server.baseUrl() + "/checks"));
        request.header("Content-Type", sent.startsWith("{") ? "application/json" : "application/x-www-form-urlencoded");
        request.POST(HttpRequest.BodyPublishers.ofString(sent));
      }
      int status = CLIENT.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
      System.out.println("  " + sent + (status == 200 ? " is taken" : " is not taken"));
    }
  }

  public static void main(String[] args) throws Exception {
    server = new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));
    server.start();
    show("query, havingExactly 14 and 14",
        get(urlPathEqualTo("/checks")).withQueryParam("ids[]", havingExactly("14", "14")),
        "/checks?ids%5B%5D=14&ids%5B%5D=14", "/checks?ids%5B%5D=14&ids%5B%5D=15",
        "/checks?ids%5B%5D=14");
    show("form, havingExactly 14 and 14", post("/checks").withFormParam("ids[]", havingExactly("14", "14")),
        "ids[]=14&ids[]=14", "ids[]=14&ids[]=15", "ids[]=15&ids[]=15");
    for (String value : new String[] {"[]", "null", "\"\"", "false", "0", "[0]"}) {
      show("JSON, matchingJsonPath $.ids", post("/checks").withRequestBody(matchingJsonPath("$.ids")),
          "{\"ids\":" + value + "}");
    }
    show("path, withPathParam group/project",
        get(urlPathTemplate("/projects/{id}")).withPathParam("id", equalTo("group/project")),
        "/projects/group%2Fproject");
    show("path, withPathParam group%2Fproject",
        get(urlPathTemplate("/projects/{id}")).withPathParam("id", equalTo("group%2Fproject")),
        "/projects/group%2Fproject", "/projects/group%2fproject");
    show("query, withQueryParam group/project",
        get(urlPathEqualTo("/projects")).withQueryParam("id", equalTo("group/project")),
        "/projects?id=group%2Fproject");
    server.stop();
  }
}
JAVA
java -cp 'lib/*' Try.java 2>/dev/null | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
query, havingExactly 14 and 14:
  /checks?ids%5B%5D=14&ids%5B%5D=14 is taken
  /checks?ids%5B%5D=14&ids%5B%5D=15 is taken
  /checks?ids%5B%5D=14 is not taken
form, havingExactly 14 and 14:
  ids[]=14&ids[]=14 is taken
  ids[]=14&ids[]=15 is taken
  ids[]=15&ids[]=15 is not taken
JSON, matchingJsonPath $.ids:
  {"ids":[]} is not taken
JSON, matchingJsonPath $.ids:
  {"ids":null} is not taken
JSON, matchingJsonPath $.ids:
  {"ids":""} is taken
JSON, matchingJsonPath $.ids:
  {"ids":false} is taken
JSON, matchingJsonPath $.ids:
  {"ids":0} is taken
JSON, matchingJsonPath $.ids:
  {"ids":[0]} is taken
path, withPathParam group/project:
  /projects/group%2Fproject is not taken
path, withPathParam group%2Fproject:
  /projects/group%2Fproject is taken
  /projects/group%2fproject is not taken
query, withQueryParam group/project:
  /projects?id=group%2Fproject is taken
TEXT
echo
echo "As described."
