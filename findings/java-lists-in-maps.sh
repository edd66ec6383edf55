#!/usr/bin/env bash
# Tools: com.squareup.retrofit2:retrofit 3.0.0 with its converter-gson, and com.konghq:unirest-java-core 4.5.1 (Maven
# Central), with Java 17 or newer and Maven.
# Input: a list of ids in a query and in a form, once as a parameter of its own and once in a map, and a name in
# multipart.
# Seen: both repeat a parameter for a list, but a list in a map is sent as Java prints it, in one value: [14, 15].
# Retrofit sends a text in multipart as JSON, so that the name has quotes around it; in a URL-encoded form it does not.
# ScalarsConverterFactory mends that.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId><artifactId>try</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.squareup.retrofit2</groupId><artifactId>retrofit</artifactId>
      <version>3.0.0</version></dependency>
    <dependency><groupId>com.squareup.retrofit2</groupId><artifactId>converter-gson</artifactId>
      <version>3.0.0</version></dependency>
    <dependency><groupId>com.konghq</groupId><artifactId>unirest-java-core</artifactId>
      <version>4.5.1</version></dependency>
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
import java.util.Map;
import kong.unirest.core.Unirest;
import retrofit2.Call;
import retrofit2.Retrofit;
import retrofit2.converter.gson.GsonConverterFactory;
import retrofit2.http.Field;
import retrofit2.http.FieldMap;
import retrofit2.http.FormUrlEncoded;
import retrofit2.http.GET;
import retrofit2.http.Multipart;
import retrofit2.http.POST;
import retrofit2.http.Part;
import retrofit2.http.Query;
import retrofit2.http.QueryMap;

public class Try {
  interface Checks {
    @GET("checks") Call<Object> query(@Query("ids[]") List<Integer> ids);

    @GET("checks") Call<Object> queryMap(@QueryMap Map<String, Object> all);

    @FormUrlEncoded @POST("checks") Call<Object> form(@Field("ids[]") List<Integer> ids, @Field("name") String name);

    @FormUrlEncoded @POST("checks") Call<Object> formMap(@FieldMap Map<String, Object> all);

    @Multipart @POST("checks") Call<Object> multipart(@Part("name") String name);
  }

  static String name;

  public static void main(String[] args) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext("/", exchange -> {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String text = body.isEmpty() ? exchange.getRequestURI().getRawQuery() : body;
      if (text.startsWith("--")) {
        String[] parts = text.split("\r\n");
        text = parts[1] + ": " + parts[parts.length - 2];
      } else {
        text = URLDecoder.decode(text, StandardCharsets.UTF_8);
      }
      System.out.println(name + ": " + text);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, 2);
      exchange.getResponseBody().write("{}".getBytes());
      exchange.close();
    });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    List<Integer> ids = List.of(14, 15);
    Checks checks = new Retrofit.Builder().baseUrl(url).addConverterFactory(GsonConverterFactory.create()).build()
        .create(Checks.class);
    name = "Retrofit, @Query";
    checks.query(ids).execute();
    name = "Retrofit, @QueryMap";
    checks.queryMap(Map.of("ids[]", ids)).execute();
    name = "Retrofit, @Field";
    checks.form(ids, "first").execute();
    name = "Retrofit, @FieldMap";
    checks.formMap(Map.of("ids[]", ids)).execute();
    name = "Retrofit, @Part";
    checks.multipart("first").execute();
    name = "Unirest, queryString(name, list)";
    Unirest.get(url).queryString("ids[]", ids).asString();
    name = "Unirest, queryString(map)";
    Unirest.get(url).queryString(Map.of("ids[]", ids)).asString();
    name = "Unirest, field(name, list)";
    Unirest.post(url).field("ids[]", ids).asString();
    name = "Unirest, fields(map)";
    Unirest.post(url).fields(Map.of("ids[]", ids)).asString();
    System.exit(0);
  }
}
JAVA
java -cp 'lib/*' Try.java 2>/dev/null | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
Retrofit, @Query: ids[]=14&ids[]=15
Retrofit, @QueryMap: ids[]=[14, 15]
Retrofit, @Field: ids[]=14&ids[]=15&name=first
Retrofit, @FieldMap: ids[]=[14, 15]
Retrofit, @Part: Content-Disposition: form-data; name="name": "first"
Unirest, queryString(name, list): ids[]=14&ids[]=15
Unirest, queryString(map): ids[]=[14, 15]
Unirest, field(name, list): ids[]=14&ids[]=15
Unirest, fields(map): ids[]=[14, 15]
TEXT
echo
echo "As described."
