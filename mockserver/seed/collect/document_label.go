package collect

import (
	"maps"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// labels makes the labels of a project. Those of groups become labels of the project.
func (b *builder) labels(p *project) (list []seed.Label) {
	for _, l := range sorted(p.labels) {
		one := seed.Label{
			ID: l.ID, Name: l.Name, Color: l.Color, Description: plain(l.Description), Priority: l.Priority,
		}
		if !l.OfProject {
			b.say("that labels belong to groups; they belong to the project")
			one.ID = 0
		}
		list = append(list, one)
	}
	return list
}

// milestones makes the milestones of a project, by id, also those that only merge requests show.
func (b *builder) milestones(p *project) (list []seed.Milestone) {
	found := maps.Clone(p.milestones)
	for _, m := range p.requests {
		if shown := m.Milestone; shown != nil && shown.Project == p.about.ID {
			if _, known := found[shown.ID]; !known {
				found[shown.ID] = *shown
			}
		}
	}
	for i, m := range sorted(found) {
		if m.IID != int64(i)+1 {
			b.say("the numbers (iid) of milestones, which are counted anew")
		}
		one := seed.Milestone{
			ID: m.ID, Title: plain(m.Title), Description: plain(m.Description), State: m.State, StartDate: m.StartDate,
			DueDate: m.DueDate, CreatedAt: instant(m.CreatedAt),
		}
		if one.DueDate != "" && one.DueDate <= one.StartDate {
			b.say("start dates of milestones that are not before the due date, which GitLab no longer takes")
			one.StartDate = ""
		}
		list = append(list, one)
	}
	return list
}

// milestoneOf is the title of a merge request's milestone, empty if it has none.
func (b *builder) milestoneOf(p *project, m mergeRequest) string {
	switch {
	case m.Milestone == nil:
		return ""
	case m.Milestone.Project != p.about.ID:
		b.say("milestones of groups")
		return ""
	}
	return plain(m.Milestone.Title)
}

// wanting are the operations that tell of what there is in a project and is not collected, by the words for it.
var wanting = map[string]string{
	"listMergeRequestNotes": "comments", "createMergeRequestNote": "comments",
	"listMergeRequestDiscussions": "comments", "createMergeRequestDiscussion": "comments",
	"listPipelines": "pipelines", "getPipeline": "pipelines", "getLatestPipeline": "pipelines",
	"listMergeRequestPipelines": "pipelines", "listCommitStatuses": "commit statuses",
	"createCommitStatus": "commit statuses", "listProjectHooks": "webhooks", "createProjectHook": "webhooks",
	"getProjectHook": "webhooks", "listApprovalRules": "approval rules", "createApprovalRule": "approval rules",
	"getMergeRequestApprovalState": "approval rules", "listProjectAccessTokens": "project access tokens",
	"createProjectAccessToken": "project access tokens", "listProjectAuditEvents": "audit events",
	"listMergeTrainCars": "merge trains", "listMergeTrainCarsOfBranch": "merge trains",
	"getMergeTrainCar": "merge trains",
}

// sayIgnored says what was told and is not collected.
func (b *builder) sayIgnored() {
	words := map[string]bool{}
	for operation := range b.collector.ignored {
		if word := wanting[operation]; word != "" {
			words[word] = true
		}
	}
	if len(words) > 0 {
		b.say("%s, which are not collected", strings.Join(slices.Sorted(maps.Keys(words)), ", "))
	}
}
