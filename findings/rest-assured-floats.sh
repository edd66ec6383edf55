#!/usr/bin/env bash
# Tool: io.rest-assured:rest-assured 5.5.6 (Maven Central), with Java 17 or newer and Maven.
# Input: JSON with numbers as GitLab's jobs and pipelines have them: seconds with a fraction and a coverage. The test
# expects other ones, or the same ones as Java writes them.
# Seen: each number with a point is read as a float of 32 bits. A time of 1767323045.678 is equal to 1767323000f, 45
# seconds before, and 16777217.5 to 16777218f, while the coverage 87.1 is not equal to 87.1, which is a double in Java.
# Whole numbers are read as they are. numberConfig with DOUBLE mends it.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId><artifactId>try</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.rest-assured</groupId><artifactId>rest-assured</artifactId>
      <version>5.5.6</version></dependency>
  </dependencies>
</project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >/dev/null
cat >Try.java <<'JAVA'
import static org.hamcrest.Matchers.equalTo;

import com.sun.net.httpserver.HttpServer;
import io.restassured.RestAssured;
import io.restassured.config.JsonConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.path.json.config.JsonPathConfig.NumberReturnType;
import java.net.InetSocketAddress;

public class Try {
  static String url;
  static RestAssuredConfig config = RestAssuredConfig.config();

  static void check(String field, Object expected) {
    String end = "passes";
    try {
      RestAssured.given().config(config).get(url).then().body(field, equalTo(expected));
    } catch (AssertionError failed) {
      end = "fails";
    }
    String type = expected.getClass().getSimpleName();
    System.out.println("  " + field + ", expected " + expected + " (" + type + "): " + end);
  }

  public static void main(String[] args) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    byte[] body = "{\"at\":1767323045.678,\"seconds\":16777217.5,\"coverage\":87.1,\"id\":9007199254740993}".getBytes();
    server.createContext("/", exchange -> {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    System.out.println(new String(body));
    for (boolean set : new boolean[] {false, true}) {
      System.out.println(set ? "with DOUBLE:" : "as it comes:");
      if (set) {
        config = config.jsonConfig(JsonConfig.jsonConfig().numberReturnType(NumberReturnType.DOUBLE));
      }
      check("at", 1767323000f);
      check("at", 1767323045.678);
      check("seconds", 16777218f);
      check("coverage", 87.1);
      check("id", 9007199254740993L);
    }
    System.exit(0);
  }
}
JAVA
java -cp 'lib/*' Try.java 2>/dev/null | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
{"at":1767323045.678,"seconds":16777217.5,"coverage":87.1,"id":9007199254740993}
as it comes:
  at, expected 1.76732301E9 (Float): passes
  at, expected 1.767323045678E9 (Double): fails
  seconds, expected 1.6777218E7 (Float): passes
  coverage, expected 87.1 (Double): fails
  id, expected 9007199254740993 (Long): passes
with DOUBLE:
  at, expected 1.76732301E9 (Float): fails
  at, expected 1.767323045678E9 (Double): passes
  seconds, expected 1.6777218E7 (Float): fails
  coverage, expected 87.1 (Double): passes
  id, expected 9007199254740993 (Long): passes
TEXT
echo
echo "As described."
