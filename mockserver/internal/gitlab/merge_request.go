package gitlab

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// MergeRequestState is opened, closed or merged.
type MergeRequestState string

// The states of a merge request.
const (
	Opened MergeRequestState = "opened"
	Closed MergeRequestState = "closed"
	Merged MergeRequestState = "merged"
	Locked MergeRequestState = "locked" // only during a merge: deliveries show it as the previous state; never stored
)

// ID is GitLab's number for a state: 1 opened, 2 closed, 3 merged, 4 locked.
func (s MergeRequestState) ID() int {
	return 1 + slices.Index([]MergeRequestState{Opened, Closed, Merged, Locked}, s)
}

// MergeStatus says what is known about whether git can merge the branches.
type MergeStatus string

// The merge statuses.
const (
	Unchecked       MergeStatus = "unchecked"
	Checking        MergeStatus = "checking"
	CanBeMerged     MergeStatus = "can_be_merged"
	CannotBeMerged  MergeStatus = "cannot_be_merged"
	PreparingStatus MergeStatus = "preparing"
	Recheck         MergeStatus = "cannot_be_merged_recheck"    // unchecked; there was a conflict before
	Rechecking      MergeStatus = "cannot_be_merged_rechecking" // checking, likewise; shown as checking
)

// unchecked is what becomes of what is known when a branch moves. That there was a conflict is remembered.
//
// Source: app/models/merge_request.rb (mark_as_unchecked).
func (s MergeStatus) unchecked() MergeStatus {
	switch s {
	case CannotBeMerged, Recheck, Rechecking:
		return Recheck
	}
	return Unchecked
}

// checking is what becomes of what is known when a check begins; ok says whether it is out of date at all.
//
// Source: app/models/merge_request.rb (mark_as_checking).
func (s MergeStatus) checking() (_ MergeStatus, ok bool) {
	switch s {
	case Unchecked:
		return Checking, true
	case Recheck:
		return Rechecking, true
	}
	return s, false
}

// outdated says whether it is not known if git can merge.
func (s MergeStatus) outdated() bool {
	return s == Unchecked || s == Checking || s == Recheck || s == Rechecking
}

// AutoMergeParams are the parameters of a merge that waits, or waited, until the merge request is ready.
type AutoMergeParams struct{ SHA, CommitMessage, SquashCommitMessage string }

// MergeRequest is a merge request. HeadSHA is what GitLab calls diff_head_sha. It follows the source branch with the
// delay of GitLab's background jobs.
type MergeRequest struct {
	ID              MergeRequestID
	IID             MergeRequestIID
	ProjectID       ProjectID // the target project
	SourceProjectID ProjectID // of a fork, if it differs; 0 if that project is gone
	AuthorID        UserID
	AssigneeIDs     []UserID
	ReviewerIDs     []UserID
	UnapprovedIDs   []UserID // the reviewers whose approval was taken back
	Title           string
	Description     string
	Labels          []string
	MilestoneID     MilestoneID
	State           MergeRequestState
	SourceBranch    string
	TargetBranch    string
	HeadSHA         string
	BaseSHA         string // of the diff; empty until the diff is made
	StartSHA        string
	MergeStatus     MergeStatus
	MergeError      string
	MergeCommitSHA  string
	SquashCommitSHA string
	Squash          bool
	// RemoveSourceBranch is the choice of the author and editors, ShouldRemoveSourceBranch that of the user who merges.
	RemoveSourceBranch       Choice
	ShouldRemoveSourceBranch Choice
	DiscussionLocked         Choice
	ChangedFiles             int  // of the diff
	AutoMerge                bool // merge when all checks pass
	AutoMergeUserID          UserID
	AutoMergeParams          AutoMergeParams
	MergeUserID              UserID
	ClosedByID               UserID
	UpdatedByID              UserID
	EditedByID               UserID
	CreatedAt                time.Time
	UpdatedAt                time.Time
	PreparedAt               time.Time // zero until the after-create job has run
	MergedAt                 time.Time
	ClosedAt                 time.Time
	EditedAt                 time.Time
	Approvals                []Approval
	TimeSpent                int      // in seconds
	DiffHeads                []string // the heads of the last diffs, oldest first
	HeadPipelineID           PipelineID
	BuildPipelineID          PipelineID // the last pipeline that ran for the merge request, and its times
	BuildStartedAt           time.Time
	BuildFinishedAt          time.Time
	Rules                    []RequestRule
	MergeAfter               time.Time // before this instant it cannot be merged; zero means at any time
	AllowCollaboration       bool      // those who can merge may push to the source branch, which is in a fork
}

// Approval is one user's approval.
type Approval struct {
	UserID UserID
	At     time.Time
}

var mergeRequestTable = newTable([]index[MergeRequest]{
	{"id", func(m MergeRequest) string { return key(m.ID) }},
	{"iid", func(m MergeRequest) string { return key(m.ProjectID, m.IID) }},
	{"source", func(m MergeRequest) string {
		if m.State != Opened {
			return ""
		}
		return key(m.SourceProjectID, m.SourceBranch)
	}},
	{"target", func(m MergeRequest) string {
		if m.State != Opened {
			return ""
		}
		return key(m.ProjectID, m.TargetBranch)
	}},
})

// Draft reports whether the title marks the merge request as a draft, which must not be merged yet.
func (m MergeRequest) Draft() bool {
	return slices.ContainsFunc([]string{"draft:", "[draft]", "(draft)"}, func(p string) bool {
		return len(m.Title) >= len(p) && strings.EqualFold(m.Title[:len(p)], p)
	})
}

// ReviewState is approved, unapproved or unreviewed: what became of the review by one of the reviewers.
//
// Source: app/services/merge_requests/{approval,remove_approval}_service.rb,
// ee/app/services/ee/merge_requests/base_service.rb.
func (m MergeRequest) ReviewState(u UserID) string {
	switch {
	case m.approvedBy(u):
		return "approved"
	case slices.Contains(m.UnapprovedIDs, u):
		return "unapproved"
	}
	return "unreviewed"
}

func (m MergeRequest) reviewedBy(u UserID) bool { return slices.Contains(m.ReviewerIDs, u) }

// withoutApprovals takes back the approvals of some users.
func (m MergeRequest) withoutApprovals(of func(UserID) bool) MergeRequest {
	kept := []Approval{}
	m.UnapprovedIDs = slices.Clone(m.UnapprovedIDs)
	for _, a := range m.Approvals {
		switch {
		case !of(a.UserID):
			kept = append(kept, a)
		case m.reviewedBy(a.UserID) && !slices.Contains(m.UnapprovedIDs, a.UserID):
			m.UnapprovedIDs = append(m.UnapprovedIDs, a.UserID)
		}
	}
	m.Approvals = kept
	return m
}

func (m MergeRequest) involves(u UserID) bool {
	return u != 0 && (m.AuthorID == u || slices.Contains(m.AssigneeIDs, u))
}

// MergeRequest looks up a merge request of a project by its number. It refuses with RecordNotFound.
func (tx *Tx) MergeRequest(p ProjectID, iid MergeRequestIID) (MergeRequest, error) {
	mr, ok := first(tx, mergeRequestTable, "iid", key(p, iid))
	if !ok {
		return MergeRequest{}, refuse(RecordNotFound, "project %d has no merge request !%d", p, iid)
	}
	return mr, nil
}

func (tx *Tx) mergeRequestByID(id MergeRequestID) (MergeRequest, bool) {
	return first(tx, mergeRequestTable, "id", key(id))
}

// MergeRequestByID looks up a merge request of any project.
func (tx *Tx) MergeRequestByID(id MergeRequestID) (MergeRequest, bool) {
	return tx.mergeRequestByID(id)
}

// MergeRequests lists a project's merge requests by iid.
func (tx *Tx) MergeRequests(p ProjectID) []MergeRequest {
	return all(tx, mergeRequestTable, "iid", key(p))
}

// MergeRequestsWithCommit lists, by iid, a project's merge requests that contain a commit.
func (tx *Tx) MergeRequestsWithCommit(p ProjectID, sha string) []MergeRequest {
	return slices.DeleteFunc(tx.MergeRequests(p), func(m MergeRequest) bool {
		return m.HeadSHA != sha && !slices.ContainsFunc(tx.Commits(m), func(c Commit) bool { return c.SHA == sha })
	})
}

// OpenFrom lists the open merge requests of a source branch.
func (tx *Tx) OpenFrom(p ProjectID, branch string) []MergeRequest {
	return all(tx, mergeRequestTable, "source", key(p, branch))
}

// CreateMergeRequest opens a merge request from a project, into the same one unless the merge request names another.
// Background jobs then make its diff, its pending responses and its first delivery. It refuses, in this order:
// Forbidden without create_merge_request_from, RecordNotFound for the target project, Forbidden without
// create_merge_request_in there, Invalid for projects that are not forks of each other and for branches that do not
// fit, Conflict if the branch has an open merge request already.
//
// Source: app/services/merge_requests/create_service.rb, ee/app/models/ee/merge_request.rb.
func (tx *Tx) CreateMergeRequest(a Actor, from Project, mr MergeRequest) (MergeRequest, error) {
	mr.SourceProjectID, mr.ProjectID = from.ID, cmp.Or(mr.ProjectID, from.ID)
	p, err := tx.mayOpen(a, from, mr)
	if err != nil {
		return MergeRequest{}, err
	}
	if err := tx.validateBranches(mr); err != nil {
		return MergeRequest{}, err
	}
	labels := mr.Labels
	mr.Labels = nil
	allowed := tx.allowedUpdate(a, mr, MergeRequestUpdate{
		Labels: &LabelChange{Set: &labels}, MilestoneID: &mr.MilestoneID, AssigneeIDs: &mr.AssigneeIDs,
		ReviewerIDs: &mr.ReviewerIDs, AllowCollaboration: &mr.AllowCollaboration,
	})
	mr.Labels, mr.MilestoneID = given(allowed.labels), given(allowed.MilestoneID)
	mr.AllowCollaboration = given(allowed.AllowCollaboration)
	mr.AssigneeIDs, mr.ReviewerIDs = given(allowed.AssigneeIDs), given(allowed.ReviewerIDs)
	source, _ := tx.Branch(mr.SourceProjectID, mr.SourceBranch)
	mr.AuthorID, mr.State, mr.MergeStatus, mr.HeadSHA = a.User.ID, Opened, PreparingStatus, source.SHA
	mr.Rules = tx.copiedRules(p.ID)
	mr = tx.InsertMergeRequest(mr)
	if tx.Has(PendingResponses) && tx.Feature(FlagPendingResponses) && tx.Licensed(p) && mr.HeadSHA != "" {
		tx.enqueue(Job{Kind: InsertPendingResponses, MergeRequestID: mr.ID, SHA: mr.HeadSHA, Hops: 1})
	}
	tx.enqueue(Job{Kind: PrepareMergeRequest, MergeRequestID: mr.ID, UserID: a.User.ID, Hops: 1})
	return mr, nil
}

// mayOpen refuses to open a merge request between two projects, and returns the target project.
func (tx *Tx) mayOpen(a Actor, from Project, mr MergeRequest) (Project, error) {
	if !tx.Can(a, CreateMergeRequestFrom, from) {
		return from, refuse(Forbidden, "opening a merge request needs %s (Developer, and a project that is not "+
			"archived)", CreateMergeRequestFrom)
	}
	into, ok := tx.Project(mr.ProjectID)
	if !ok {
		return into, refuse(RecordNotFound, "target_project_id: there is no project %d", mr.ProjectID)
	}
	if !tx.Can(a, CreateMergeRequestIn, into) {
		return into, refuse(Forbidden, "opening a merge request needs %s in the target project: to see its code",
			CreateMergeRequestIn)
	}
	if !tx.hasSource(mr) {
		return into, invalid([]string{"Source project is not a fork of the target project"},
			"target_project_id names a project that is not in one network of forks with this one")
	}
	return into, nil
}

// given returns what a pointer points to, or the zero value for nil.
func given[T any](p *T) T {
	if p == nil {
		var none T
		return none
	}
	return *p
}

// InsertMergeRequest stores a merge request as it is, and sets its number and dates.
func (tx *Tx) InsertMergeRequest(mr MergeRequest) MergeRequest {
	mr.ID = MergeRequestID(tx.given(mergeRequestSequence, int64(mr.ID)))
	if mr.IID == 0 {
		newest, _ := last(tx, mergeRequestTable, "iid", key(mr.ProjectID))
		p, _ := tx.Project(mr.ProjectID)
		mr.IID = max(newest.IID, p.DeletedIID) + 1
	}
	if mr.CreatedAt.IsZero() {
		mr.CreatedAt = tx.Now
	}
	if mr.UpdatedAt.IsZero() {
		mr.UpdatedAt = mr.CreatedAt
	}
	tx.ensureLabels(mr.ProjectID, mr.Labels)
	insert(tx, mergeRequestTable, mr)
	return mr
}

func sourceBranchIsGone(name string) string {
	return fmt.Sprintf("Source branch %q does not exist", name)
}

func (tx *Tx) validateBranches(mr MergeRequest) error {
	var messages []string
	if _, ok := tx.Branch(mr.SourceProjectID, mr.SourceBranch); !ok {
		messages = append(messages, sourceBranchIsGone(mr.SourceBranch))
	}
	if _, ok := tx.Branch(mr.ProjectID, mr.TargetBranch); !ok {
		messages = append(messages, fmt.Sprintf("Target branch %q does not exist", mr.TargetBranch))
	}
	if mr.SourceProjectID == mr.ProjectID && mr.SourceBranch == mr.TargetBranch {
		messages = []string{"You can't use same project/branch for source and target"}
	}
	if strings.TrimSpace(mr.Title) == "" {
		messages = append(messages, "Title can't be blank")
	}
	if len(messages) > 0 {
		return invalid(messages, "the merge request breaks these rules: %s", strings.Join(messages, "; "))
	}
	for _, other := range tx.OpenFrom(mr.SourceProjectID, mr.SourceBranch) {
		if other.ID != mr.ID && other.ProjectID == mr.ProjectID && other.TargetBranch == mr.TargetBranch {
			message := fmt.Sprintf("Another open merge request already exists for this source branch: !%d", other.IID)
			return &Refusal{Kind: Conflict, Messages: []string{message}, Reason: message}
		}
	}
	return nil
}

// DestroyMergeRequest deletes a merge request with its notes and everything else about it. Its branches stay, and its
// number is not used again.
//
// Source: app/services/issuable/destroy_service.rb.
func (tx *Tx) DestroyMergeRequest(p Project, mr MergeRequest) {
	tx.deleteMergeRequest(mr)
	p.DeletedIID = max(p.DeletedIID, mr.IID)
	insert(tx, projectTable, p)
}

func (tx *Tx) deleteMergeRequest(mr MergeRequest) {
	for _, c := range tx.ExternalStatusChecks(mr.ProjectID) {
		removeAll(tx, responsePageTable, "id", key(c.ID, mr.ID))
	}
	removeAll(tx, noteTable, "merge_request", key(mr.ID))
	removeAll(tx, mergeTrainCarTable, "merge_request", key(mr.ID))
	remove(tx, mergeRequestTable, mr)
}

// DiffCommits lists the commits that GitLab stores with the diff of a merge request, newest first. There are none until
// the job has made it.
func (tx *Tx) DiffCommits(mr MergeRequest) []Commit {
	if mr.BaseSHA == "" {
		return nil
	}
	return tx.Commits(mr)
}

// Commits lists the commits of a merge request's source branch that its target branch does not have, newest first.
func (tx *Tx) Commits(mr MergeRequest) []Commit {
	list := tx.walk(mr.ProjectID, mr.HeadSHA, map[string]bool{mr.BaseSHA: true})
	if !slices.ContainsFunc(list, func(c Commit) bool { return len(c.ParentSHAs) > 1 }) {
		return list
	}
	old := map[string]bool{} // a merge can lead past the base to older commits
	for _, c := range tx.History(mr.ProjectID, mr.BaseSHA) {
		old[c.SHA] = true
	}
	return slices.DeleteFunc(list, func(c Commit) bool { return old[c.SHA] })
}
