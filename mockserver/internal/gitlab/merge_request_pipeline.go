package gitlab

import (
	"slices"
	"time"
)

// MergeRequestPipelines lists the pipelines of a merge request, newest first: those of its source branch for one of the
// heads that its last diffs had.
//
// Source: app/finders/ci/pipelines_for_merge_request_finder.rb.
func (tx *Tx) MergeRequestPipelines(mr MergeRequest) []Pipeline {
	list := slices.DeleteFunc(tx.Pipelines(mr.SourceProjectID), func(p Pipeline) bool {
		return p.Ref != mr.SourceBranch || !slices.Contains(mr.DiffHeads, p.SHA)
	})
	slices.Reverse(list)
	return list
}

// mostDiffHeads is how many of the last diffs count.
const mostDiffHeads = 100

// withDiffOf notes that the latest diff of a merge request is that of its present head.
func (m MergeRequest) withDiffOf(head string) MergeRequest {
	if n := len(m.DiffHeads); n == 0 || m.DiffHeads[n-1] != head {
		m.DiffHeads = append(slices.Clone(m.DiffHeads), head)
		m.DiffHeads = m.DiffHeads[max(0, len(m.DiffHeads)-mostDiffHeads):]
	}
	return m
}

// withHeadPipeline is a merge request with the newest pipeline of its head, if there is one.
//
// Source: app/models/merge_request.rb (update_head_pipeline).
func (tx *Tx) withHeadPipeline(mr MergeRequest) MergeRequest {
	for _, line := range tx.MergeRequestPipelines(mr) {
		if line.SHA == mr.HeadSHA {
			mr.HeadPipelineID = line.ID
			break
		}
	}
	return mr
}

// DiffHeadPipeline is the pipeline of the present head of a merge request.
func (tx *Tx) DiffHeadPipeline(mr MergeRequest) (Pipeline, bool) {
	line, ok := tx.Pipeline(mr.HeadPipelineID)
	return line, ok && line.SHA == mr.HeadSHA
}

// headedBy lists the merge requests of the branch of a pipeline.
func (tx *Tx) headedBy(line Pipeline) []MergeRequest {
	var list []MergeRequest
	each(tx, mergeRequestTable, "id", "", func(mr MergeRequest) bool {
		if mr.SourceProjectID == line.ProjectID && mr.SourceBranch == line.Ref {
			list = append(list, mr)
		}
		return true
	})
	return list
}

// setHeadPipelines makes a new pipeline the head pipeline of the open merge requests that it fits.
//
// Source: app/workers/merge_requests/update_head_pipeline_worker.rb.
func (tx *Tx) setHeadPipelines(j Job) {
	line, ok := tx.Pipeline(j.PipelineID)
	if !ok {
		return
	}
	for _, mr := range tx.OpenFrom(line.ProjectID, line.Ref) {
		if after := tx.withHeadPipeline(mr); after.HeadPipelineID != mr.HeadPipelineID {
			insert(tx, mergeRequestTable, after)
		}
	}
}

// overwriteHeadPipelines makes a pipeline the head pipeline of all merge requests of its branch, if it is for the last
// commit of it.
//
// Source: lib/api/commit_statuses.rb of 14.5.2.
func (tx *Tx) overwriteHeadPipelines(line Pipeline) {
	if b, ok := tx.Branch(line.ProjectID, line.Ref); !ok || b.SHA != line.SHA {
		return
	}
	for _, mr := range tx.headedBy(line) {
		mr.HeadPipelineID = line.ID
		insert(tx, mergeRequestTable, mr)
	}
}

// followPipeline lets the merge requests of a pipeline know what became of it.
//
// Source: app/workers/pipeline_metrics_worker.rb, app/models/ci/pipeline.rb (state_machine).
func (tx *Tx) followPipeline(before, line Pipeline) {
	began := line.Status == CIRunning && (before.Status == CICreated || before.Status == CIPending)
	for _, mr := range tx.headedBy(line) {
		if (began || line.Status == CISuccess) && mr.HeadPipelineID == line.ID {
			mr.BuildPipelineID, mr.BuildStartedAt, mr.BuildFinishedAt = line.ID, line.StartedAt, time.Time{}
			if !began {
				mr.BuildFinishedAt = line.FinishedAt
			}
			insert(tx, mergeRequestTable, mr)
		}
		if line.Status.complete() {
			tx.reconsiderAutoMerge(mr)
		}
	}
}

// ciObstacle says whether the pipeline of a merge request stands in the way of merging. It does where a project asks
// for success and, from 17.0 on, while a merge request with pipelines waits for auto-merge without a train.
//
// Source: app/services/merge_requests/mergeability/check_ci_status_service.rb.
func (tx *Tx) ciObstacle(p Project, mr MergeRequest) bool {
	waits := mr.AutoMerge && tx.Has(AutoMergeAwaitsChecks) && tx.hasCI(mr) && !tx.rides(mr)
	if !p.RequireSucceededPipeline && !waits {
		return false
	}
	line, ok := tx.DiffHeadPipeline(mr)
	skipped, _ := p.Plain["allow_merge_on_skipped_pipeline"].(bool)
	return !ok || line.Status != CISuccess && !(skipped && line.Status == CISkipped)
}

func (tx *Tx) hasCI(mr MergeRequest) bool {
	return mr.HeadPipelineID != 0 || len(tx.MergeRequestPipelines(mr)) > 0
}

// ciInProgress reports whether the pipeline of the head is not done. There are no pipelines here that wait for somebody
// to start a job by hand, which would count only where pipelines must succeed.
//
// Source: app/models/merge_request.rb (diff_head_pipeline_considered_in_progress?).
func (tx *Tx) ciInProgress(mr MergeRequest) bool {
	line, ok := tx.DiffHeadPipeline(mr)
	return ok && !line.Status.complete()
}

// active reports whether something runs or waits to run.
func (s CIStatus) active() bool { return s == CIPending || s == CIRunning }

// ciSucceeded reports whether the pipeline of the head has succeeded.
func (tx *Tx) ciSucceeded(mr MergeRequest) bool {
	line, ok := tx.DiffHeadPipeline(mr)
	return ok && line.Status == CISuccess
}
