package contracttools

import (
	"context"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/clients/contract-tools/made/ogen"
)

type signedIn string

func (token signedIn) PrivateToken(context.Context, ogen.OperationName) (ogen.PrivateToken, error) {
	return ogen.PrivateToken{APIKey: string(token)}, nil
}

// as holds that an answer is of a type.
func as[T any](t *testing.T) func(answer any, err error) T {
	return func(answer any, err error) T {
		t.Helper()
		assert.NilError(t, err)
		typed, ok := answer.(T)
		assert.Assert(t, ok, "%T: %v", answer, answer)
		return typed
	}
}

// TestOgen takes the seven endpoints with the client of ogen.
func TestOgen(t *testing.T) {
	ctx, mock := context.Background(), serve(t)
	client, err := ogen.NewClient(mock.URL+"/api/v4", signedIn(mock.Tokens["maintainer"]))
	assert.NilError(t, err)

	body := ogen.CreateExternalStatusCheckBody{
		Name:        ogen.NewNilString("Generated"),
		ExternalURL: ogen.NewNilString("https://checks.example/generated"),
	}
	body.ProtectedBranchIds.SetTo(ogen.ProtectedBranchIDs(mock.protect(t)))
	created := as[*ogen.ExternalStatusCheckCreatedHeaders](t)(client.CreateExternalStatusCheck(ctx,
		&body, ogen.CreateExternalStatusCheckParams{ID: "6"}))
	assert.Equal(t, len(created.Response.ProtectedBranches), 2)
	check := created.Response.ID

	page := as[*ogen.ListExternalStatusChecksOKHeaders](t)(client.ListExternalStatusChecks(ctx,
		ogen.ListExternalStatusChecksParams{ID: "6", PerPage: ogen.NewOptInt(1)}))
	assert.Equal(t, len(page.Response), 1)
	assert.Equal(t, page.XNextPage.Value, "2")
	last := as[*ogen.ListExternalStatusChecksOKHeaders](t)(client.ListExternalStatusChecks(ctx,
		ogen.ListExternalStatusChecksParams{ID: "6", PerPage: ogen.NewOptInt(100)}))
	assert.Equal(t, last.XNextPage.Value, "")

	change := ogen.UpdateExternalStatusCheckBody{Name: ogen.NewOptNilString("Renamed")}
	change.ProtectedBranchIds.SetTo(ogen.ProtectedBranchIDs{})
	updated := as[*ogen.ExternalStatusCheckUpdatedHeaders](t)(client.UpdateExternalStatusCheck(ctx,
		ogen.NewOptUpdateExternalStatusCheckBody(change), ogen.UpdateExternalStatusCheckParams{
			ID:      "6",
			CheckID: check,
		}))
	assert.Equal(t, updated.Response.Name, "Renamed")
	assert.Equal(t, len(updated.Response.ProtectedBranches), 0)

	respond := func(sha string) (ogen.CreateStatusCheckResponseRes, error) {
		answer := ogen.CreateStatusCheckResponseBody{
			ExternalStatusCheckID: ogen.NewNilInt(check),
			Sha:                   ogen.NewNilString(sha), Status: "failed",
		}
		return client.CreateStatusCheckResponse(ctx, &answer,
			ogen.CreateStatusCheckResponseParams{ID: "6", MergeRequestIid: 4})
	}
	answer, err := respond("141be97")
	as[*ogen.CreateStatusCheckResponseConflict](t)(answer, err)
	answer, err = respond(head)
	assert.Equal(t, as[*ogen.StatusCheckResponseHeaders](t)(answer, err).Response.ExternalStatusCheck.ID, check)

	statuses := as[*ogen.ListMergeRequestStatusChecksOKHeaders](t)(client.ListMergeRequestStatusChecks(ctx,
		ogen.ListMergeRequestStatusChecksParams{ID: "6", MergeRequestIid: "4"}))
	assert.Equal(t, string(statuses.Response[len(statuses.Response)-1].Status), "failed")

	as[*ogen.RetryStatusCheckAccepted](t)(client.RetryStatusCheck(ctx, ogen.RetryStatusCheckParams{
		ID:              "6",
		MergeRequestIid: 4, ExternalStatusCheckID: check,
	}))
	as[*ogen.NoContent](t)(client.DeleteExternalStatusCheck(ctx, ogen.DeleteExternalStatusCheckParams{
		ID:      "6",
		CheckID: check,
	}))
}
