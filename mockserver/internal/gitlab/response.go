package gitlab

import "time"

// Status is the verdict of an external status check for a merge request's head.
type Status string

// The statuses. Releases before 15.0 show Approved for any response.
const (
	Passed   Status = "passed"
	Failed   Status = "failed"
	Pending  Status = "pending"
	Approved Status = "approved"
)

// shared is the status without the text that it came in, which would stay in memory with it.
func (s Status) shared() Status {
	for _, known := range [...]Status{Passed, Failed, Pending} {
		if s == known {
			return known
		}
	}
	return s
}

// TimeoutInterval is the age at which a pending response times out. A response of exactly this age is still pending.
const TimeoutInterval = 2 * time.Minute

// StatusCheckResponse is one recorded verdict for a check, a merge request and a SHA. There may be several; the newest
// one counts.
type StatusCheckResponse struct {
	ID             ResponseID
	MergeRequestID MergeRequestID
	CheckID        CheckID
	SHA            string
	Status         Status
	CreatedAt      time.Time
	RetriedAt      time.Time // zero until it is retried
}

// LatestResponse is the response that counts for a check on a merge request: the one with the highest id for the head
// SHA.
func (tx *Tx) LatestResponse(mr MergeRequest, c CheckID) (StatusCheckResponse, bool) {
	page, found := last(tx, responsePageTable, "id", key(c, mr.ID, keySHA(tx.judgedSHA(mr))))
	if !found {
		return StatusCheckResponse{}, false
	}
	return page.at(len(page.Responses) - 1), true
}

// judgedSHA is the SHA that statuses belong to: the head of the diff or, up to 15.11, the present head of the source
// branch.
func (tx *Tx) judgedSHA(mr MergeRequest) string {
	if tx.Has(ReadsDiffHead) {
		return mr.HeadSHA
	}
	b, _ := tx.Branch(mr.SourceProjectID, mr.SourceBranch)
	return b.SHA
}

// Responses lists the responses of a check for a merge request, by SHA and then by id.
func (tx *Tx) Responses(mr MergeRequestID, c CheckID) []StatusCheckResponse {
	return tx.responses(key(c, mr))
}

// StatusOf is the status of a check on a merge request: that of its latest response, or pending if there is none for
// the head.
func (tx *Tx) StatusOf(mr MergeRequest, c CheckID) Status {
	r, ok := tx.LatestResponse(mr, c)
	switch {
	case !ok, tx.Has(RetryOnlyMarks) && !r.RetriedAt.IsZero():
		return Pending
	case !tx.Feature(FlagStatusField):
		return Approved
	}
	return r.Status
}

// NewResponse is the verdict that an external service sends. SHA is nil if it sent null.
type NewResponse struct {
	CheckID CheckID
	SHA     *string
	Status  Status
}

// Respond records the verdict of an external service. It refuses, in this order: Forbidden without
// approve_merge_request, RecordNotFound for the check, StaleSHA, Hidden without provide_status_check_response, BadValue
// for a blank SHA. Up to 18.1 the last two are NotFound and Broken.
//
// Source: ee/lib/api/status_checks.rb, ee/app/services/merge_requests/status_check_responses/create_service.rb.
func (tx *Tx) Respond(a Actor, mr MergeRequest, n NewResponse) (StatusCheckResponse, ExternalStatusCheck, error) {
	c, err := tx.mayRespond(a, mr, n)
	if err != nil {
		return StatusCheckResponse{}, c, err
	}
	if n.SHA == nil || blank(*n.SHA) {
		return StatusCheckResponse{}, c, tx.blankSHA()
	}
	r := StatusCheckResponse{MergeRequestID: mr.ID, CheckID: c.ID, SHA: mr.HeadSHA, Status: n.Status.shared()}
	if !tx.Feature(FlagStatusField) {
		r.Status = Passed // the default of the column
	}
	r = tx.insertResponse(r)
	tx.auditResponse(a, mr, c, r)
	if r.Status == Passed && tx.Has(AutoMergeAwaitsChecks) {
		tx.reconsiderAutoMerge(mr)
	}
	return r, c, nil
}

// mayRespond applies the refusals that come before the values of the response are validated.
func (tx *Tx) mayRespond(a Actor, mr MergeRequest, n NewResponse) (ExternalStatusCheck, error) {
	s := tx.standing(a, mr)
	if !s.can(ApproveMergeRequest) {
		return ExternalStatusCheck{}, refuse(Forbidden, "responding needs %s: Developer, author or assignee, and a "+
			"member of the project whose code is not archived", ApproveMergeRequest)
	}
	c, err := tx.checkToRespondTo(mr.ProjectID, n.CheckID)
	if err != nil {
		return c, err
	}
	if n.SHA != nil && *n.SHA != mr.HeadSHA {
		return c, refuseText(StaleSHA, mr.HeadSHA, "sha %q is not the head of the source branch, compared as it is, "+
			"in full", *n.SHA)
	}
	if tx.Has(RespondingNeedsDeveloper) && !s.can(ProvideStatusCheckResponse) {
		kind := NotFound
		if tx.Has(RespondsByService) {
			kind = Hidden
		}
		return c, refuse(kind, "responding needs %s (Developer); being the author or an assignee is not enough",
			ProvideStatusCheckResponse)
	}
	return c, nil
}

// checkToRespondTo looks up the check that a response names. The first releases accepted a check of any project.
func (tx *Tx) checkToRespondTo(p ProjectID, id CheckID) (ExternalStatusCheck, error) {
	if c, ok := first(tx, checkTable, "id", key(id)); ok && !tx.Has(RefusesForeignChecks) {
		return c, nil
	}
	return tx.ExternalStatusCheck(p, id)
}

func (tx *Tx) blankSHA() *Refusal {
	if !tx.Has(RespondsByService) {
		return refuse(Broken, "sha is blank, which the model refuses with an exception")
	}
	return &Refusal{Kind: BadValue, Messages: []string{"Sha can't be blank"}, Reason: "sha is blank"}
}

// insertResponse stores a response made now, and schedules its timeout.
func (tx *Tx) insertResponse(r StatusCheckResponse) StatusCheckResponse {
	r.ID = ResponseID(tx.given(responseSequence, int64(r.ID)))
	if r.CreatedAt.IsZero() {
		r.CreatedAt = tx.Now
	}
	tx.storeResponse(r)
	tx.awaitTimeout(r)
	return r
}

// SeedResponse stores a response as it is.
func (tx *Tx) SeedResponse(r StatusCheckResponse) StatusCheckResponse { return tx.insertResponse(r) }

// Retry sets the failed response of a check back to pending, and sends that check a new delivery. It refuses, in this
// order: Forbidden without retry_failed_status_checks, RecordNotFound for the check, Unprocessable unless the status is
// failed.
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
	if status := tx.StatusOf(mr, c.ID); status != Failed {
		return refuseText(Unprocessable, "External status check must be failed",
			"the status is %s; only a failed check can be retried", status)
	}
	r, _ := tx.LatestResponse(mr, c.ID)
	r.RetriedAt = tx.Now
	if !tx.Has(RetryOnlyMarks) {
		r.Status = Pending
	}
	tx.storeResponse(r)
	tx.awaitTimeout(r)
	tx.auditResponse(a, mr, c, r)
	tx.dispatchTo(MergeRequestEvent{MergeRequest: mr, User: a.User}, nil, []ExternalStatusCheck{c})
	return nil
}

// pendingSince is the instant from which the age of a pending response counts.
func (r StatusCheckResponse) pendingSince() time.Time {
	if !r.RetriedAt.IsZero() {
		return r.RetriedAt
	}
	return r.CreatedAt
}

// ExpiresAt is the first instant at which a pending response has timed out.
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

// timesOut reports whether pending responses time out at all.
func (tx *Tx) timesOut() bool { return tx.Has(ResponsesTimeOut) && tx.Feature(FlagTimeout) }

// resumeTimeouts schedules the timeouts of all pending responses when a change makes responses time out.
func (tx *Tx) resumeTimeouts(before bool) {
	if before || !tx.timesOut() {
		return
	}
	for _, r := range tx.responses("") {
		tx.awaitTimeout(r)
	}
}

func (tx *Tx) awaitTimeout(r StatusCheckResponse) {
	if r.Status == Pending && tx.timesOut() {
		tx.enqueueAt(tx.ExpiresAt(r), Job{
			Kind: TimeOutResponse, MergeRequestID: r.MergeRequestID, CheckID: r.CheckID,
			ResponseID: r.ID, SHA: r.SHA,
		})
	}
}

// timeOut marks a response as failed if it is still pending and old enough. A retry may have given it more time.
//
// Source: ee/app/models/merge_requests/status_check_response.rb (timeout_eligible); since 16.6.
func (tx *Tx) timeOut(j Job) {
	r, ok := tx.response(j.CheckID, j.MergeRequestID, j.SHA, j.ResponseID)
	if !ok || r.Status != Pending || !tx.timesOut() || tx.Now.Before(tx.ExpiresAt(r)) {
		return
	}
	r.Status = Failed
	tx.storeResponse(r)
	mr, foundMR := tx.mergeRequestByID(r.MergeRequestID)
	c, foundCheck := first(tx, checkTable, "id", key(r.CheckID))
	if foundMR && foundCheck {
		tx.auditResponse(Actor{}, mr, c, r)
	}
}

// insertPendingResponses records a pending response for every check of the project, also for checks that do not apply
// to the target branch.
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
