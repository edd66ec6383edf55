package mockserver

import (
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// externalStatusCheck is a check as its project shows it, with its URL in full and never its secret.
//
// Source: ee/lib/api/entities/external_status_check.rb.
type externalStatusCheck struct {
	ID                gitlab.CheckID          `json:"id"`
	Name              string                  `json:"name"`
	ProjectID         gitlab.ProjectID        `json:"project_id"`
	ExternalURL       string                  `json:"external_url"`
	ProtectedBranches []protectedBranchEntity `json:"protected_branches"`
	HMAC              bool                    `json:"hmac"`
}

func presentExternalStatusCheck(tx *gitlab.Tx, c gitlab.ExternalStatusCheck) externalStatusCheck {
	e := externalStatusCheck{
		ID: c.ID, Name: c.Name, ProjectID: c.ProjectID, ExternalURL: c.ExternalURL, ProtectedBranches: []protectedBranchEntity{}, HMAC: c.HMAC(),
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
		e.ExternalURL, _, _ = strings.Cut(c.ExternalURL, "?")
	}
	return e
}

// statusCheckResponse is the answer to a response: no status, no SHA, but all of the merge request and of the check.
//
// Source: ee/lib/api/entities/merge_requests/status_check_response.rb.
type statusCheckResponse struct {
	ID                  gitlab.ResponseID   `json:"id"`
	MergeRequest        mergeRequestEntity  `json:"merge_request"`
	ExternalStatusCheck externalStatusCheck `json:"external_status_check"`
}
