package gitlab

// Ids are counters in the state, one per kind, as in GitLab's tables. Each kind of id is a type of its own, so that an
// iid cannot be used as an id by mistake.

type (
	// UserID is the id of a user.
	UserID int64
	// TokenID is the id of an access token.
	TokenID int64
	// MemberRoleID is the id of a custom role.
	MemberRoleID int64
	// NamespaceID is the id of a group or a user's namespace.
	NamespaceID int64
	// ProjectID is the id of a project.
	ProjectID int64
	// ProtectedBranchID is the id of a protected branch.
	ProtectedBranchID int64
	// CheckID is the id of an external status check.
	CheckID int64
	// ApprovalRuleID is the id of an approval rule.
	ApprovalRuleID int64
	// MergeRequestID is the id of a merge request in the whole instance.
	MergeRequestID int64
	// MergeRequestIID is the number of a merge request within its project.
	MergeRequestIID int64
	// ResponseID is the id of a status check response.
	ResponseID int64
	// NoteID is the id of a note.
	NoteID int64
	// LabelID is the id of a label.
	LabelID int64
	// MilestoneID is the id of a milestone.
	MilestoneID int64
	// JobID is the id of a background job.
	JobID int64
	// HookID is the id of a webhook.
	HookID int64
	// DeliveryID is the id of a delivery.
	DeliveryID int64
	// AuditEventID is the id of an audit event.
	AuditEventID int64
	// PipelineID is the id of a pipeline in the whole instance.
	PipelineID int64
	// PipelineIID is the number of a pipeline within its project.
	PipelineIID int64
	// CommitStatusID is the id of a commit status.
	CommitStatusID int64
	// MergeTrainCarID is the id of a merge request's place on a merge train.
	MergeTrainCarID int64
)

// sequence names a counter.
type sequence int

const (
	userSequence sequence = iota
	tokenSequence
	memberRoleSequence
	namespaceSequence
	projectSequence
	protectedBranchSequence
	accessLevelSequence
	checkSequence
	approvalRuleSequence
	mergeRequestSequence
	responseSequence
	noteSequence
	labelSequence
	milestoneSequence
	requestRuleSequence
	commitSequence
	secretSequence
	jobSequence
	hookSequence
	pipelineSequence
	commitStatusSequence
	mergeTrainCarSequence
	deliverySequence
	auditEventSequence
	deliveryRows      // no sequence: the number of deliveries in the log
	deliveryBytes     // no sequence: the size of the log of deliveries
	droppedDeliveries // likewise: deliveries removed before they were sent
	auditBytes        // likewise: the size of the log of audit events
	droppedAudit      // likewise: audit events removed
	sequenceCount
)

type sequences [sequenceCount]int64

// next returns the next number of a sequence.
func (tx *Tx) next(s sequence) int64 {
	tx.sequences[s]++
	tx.changed = true
	return tx.sequences[s]
}

// reserve makes sure that every later number of the sequence is greater than n.
func (tx *Tx) reserve(s sequence, n int64) {
	if tx.sequences[s] < n {
		tx.sequences[s] = n
		tx.changed = true
	}
}

// given returns the id that a seed asks for, or the next id if it asks for none.
func (tx *Tx) given(s sequence, id int64) int64 {
	if id == 0 {
		return tx.next(s)
	}
	tx.reserve(s, id)
	return id
}
