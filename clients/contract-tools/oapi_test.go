package contracttools

import (
	"context"
	"net/http"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/clients/contract-tools/made/oapi"
)

// TestOapiCodegen takes the seven endpoints with the client of oapi-codegen.
func TestOapiCodegen(t *testing.T) {
	ctx, mock := context.Background(), serve(t)
	client, err := oapi.NewClientWithResponses(mock.URL+"/api/v4",
		oapi.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
			r.Header.Set("PRIVATE-TOKEN", mock.Tokens["maintainer"])
			return nil
		}))
	assert.NilError(t, err)

	branches := oapi.ProtectedBranchIDs(mock.protect(t))
	name, address := "Generated", "https://checks.example/generated"
	created, err := client.CreateExternalStatusCheckWithResponse(ctx, "6", oapi.CreateExternalStatusCheckBody{
		Name: &name, ExternalUrl: &address, ProtectedBranchIds: &branches,
	})
	assert.NilError(t, err)
	assert.Equal(t, created.StatusCode(), 201, string(created.Body))
	assert.Equal(t, len(created.JSON201.ProtectedBranches), 2)
	check := created.JSON201.Id

	one := 1
	page, err := client.ListExternalStatusChecksWithResponse(ctx, "6",
		&oapi.ListExternalStatusChecksParams{PerPage: &one})
	assert.NilError(t, err)
	assert.Equal(t, len(*page.JSON200), 1)
	assert.Equal(t, page.HTTPResponse.Header.Get("X-Next-Page"), "2")

	renamed := "Renamed"
	updated, err := client.UpdateExternalStatusCheckWithResponse(ctx, "6", check, oapi.UpdateExternalStatusCheckBody{
		Name: &renamed, ProtectedBranchIds: &oapi.ProtectedBranchIDs{},
	})
	assert.NilError(t, err)
	assert.Equal(t, updated.JSON200.Name, renamed)
	assert.Equal(t, len(updated.JSON200.ProtectedBranches), 0)

	respond := func(sha, status string) *oapi.CreateStatusCheckResponseResponse {
		answer, err := client.CreateStatusCheckResponseWithResponse(ctx, "6", 4, oapi.CreateStatusCheckResponseBody{
			ExternalStatusCheckId: &check, Sha: &sha, Status: oapi.CreateStatusCheckResponseBodyStatus(status),
		})
		assert.NilError(t, err)
		return answer
	}
	stale := respond("141be97", "failed")
	assert.Equal(t, stale.StatusCode(), 409)
	assert.Assert(t, stale.JSON409 != nil && stale.JSON409.Message != "")
	assert.Equal(t, respond(head, "failed").JSON201.ExternalStatusCheck.Id, check)

	statuses, err := client.ListMergeRequestStatusChecksWithResponse(ctx, "6", "4", nil)
	assert.NilError(t, err)
	last := (*statuses.JSON200)[len(*statuses.JSON200)-1]
	assert.Equal(t, string(last.Status), "failed")

	retried, err := client.RetryStatusCheckWithResponse(ctx, "6", 4, check)
	assert.NilError(t, err)
	assert.Equal(t, retried.JSON202.Message, "202 Accepted")

	deleted, err := client.DeleteExternalStatusCheckWithResponse(ctx, "6", check, nil)
	assert.NilError(t, err)
	assert.Equal(t, deleted.StatusCode(), 204)
}
