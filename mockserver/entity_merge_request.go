package mockserver

import (
	"slices"
	"strconv"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// mergeRequestBasic is a merge request as lists show it.
//
// Source: lib/api/entities/merge_request_basic.rb, issuable_entity.rb, ee/lib/ee/api/entities/merge_request_basic.rb.
type mergeRequestBasic struct {
	ID              gitlab.MergeRequestID    `json:"id"`
	IID             gitlab.MergeRequestIID   `json:"iid"`
	ProjectID       gitlab.ProjectID         `json:"project_id"`
	Title           string                   `json:"title"`
	Description     *string                  `json:"description"`
	State           gitlab.MergeRequestState `json:"state"`
	CreatedAt       *timestamp               `json:"created_at"`
	UpdatedAt       *timestamp               `json:"updated_at"`
	MergedBy        *userBasic               `json:"merged_by"`
	MergeUser       **userBasic              `json:"merge_user,omitempty"`
	MergedAt        *timestamp               `json:"merged_at"`
	ClosedBy        *userBasic               `json:"closed_by"`
	ClosedAt        *timestamp               `json:"closed_at"`
	TitleHTML       *string                  `json:"title_html,omitempty"`
	DescriptionHTML *string                  `json:"description_html,omitempty"`
	TargetBranch    string                   `json:"target_branch"`
	SourceBranch    string                   `json:"source_branch"`
	UserNotesCount  int                      `json:"user_notes_count"`
	Upvotes         int                      `json:"upvotes"`
	Downvotes       int                      `json:"downvotes"`
	Author          *userBasic               `json:"author"`
	Assignees       []*userBasic             `json:"assignees"`
	Assignee        *userBasic               `json:"assignee"`
	Reviewers       []*userBasic             `json:"reviewers"`
	SourceProjectID *gitlab.ProjectID        `json:"source_project_id"`
	TargetProjectID gitlab.ProjectID         `json:"target_project_id"`
	// Titles or, if the caller asks for details, label entities.
	Labels any  `json:"labels"`
	Draft  bool `json:"draft"`
	*importedEntity
	WorkInProgress            bool                 `json:"work_in_progress"`
	Milestone                 *milestoneEntity     `json:"milestone"`
	MergeWhenPipelineSucceeds bool                 `json:"merge_when_pipeline_succeeds"`
	MergeStatus               gitlab.MergeStatus   `json:"merge_status"`
	DetailedMergeStatus       string               `json:"detailed_merge_status,omitempty"`
	MergeAfter                **timestamp          `json:"merge_after,omitempty"`
	SHA                       *string              `json:"sha"`
	MergeCommitSHA            *string              `json:"merge_commit_sha"`
	SquashCommitSHA           *string              `json:"squash_commit_sha"`
	DiscussionLocked          *bool                `json:"discussion_locked"`
	ShouldRemoveSourceBranch  *bool                `json:"should_remove_source_branch"`
	ForceRemoveSourceBranch   *bool                `json:"force_remove_source_branch"`
	PreparedAt                **timestamp          `json:"prepared_at,omitempty"`
	AllowCollaboration        *bool                `json:"allow_collaboration,omitempty"`
	AllowMaintainerToPush     *bool                `json:"allow_maintainer_to_push,omitempty"`
	Reference                 string               `json:"reference"`
	References                references           `json:"references"`
	WebURL                    string               `json:"web_url"`
	TimeStats                 timeStats            `json:"time_stats"`
	Squash                    bool                 `json:"squash"`
	SquashOnMerge             bool                 `json:"squash_on_merge"`
	TaskCompletionStatus      taskCompletionStatus `json:"task_completion_status"`
	HasConflicts              bool                 `json:"has_conflicts"`
	DiscussionsResolved       bool                 `json:"blocking_discussions_resolved"`
	ApprovalsBeforeMerge      *int                 `json:"approvals_before_merge"`
}

type references struct {
	Short    string `json:"short"`
	Relative string `json:"relative"`
	Full     string `json:"full"`
}

type timeStats struct {
	TimeEstimate        int     `json:"time_estimate"`
	TotalTimeSpent      int     `json:"total_time_spent"`
	HumanTimeEstimate   *string `json:"human_time_estimate"`
	HumanTotalTimeSpent *string `json:"human_total_time_spent"`
}

func presentTimeStats(mr gitlab.MergeRequest) timeStats {
	return timeStats{TotalTimeSpent: mr.TimeSpent, HumanTotalTimeSpent: orNull(gitlab.SpentTimeText(mr.TimeSpent))}
}

type taskCompletionStatus struct {
	Count          int `json:"count"`
	CompletedCount int `json:"completed_count"`
}

// mergeRequestEntity is a merge request that is shown alone. The keys about builds appear only if it is shown in its
// project.
//
// Source: lib/api/entities/merge_request.rb.
type mergeRequestEntity struct {
	mergeRequestBasic
	Subscribed   bool    `json:"subscribed"`
	ChangesCount *string `json:"changes_count"`
	*mergeRequestBuilds
	DiffRefs             *diffRefs       `json:"diff_refs"`
	MergeError           *string         `json:"merge_error"`
	RebaseInProgress     *bool           `json:"rebase_in_progress,omitempty"`
	DivergedCommitsCount *int            `json:"diverged_commits_count,omitempty"`
	FirstContribution    *bool           `json:"first_contribution,omitempty"`
	User                 mergeRequestCan `json:"user"`
}

// mergeRequestBuilds holds the keys about pipelines. Nothing is deployed here. The head pipeline is for those who may
// see pipelines.
type mergeRequestBuilds struct {
	LatestBuildStartedAt        *timestamp       `json:"latest_build_started_at"`
	LatestBuildFinishedAt       *timestamp       `json:"latest_build_finished_at"`
	FirstDeployedToProductionAt *timestamp       `json:"first_deployed_to_production_at"`
	Pipeline                    *pipelineBasic   `json:"pipeline"`
	HeadPipeline                **pipelineEntity `json:"head_pipeline,omitempty"`
}

type diffRefs struct {
	BaseSHA  string `json:"base_sha"`
	HeadSHA  string `json:"head_sha"`
	StartSHA string `json:"start_sha"`
}

type mergeRequestCan struct {
	CanMerge bool `json:"can_merge"`
}

// presentMergeRequest shows a merge request in its project to a viewer. A nil viewer gets only the keys that do not
// depend on a viewer.
func presentMergeRequest(tx *gitlab.Tx, viewer *gitlab.Actor, mr gitlab.MergeRequest) mergeRequestEntity {
	e := mergeRequestEntity{mergeRequestBasic: presentMergeRequestBasic(tx, mr), MergeError: orNull(mr.MergeError)}
	if mr.BaseSHA != "" {
		e.DiffRefs = &diffRefs{mr.BaseSHA, mr.HeadSHA, mr.StartSHA}
		count := mr.ChangesCount()
		e.ChangesCount = &count
	}
	if viewer != nil {
		e.mergeRequestBuilds = presentBuilds(tx, *viewer, mr)
		e.showTo(tx, *viewer, mr)
	}
	return e
}

func presentBuilds(tx *gitlab.Tx, viewer gitlab.Actor, mr gitlab.MergeRequest) *mergeRequestBuilds {
	e := &mergeRequestBuilds{
		LatestBuildStartedAt: newTimestamp(mr.BuildStartedAt), LatestBuildFinishedAt: newTimestamp(mr.BuildFinishedAt),
	}
	if line, ran := tx.Pipeline(mr.BuildPipelineID); ran {
		basic := presentPipelineBasic(tx, line)
		e.Pipeline = &basic
	}
	if !tx.CanOn(viewer, gitlab.ReadPipeline, mr) {
		return e
	}
	var head *pipelineEntity
	if line, there := tx.Pipeline(mr.HeadPipelineID); there {
		shown := presentPipeline(tx, line)
		head = &shown
	}
	e.HeadPipeline = &head
	return e
}

// showTo fills in the keys that depend on the viewer.
func (e *mergeRequestEntity) showTo(tx *gitlab.Tx, viewer gitlab.Actor, mr gitlab.MergeRequest) {
	e.Subscribed = tx.Participates(viewer, mr)
	e.User.CanMerge = !viewer.Anonymous() && tx.CanOn(viewer, gitlab.AcceptMergeRequest, mr)
}

func presentMergeRequestBasic(tx *gitlab.Tx, mr gitlab.MergeRequest) mergeRequestBasic {
	p, _ := tx.Project(mr.ProjectID)
	tasks, done := mr.Tasks()
	short := "!" + strconv.FormatInt(int64(mr.IID), 10)
	e := mergeRequestBasic{
		ID: mr.ID, IID: mr.IID, ProjectID: mr.ProjectID, Title: mr.Title, Description: &mr.Description, State: mr.State,
		CreatedAt: newTimestamp(mr.CreatedAt), UpdatedAt: newTimestamp(mr.UpdatedAt),
		MergedAt: newTimestamp(mr.MergedAt),
		ClosedBy: presentUser(tx, mr.ClosedByID), ClosedAt: newTimestamp(mr.ClosedAt), TargetBranch: mr.TargetBranch,
		SourceBranch:   mr.SourceBranch,
		UserNotesCount: tx.CountNotes(mr.ID), Author: presentUser(tx, mr.AuthorID),
		Assignees: presentUsers(tx, mr.AssigneeIDs), Reviewers: presentUsers(tx, mr.ReviewerIDs),
		SourceProjectID: orNull(mr.SourceProjectID), TargetProjectID: mr.ProjectID, Labels: sortedTitles(mr.Labels),
		Draft: mr.Draft(), importedEntity: presentImported(tx),
		WorkInProgress: mr.Draft(), MergeWhenPipelineSucceeds: mr.AutoMerge, MergeStatus: mr.PublicMergeStatus(),
		DetailedMergeStatus: detailedMergeStatus(tx, mr),
		MergeAfter:          dated(tx, gitlab.ShowsMergeAfter, newTimestamp(mr.MergeAfter)),
		SHA:                 orNull(mr.HeadSHA),
		MergeCommitSHA:      orNull(mr.MergeCommitSHA),
		SquashCommitSHA:     orNull(mr.SquashCommitSHA), DiscussionLocked: choice(mr.DiscussionLocked),
		ShouldRemoveSourceBranch: choice(mr.ShouldRemoveSourceBranch),
		ForceRemoveSourceBranch:  choice(mr.RemoveSourceBranch),
		PreparedAt:               dated(tx, gitlab.ShowsPreparation, newTimestamp(mr.PreparedAt)), Reference: short,
		References: references{short, short, p.FullPath + short},
		WebURL:     mergeRequestURL(tx, p, mr), Squash: mr.Squash, SquashOnMerge: mr.SquashesInto(p),
		TimeStats: presentTimeStats(mr), TaskCompletionStatus: taskCompletionStatus{tasks, done},
		HasConflicts:        mr.MergeStatus == gitlab.CannotBeMerged,
		DiscussionsResolved: !p.RequireResolvedDiscussions || tx.DiscussionsResolved(mr.ID),
	}
	if len(e.Assignees) > 0 {
		e.Assignee = e.Assignees[0]
	}
	if mr.MergeUserID != 0 {
		e.MergedBy = presentUser(tx, mr.MergeUserID)
	}
	e.MergeUser = dated(tx, gitlab.ShowsMergeUser, e.MergedBy)
	if mr.MergeUserID == 0 && mr.AutoMerge {
		e.MergeUser = dated(tx, gitlab.ShowsMergeUser, presentUser(tx, mr.AutoMergeUserID))
	}
	if m, err := tx.MilestoneOf(mr.ProjectID, mr.MilestoneID); err == nil {
		shown := presentMilestone(tx, p, m)
		e.Milestone = &shown
	}
	if mr.FromFork() {
		allows := tx.AllowsCollaboration(mr)
		e.AllowCollaboration, e.AllowMaintainerToPush = &allows, &allows
	}
	return e
}

// detailedMergeStatus returns "", which leaves the key out, for releases that do not have the key.
func detailedMergeStatus(tx *gitlab.Tx, mr gitlab.MergeRequest) string {
	if !tx.Has(gitlab.ShowsDetailedMergeStatus) {
		return ""
	}
	return tx.DetailedMergeStatus(mr)
}

func mergeRequestURL(tx *gitlab.Tx, p gitlab.Project, mr gitlab.MergeRequest) string {
	return tx.BaseURL() + "/" + p.FullPath + "/-/merge_requests/" + strconv.FormatInt(int64(mr.IID), 10)
}

func presentUsers(tx *gitlab.Tx, ids []gitlab.UserID) []*userBasic {
	list := []*userBasic{}
	for _, id := range ids {
		if u := presentUser(tx, id); u != nil {
			list = append(list, u)
		}
	}
	return list
}

// simpleMergeRequest is a merge request in lists that ask for few keys, and on merge trains.
//
// Source: lib/api/entities/merge_request_simple.rb, project_entity.rb.
type simpleMergeRequest struct {
	ID          gitlab.MergeRequestID    `json:"id"`
	IID         gitlab.MergeRequestIID   `json:"iid"`
	ProjectID   gitlab.ProjectID         `json:"project_id"`
	Title       string                   `json:"title"`
	Description string                   `json:"description"`
	State       gitlab.MergeRequestState `json:"state"`
	CreatedAt   *timestamp               `json:"created_at"`
	UpdatedAt   *timestamp               `json:"updated_at"`
	WebURL      string                   `json:"web_url"`
}

func presentSimpleMergeRequest(tx *gitlab.Tx, p gitlab.Project, mr gitlab.MergeRequest) simpleMergeRequest {
	return simpleMergeRequest{
		ID: mr.ID, IID: mr.IID, ProjectID: mr.ProjectID, Title: mr.Title, Description: mr.Description, State: mr.State,
		CreatedAt: newTimestamp(mr.CreatedAt), UpdatedAt: newTimestamp(mr.UpdatedAt),
		WebURL: mergeRequestURL(tx, p, mr),
	}
}

func sortedTitles(titles []string) []string {
	sorted := append([]string{}, titles...)
	slices.Sort(sorted)
	return sorted
}

// choice returns nil, which is written as null, if nobody made the choice.
func choice(c gitlab.Choice) *bool {
	if c == gitlab.Unset {
		return nil
	}
	yes := c == gitlab.Yes
	return &yes
}
