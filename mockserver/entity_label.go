package mockserver

import (
	"fmt"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// labelBasic is a label with its details, as merge requests show it.
//
// Source: lib/api/entities/label_basic.rb. The feature flag labels_archive, which adds archived, is off by default.
type labelBasic struct {
	ID              gitlab.LabelID `json:"id"`
	Name            string         `json:"name"`
	Description     *string        `json:"description"`
	DescriptionHTML string         `json:"description_html"`
	TextColor       string         `json:"text_color"`
	Color           string         `json:"color"`
}

func presentLabelBasic(l gitlab.Label) labelBasic {
	return labelBasic{
		ID: l.ID, Name: l.Title, Description: orNull(l.Description), DescriptionHTML: titleHTML(l.Description),
		TextColor: l.TextColor(), Color: l.Color,
	}
}

func presentLabels(tx *gitlab.Tx, p gitlab.ProjectID, titles []string) []labelBasic {
	return presentAll(tx.Labels(p, sortedTitles(titles)), presentLabelBasic)
}

// projectLabel is a label of a project.
//
// Source: lib/api/entities/label.rb, lib/api/entities/project_label.rb.
type projectLabel struct {
	labelBasic
	*labelCounts
	Subscribed     bool   `json:"subscribed"`
	Priority       *int64 `json:"priority"`
	IsProjectLabel bool   `json:"is_project_label"`
}

// labelCounts says how much has a label. This GitLab has no issues.
type labelCounts struct {
	OpenIssues        int `json:"open_issues_count"`
	ClosedIssues      int `json:"closed_issues_count"`
	OpenMergeRequests int `json:"open_merge_requests_count"`
}

func presentProjectLabel(l gitlab.Label) projectLabel {
	e := projectLabel{labelBasic: presentLabelBasic(l), IsProjectLabel: true}
	if l.HasPriority {
		e.Priority = &l.Priority
	}
	return e
}

// milestoneEntity is a milestone of a project.
//
// Source: lib/api/entities/milestone.rb.
type milestoneEntity struct {
	ID          gitlab.MilestoneID `json:"id"`
	IID         int64              `json:"iid"`
	ProjectID   gitlab.ProjectID   `json:"project_id"`
	Title       string             `json:"title"`
	Description *string            `json:"description"`
	State       string             `json:"state"`
	CreatedAt   *timestamp         `json:"created_at"`
	UpdatedAt   *timestamp         `json:"updated_at"`
	DueDate     *string            `json:"due_date"`
	StartDate   *string            `json:"start_date"`
	Expired     bool               `json:"expired"`
	WebURL      string             `json:"web_url"`
}

func presentMilestone(tx *gitlab.Tx, p gitlab.Project, m gitlab.Milestone) milestoneEntity {
	return milestoneEntity{
		ID: m.ID, IID: m.IID, ProjectID: m.ProjectID, Title: m.Title, Description: orNull(m.Description),
		State: m.State, CreatedAt: newTimestamp(m.CreatedAt), UpdatedAt: newTimestamp(m.UpdatedAt),
		DueDate: orNull(m.DueOn), StartDate: orNull(m.StartsOn), Expired: m.Expired(tx.Now),
		WebURL: fmt.Sprintf("%s/%s/-/milestones/%d", tx.BaseURL(), p.FullPath, m.IID),
	}
}
