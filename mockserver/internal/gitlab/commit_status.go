package gitlab

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// CommitStatus is what a service outside of GitLab says of a commit: a job of the pipeline of that commit.
type CommitStatus struct {
	ID          CommitStatusID
	PipelineID  PipelineID
	Name        string
	Status      CIStatus
	TargetURL   string
	Description string
	Coverage    float64
	Covered     bool // Coverage was given
	UserID      UserID
	Protected   bool // the ref was protected when it was made
	Retried     bool // another one with its name came later
	CreatedAt   time.Time
	StartedAt   time.Time
	FinishedAt  time.Time
}

var commitStatusTable = newTable([]index[CommitStatus]{
	{"id", func(s CommitStatus) string { return key(s.ID) }},
	{"pipeline", func(s CommitStatus) string { return key(s.PipelineID) }},
})

// ExternalStage is the stage of each commit status.
const ExternalStage = "external"

// CommitStatuses lists the commit statuses of a pipeline by id.
func (tx *Tx) CommitStatuses(id PipelineID) []CommitStatus {
	return all(tx, commitStatusTable, "pipeline", key(id))
}

// LatestStatuses lists, by id, those of a pipeline that none with the same name has replaced.
func (tx *Tx) LatestStatuses(id PipelineID) []CommitStatus {
	return slices.DeleteFunc(tx.CommitStatuses(id), func(s CommitStatus) bool { return s.Retried })
}

// NewStatus is what somebody says of a commit. What is empty or nil is not said.
type NewStatus struct {
	State                  CIStatus
	Ref                    *string
	Name                   string
	TargetURL, Description string
	Coverage               *float64
	PipelineID             *PipelineID
}

// SetCommitStatus makes a commit status, or changes the one that the same user has not finished yet. If the commit has
// no pipeline that fits, it gets one. It refuses, in this order: NotFound without a ref or the pipeline that is asked
// for, Forbidden if the ref is protected from the user, BadAttributes for texts that GitLab does not take, BadValue for
// a step between two states that GitLab does not know.
//
// A new pipeline stays if what follows is refused, without a status.
//
// Source: app/services/ci/create_commit_status_service.rb; lib/api/commit_statuses.rb of 14.5.2.
func (tx *Tx) SetCommitStatus(a Actor, p Project, c Commit, n NewStatus) (CommitStatus, error) {
	line, found := tx.pipelineFor(p, c, n)
	ref := tx.refOf(p, c, n, line)
	if blank(ref) {
		return CommitStatus{}, refuseText(NotFound, "References for commit", "no ref was given, the commit has no "+
			"pipeline, and no branch contains it")
	}
	if !found && n.PipelineID != nil && tx.Has(MissesPipelines) {
		return CommitStatus{}, refuseText(NotFound, "Pipeline for pipeline_id, sha and ref",
			"pipeline %d is not one of commit %s and ref %q", *n.PipelineID, c.SHA, ref)
	}
	if !found {
		line = tx.createPipeline(a, p, c.SHA, ref)
		if !tx.Has(OverwritesHeadPipelines) {
			tx.enqueue(Job{Kind: UpdateHeadPipeline, PipelineID: line.ID, Hops: 1})
		}
	}
	s, err := tx.statusIn(a, p, line, n)
	if err != nil {
		return s, keeping(err)
	}
	if tx.Has(OverwritesHeadPipelines) {
		tx.overwriteHeadPipelines(line)
	}
	return tx.keepStatus(s), nil
}

// statusIn is the status of a pipeline after what is said.
func (tx *Tx) statusIn(a Actor, p Project, line Pipeline, n NewStatus) (CommitStatus, error) {
	ref := line.Ref
	if !tx.CanPushTo(a, p, ref, false) && !tx.CanPushTo(a, p, ref, true) {
		return CommitStatus{}, refuse(Forbidden, "%q is protected, and the caller may neither push to it nor merge "+
			"into it", ref)
	}
	protected := len(tx.ProtectionOf(p, ref)) > 0
	s := CommitStatus{
		PipelineID: line.ID, Name: n.Name, Status: CICreated, UserID: a.User.ID, Protected: protected,
		CreatedAt: tx.Now,
	}
	s = tx.unfinished(s).with(n)
	if err := tx.commitStatusProblem(s, ref); err != nil {
		return s, err
	}
	return s.moved(n.State, tx.Now)
}

// keepStatus stores a status, which replaces those with its name, and lets its pipeline follow.
func (tx *Tx) keepStatus(s CommitStatus) CommitStatus {
	if s.ID == 0 {
		s.ID = CommitStatusID(tx.next(commitStatusSequence))
	}
	for _, other := range tx.LatestStatuses(s.PipelineID) {
		if other.Name == s.Name && other.ID != s.ID {
			other.Retried = true
			insert(tx, commitStatusTable, other)
		}
	}
	insert(tx, commitStatusTable, s)
	tx.enqueue(Job{Kind: ProcessPipeline, PipelineID: s.PipelineID, Hops: 1})
	return s
}

// pipelineFor finds the newest pipeline that a status can belong to.
func (tx *Tx) pipelineFor(p Project, c Commit, n NewStatus) (Pipeline, bool) {
	for _, line := range slices.Backward(tx.PipelinesOf(p.ID, c.SHA)) {
		if (n.Ref == nil || *n.Ref == line.Ref) && (n.PipelineID == nil || *n.PipelineID == line.ID) {
			return line, true
		}
	}
	return Pipeline{}, false
}

// refOf is the ref that a status is about: the one that is given, that of its pipeline, or the first branch with the
// commit.
func (tx *Tx) refOf(p Project, c Commit, n NewStatus, line Pipeline) string {
	if n.Ref != nil {
		return *n.Ref
	}
	if line.Ref != "" {
		return line.Ref
	}
	for _, b := range tx.Branches(p.ID) {
		if tx.contains(p.ID, b.SHA, c.SHA) {
			return b.Name
		}
	}
	return ""
}

// unfinished is the status that is pending or running with the same name, user and pipeline, or the given one.
func (tx *Tx) unfinished(s CommitStatus) CommitStatus {
	for _, known := range tx.CommitStatuses(s.PipelineID) {
		if (known.Status == CIPending || known.Status == CIRunning) && known.Name == s.Name &&
			known.UserID == s.UserID && (known.Protected || !s.Protected) {
			return known
		}
	}
	return s
}

// with takes over what is said. What is blank changes nothing.
func (s CommitStatus) with(n NewStatus) CommitStatus {
	if !blank(n.TargetURL) {
		s.TargetURL = strings.Trim(n.TargetURL, rubyBlanks)
	}
	if !blank(n.Description) {
		s.Description = n.Description
	}
	if n.Coverage != nil {
		s.Coverage, s.Covered = *n.Coverage, true
	}
	return s
}

// longestStatusText is how long the texts of a commit status may be, in characters.
const longestStatusText = 255

// commitStatusProblem refuses what the model does not take. The length of the address is a rule of two models.
//
// Source: app/models/commit_status.rb, generic_commit_status.rb.
func (tx *Tx) commitStatusProblem(s CommitStatus, ref string) error {
	problems := map[string][]string{}
	long := func(text string) bool { return utf8.RuneCountInString(text) > longestStatusText }
	add := func(attribute, problem string) { problems[attribute] = append(problems[attribute], problem) }
	tooLong := fmt.Sprintf("is too long (maximum is %d characters)", longestStatusText)
	if blank(s.Name) {
		add("name", "can't be blank")
	}
	if tx.Has(LimitsStatusTexts) {
		for attribute, text := range map[string]string{
			"ref": ref, "target_url": s.TargetURL, "description": s.Description,
		} {
			if long(text) {
				add(attribute, tooLong)
			}
		}
	}
	if s.TargetURL != "" {
		if problem := tx.externalURLProblem(s.TargetURL); problem != "" {
			add("target_url", problem)
		}
		if long(s.TargetURL) {
			add("target_url", tooLong)
		}
	}
	if len(problems) > 0 {
		return badAttributes(problems)
	}
	return nil
}

// steps are the events by which a state is reached, and the states in which they can happen.
//
// Source: app/models/commit_status.rb (state_machine).
var steps = map[CIStatus]struct {
	event string
	from  []CIStatus
}{
	CIPending:  {"enqueue", []CIStatus{CICreated}},
	CIRunning:  {"run", []CIStatus{CICreated, CIPending}},
	CISuccess:  {"success", []CIStatus{CICreated, CIPending, CIRunning}},
	CIFailed:   {"drop", []CIStatus{CICreated, CIPending, CIRunning}},
	CICanceled: {"cancel", []CIStatus{CICreated, CIPending, CIRunning}},
	CISkipped:  {"skip", []CIStatus{CICreated, CIPending}},
}

// moved is the status after the step to a state. It refuses steps that GitLab does not know.
func (s CommitStatus) moved(to CIStatus, now time.Time) (CommitStatus, error) {
	step := steps[to]
	if !slices.Contains(step.from, s.Status) {
		return s, refuseText(BadValue, fmt.Sprintf("Cannot transition status via :%s from :%s (Reason(s): Status "+
			"cannot transition via %q)", step.event, s.Status, step.event), "the commit status is %s", s.Status)
	}
	s.Status = to
	switch {
	case to == CIRunning:
		s.StartedAt = now
	case to.Finished():
		s.FinishedAt = now
	}
	return s, nil
}

// CommitStatusFilter chooses among the statuses of a commit. What is empty or 0 chooses all.
type CommitStatusFilter struct {
	Ref, Stage, Name string
	PipelineID       PipelineID
	Replaced         bool // also those that others have replaced
}

// StatusesOf lists the statuses of a commit by id. The SHA must be whole.
//
// Source: lib/api/commit_statuses.rb.
func (tx *Tx) StatusesOf(p ProjectID, sha string, f CommitStatusFilter) []CommitStatus {
	list := []CommitStatus{}
	for _, line := range tx.PipelinesOf(p, sha) {
		if f.Ref != "" && f.Ref != line.Ref || f.PipelineID != 0 && f.PipelineID != line.ID {
			continue
		}
		for _, s := range tx.CommitStatuses(line.ID) {
			if (f.Replaced || !s.Retried) && cmp.Or(f.Name, s.Name) == s.Name &&
				cmp.Or(f.Stage, ExternalStage) == ExternalStage {
				list = append(list, s)
			}
		}
	}
	slices.SortFunc(list, func(a, b CommitStatus) int { return cmp.Compare(a.ID, b.ID) })
	return list
}
