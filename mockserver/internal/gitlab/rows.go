package gitlab

import (
	"maps"
	"slices"
)

// Rows is everything that a GitLab has stored: the rows of each table in the order of their keys. The release, and what
// was switched in it, is not part of them but for Features.
type Rows struct {
	Settings          Settings
	Features          map[string]bool // flags that were switched after the start
	Sequences         map[string]int64
	Users             []User
	Tokens            []Token
	Namespaces        []Namespace
	Projects          []Project
	Redirects         map[string]ProjectID // by a path that the project had once
	Members           []Member
	MemberRoles       []MemberRole
	Commits           []Commit
	Branches          []Branch
	ProtectedBranches []ProtectedBranch
	Checks            []ExternalStatusCheck
	ApprovalRules     []ApprovalRule
	Responses         []StatusCheckResponse
	MergeRequests     []MergeRequest
	Notes             []Note
	Labels            []Label
	Milestones        []Milestone
	Jobs              []Job
	Hooks             []ProjectHook
	Deliveries        []Delivery
	AuditEvents       []AuditEvent
	Pipelines         []Pipeline
	CommitStatuses    []CommitStatus
	MergeTrainCars    []MergeTrainCar
}

// sequenceNames are what the sequences are called in Rows. Those without a name follow from the rows.
var sequenceNames = [sequenceCount]string{
	userSequence: "users", tokenSequence: "tokens", memberRoleSequence: "member_roles",
	namespaceSequence: "namespaces", projectSequence: "projects", protectedBranchSequence: "protected_branches",
	accessLevelSequence: "access_levels", checkSequence: "checks", approvalRuleSequence: "approval_rules",
	mergeRequestSequence: "merge_requests", responseSequence: "responses", noteSequence: "notes",
	labelSequence: "labels", milestoneSequence: "milestones", requestRuleSequence: "request_rules",
	commitSequence: "commits", secretSequence: "secrets", jobSequence: "jobs",
	hookSequence:     "hooks",
	pipelineSequence: "pipelines", commitStatusSequence: "commit_statuses",
	mergeTrainCarSequence: "merge_train_cars",
	deliverySequence:      "deliveries", auditEventSequence: "audit_events", droppedDeliveries: "dropped_deliveries",
}

// SequenceNames are the names that Rows.Sequences can have, in alphabetical order.
func SequenceNames() []string {
	names := slices.DeleteFunc(slices.Clone(sequenceNames[:]), func(name string) bool { return name == "" })
	slices.Sort(names)
	return names
}

// Rows are all that is stored. Like everything that comes out of a transaction they are not to be written to.
func (tx *Tx) Rows() Rows {
	r := Rows{
		Settings: tx.Settings(), Features: map[string]bool{}, Sequences: map[string]int64{},
		Redirects: map[string]ProjectID{}, Users: tx.Users(), Namespaces: tx.Namespaces(), Projects: tx.Projects(),
		Tokens: all(tx, tokenTable, "id", ""), Members: all(tx, memberTable, "id", ""),
		MemberRoles: all(tx, memberRoleTable, "id", ""), Commits: all(tx, commitTable, "id", ""),
		Branches:          all(tx, branchTable, "id", ""),
		ProtectedBranches: all(tx, protectedBranchTable, "id", ""), Checks: all(tx, checkTable, "id", ""),
		ApprovalRules: all(tx, approvalRuleTable, "id", ""), Responses: tx.responses(""),
		MergeRequests: all(tx, mergeRequestTable, "id", ""), Notes: all(tx, noteTable, "id", ""),
		Labels:     all(tx, labelTable, "id", ""),
		Milestones: all(tx, milestoneTable, "id", ""), Jobs: tx.Jobs(), Hooks: all(tx, hookTable, "id", ""),
		Deliveries: tx.Deliveries(), AuditEvents: tx.AuditEvents(),
		Pipelines: all(tx, pipelineTable, "id", ""), CommitStatuses: all(tx, commitStatusTable, "id", ""),
		MergeTrainCars: all(tx, mergeTrainCarTable, "id", ""),
	}
	each(tx, featureTable, "id", "", func(f featureRow) bool {
		r.Features[f.Name] = f.On
		return true
	})
	each(tx, redirectTable, "id", "", func(old redirect) bool {
		r.Redirects[old.Path] = old.ProjectID
		return true
	})
	for s, name := range sequenceNames {
		if name != "" && tx.sequences[s] != 0 {
			r.Sequences[name] = tx.sequences[s]
		}
	}
	return r
}

// InsertRows fills an empty GitLab with rows as they are. Sequences go on behind the highest ids if they are not given.
func (tx *Tx) InsertRows(r Rows) {
	tx.SetSettings(r.Settings)
	for _, name := range slices.Sorted(maps.Keys(r.Features)) {
		insert(tx, featureTable, featureRow{name, r.Features[name]})
	}
	for path, id := range r.Redirects {
		insert(tx, redirectTable, redirect{path, id})
	}
	insertAll(tx, memberTable, r.Members)
	insertAll(tx, commitTable, r.Commits)
	insertAll(tx, branchTable, r.Branches)
	insertNumbered(tx, userTable, userSequence, r.Users, func(u User) UserID { return u.ID })
	insertNumbered(tx, tokenTable, tokenSequence, r.Tokens, func(t Token) TokenID { return t.ID })
	insertNumbered(tx, namespaceTable, namespaceSequence, r.Namespaces,
		func(n Namespace) NamespaceID { return n.ID })
	insertNumbered(tx, projectTable, projectSequence, r.Projects, func(p Project) ProjectID { return p.ID })
	insertNumbered(tx, memberRoleTable, memberRoleSequence, r.MemberRoles,
		func(m MemberRole) MemberRoleID { return m.ID })
	insertNumbered(tx, protectedBranchTable, protectedBranchSequence, r.ProtectedBranches,
		func(b ProtectedBranch) ProtectedBranchID { return b.ID })
	insertNumbered(tx, checkTable, checkSequence, r.Checks, func(c ExternalStatusCheck) CheckID { return c.ID })
	insertNumbered(tx, approvalRuleTable, approvalRuleSequence, r.ApprovalRules,
		func(a ApprovalRule) ApprovalRuleID { return a.ID })
	for _, s := range r.Responses {
		tx.storeResponse(s)
		tx.reserve(responseSequence, int64(s.ID))
	}
	insertNumbered(tx, mergeRequestTable, mergeRequestSequence, r.MergeRequests,
		func(m MergeRequest) MergeRequestID { return m.ID })
	insertNumbered(tx, noteTable, noteSequence, r.Notes, func(n Note) NoteID { return n.ID })
	insertNumbered(tx, labelTable, labelSequence, r.Labels, func(l Label) LabelID { return l.ID })
	insertNumbered(tx, milestoneTable, milestoneSequence, r.Milestones, func(m Milestone) MilestoneID { return m.ID })
	insertNumbered(tx, jobTable, jobSequence, r.Jobs, func(j Job) JobID { return j.ID })
	insertNumbered(tx, hookTable, hookSequence, r.Hooks, func(h ProjectHook) HookID { return h.ID })
	insertNumbered(tx, pipelineTable, pipelineSequence, r.Pipelines, func(p Pipeline) PipelineID { return p.ID })
	insertNumbered(tx, commitStatusTable, commitStatusSequence, r.CommitStatuses,
		func(s CommitStatus) CommitStatusID { return s.ID })
	insertNumbered(tx, mergeTrainCarTable, mergeTrainCarSequence, r.MergeTrainCars,
		func(c MergeTrainCar) MergeTrainCarID { return c.ID })
	tx.insertLogs(r)
	for s, name := range sequenceNames {
		tx.reserve(sequence(s), r.Sequences[name])
	}
}

// insertLogs fills the logs, whose size is counted.
func (tx *Tx) insertLogs(r Rows) {
	insertNumbered(tx, deliveryTable, deliverySequence, r.Deliveries, func(d Delivery) DeliveryID { return d.ID })
	insertNumbered(tx, auditEventTable, auditEventSequence, r.AuditEvents,
		func(e AuditEvent) AuditEventID { return e.ID })
	tx.sequences[deliveryRows] += int64(len(r.Deliveries))
	for _, d := range r.Deliveries {
		tx.sequences[deliveryBytes] += d.size()
	}
	for _, e := range r.AuditEvents {
		tx.sequences[auditBytes] += e.size()
	}
}

func insertAll[T any](tx *Tx, t table[T], rows []T) {
	for _, row := range rows {
		insert(tx, t, row)
	}
}

func insertNumbered[T any, ID ~int64](tx *Tx, t table[T], s sequence, rows []T, id func(T) ID) {
	insertAll(tx, t, rows)
	for _, row := range rows {
		tx.reserve(s, int64(id(row)))
	}
}

// Flags are the feature flags that the release has, as they are on or off without what was switched after the start.
func (tx *Tx) Flags() map[string]bool {
	flags := map[string]bool{}
	for name := range tx.release.switchable {
		flags[name] = tx.release.features[name]
	}
	return flags
}
