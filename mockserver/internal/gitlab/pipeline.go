package gitlab

import (
	"slices"
	"time"
)

// CIStatus is what became of a pipeline or of a commit status.
type CIStatus string

// The statuses that pipelines and commit statuses can have here.
const (
	CICreated  CIStatus = "created"
	CIPending  CIStatus = "pending"
	CIRunning  CIStatus = "running"
	CISuccess  CIStatus = "success"
	CIFailed   CIStatus = "failed"
	CICanceled CIStatus = "canceled"
	CISkipped  CIStatus = "skipped"
)

// complete reports whether nothing more happens by itself.
func (s CIStatus) complete() bool {
	return slices.Contains([]CIStatus{CISuccess, CIFailed, CICanceled, CISkipped}, s)
}

// Finished reports whether something ran to its end.
func (s CIStatus) Finished() bool { return s != CISkipped && s.complete() }

// Pipeline is a pipeline. All of them come from commit statuses, which tell of what runs outside of GitLab.
type Pipeline struct {
	ID         PipelineID
	IID        PipelineIID
	ProjectID  ProjectID
	SHA        string
	Ref        string
	Status     CIStatus
	UserID     UserID
	Timed      bool // its duration was measured; it is 0, as GitLab counts its own jobs alone
	CreatedAt  time.Time
	UpdatedAt  time.Time
	StartedAt  time.Time
	FinishedAt time.Time
}

var pipelineTable = newTable([]index[Pipeline]{
	{"id", func(p Pipeline) string { return key(p.ID) }},
	{"project", func(p Pipeline) string { return key(p.ProjectID, p.IID) }},
	{"sha", func(p Pipeline) string { return key(p.ProjectID, p.SHA) }},
})

// Pipeline looks up a pipeline of any project.
func (tx *Tx) Pipeline(id PipelineID) (Pipeline, bool) {
	return first(tx, pipelineTable, "id", key(id))
}

// Pipelines lists a project's pipelines by id.
func (tx *Tx) Pipelines(p ProjectID) []Pipeline { return all(tx, pipelineTable, "project", key(p)) }

// PipelinesOf lists the pipelines of a commit by id.
func (tx *Tx) PipelinesOf(p ProjectID, sha string) []Pipeline {
	return all(tx, pipelineTable, "sha", key(p, sha))
}

// createPipeline makes the pipeline that commit statuses of a commit and a ref belong to.
func (tx *Tx) createPipeline(a Actor, p Project, sha, ref string) Pipeline {
	newest, _ := last(tx, pipelineTable, "project", key(p.ID))
	made := Pipeline{
		ID: PipelineID(tx.next(pipelineSequence)), IID: newest.IID + 1, ProjectID: p.ID, SHA: sha, Ref: ref,
		Status: CICreated, UserID: a.User.ID, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
	insert(tx, pipelineTable, made)
	return made
}

// processPipeline gives a pipeline the status that follows from its commit statuses.
//
// Source: app/services/ci/pipeline_processing/atomic_processing_service.rb.
func (tx *Tx) processPipeline(j Job) {
	p, ok := tx.Pipeline(j.PipelineID)
	if !ok {
		return
	}
	if after, changed := p.became(compositeStatus(tx.LatestStatuses(p.ID)), tx.Now); changed {
		insert(tx, pipelineTable, after)
		tx.followPipeline(p, after)
	}
}

// CoverageOf is the mean of what the statuses of a pipeline tell of coverage.
func (tx *Tx) CoverageOf(p Pipeline) (mean float64, covered bool) {
	n := 0.0
	for _, s := range tx.LatestStatuses(p.ID) {
		if s.Covered {
			mean, n = mean+s.Coverage, n+1
		}
	}
	return mean / max(n, 1), n > 0
}

// compositeStatus is the status that follows from those of several jobs; empty for none. None of them may fail.
//
// Source: lib/gitlab/ci/status/composite.rb.
func compositeStatus(list []CommitStatus) CIStatus {
	if len(list) == 0 {
		return ""
	}
	only := func(statuses ...CIStatus) bool {
		return !slices.ContainsFunc(list, func(s CommitStatus) bool { return !slices.Contains(statuses, s.Status) })
	}
	switch {
	case only(CISkipped):
		return CISkipped
	case only(CISuccess, CISkipped):
		return CISuccess
	case only(CICanceled, CISuccess, CISkipped):
		return CICanceled
	case only(CIPending, CISkipped):
		return CIPending
	case !only(CISuccess, CIFailed, CICanceled, CISkipped):
		return CIRunning
	}
	return CIFailed
}

// became is the pipeline after the step to a status. A pipeline that is done and waits again is running.
//
// Source: app/models/ci/pipeline.rb (state_machine).
func (p Pipeline) became(next CIStatus, now time.Time) (after Pipeline, changed bool) {
	if next == CIPending && p.Status != CICreated && p.Status != CISkipped {
		if p.Status == CIPending {
			return p, false
		}
		next = CIRunning
	}
	if next == "" || next == p.Status && next != CISuccess {
		return p, false
	}
	if next == CIRunning && p.StartedAt.IsZero() && (p.Status == CICreated || p.Status == CIPending) {
		p.StartedAt = now
	}
	if next.Finished() {
		p.FinishedAt, p.Timed = now, p.Timed || !p.StartedAt.IsZero()
	}
	p.Status, p.UpdatedAt = next, now
	return p, true
}
