#!/usr/bin/env bash
# Tools: io.github.openfeign:feign-core 13.13, org.apache.httpcomponents.client5:httpclient5 5.6.5 and
# com.squareup.okhttp3:okhttp-jvm 5.5.1 (Maven Central), with Java 17 or newer and Maven; each as it is by default.
# Input: a POST, answered with an error that has a Retry-After of 0 or 3 seconds, or with 429 or 408 without one.
# Seen: HttpClient sends it once more after 429 and 503, OkHttp after 408, and after 503 with Retry-After: 0, though a
# POST is not idempotent (RFC 9110, section 9.2.2). Feign sends it five times whatever the status is, also after 400
# and 404, as soon as there is a Retry-After, and waits one second at most where the server asks for three.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId><artifactId>try</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.github.openfeign</groupId><artifactId>feign-core</artifactId>
      <version>13.13</version></dependency>
    <dependency><groupId>org.apache.httpcomponents.client5</groupId><artifactId>httpclient5</artifactId>
      <version>5.6.5</version></dependency>
    <dependency><groupId>com.squareup.okhttp3</groupId><artifactId>okhttp-jvm</artifactId>
      <version>5.5.1</version></dependency>
  </dependencies>
</project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >/dev/null
cat >Try.java <<'JAVA'
import com.sun.net.httpserver.HttpServer;
import feign.Feign;
import feign.RequestLine;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.core5.http.io.entity.StringEntity;

public class Try {
  interface Api {
    @RequestLine("POST /things")
    void post(String body);
  }

  interface Client {
    void post() throws Exception;
  }

  static final List<Long> arrived = new ArrayList<>();
  static int status;
  static String after;

  public static void main(String[] args) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext("/", exchange -> {
      arrived.add(System.nanoTime());
      exchange.getRequestBody().readAllBytes();
      if (!after.isEmpty()) {
        exchange.getResponseHeaders().set("Retry-After", after);
      }
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
    });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();

    Api api = Feign.builder().target(Api.class, url);
    var plain = HttpClients.createDefault();
    var ok = new OkHttpClient();
    Map<String, Client> clients = new TreeMap<>();
    clients.put("feign", () -> api.post("x"));
    clients.put("httpclient5", () -> {
      HttpPost post = new HttpPost(URI.create(url + "/things"));
      post.setEntity(new StringEntity("x"));
      plain.execute(post, response -> response.getCode());
    });
    clients.put("okhttp", () -> {
      var body = RequestBody.create("x".getBytes());
      ok.newCall(new Request.Builder().url(url + "/things").post(body).build()).execute().close();
    });
    for (String[] answer : new String[][] {
        {"429", ""}, {"429", "0"}, {"429", "3"}, {"503", "0"}, {"503", "3"}, {"408", ""}, {"404", "3"}}) {
      status = Integer.parseInt(answer[0]);
      after = answer[1];
      StringBuilder line = new StringBuilder(status + (after.isEmpty() ? "" : ", Retry-After: " + after) + ":");
      for (var client : clients.entrySet()) {
        arrived.clear();
        try {
          client.getValue().post();
        } catch (feign.FeignException expected) {
          // Feign throws after the last one.
        }
        line.append(" ").append(client.getKey()).append(" sends ").append(arrived.size());
        if (arrived.size() > 1) {
          // Waits are told in whole seconds, rounded down.
          line.append(" (").append((arrived.get(1) - arrived.get(0) + 50_000_000) / 1_000_000_000).append(" s)");
        }
      }
      System.out.println(line);
    }
    System.exit(0);
  }
}
JAVA
java -cp 'lib/*' Try.java 2>errors.txt | tee seen.txt
diff - seen.txt <<'TEXT' || { cat errors.txt; echo "CHANGED"; exit 1; }
429: feign sends 1 httpclient5 sends 2 (1 s) okhttp sends 1
429, Retry-After: 0: feign sends 5 (0 s) httpclient5 sends 2 (1 s) okhttp sends 1
429, Retry-After: 3: feign sends 5 (1 s) httpclient5 sends 2 (3 s) okhttp sends 1
503, Retry-After: 0: feign sends 5 (0 s) httpclient5 sends 2 (1 s) okhttp sends 2 (0 s)
503, Retry-After: 3: feign sends 5 (1 s) httpclient5 sends 2 (3 s) okhttp sends 1
408: feign sends 1 httpclient5 sends 1 okhttp sends 2 (0 s)
404, Retry-After: 3: feign sends 5 (1 s) httpclient5 sends 1 okhttp sends 1
TEXT
echo
echo "As described."
