package gitlab

import "time"

// Status is the verdict of an external status check on a merge request's head.
type Status string

// The statuses.
const (
	Passed  Status = "passed"
	Failed  Status = "failed"
	Pending Status = "pending"
)

// TimeoutInterval is how old a pending response may grow. One exactly this old is still pending.
const TimeoutInterval = 2 * time.Minute

// StatusCheckResponse is one recorded verdict for a check, a merge request and a SHA. There may be many; the newest counts.
type StatusCheckResponse struct {
	ID             ResponseID
	MergeRequestID MergeRequestID
	CheckID        CheckID
	SHA            string
	Status         Status
	CreatedAt      time.Time
	RetriedAt      time.Time // zero until it is retried
}

var responseTable = table[StatusCheckResponse]{"status_check_responses", []index[StatusCheckResponse]{
	{"id", func(r StatusCheckResponse) []byte { return key(r.MergeRequestID, r.CheckID, r.SHA, r.ID) }},
}}

// LatestResponse is the response that counts for a check on a merge request: the one with the highest id for the head SHA.
func (tx *Tx) LatestResponse(mr MergeRequest, c CheckID) (StatusCheckResponse, bool) {
	return last(tx, responseTable, "id", key(mr.ID, c, mr.HeadSHA))
}

// Responses lists what was recorded for a check on a merge request, by SHA and then by id.
func (tx *Tx) Responses(mr MergeRequestID, c CheckID) []StatusCheckResponse {
	return all(tx, responseTable, "id", key(mr, c))
}

// StatusOf is the status of a check on a merge request: that of its latest response, or pending if nothing was recorded for the head.
func (tx *Tx) StatusOf(mr MergeRequest, c CheckID) Status {
	if r, ok := tx.LatestResponse(mr, c); ok {
		return r.Status
	}
	return Pending
}

// NewResponse is what an external service says. SHA is nil if it said null.
type NewResponse struct {
	CheckID CheckID
	SHA     *string
	Status  Status
}

// Respond records what an external service found. It refuses, in this order: Forbidden without approve_merge_request, RecordNotFound for the
// check, StaleSHA, Hidden without provide_status_check_response, BadValue for a blank SHA.
//
// Source: ee/lib/api/status_checks.rb, ee/app/services/merge_requests/status_check_responses/create_service.rb.
func (tx *Tx) Respond(a Actor, mr MergeRequest, n NewResponse) (StatusCheckResponse, ExternalStatusCheck, error) {
	none := StatusCheckResponse{}
	if !tx.CanOn(a, ApproveMergeRequest, mr) {
		return none, ExternalStatusCheck{}, refuse(Forbidden, "responding needs %s: Developer, author or assignee, and a member of the project whose code is not archived", ApproveMergeRequest)
	}
	c, err := tx.ExternalStatusCheck(mr.ProjectID, n.CheckID)
	if err != nil {
		return none, c, err
	}
	if n.SHA != nil && *n.SHA != mr.HeadSHA {
		return none, c, refuseText(StaleSHA, mr.HeadSHA, "sha %q is not the head of the source branch, compared as it is, in full", *n.SHA)
	}
	if !tx.CanOn(a, ProvideStatusCheckResponse, mr) {
		return none, c, refuse(Hidden, "responding needs %s (Developer), which being author or assignee does not give", ProvideStatusCheckResponse)
	}
	if n.SHA == nil {
		return none, c, &Refusal{Kind: BadValue, Messages: []string{"Sha can't be blank"}, Reason: "sha is null"}
	}
	r := tx.insertResponse(StatusCheckResponse{MergeRequestID: mr.ID, CheckID: c.ID, SHA: *n.SHA, Status: n.Status})
	tx.auditResponse(a, mr, c, r)
	if r.Status == Passed {
		tx.reconsiderAutoMerge(mr)
	}
	return r, c, nil
}

// insertResponse stores a response made now, and sees to its timeout.
func (tx *Tx) insertResponse(r StatusCheckResponse) StatusCheckResponse {
	r.ID = ResponseID(tx.given(responseSequence, int64(r.ID)))
	if r.CreatedAt.IsZero() {
		r.CreatedAt = tx.Now
	}
	insert(tx, responseTable, r)
	tx.awaitTimeout(r)
	return r
}

// SeedResponse stores a response as it is.
func (tx *Tx) SeedResponse(r StatusCheckResponse) StatusCheckResponse { return tx.insertResponse(r) }

// Retry puts the failed response of a check back to pending, and tells that one check of the merge request again. It refuses, in this
// order: Forbidden without retry_failed_status_checks, RecordNotFound for the check, Unprocessable unless the status is failed.
//
// Source: ee/app/services/external_status_checks/retry_service.rb.
func (tx *Tx) Retry(a Actor, mr MergeRequest, id CheckID) error {
	if !tx.CanOn(a, RetryFailedStatusChecks, mr) {
		return refuse(Forbidden, "retrying needs %s (Developer)", RetryFailedStatusChecks)
	}
	c, err := tx.ExternalStatusCheck(mr.ProjectID, id)
	if err != nil {
		return err
	}
	r, ok := tx.LatestResponse(mr, c.ID)
	if !ok || r.Status != Failed {
		return refuseText(Unprocessable, "External status check must be failed", "the status is %s; only a failed check can be retried", tx.StatusOf(mr, c.ID))
	}
	r.Status, r.RetriedAt = Pending, tx.Now
	insert(tx, responseTable, r)
	tx.awaitTimeout(r)
	tx.auditResponse(a, mr, c, r)
	tx.dispatchTo(MergeRequestEvent{MergeRequest: mr, User: a.User}, c)
	return nil
}

// pendingSince is the instant from which a pending response's age counts.
func (r StatusCheckResponse) pendingSince() time.Time {
	if !r.RetriedAt.IsZero() {
		return r.RetriedAt
	}
	return r.CreatedAt
}

// ExpiresAt is the first instant at which a pending response has failed.
func (tx *Tx) ExpiresAt(r StatusCheckResponse) time.Time {
	at := r.pendingSince().Add(TimeoutInterval + time.Microsecond)
	if !tx.state.opts.TimeoutEveryMinute {
		return at
	}
	minute := at.Truncate(time.Minute)
	if minute.Before(at) {
		minute = minute.Add(time.Minute)
	}
	return minute
}

func (tx *Tx) awaitTimeout(r StatusCheckResponse) {
	if r.Status == Pending {
		tx.enqueueAt(tx.ExpiresAt(r), Job{Kind: TimeOutResponse, MergeRequestID: r.MergeRequestID, CheckID: r.CheckID, ResponseID: r.ID, SHA: r.SHA})
	}
}

// timeOut fails a response that is still pending and old enough: a retry since may have given it more time.
//
// Source: ee/app/models/merge_requests/status_check_response.rb (timeout_eligible); since 16.6.
func (tx *Tx) timeOut(j Job) {
	r, ok := first(tx, responseTable, "id", key(j.MergeRequestID, j.CheckID, j.SHA, j.ResponseID))
	if !ok || r.Status != Pending || tx.Now.Before(tx.ExpiresAt(r)) {
		return
	}
	r.Status = Failed
	insert(tx, responseTable, r)
	mr, foundMR := tx.mergeRequestByID(r.MergeRequestID)
	c, foundCheck := first(tx, checkTable, "id", key(r.CheckID))
	if foundMR && foundCheck {
		tx.auditResponse(Actor{}, mr, c, r)
	}
}

// insertPendingResponses records that every check of the project is awaited, also those that do not apply to the target branch.
//
// Source: ee/app/workers/compliance_management/pending_status_check_worker.rb; since 16.5.
func (tx *Tx) insertPendingResponses(j Job) {
	mr, ok := tx.mergeRequestByID(j.MergeRequestID)
	if !ok || j.SHA == "" {
		return
	}
	for _, c := range tx.ExternalStatusChecks(mr.ProjectID) {
		tx.insertResponse(StatusCheckResponse{MergeRequestID: mr.ID, CheckID: c.ID, SHA: j.SHA, Status: Pending})
	}
}
