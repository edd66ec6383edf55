#!/usr/bin/env bash
# Tool: org.mock-server:mockserver-netty 7.6.0 (Maven Central), with Java 17 or newer and Maven.
# Input: expectations on a path, a query, a form and JSON, as plain texts, and requests that differ in a letter, in
# capitals, or by one element more in a list.
# Seen: plain texts of paths, queries and forms are patterns without regard to capitals: main takes MAIN, 18.9 takes 1819,
# and an empty text takes all; a+b takes aab, and not a plus sign in a path. A list takes one with more elements, in a
# query, in a form and in JSON, and an empty list in JSON takes all. 1 and 1.0, which are the same in JSON, are not.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId><artifactId>try</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.mock-server</groupId><artifactId>mockserver-netty</artifactId>
      <version>7.6.0</version></dependency>
  </dependencies>
</project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >/dev/null
cat >Try.java <<'JAVA'
import static org.mockserver.model.HttpRequest.request;
import static org.mockserver.model.HttpResponse.response;
import static org.mockserver.model.JsonBody.json;
import static org.mockserver.model.Parameter.param;
import static org.mockserver.model.ParameterBody.params;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import org.mockserver.configuration.ConfigurationProperties;
import org.mockserver.integration.ClientAndServer;
import org.mockserver.model.HttpRequest;

public class Try {
  static final HttpClient CLIENT = HttpClient.newHttpClient();
  static ClientAndServer server;

  static void show(String expected, HttpRequest expectation, String... all) throws Exception {
    server.reset();
    server.when(expectation).respond(response().withStatusCode(200));
    System.out.println(expected + ":");
    for (String sent : all) {
      String address = "http://127.0.0.1:" + server.getPort();
      java.net.http.HttpRequest.Builder made = java.net.http.HttpRequest.newBuilder();
      if (sent.startsWith("/")) {
        made.uri(URI.create(address + sent));
      } else {
        made.uri(URI.create(address + "/checks"));
        made.header("Content-Type", sent.startsWith("{") ? "application/json" : "application/x-www-form-urlencoded");
        made.POST(java.net.http.HttpRequest.BodyPublishers.ofString(sent));
      }
      int status = CLIENT.send(made.build(), BodyHandlers.discarding()).statusCode();
      System.out.println("  " + sent + (status == 200 ? " is taken" : " is not taken"));
    }
  }

  public static void main(String[] args) throws Exception {
    ConfigurationProperties.logLevel("ERROR");
    ConfigurationProperties.localBoundIP("127.0.0.1");
    server = ClientAndServer.startClientAndServer(0);
    HttpRequest checks = request().withPath("/checks");
    show("path /files/README.md", request().withPath("/files/README.md"), "/files/readme.md", "/files/READMExmd");
    show("path /branches/a+b", request().withPath("/branches/a+b"), "/branches/a+b", "/branches/a%2Bb", "/branches/aab");
    show("query branch main", checks.clone().withQueryStringParameter("branch", "main"), "/checks?branch=MAIN",
        "/checks?branch=main2");
    show("query version 18.9", checks.clone().withQueryStringParameter("version", "18.9"), "/checks?version=1819");
    show("query search, empty", checks.clone().withQueryStringParameter("search", ""), "/checks?search=a", "/checks");
    show("query ids[] 14 and 15", checks.clone().withQueryStringParameter("ids[]", "14", "15"),
        "/checks?ids%5B%5D=14", "/checks?ids%5B%5D=14&ids%5B%5D=15&ids%5B%5D=16");
    show("form ids[] 14", checks.clone().withBody(params(param("ids[]", "14"))), "ids%5B%5D=14&ids%5B%5D=15");
    show("form name, empty", checks.clone().withBody(params(param("name", ""))), "name=a");
    show("JSON ids 14 and 15", checks.clone().withBody(json("{\"ids\": [14, 15]}")), "{\"ids\": [15, 14, 16]}");
    show("JSON ids, empty", checks.clone().withBody(json("{\"ids\": []}")), "{\"ids\": [14]}");
    show("JSON id 1", checks.clone().withBody(json("{\"id\": 1}")), "{\"id\": 1.0}");
    server.stop();
    System.exit(0);
  }
}
JAVA
java -cp 'lib/*' Try.java 2>/dev/null | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
path /files/README.md:
  /files/readme.md is taken
  /files/READMExmd is taken
path /branches/a+b:
  /branches/a+b is taken
  /branches/a%2Bb is not taken
  /branches/aab is taken
query branch main:
  /checks?branch=MAIN is taken
  /checks?branch=main2 is not taken
query version 18.9:
  /checks?version=1819 is taken
query search, empty:
  /checks?search=a is taken
  /checks is not taken
query ids[] 14 and 15:
  /checks?ids%5B%5D=14 is not taken
  /checks?ids%5B%5D=14&ids%5B%5D=15&ids%5B%5D=16 is taken
form ids[] 14:
  ids%5B%5D=14&ids%5B%5D=15 is taken
form name, empty:
  name=a is taken
JSON ids 14 and 15:
  {"ids": [15, 14, 16]} is taken
JSON ids, empty:
  {"ids": [14]} is taken
JSON id 1:
  {"id": 1.0} is not taken
TEXT
echo
echo "As described."
