package io.github.statuschecks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A mock GitLab that runs, as a process of its own. It ends with this one. */
public final class MockGitLab extends Control implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** How many seconds a mock gets to end, before it is told in a harder way. */
    private static final int PATIENCE = 5;

    private final Process process;
    private final JsonNode ready;
    private final HttpClient client;

    private MockGitLab(Process process, JsonNode ready) throws IOException {
        this.process = process;
        this.ready = ready;
        this.client = ca() == null
                ? HttpClient.newHttpClient()
                : HttpClient.newBuilder().sslContext(trusting(ca())).build();
    }

    /** Starts a mock on a free port of this machine, with the data of the examples in GitLab's documentation. */
    public static MockGitLab start() {
        return builder().start();
    }

    /** Says how a mock is started. */
    public static Builder builder() {
        return new Builder();
    }

    /** The root of the instance, which clients take as their host. */
    public String url() {
        return ready.get("url").asText();
    }

    /** The root of the REST API. */
    public String api() {
        return ready.get("api").asText();
    }

    /** The release of GitLab, such as 18.9. */
    public String version() {
        return ready.get("gitlab_version").asText();
    }

    /** A token of a user; null if the user has none. */
    public String token(String username) {
        return ready.get("tokens").path(username).asText(null);
    }

    /** The file with the certificate to trust, with the flag --tls-self-signed; null without it. */
    public Path ca() {
        return ready.hasNonNull("ca") ? Path.of(ready.get("ca").asText()) : null;
    }

    private static SSLContext trusting(Path ca) throws IOException {
        try (InputStream pem = Files.newInputStream(ca)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry("mock", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new MockGitLabException("the certificate of the mock cannot be trusted", e);
        }
    }

    /** Lets time pass, such as 2m1s. What becomes due on the way has happened when it returns. */
    public JsonNode advance(String by) {
        return advanceClock(Map.of("by", by));
    }

    /** All deliveries to external services, oldest first. */
    public JsonNode deliveries() {
        return listDeliveries(Map.of());
    }

    /** Stops the mock. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            end();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }

    /** Its standard input may stay open, as another process may have its other end as well. */
    private void end() throws InterruptedException {
        if (process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
            return;
        }
        process.destroy();
        if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    @Override
    protected JsonNode request(String method, String path, Map<String, ?> query, Object body) {
        String given = query.entrySet().stream()
                .filter(e -> e.getValue() != null)
                .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
                .collect(Collectors.joining("&"));
        URI uri = URI.create(ready.get("control").asText() + path + (given.isEmpty() ? "" : "?" + given));
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        try {
            if (body == null) {
                request.method(method, HttpRequest.BodyPublishers.noBody());
            } else {
                request.header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
            }
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            boolean isJson = response.headers().firstValue("Content-Type").orElse("").startsWith("application/json");
            JsonNode value = isJson ? JSON.readTree(response.body()) : JSON.getNodeFactory().textNode(response.body());
            if (response.statusCode() >= 300) {
                throw new MockGitLabException(
                        method + " " + path + " of the mock: " + response.statusCode() + " " + reason(value));
            }
            return value;
        } catch (IOException e) {
            throw new MockGitLabException(method + " " + path + " of the mock: it does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MockGitLabException("interrupted while the mock was asked");
        }
    }

    private static String reason(JsonNode refusal) {
        List<String> all = new ArrayList<>(List.of(refusal.path("error").asText(refusal.asText())));
        refusal.path("problems").forEach(p -> all.add(p.asText()));
        return String.join("; ", all);
    }

    /** A value as it stands in a URL. */
    static String encoded(Object value) {
        return URLEncoder.encode(String.valueOf(value), StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** How a mock is started. */
    public static final class Builder {
        private final List<String> flags = new ArrayList<>();
        private final Map<String, String> files = new LinkedHashMap<>();

        private Builder() {}

        /** The GitLab release to behave as, such as 16.4. */
        public Builder version(String version) {
            return flags("--gitlab-version", version);
        }

        /** The data at the start, as YAML or JSON. */
        public Builder seed(String text) {
            files.put("--seed", text);
            return this;
        }

        /** A file with the data at the start. */
        public Builder seed(Path file) {
            return flags("--seed", file.toString());
        }

        /** What goes wrong, as YAML or JSON. */
        public Builder faults(String text) {
            files.put("--faults", text);
            return this;
        }

        /** A file with what goes wrong. */
        public Builder faults(Path file) {
            return flags("--faults", file.toString());
        }

        /** The delay of background jobs and deliveries, such as 300ms or 0s-2s. */
        public Builder lag(String lag) {
            return flags("--lag", lag);
        }

        /** A feature flag of the release. */
        public Builder feature(String name, boolean on) {
            return flags("--feature", name + "=" + (on ? "on" : "off"));
        }

        /** Further flags of statuschecks serve. */
        public Builder flags(String... more) {
            flags.addAll(List.of(more));
            return this;
        }

        /** Starts the mock, and returns when it is ready. */
        public MockGitLab start() {
            List<Path> temporary = new ArrayList<>();
            try {
                List<String> command = new ArrayList<>(List.of(
                        Program.path().toString(), "serve", "--listen", "127.0.0.1:0", "--log-level", "warn",
                        "--until-stdin-ends"));
                for (Map.Entry<String, String> file : files.entrySet()) {
                    Path path = Files.createTempFile("statuschecks-", ".yaml");
                    temporary.add(path);
                    Files.writeString(path, file.getValue());
                    command.addAll(List.of(file.getKey(), path.toString()));
                }
                command.addAll(flags);
                Path log = Files.createTempFile("statuschecks-", ".log");
                temporary.add(log);
                return run(new ProcessBuilder(command).redirectError(log.toFile()), log);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                temporary.forEach(p -> p.toFile().delete());
            }
        }

        private static MockGitLab run(ProcessBuilder command, Path log) throws IOException {
            // What is for the program as others run it, such as a token or a file of data, is not for the mock.
            command.environment().keySet().removeIf(name -> name.startsWith("STATUSCHECKS_"));
            Process process = command.start();
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String line = lines.readLine();
            if (line == null) {
                throw new MockGitLabException("the mock did not start:\n" + Files.readString(log));
            }
            try {
                return new MockGitLab(process, JSON.readTree(line));
            } catch (IOException e) {
                process.destroy();
                throw e;
            }
        }
    }
}
