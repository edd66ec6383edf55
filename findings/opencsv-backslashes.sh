#!/usr/bin/env bash
# Tool: com.opencsv:opencsv 5.12.0 (Maven Central), with Java 17 or newer and Maven.
# Input: a row as GitLab's CSV exports can have it, with backslashes in it, and with one in front of a quote. In CSV
# (RFC 4180) a backslash means nothing.
# Seen: what CSVWriter writes, CSVReader does not read, both as they come: the writer leaves backslashes as they are,
# and the reader drops them, here of C:\new. If a field ends with one, the reader refuses the row; of a backslash and a
# quote it makes two quotes. CSVReaderBuilder with RFC4180Parser reads what was written.
set -euo pipefail
cd "$(mktemp -d)"
trap 'rm -rf "$PWD"' EXIT
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId><artifactId>try</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.opencsv</groupId><artifactId>opencsv</artifactId><version>5.12.0</version></dependency>
  </dependencies>
</project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >/dev/null
cat >Try.java <<'JAVA'
import com.opencsv.CSVReader;
import com.opencsv.CSVReaderBuilder;
import com.opencsv.CSVWriter;
import com.opencsv.RFC4180ParserBuilder;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Arrays;

public class Try {
  static String show(CSVReader reader) throws Exception {
    try {
      return Arrays.stream(reader.readNext()).map(field -> "<" + field + ">").toList().toString();
    } catch (com.opencsv.exceptions.CsvMalformedLineException refused) {
      return "refused";
    }
  }

  public static void main(String[] args) throws Exception {
    for (String title : new String[] {"C:\\new", "in C:\\new\\", "say \\\"hi\\\""}) {
      StringWriter text = new StringWriter();
      try (CSVWriter writer = new CSVWriter(text)) {
        writer.writeNext(new String[] {title, "opened"});
      }
      String line = text.toString().trim();
      System.out.println(line + ":");
      System.out.println("  CSVReader " + show(new CSVReader(new StringReader(line))));
      System.out.println("  RFC4180Parser " + show(new CSVReaderBuilder(new StringReader(line))
          .withCSVParser(new RFC4180ParserBuilder().build()).build()));
    }
  }
}
JAVA
java -cp 'lib/*' Try.java | tee seen.txt
diff - seen.txt <<'TEXT' || { echo "CHANGED"; exit 1; }
"C:\new","opened":
  CSVReader [<C:new>, <opened>]
  RFC4180Parser [<C:\new>, <opened>]
"in C:\new\","opened":
  CSVReader refused
  RFC4180Parser [<in C:\new\>, <opened>]
"say \""hi\""","opened":
  CSVReader [<say ""hi"">, <opened>]
  RFC4180Parser [<say \"hi\">, <opened>]
TEXT
echo
echo "As described."
