#!/usr/bin/env bash
# Tools: jackson-dataformat-yaml 2.20.0, and YamlSlurper of groovy-yaml 4.0.28, which Jenkins pipelines may use, with
# YamlBeans 1.17 and SnakeYAML 2.4 for comparison (Maven Central), with Java 17 or newer and Maven.
# Input: a part of a .gitlab-ci.yml: an anchor at a script and at a mapping, an alias, and a merge key (<<).
# Seen: Jackson reads an alias as a text, the name of its anchor: the script is ".build", and nothing of a mapping is
# merged, so that a job loses its stage and image in silence. YamlSlurper, which reads with Jackson, does the same.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId><artifactId>try</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.fasterxml.jackson.dataformat</groupId><artifactId>jackson-dataformat-yaml</artifactId>
      <version>2.20.0</version></dependency>
    <dependency><groupId>org.apache.groovy</groupId><artifactId>groovy-yaml</artifactId>
      <version>4.0.28</version></dependency>
    <dependency><groupId>com.esotericsoftware.yamlbeans</groupId><artifactId>yamlbeans</artifactId>
      <version>1.17</version></dependency>
    <dependency><groupId>org.yaml</groupId><artifactId>snakeyaml</artifactId><version>2.4</version></dependency>
  </dependencies>
</project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >/dev/null
cat >ci.yml <<'TEXT'
.base: &base
  stage: test
  image: golang
  script: &steps [make, make test]
check:
  <<: *base
  script: *steps
TEXT
cat >Try.java <<'JAVA'
import com.esotericsoftware.yamlbeans.YamlReader;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import groovy.yaml.YamlSlurper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.yaml.snakeyaml.Yaml;

public class Try {
  static void show(String name, Object read) {
    Object check = ((Map<?, ?>) read).get("check");
    System.out.println(name + ": " + new TreeMap<>((Map<?, ?>) check));
  }

  public static void main(String[] args) throws Exception {
    String text = Files.readString(Path.of("ci.yml"));
    ObjectMapper mapper = new ObjectMapper(new YAMLFactory());
    show("Jackson, Map", mapper.readValue(text, Map.class));
    JsonNode check = mapper.readTree(text).get("check");
    System.out.println("Jackson, JsonNode: " + check);
    show("YamlSlurper", new YamlSlurper().parseText(text));
    show("YamlBeans", new YamlReader(text).read());
    show("SnakeYAML", new Yaml().load(text));
  }
}
JAVA
java -cp 'lib/*' Try.java | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
Jackson, Map: {<<=base, script=steps}
Jackson, JsonNode: {"<<":"base","script":"steps"}
YamlSlurper: {<<=base, script=steps}
YamlBeans: {image=golang, script=[make, make test], stage=test}
SnakeYAML: {image=golang, script=[make, make test], stage=test}
TEXT
echo
echo "As described."
