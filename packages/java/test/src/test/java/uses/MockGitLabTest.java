package uses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.statuschecks.MockGitLab;
import io.github.statuschecks.MockGitLabException;
import io.github.statuschecks.WithMockGitLab;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.gitlab4j.api.GitLabApi;
import org.gitlab4j.api.GitLabApiException;
import org.gitlab4j.api.models.ExternalStatusCheck;
import org.gitlab4j.api.models.ExternalStatusCheckStatus;
import org.gitlab4j.api.models.MergeRequestParams;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Uses the packages as they were installed from their files, with gitlab4j. */
@WithMockGitLab
class MockGitLabTest {
    private static final String HEAD = "141be9714669a4c1ccaa013c6a7f3e462ff2a40f";

    private static GitLabApi client(MockGitLab mock) {
        return new GitLabApi(mock.url(), mock.token("maintainer"));
    }

    private static List<String> statuses(GitLabApi api) throws GitLabApiException {
        return api.getExternalStatusCheckApi().getExternalStatusCheckStatuses(6L, 4L).stream()
                .map(s -> s.getName() + ": " + s.getStatus().name().toLowerCase())
                .toList();
    }

    @Test
    void servesARealClient(MockGitLab mock) throws GitLabApiException {
        GitLabApi api = client(mock);
        assertEquals(
                List.of("Compliance Tool", "Service 1"),
                api.getExternalStatusCheckApi().getExternalStatusChecks(6L).stream()
                        .map(ExternalStatusCheck::getName)
                        .toList());
        assertTrue(api.getVersion().getVersion().startsWith(mock.version()));
    }

    @Test
    void letsTimePass(MockGitLab mock) throws GitLabApiException {
        GitLabApi api = client(mock);
        api.getExternalStatusCheckApi().setStatusOfExternalStatusCheck(6L, 4L, HEAD, 1L, ExternalStatusCheckStatus.Status.PENDING);
        assertEquals(List.of("Compliance Tool: pending", "Service 1: passed"), statuses(api));
        assertEquals("offset", mock.advance("2m1s").get("mode").asText());
        assertEquals(List.of("Compliance Tool: failed", "Service 1: passed"), statuses(api));
    }

    @Test
    void showsDeliveries(MockGitLab mock) throws GitLabApiException {
        assertEquals(0, mock.deliveries().size());
        client(mock).getMergeRequestApi().updateMergeRequest(6L, 4L, new MergeRequestParams().withTitle("Another"));
        mock.flushDeliveries(Map.of());
        assertEquals(2, mock.deliveries().size());
        assertEquals(2, mock.listDeliveries(Map.of("check", 2)).get(0).get("check_id").asInt());
        mock.reset();
        assertEquals(0, mock.deliveries().size());
    }

    @Test
    @WithMockGitLab(version = "15.6", flags = {"--feature", "only_allow_merge_if_all_status_checks_passed=on"})
    void startsAsTheAnnotationSays(MockGitLab mock) {
        assertEquals("15.6", mock.getRelease().get("version").asText());
    }

    @Test
    @WithMockGitLab(seed = """
            users: [{username: ann, admin: true, tokens: [{secret: glpat-ann}]}]
            groups: [{path: tools}]
            projects: [{path: tools/saw}]
            """)
    void takesASeed(MockGitLab mock) throws GitLabApiException {
        assertEquals(
                "tools/saw",
                new GitLabApi(mock.url(), mock.token("ann")).getProjectApi().getProject("tools/saw").getPathWithNamespace());
        assertTrue(mock.exportSeed().asText().contains("saw"));
    }

    @Test
    void saysWhatIsWrong(MockGitLab mock) {
        MockGitLabException refused = assertThrows(
                MockGitLabException.class, () -> mock.setClock(Map.of("mode", "real", "ofset", "2m")));
        assertTrue(refused.getMessage().contains("there is no key \"ofset\""), refused.getMessage());
        MockGitLabException stillborn =
                assertThrows(MockGitLabException.class, () -> MockGitLab.builder().version("1.0").start());
        assertTrue(stillborn.getMessage().contains("gitlab-version"), stillborn.getMessage());
    }

    @Test
    @WithMockGitLab(flags = "--tls-self-signed")
    void isAskedWithHttpsToo(MockGitLab mock) {
        assertTrue(mock.url().startsWith("https:"), mock.url());
        assertTrue(Files.exists(mock.ca()));
        assertEquals("offset", mock.advance("1s").get("mode").asText());
    }

    @Test
    void stops() {
        MockGitLab mock = MockGitLab.start();
        URI at = URI.create(mock.url());
        mock.close();
        MockGitLabException gone = assertThrows(MockGitLabException.class, mock::reset);
        assertEquals("POST /reset of the mock: it does not answer", gone.getMessage());
        assertThrows(IOException.class, () -> new Socket(at.getHost(), at.getPort()).close());
    }

    /** The mock is halted, so that it sees neither the end of its standard input nor that it should end. */
    @Test
    @Timeout(60)
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void closeKillsWhatDoesNotEnd() throws IOException, InterruptedException {
        Set<ProcessHandle> before = ProcessHandle.current().children().collect(Collectors.toSet());
        MockGitLab mock = MockGitLab.start();
        ProcessHandle process = ProcessHandle.current().children()
                .filter(child -> !before.contains(child))
                .findAny()
                .orElseThrow();
        assertEquals(0, new ProcessBuilder("kill", "-STOP", String.valueOf(process.pid())).start().waitFor());
        mock.close();
        assertFalse(process.isAlive());
    }

    /** The variables are in pom.xml. */
    @Test
    void doesNotTakeWhatTheEnvironmentOfTheTestsSays() {
        assertEquals("for-another-mock", System.getenv("STATUSCHECKS_CONTROL_TOKEN"));
        Path data = Path.of(System.getenv("STATUSCHECKS_DATA"));
        try (MockGitLab mock = MockGitLab.start()) {
            assertEquals("real", mock.getClock().get("mode").asText());
        }
        assertFalse(Files.exists(data), data.toString());
    }

    @Nested
    @WithMockGitLab(version = "16.4")
    class InAClass {
        private final MockGitLab mine;
        private static MockGitLab before;

        InAClass(MockGitLab mine) {
            this.mine = mine;
        }

        /** A test has one mock, the constructor's too, and another one than the test before. */
        @RepeatedTest(2)
        void hasAMockOfItsOwn(MockGitLab mock) {
            assertSame(mine, mock);
            assertNotSame(before, mock);
            before = mock;
        }

        @Nested
        class AndAClassInThat {
            @Test
            void isStartedAsTheClassAroundSays(MockGitLab mock) {
                assertEquals("16.4", mock.version());
            }
        }
    }

    @WithMockGitLab(version = "16.4")
    abstract static class Base {}

    @Nested
    class OfABase extends Base {
        @Test
        void isStartedAsTheBaseSays(MockGitLab mock) {
            assertEquals("16.4", mock.version());
        }
    }
}
