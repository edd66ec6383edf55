#!/usr/bin/env bash
# Tool: org.gitlab4j:gitlab4j-api 6.2.0 (Maven Central), with Java 17 or newer and Maven.
# Input: external status checks that are created and changed, and projects that are searched for, with a percent sign or
# braces in a value: in the URL of a check, as in https://checks.example.com/a%20b?to=100%25, and in a text.
# Seen: createExternalStatusCheck sends all in the query of the URL, and a percent sign with two hexadecimal digits
# behind it as it is: GitLab reads https://checks.example.com/a b?to=100%, and of group%2Fproject another
# path. updateExternalStatusCheck, which sends a form, sends the same URL right. So is it in what is searched for: 50%25
# looks for 50%. Braces in a value raise "The template variable … has no value", before anything is sent.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId><artifactId>try</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.gitlab4j</groupId><artifactId>gitlab4j-api</artifactId>
      <version>6.2.0</version></dependency>
  </dependencies>
</project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >/dev/null
cat >Try.java <<'JAVA'
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.gitlab4j.api.ExternalStatusCheckApi;
import org.gitlab4j.api.GitLabApi;
import org.gitlab4j.api.GitLabApiException;

public class Try {
  interface Call {
    Object run() throws GitLabApiException;
  }

  static String arrived;

  static void show(String name, Call call) {
    arrived = "nothing arrived";
    String end = "";
    try {
      call.run();
    } catch (GitLabApiException refused) {
      end = ": " + refused.getMessage();
    }
    System.out.println("  " + name + ": " + arrived + end);
  }

  public static void main(String[] args) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext("/", exchange -> {
      String sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String where = sent.isEmpty() ? "query" : "form";
      String all = sent.isEmpty() ? exchange.getRequestURI().getRawQuery() : sent;
      for (String pair : all.split("&")) {
        if (pair.startsWith("external_url=") || pair.startsWith("search=")) {
          String value = pair.substring(pair.indexOf('=') + 1);
          arrived = "in the " + where + " " + URLDecoder.decode(value, StandardCharsets.UTF_8);
        }
      }
      boolean list = exchange.getRequestMethod().equals("GET");
      byte[] body = (list ? "[]" : "{}").getBytes();
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
    GitLabApi api = new GitLabApi("http://127.0.0.1:" + server.getAddress().getPort(), "glpat-maintainer");
    ExternalStatusCheckApi checks = api.getExternalStatusCheckApi();
    for (String path : List.of("a b", "a%20b?to=100%25", "group%2Fproject", "100%", "{id}")) {
      String url = "https://checks.example.com/" + path;
      System.out.println(url + ":");
      show("create", () -> checks.createExternalStatusCheck(1L, "first", url, null));
      show("update", () -> checks.updateExternalStatusCheck(1L, 2L, "first", url, null));
      show("search", () -> api.getProjectApi().getProjects(path));
    }
    server.stop(0);
  }
}
JAVA
java -cp 'lib/*' Try.java 2>/dev/null | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
https://checks.example.com/a b:
  create: in the query https://checks.example.com/a b
  update: in the form https://checks.example.com/a b
  search: in the query a b
https://checks.example.com/a%20b?to=100%25:
  create: in the query https://checks.example.com/a b?to=100%
  update: in the form https://checks.example.com/a%20b?to=100%25
  search: in the query a b?to=100%
https://checks.example.com/group%2Fproject:
  create: in the query https://checks.example.com/group/project
  update: in the form https://checks.example.com/group%2Fproject
  search: in the query group/project
https://checks.example.com/100%:
  create: in the query https://checks.example.com/100%
  update: in the form https://checks.example.com/100%
  search: in the query 100%
https://checks.example.com/{id}:
  create: nothing arrived: The template variable 'id' has no value
  update: in the form https://checks.example.com/{id}
  search: nothing arrived: The template variable 'id' has no value
TEXT
echo
echo "As described."
