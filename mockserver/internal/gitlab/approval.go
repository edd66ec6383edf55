package gitlab

import "slices"

// CanApprove reports whether the actor may approve a merge request now: the actor has the permission, has not approved
// yet, and is not the author, unless the project lets authors approve.
func (tx *Tx) CanApprove(a Actor, mr MergeRequest) bool {
	p, _ := tx.Project(mr.ProjectID)
	return tx.CanOn(a, ApproveMergeRequest, mr) && !mr.approvedBy(a.User.ID) &&
		(mr.AuthorID != a.User.ID || p.AuthorMayApprove)
}

func (m MergeRequest) approvedBy(u UserID) bool {
	return slices.ContainsFunc(m.Approvals, func(ap Approval) bool { return ap.UserID == u })
}

// ApprovedBy reports whether a user has approved.
func (m MergeRequest) ApprovedBy(u UserID) bool { return m.approvedBy(u) }

// Approve records an approval. It refuses, in this order: Forbidden without approve_merge_request, StaleSHA if a SHA is
// given that is not the head, Unauthorized for somebody who has approved already and for the author.
//
// Source: lib/api/merge_request_approvals.rb, ee/app/services/ee/merge_requests/execute_approval_hooks_service.rb.
func (tx *Tx) Approve(a Actor, mr MergeRequest, sha string) (MergeRequest, error) {
	if !tx.CanOn(a, ApproveMergeRequest, mr) {
		return mr, refuse(Forbidden, "approving needs %s: Developer, author or assignee, and a member of the project",
			ApproveMergeRequest)
	}
	if sha != "" && sha != mr.HeadSHA {
		return mr, refuseText(StaleSHA, mr.HeadSHA, "sha is not the head of the source branch")
	}
	if !tx.CanApprove(a, mr) {
		return mr, refuse(Unauthorized, "the caller has approved already, or is the author of the merge request")
	}
	mr.Approvals = append(slices.Clone(mr.Approvals), Approval{a.User.ID, tx.Now})
	insert(tx, mergeRequestTable, mr)
	action := "approval"
	if tx.ApprovalsLeft(mr) == 0 {
		action = "approved"
	}
	tx.enqueue(Job{Kind: ExecuteHooks, MergeRequestID: mr.ID, UserID: a.User.ID, Action: action, Hops: 1})
	tx.reconsiderAutoMerge(mr)
	return mr, nil
}

// Unapprove withdraws an approval. It refuses with Forbidden without approve_merge_request, and with NotFound if the
// actor has not approved.
func (tx *Tx) Unapprove(a Actor, mr MergeRequest) (MergeRequest, error) {
	if !tx.CanOn(a, ApproveMergeRequest, mr) {
		return mr, refuse(Forbidden, "withdrawing an approval needs %s", ApproveMergeRequest)
	}
	if !mr.approvedBy(a.User.ID) {
		return mr, refuse(NotFound, "the caller has not approved")
	}
	wasApproved := tx.Approved(mr)
	mr = mr.withoutApprovals(func(u UserID) bool { return u == a.User.ID })
	insert(tx, mergeRequestTable, mr)
	tx.fire(MergeRequestEvent{MergeRequest: mr, User: a.User, Action: unapprovalAction(wasApproved &&
		!tx.Approved(mr))})
	return mr, nil
}
