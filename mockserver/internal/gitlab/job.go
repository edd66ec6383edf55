package gitlab

import "time"

// JobKind names a background job.
type JobKind string

// The background jobs.
const (
	PrepareMergeRequest    JobKind = "prepare_merge_request"
	InsertPendingResponses JobKind = "insert_pending_responses"
	RefreshMergeRequests   JobKind = "refresh_merge_requests"
	CheckMergeability      JobKind = "check_mergeability"
	ExecuteHooks           JobKind = "execute_hooks"
	ProcessAutoMerge       JobKind = "process_auto_merge"
	TimeOutResponse        JobKind = "time_out_response"
	DestroyProject         JobKind = "destroy_project"
	DestroyMarkedProject   JobKind = "destroy_marked_project"
	DestroyGroup           JobKind = "destroy_group"
	ForkRepository         JobKind = "fork_repository"
	ProcessPipeline        JobKind = "process_pipeline"
	UpdateHeadPipeline     JobKind = "update_head_pipeline"
)

// Job is work that GitLab does after the request that caused it. Only the fields that its kind needs are set.
type Job struct {
	ID             JobID
	Kind           JobKind
	Due            time.Time
	CreatedAt      time.Time
	Hops           int // how many times it waits for the lag; 0 for a job with a fixed time
	UserID         UserID
	ProjectID      ProjectID
	NamespaceID    NamespaceID
	MergeRequestID MergeRequestID
	CheckID        CheckID
	PipelineID     PipelineID
	ResponseID     ResponseID
	SHA            string
	Branch         string
	OldSHA         string
	NewSHA         string
	Action         string
}

var jobTable = newTable([]index[Job]{
	{"id", func(j Job) string { return key(j.Due, j.ID) }},
})

// Lag is how long background jobs wait: between Min and Max. The wait of each job follows from its id.
type Lag struct{ Min, Max time.Duration }

// of gives the lag of one hop of a job.
func (l Lag) of(id int64, hop int) time.Duration {
	if l.Max <= l.Min {
		return l.Min
	}
	h := uint64(id)*0x9E3779B97F4A7C15 + uint64(hop)*0xBF58476D1CE4E5B9
	h ^= h >> 31
	h *= 0x94D049BB133111EB
	h ^= h >> 29
	return l.Min + time.Duration(h%uint64(l.Max-l.Min))
}

// enqueue schedules a job for the earliest time that the lag allows.
func (tx *Tx) enqueue(j Job) {
	id := tx.next(jobSequence)
	due := tx.Now
	for hop := range j.Hops {
		due = due.Add(tx.state.opts.Lag.of(id, hop))
	}
	j.ID, j.Due, j.CreatedAt = JobID(id), due.Truncate(time.Microsecond), tx.Now
	insert(tx, jobTable, j)
}

func (tx *Tx) enqueueAt(due time.Time, j Job) {
	j.ID, j.Due, j.CreatedAt = JobID(tx.next(jobSequence)), due, tx.Now
	insert(tx, jobTable, j)
}

// Jobs lists the waiting jobs in the order in which they will run.
func (tx *Tx) Jobs() []Job { return all(tx, jobTable, "id", "") }

// JobsBut lists the waiting jobs of other kinds. There can be hundreds of timeouts.
func (tx *Tx) JobsBut(kind JobKind) []Job {
	jobs := []Job{}
	scan(jobTable.tree(tx, "id"), "", func(j *Job) bool {
		if j.Kind != kind {
			jobs = append(jobs, *j)
		}
		return true
	})
	return jobs
}

// NextDue is the due time of the first waiting job; ok is false if none waits.
func (tx *Tx) NextDue() (due time.Time, ok bool) {
	j, ok := firstFrom(tx, jobTable, "id", "")
	return j.Due, ok
}

// RunDue runs the jobs that are due by now, in order, and the jobs that they cause. Each job runs at its own instant:
// the later of its due time and the instant of the job before it. RunDue returns how many jobs ran.
func (s *State) RunDue(now time.Time) int {
	now = now.UTC().Truncate(time.Microsecond) // the precision of a transaction
	for n := 0; ; n++ {
		if due := s.current.Load().due; due.IsZero() || due.After(now) {
			return n
		}
		s.runFirst(now)
	}
}

// runFirst runs the first job if it is due. A job that panics is removed, so that it does not run again and does not
// block the jobs after it.
func (s *State) runFirst(now time.Time) {
	var j Job
	defer func() {
		mistake := recover()
		if mistake == nil {
			return
		}
		s.drop(now, j)
		if s.opts.JobFailed != nil {
			s.opts.JobFailed(j, mistake)
		}
	}()
	_ = s.Update(now, func(tx *Tx) error {
		var ok bool
		if j, ok = firstFrom(tx, jobTable, "id", ""); !ok || j.Due.After(tx.Now) {
			return nil
		}
		remove(tx, jobTable, j)
		tx.Now = j.Due
		tx.run(j)
		return nil
	})
}

// drop removes a job.
func (s *State) drop(now time.Time, j Job) {
	_ = s.Update(now, func(tx *Tx) error {
		remove(tx, jobTable, j)
		return nil
	})
}

func (tx *Tx) run(j Job) {
	switch j.Kind {
	case PrepareMergeRequest:
		tx.prepare(j)
	case InsertPendingResponses:
		tx.insertPendingResponses(j)
	case RefreshMergeRequests:
		tx.refresh(j)
	case CheckMergeability:
		tx.checkMergeability(j)
	case ProcessAutoMerge:
		tx.processAutoMerge(j)
	case TimeOutResponse:
		tx.timeOut(j)
	case ProcessPipeline:
		tx.processPipeline(j)
	case UpdateHeadPipeline:
		tx.setHeadPipelines(j)
	case ForkRepository:
		tx.forkRepository(j)
	case ExecuteHooks:
		u, _ := tx.User(j.UserID)
		if mr, ok := tx.mergeRequestByID(j.MergeRequestID); ok {
			tx.fire(MergeRequestEvent{MergeRequest: mr, User: u, Action: j.Action})
		}
	case DestroyProject, DestroyMarkedProject, DestroyGroup:
		tx.destroy(j)
	}
}

// destroy removes a project or a group. One that was marked stays if it was restored since.
func (tx *Tx) destroy(j Job) {
	u, _ := tx.User(j.UserID)
	p, isProject := tx.Project(j.ProjectID)
	n, isGroup := tx.Namespace(j.NamespaceID)
	switch {
	case j.Kind == DestroyGroup && isGroup:
		tx.DeleteGroup(u, n)
	case isProject && (j.Kind != DestroyMarkedProject || p.DeletionOn.Equal(j.CreatedAt)):
		tx.DeleteProject(u, p)
	}
}

// RemoveProject schedules the removal of a project with everything in it.
func (tx *Tx) RemoveProject(a Actor, p Project) {
	tx.enqueue(Job{Kind: DestroyProject, ProjectID: p.ID, UserID: a.User.ID, Hops: 1})
}
