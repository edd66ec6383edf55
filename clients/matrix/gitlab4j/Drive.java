import org.gitlab4j.api.ExternalStatusCheckApi;
import org.gitlab4j.api.GitLabApi;
import org.gitlab4j.api.models.ExternalStatusCheckStatus;

/** Does one call with gitlab4j, and prints what came of it as a line of JSON. */
final class Drive {
  private static final Long PROJECT = 6L;
  private static final Long MERGE_REQUEST = 4L;
  private static final Long CHECK = 1L;

  public static void main(String[] args) {
    String outcome;
    try {
      outcome = "\"ok\":true,\"rows\":" + call(System.getenv("MATRIX_CALL")) + ",\"error\":\"\"";
    } catch (Exception e) { // whatever it is, a user sees it
      String text = (e.getClass().getSimpleName() + ": " + e.getMessage()).replaceAll("[\\\\\"\\p{Cntrl}]", " ");
      outcome = "\"ok\":false,\"rows\":0,\"error\":\"" + text + "\"";
    }
    System.out.println("{" + outcome + "}");
    System.exit(0);
  }

  private static int call(String name) throws Exception {
    GitLabApi api = new GitLabApi(System.getenv("MATRIX_URL"), System.getenv("MATRIX_TOKEN"));
    ExternalStatusCheckApi checks = api.getExternalStatusCheckApi();
    switch (name) {
      case "list":
        return checks.getExternalStatusChecks(PROJECT).size();
      case "pages":
        return checks.getExternalStatusChecks(PROJECT, 2).all().size();
      case "set":
        checks.setStatusOfExternalStatusCheck(
            PROJECT, MERGE_REQUEST, System.getenv("MATRIX_SHA"), CHECK, ExternalStatusCheckStatus.Status.PASSED);
        return 0;
      case "retry":
        checks.retryExternalStatusCheck(PROJECT, MERGE_REQUEST, CHECK);
        return 0;
      default:
        checks.deleteExternalStatusCheck(PROJECT, CHECK);
        return 0;
    }
  }
}
