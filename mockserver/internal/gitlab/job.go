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
)

// Job is something that GitLab does after the request that asked for it. Only the fields that its kind needs are set.
type Job struct {
	ID             JobID
	Kind           JobKind
	Due            time.Time
	CreatedAt      time.Time
	Hops           int // how many times it waits for the lag; 0 for what has a time of its own
	UserID         UserID
	ProjectID      ProjectID
	NamespaceID    NamespaceID
	MergeRequestID MergeRequestID
	CheckID        CheckID
	ResponseID     ResponseID
	SHA            string
	Branch         string
	OldSHA         string
	NewSHA         string
	Action         string
}

var jobTable = table[Job]{"jobs", []index[Job]{
	{"id", func(j Job) []byte { return key(j.Due, j.ID) }},
}}

// Lag is how long background jobs wait: at least Min and at most Max, each job for a time that follows from its id.
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

// enqueue plans a job for as soon as the lag lets it.
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

// Jobs lists the jobs that wait, in the order in which they will run.
func (tx *Tx) Jobs() []Job { return all(tx, jobTable, "id", nil) }

// NextDue is when the first of the waiting jobs is due; ok is false if none waits.
func (tx *Tx) NextDue() (due time.Time, ok bool) {
	j, ok := first(tx, jobTable, "id_prefix", nil)
	return j.Due, ok
}

// RunDue runs, in order, the jobs that are due by now, also those that they bring about. Each runs at its own instant:
// the later of its due time and that of the job before it. It returns how many ran.
func (s *State) RunDue(now time.Time) int {
	now = now.UTC().Truncate(time.Microsecond) // as a transaction has it
	for n := 0; ; n++ {
		if due := s.current.Load().due; due.IsZero() || due.After(now) {
			return n
		}
		s.runFirst(now)
	}
}

// runFirst runs the first job if it is due. One that panics is dropped, so that it comes no second time and holds up
// none after it.
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
		if j, ok = first(tx, jobTable, "id_prefix", nil); !ok || j.Due.After(tx.Now) {
			return nil
		}
		remove(tx, jobTable, j)
		tx.Now = j.Due
		tx.run(j)
		return nil
	})
}

// drop forgets a job.
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
	case ExecuteHooks:
		u, _ := tx.User(j.UserID)
		if mr, ok := tx.mergeRequestByID(j.MergeRequestID); ok {
			tx.fire(MergeRequestEvent{MergeRequest: mr, User: u, Action: j.Action})
		}
	case DestroyProject:
		if p, ok := tx.Project(j.ProjectID); ok {
			tx.DeleteProject(p)
		}
	case DestroyMarkedProject:
		if p, ok := tx.Project(j.ProjectID); ok && p.DeletionOn.Equal(j.CreatedAt) { // not restored since
			tx.DeleteProject(p)
		}
	case DestroyGroup:
		if n, ok := tx.Namespace(j.NamespaceID); ok {
			tx.DeleteGroup(n)
		}
	}
}

// RemoveProject plans the removal of a project and all that belongs to it.
func (tx *Tx) RemoveProject(p Project) {
	tx.enqueue(Job{Kind: DestroyProject, ProjectID: p.ID, Hops: 1})
}
