package io.github.statuschecks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Finds the program, which is in a jar for each platform, and writes it to a file once. */
final class Program {
    private static Path extracted;

    private Program() {}

    static synchronized Path path() throws IOException {
        String named = System.getenv("MOCK_GITLAB_PROGRAM");
        if (named != null && !named.isEmpty()) {
            return Path.of(named);
        }
        if (extracted == null) {
            extracted = extract();
        }
        return extracted;
    }

    private static Path extract() throws IOException {
        String platform = platform();
        boolean windows = platform.startsWith("windows");
        String name = "statuschecks" + (windows ? ".exe" : "");
        try (InputStream content = Program.class.getResourceAsStream("/statuschecks/" + platform + "/" + name)) {
            if (content == null) {
                throw new MockGitLabException("the program is not on the class path; add the artifact "
                        + "io.github.statuschecks:statuschecks-program with the classifier " + platform
                        + ", or name a program in MOCK_GITLAB_PROGRAM");
            }
            Path folder = Files.createTempDirectory("statuschecks-");
            Path file = folder.resolve(name);
            Files.copy(content, file);
            file.toFile().setExecutable(true);
            file.toFile().deleteOnExit();
            folder.toFile().deleteOnExit();
            return file;
        }
    }

    /** This machine as the classifiers of the artifacts have it, such as linux-amd64. */
    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String os = system.startsWith("windows") ? "windows" : system.startsWith("mac") ? "darwin" : "linux";
        return os + "-" + (processor.equals("aarch64") || processor.equals("arm64") ? "arm64" : "amd64");
    }
}
