package mockserver

import (
	"net/http"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// statusCheckOperations are those of ee/lib/api/status_checks.rb. They check their project and its licence before the
// parameters.
var statusCheckOperations = map[string]operation{
	"listExternalStatusChecks":     {run: listExternalStatusChecks, before: licensedProject},
	"createExternalStatusCheck":    {run: createExternalStatusCheck, before: licensedProject},
	"updateExternalStatusCheck":    {run: updateExternalStatusCheck, before: licensedProject},
	"deleteExternalStatusCheck":    {run: deleteExternalStatusCheck, before: licensedProject},
	"listMergeRequestStatusChecks": {run: listMergeRequestStatusChecks, before: licensedProject},
	"createStatusCheckResponse":    {run: createStatusCheckResponse, before: licensedProject},
	"retryStatusCheck":             {run: retryStatusCheck, before: licensedProject},
}

// licensedProject finds the project and checks that it has the feature. Without the feature GitLab responds 401, as if
// nobody were signed in.
func licensedProject(c *call, tx *gitlab.Tx) error {
	if err := c.findProject(tx); err != nil {
		return err
	}
	if !tx.Feature(gitlab.FlagStatusChecks) {
		return &gitlab.Refusal{Kind: gitlab.Unauthorized, Reason: "the feature flag " + gitlab.FlagStatusChecks +
			" is off, as GitLab 14.0 has it by default; --feature and the control surface switch it on"}
	}
	if !tx.Licensed(c.project) {
		return &gitlab.Refusal{Kind: gitlab.Unauthorized, Reason: "the project does not have the licensed feature " +
			"external_status_checks (Ultimate)"}
	}
	return nil
}

func listExternalStatusChecks(c *call, tx *gitlab.Tx) (reply, error) {
	if !tx.Can(c.actor, gitlab.ManageMergeRequestSettings, c.project) {
		return reply{}, &gitlab.Refusal{Kind: gitlab.Unauthorized, Reason: "listing a project's checks needs " +
			"manage_merge_request_settings (Maintainer); GitLab says 401 here, not 403"}
	}
	return listed(c, tx, tx.ExternalStatusChecks(c.project.ID),
		func(check gitlab.ExternalStatusCheck) externalStatusCheck {
			return presentExternalStatusCheck(tx, check)
		})
}

// checkChange is the change that the parameters ask for. A parameter that is absent changes nothing.
func (c *call) checkChange() gitlab.ExternalStatusCheckChange {
	change := gitlab.ExternalStatusCheckChange{
		Name: c.params.textIf("name"), ExternalURL: c.params.textIf("external_url"),
		SharedSecret: c.params.textIf("shared_secret"),
	}
	if c.params.has("protected_branch_ids") {
		ids := presentAll(c.params.numbers("protected_branch_ids"),
			func(id int64) gitlab.ProtectedBranchID { return gitlab.ProtectedBranchID(id) })
		change.ProtectedBranchIDs = &ids
	}
	return change
}

func createExternalStatusCheck(c *call, tx *gitlab.Tx) (reply, error) {
	check, err := tx.CreateExternalStatusCheck(c.actor, c.project, c.checkChange())
	if err != nil {
		return reply{}, err
	}
	return created(presentExternalStatusCheck(tx, check))
}

func updateExternalStatusCheck(c *call, tx *gitlab.Tx) (reply, error) {
	check, err := tx.UpdateExternalStatusCheck(c.actor, c.project, gitlab.CheckID(c.params.number("check_id")),
		c.checkChange())
	if err != nil {
		return reply{}, err
	}
	return ok(presentExternalStatusCheck(tx, check))
}

func deleteExternalStatusCheck(c *call, tx *gitlab.Tx) (reply, error) {
	check, err := tx.ExternalStatusCheck(c.project.ID, gitlab.CheckID(c.params.number("check_id")))
	if err != nil {
		return reply{}, err
	}
	if err := c.unmodified(check.UpdatedAt); err != nil {
		return reply{}, err
	}
	tx.DeleteExternalStatusCheck(c.actor, c.project, check)
	return noContent()
}

// findMergeRequest looks up the merge request that the path names.
func (c *call) findMergeRequest(tx *gitlab.Tx) (gitlab.MergeRequest, error) {
	iid, isNumber := c.params["merge_request_iid"].(int64)
	if text, ok := c.params["merge_request_iid"].(string); ok {
		iid, isNumber = castInteger(text)
	}
	if !isNumber {
		iid = 0
	}
	return tx.MergeRequest(c.project.ID, gitlab.MergeRequestIID(iid))
}

func listMergeRequestStatusChecks(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findMergeRequest(tx)
	if err != nil {
		return reply{}, err
	}
	if !tx.CanOn(c.actor, gitlab.ReadExternalStatusCheckResponse, mr) {
		return reply{}, &gitlab.Refusal{Kind: gitlab.Forbidden, Reason: "listing a merge request's checks needs " +
			"Reporter or, in an internal project, to be signed in; public visibility does not help"}
	}
	p, err := c.rawPage()
	if err != nil {
		return reply{}, err
	}
	checks, headers, err := window(c, tx, tx.ApplicableChecks(mr), p)
	if err != nil {
		return reply{}, err
	}
	if tx.Has(gitlab.PollInterval) {
		headers.Set("Poll-Interval", "10000")
	}
	showURL := tx.CanOn(c.actor, gitlab.ReadMergeRequestStatusCheckURL, mr)
	list := presentAll(checks, func(check gitlab.ExternalStatusCheck) statusCheck {
		return presentStatusCheck(tx, mr, check, showURL)
	})
	return reply{status: http.StatusOK, body: list, header: headers}, nil
}

// givenStatus is the status that a response carries. In 14.9 and 14.10 status is not a declared parameter yet: with a
// feature flag it counts, and without the flag every response means passed.
func (c *call) givenStatus(tx *gitlab.Tx) (gitlab.Status, error) {
	if tx.Has(gitlab.StatusVocabulary) || !tx.Feature(gitlab.FlagStatusField) {
		return gitlab.Status(c.params.text("status")), nil
	}
	raw, given := pick("status", nil, c.body, c.query)
	text, _ := coerceString(raw).(string)
	switch status := gitlab.Status(text); {
	case !given:
		return gitlab.Passed, nil
	case status == gitlab.Passed, status == gitlab.Failed:
		return status, nil
	}
	return "", failed(http.StatusBadRequest, "status does not have a valid value", "with the feature flag "+
		gitlab.FlagStatusField+" status is passed or failed")
}

func createStatusCheckResponse(c *call, tx *gitlab.Tx) (reply, error) {
	status, err := c.givenStatus(tx)
	if err != nil {
		return reply{}, err
	}
	mr, err := c.findMergeRequest(tx)
	if err != nil {
		return reply{}, err
	}
	n := gitlab.NewResponse{CheckID: gitlab.CheckID(c.params.number("external_status_check_id")), Status: status}
	if sha, ok := c.params["sha"].(string); ok {
		n.SHA = &sha
	}
	r, check, err := tx.Respond(c.actor, mr, n)
	if err != nil {
		return reply{}, err
	}
	if tx.Has(gitlab.ShortResponseEntity) && tx.CanOn(c.actor, gitlab.UpdateMergeRequest, mr) {
		c.recheck = mr.ID
	}
	return created(presentStatusCheckResponse(tx, c.actor, mr, check, r.ID))
}

func retryStatusCheck(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findMergeRequest(tx)
	if err != nil {
		return reply{}, err
	}
	if err := tx.Retry(c.actor, mr, gitlab.CheckID(c.params.number("external_status_check_id"))); err != nil {
		return reply{}, err
	}
	return accepted()
}
