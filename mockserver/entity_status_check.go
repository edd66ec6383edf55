package mockserver

import (
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// externalStatusCheck is a check as its project shows it: with its full URL and without its secret.
//
// Source: ee/lib/api/entities/external_status_check.rb.
type externalStatusCheck struct {
	ID                gitlab.CheckID          `json:"id"`
	Name              string                  `json:"name"`
	ProjectID         gitlab.ProjectID        `json:"project_id"`
	ExternalURL       string                  `json:"external_url"`
	ProtectedBranches []protectedBranchEntity `json:"protected_branches"`
	HMAC              *bool                   `json:"hmac,omitempty"`
}

func presentExternalStatusCheck(tx *gitlab.Tx, c gitlab.ExternalStatusCheck) externalStatusCheck {
	e := externalStatusCheck{
		ID: c.ID, Name: c.Name, ProjectID: c.ProjectID, ExternalURL: c.ExternalURL,
		ProtectedBranches: []protectedBranchEntity{},
		HMAC:              dated(tx, gitlab.SharedSecrets, c.HMAC()),
	}
	for _, id := range c.ProtectedBranchIDs {
		if b, ok := tx.ProtectedBranch(id); ok {
			e.ProtectedBranches = append(e.ProtectedBranches, presentProtectedBranch(tx, b))
		}
	}
	return e
}

// statusCheck is a check as one merge request shows it.
//
// Source: ee/lib/api/entities/merge_requests/status_check.rb.
type statusCheck struct {
	ID          gitlab.CheckID `json:"id"`
	Name        string         `json:"name"`
	ExternalURL string         `json:"external_url"`
	Status      gitlab.Status  `json:"status"`
}

func presentStatusCheck(tx *gitlab.Tx, mr gitlab.MergeRequest, c gitlab.ExternalStatusCheck, showURL bool) statusCheck {
	e := statusCheck{ID: c.ID, Name: c.Name, Status: tx.StatusOf(mr, c.ID)}
	if showURL {
		e.ExternalURL = shownURL(tx, c)
	}
	return e
}

// shownURL is the URL of a check as a merge request shows it. The query, which may contain a secret, is left out.
func shownURL(tx *gitlab.Tx, c gitlab.ExternalStatusCheck) string {
	if !tx.Has(gitlab.MasksExternalURL) {
		return c.ExternalURL
	}
	masked, _, _ := strings.Cut(c.ExternalURL, "?")
	return masked
}

// statusCheckResponse is the HTTP response after recording a status check response. It has no status and no SHA, but
// everything about the merge request and the check.
//
// Source: ee/lib/api/entities/merge_requests/status_check_response.rb.
type statusCheckResponse struct {
	ID           gitlab.ResponseID  `json:"id"`
	MergeRequest mergeRequestEntity `json:"merge_request"`
	// externalStatusCheck, in later releases answeredStatusCheck
	ExternalStatusCheck any `json:"external_status_check"`
}

// answeredStatusCheck is the check in that HTTP response, in releases that no longer show everything about the check.
//
// Source: ee/lib/api/entities/merge_requests/status_check_response_external_status_check.rb.
type answeredStatusCheck struct {
	ID          gitlab.CheckID `json:"id"`
	Name        string         `json:"name"`
	ExternalURL string         `json:"external_url"`
}

// presentStatusCheckResponse shows the merge request and the whole check, independent of the viewer. In releases with
// the short response it shows what the viewer may see.
func presentStatusCheckResponse(tx *gitlab.Tx, viewer gitlab.Actor, mr gitlab.MergeRequest,
	c gitlab.ExternalStatusCheck, id gitlab.ResponseID,
) statusCheckResponse {
	e := statusCheckResponse{ID: id, MergeRequest: presentMergeRequest(tx, nil, mr)}
	if !tx.Has(gitlab.ShortResponseEntity) {
		e.ExternalStatusCheck = presentExternalStatusCheck(tx, c)
		return e
	}
	e.MergeRequest.showTo(tx, viewer, mr)
	short := answeredStatusCheck{ID: c.ID, Name: c.Name}
	if tx.CanOn(viewer, gitlab.ReadMergeRequestStatusCheckURL, mr) {
		short.ExternalURL = shownURL(tx, c)
	}
	e.ExternalStatusCheck = short
	return e
}
