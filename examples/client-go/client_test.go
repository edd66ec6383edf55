// Package client tests a client that sets the status of an external status check, with GitLab's Go client. Run it by
//
//	statuschecks exec -- go test ./...
package client

import (
	"bytes"
	"net/http"
	"os"
	"testing"

	gitlab "gitlab.com/gitlab-org/api/client-go/v2"
)

const (
	project      = 6
	mergeRequest = 4
	check        = 1
)

func TestClient_aPendingCheckFailsAfterTwoMinutes(t *testing.T) {
	client, err := gitlab.NewClient(os.Getenv("GITLAB_TOKEN"), gitlab.WithBaseURL(os.Getenv("CI_API_V4_URL")))
	if err != nil {
		t.Fatal(err)
	}
	mr, _, err := client.MergeRequests.GetMergeRequest(project, mergeRequest, nil)
	if err != nil {
		t.Fatalf("%v; run this by statuschecks exec -- go test ./...", err)
	}
	_, err = client.ExternalStatusChecks.SetProjectMergeRequestExternalStatusCheckStatus(project, mergeRequest,
		&gitlab.SetProjectMergeRequestExternalStatusCheckStatusOptions{
			SHA: &mr.SHA, ExternalStatusCheckID: gitlab.Ptr(int64(check)), Status: gitlab.Ptr("pending"),
		})
	if err != nil {
		t.Fatal(err)
	}
	if got := status(t, client); got != "pending" {
		t.Fatalf("the check is %s", got)
	}
	advance(t, "2m1s")
	if got := status(t, client); got != "failed" {
		t.Fatalf("the check is %s after two minutes", got)
	}
}

// status is that of the check for the merge request.
func status(t *testing.T, client *gitlab.Client) string {
	t.Helper()
	list, _, err := client.ExternalStatusChecks.ListProjectMergeRequestExternalStatusChecks(project, mergeRequest, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range list {
		if one.ID == check {
			return one.Status
		}
	}
	t.Fatal("the check is not there")
	return ""
}

// advance lets time pass in the mock.
func advance(t *testing.T, by string) {
	t.Helper()
	response, err := http.Post(os.Getenv("MOCK_GITLAB_CONTROL_URL")+"/clock/advance", "application/json",
		bytes.NewReader([]byte(`{"by":"`+by+`"}`)))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatal(response.Status)
	}
}
