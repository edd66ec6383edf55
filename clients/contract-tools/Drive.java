import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.ExternalStatusChecksApi;
import org.openapitools.client.api.StatusChecksOfAMergeRequestApi;
import org.openapitools.client.model.CreateExternalStatusCheckBody;
import org.openapitools.client.model.CreateStatusCheckResponseBody;
import org.openapitools.client.model.UpdateExternalStatusCheckBody;

/** Takes the seven endpoints with the client of openapi-generator. Its arguments are the URL of the mock and a token. */
public class Drive {
  static final String HEAD = "141be9714669a4c1ccaa013c6a7f3e462ff2a40f";

  public static void main(String[] args) throws Exception {
    String url = args[0];
    String token = args[1];
    ApiClient client = new ApiClient();
    client.updateBaseUri(url + "/api/v4");
    client.setRequestInterceptor(request -> request.header("PRIVATE-TOKEN", token));
    ExternalStatusChecksApi checks = new ExternalStatusChecksApi(client);
    StatusChecksOfAMergeRequestApi statuses = new StatusChecksOfAMergeRequestApi(client);
    List<Integer> branches = new ArrayList<>();
    for (String name : List.of("java-1", "java-2")) {
      branches.add(protect(url, token, name));
    }

    var created = checks.createExternalStatusCheck("6", new CreateExternalStatusCheckBody()
        .name("Java").externalUrl("https://checks.example/java").protectedBranchIds(branches));
    hold(created.getProtectedBranches().size() == 2, "two branches");
    Integer check = created.getId();

    var page = checks.listExternalStatusChecksWithHttpInfo("6", null, 1, null);
    hold(page.getData().size() == 1, "one on a page");
    hold(page.getHeaders().entrySet().stream()
        .anyMatch(h -> h.getKey().equalsIgnoreCase("X-Next-Page") && h.getValue().contains("2")), "a next page");

    var updated = checks.updateExternalStatusCheck("6", check,
        new UpdateExternalStatusCheckBody().name("Renamed").protectedBranchIds(List.of()));
    hold(updated.getName().equals("Renamed") && updated.getProtectedBranches().isEmpty(), "renamed");

    try {
      statuses.createStatusCheckResponse("6", 4, answer(check, "141be97"));
      hold(false, "a stale SHA is refused");
    } catch (ApiException refused) {
      hold(refused.getCode() == 409, "409, not " + refused.getCode());
    }
    var recorded = statuses.createStatusCheckResponse("6", 4, answer(check, HEAD));
    hold(recorded.getExternalStatusCheck().getId().equals(check), "recorded");
    var all = statuses.listMergeRequestStatusChecks("6", "4", null, null, null);
    hold(all.get(all.size() - 1).getStatus().getValue().equals("failed"), "failed");
    hold(statuses.retryStatusCheckWithHttpInfo("6", 4, check).getStatusCode() == 202, "retried");
    hold(checks.deleteExternalStatusCheckWithHttpInfo("6", check, null).getStatusCode() == 204, "deleted");
    System.out.println("openapi-generator for Java: the seven endpoints answer");
  }

  static CreateStatusCheckResponseBody answer(Integer check, String sha) {
    return new CreateStatusCheckResponseBody().externalStatusCheckId(check).sha(sha)
        .status(CreateStatusCheckResponseBody.StatusEnum.FAILED);
  }

  static Integer protect(String url, String token, String name) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/api/v4/projects/6/protected_branches"))
        .header("PRIVATE-TOKEN", token).header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString("name=" + name)).build();
    String body = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    return Integer.valueOf(body.replaceFirst("^\\{\"id\":([0-9]+).*", "$1"));
  }

  static void hold(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
