#!/usr/bin/env bash
# Tools: spring-web 7.0.1, io.github.openfeign:feign-core 13.13 and jersey-client 3.1.11 (Maven Central), with Java 17
# or newer and Maven.
# Input: the path of a project and a time with an offset as values of a template, /projects/{id}?since={q}. A server
# takes a plus sign in the query for a space.
# Seen: RestTemplate of Spring sends the plus sign as it is, so that the offset is lost; RestClient, its successor of
# the same package, encodes it. Feign makes two segments of group/project, and takes 50%25 for what is encoded
# already. Jersey takes braces in a value of the query for a template, and raises an error.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId><artifactId>try</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.springframework</groupId><artifactId>spring-web</artifactId>
      <version>7.0.1</version></dependency>
    <dependency><groupId>io.github.openfeign</groupId><artifactId>feign-core</artifactId>
      <version>13.13</version></dependency>
    <dependency><groupId>org.glassfish.jersey.core</groupId><artifactId>jersey-client</artifactId>
      <version>3.1.11</version></dependency>
    <dependency><groupId>org.glassfish.jersey.inject</groupId><artifactId>jersey-hk2</artifactId>
      <version>3.1.11</version></dependency>
  </dependencies>
</project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >/dev/null
cat >Try.java <<'JAVA'
import com.sun.net.httpserver.HttpServer;
import feign.Feign;
import feign.Param;
import feign.RequestLine;
import jakarta.ws.rs.client.ClientBuilder;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

public class Try {
  interface Projects {
    @RequestLine("GET /projects/{id}?since={q}")
    String get(@Param("id") String id, @Param("q") String q);
  }

  static void show(String name, Callable<String> call) {
    String seen;
    try {
      seen = call.call();
    } catch (Exception e) {
      seen = e.getMessage();
    }
    System.out.println("  " + name + ": " + seen);
  }

  public static void main(String[] args) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext("/", exchange -> {
      byte[] target = exchange.getRequestURI().toString().getBytes();
      exchange.getResponseHeaders().set("Content-Type", "text/plain");
      exchange.sendResponseHeaders(200, target.length);
      exchange.getResponseBody().write(target);
      exchange.close();
    });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    String template = url + "/projects/{id}?since={q}";
    String[][] all = {{"group/project", "2026-01-02T03:04:05+01:00"}, {"50%25", "{x}"}};
    for (String[] one : all) {
      String id = one[0], q = one[1];
      System.out.println(id + " and " + q);
      show("RestTemplate", () -> new RestTemplate().getForObject(template, String.class, id, q));
      show("RestClient", () -> RestClient.create().get().uri(template, id, q).retrieve().body(String.class));
      show("Feign", () -> Feign.builder().target(Projects.class, url).get(id, q));
      show("Jersey", () -> ClientBuilder.newClient().target(url).path("projects/{id}").resolveTemplate("id", id)
          .queryParam("since", q).request().get(String.class));
    }
    System.exit(0);
  }
}
JAVA
java -cp 'lib/*' Try.java 2>/dev/null | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
group/project and 2026-01-02T03:04:05+01:00
  RestTemplate: /projects/group%2Fproject?since=2026-01-02T03:04:05+01:00
  RestClient: /projects/group%2Fproject?since=2026-01-02T03%3A04%3A05%2B01%3A00
  Feign: /projects/group/project?since=2026-01-02T03%3A04%3A05%2B01%3A00
  Jersey: /projects/group%2Fproject?since=2026-01-02T03%3A04%3A05%2B01%3A00
50%25 and {x}
  RestTemplate: /projects/50%2525?since=%7Bx%7D
  RestClient: /projects/50%2525?since=%7Bx%7D
  Feign: /projects/50%25?since=%7Bx%7D
  Jersey: The template variable 'x' has no value
TEXT
echo
echo "As described."
