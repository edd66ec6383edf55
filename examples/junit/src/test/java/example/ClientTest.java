package example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.statuschecks.MockGitLab;
import io.github.statuschecks.WithMockGitLab;
import org.gitlab4j.api.ExternalStatusCheckApi;
import org.gitlab4j.api.GitLabApi;
import org.gitlab4j.api.GitLabApiException;
import org.gitlab4j.api.models.ExternalStatusCheckStatus.Status;
import org.junit.jupiter.api.Test;

/** A client that sets the status of an external status check, tested with JUnit and gitlab4j. */
@WithMockGitLab
class ClientTest {
    @Test
    void aPendingCheckFailsAfterTwoMinutes(MockGitLab gitlab) throws GitLabApiException {
        GitLabApi api = new GitLabApi(gitlab.url(), gitlab.token("developer"));
        String sha = api.getMergeRequestApi().getMergeRequest(6L, 4L).getSha();
        ExternalStatusCheckApi checks = api.getExternalStatusCheckApi();
        checks.setStatusOfExternalStatusCheck(6L, 4L, sha, 1L, Status.PENDING);
        gitlab.advance("2m1s");
        assertEquals(Status.FAILED, checks.getExternalStatusCheckStatuses(6L, 4L).get(0).getStatus());
    }
}
