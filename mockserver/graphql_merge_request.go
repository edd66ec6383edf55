package mockserver

import (
	"strconv"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/internal/graphql"
)

// resolveMergeRequest finds a merge request of a project by its iid.
func resolveMergeRequest(c graphql.Call) (any, error) {
	a, p := c.Context.(*asked), c.Source.(gitlab.Project)
	asked := c.Args["iid"].(string)
	iid, err := strconv.ParseInt(asked, 10, 64)
	if err != nil || strconv.FormatInt(iid, 10) != asked { // GitLab finds 4 for 04, and then looks for "04" in it
		return nil, nil
	}
	mr, err := a.tx.MergeRequest(p.ID, gitlab.MergeRequestIID(iid))
	if err != nil || !a.tx.CanOn(a.call.actor, gitlab.ReadMergeRequest, mr) {
		return nil, nil //nolint:nilerr // a merge request that is not there is null
	}
	return mr, nil
}

// detailedWords are GraphQL's words for what prevents a merge, if they differ from those of REST.
//
// Source: app/graphql/types/merge_requests/detailed_merge_status_enum.rb.
var detailedWords = map[string]string{
	"status_checks_must_pass":    "EXTERNAL_STATUS_CHECKS",
	"merge_request_blocked":      "BLOCKED_STATUS",
	"jira_association_missing":   "JIRA_ASSOCIATION",
	"security_policy_violations": "SECURITY_POLICIES_VIOLATIONS",
	"title_regex":                "TITLE_NOT_MATCHING",
}

func detailedWord(status string) string {
	if word, own := detailedWords[status]; own {
		return word
	}
	return strings.ToUpper(status)
}

// projectAt is a project as the caller sees it: null if it is not there or not visible.
func projectAt(a *asked, id gitlab.ProjectID) any {
	p, there := a.tx.Project(id)
	if !there || !a.tx.Can(a.call.actor, gitlab.ReadProject, p) {
		return nil
	}
	return p
}

// ofTarget shows the project that a merge request is in.
var ofTarget = of(func(a *asked, mr gitlab.MergeRequest) any { return projectAt(a, mr.ProjectID) })

var mergeRequestResolvers = map[string]graphql.Resolver{
	"MergeRequest.id": of(func(_ *asked, mr gitlab.MergeRequest) any { return gid("MergeRequest", mr.ID) }),
	"MergeRequest.iid": of(func(_ *asked, mr gitlab.MergeRequest) any {
		return strconv.FormatInt(int64(
			mr.IID), 10)
	}),
	"MergeRequest.projectId": of(func(_ *asked, mr gitlab.MergeRequest) any { return int64(mr.ProjectID) }),
	"MergeRequest.targetProjectId": of(func(_ *asked, mr gitlab.MergeRequest) any {
		return int64(mr.ProjectID)
	}),
	"MergeRequest.project":       ofTarget,
	"MergeRequest.targetProject": ofTarget,
	"MergeRequest.sourceProject": of(func(a *asked, mr gitlab.MergeRequest) any {
		return projectAt(a, mr.SourceProjectID)
	}),
	"MergeRequest.sourceProjectId": of(func(_ *asked, mr gitlab.MergeRequest) any {
		if mr.SourceProjectID == 0 {
			return nil
		}
		return int64(mr.SourceProjectID)
	}),
	"MergeRequest.title":        of(func(_ *asked, mr gitlab.MergeRequest) any { return mr.Title }),
	"MergeRequest.description":  of(func(_ *asked, mr gitlab.MergeRequest) any { return mr.Description }),
	"MergeRequest.state":        of(func(_ *asked, mr gitlab.MergeRequest) any { return string(mr.State) }),
	"MergeRequest.draft":        of(func(_ *asked, mr gitlab.MergeRequest) any { return mr.Draft() }),
	"MergeRequest.sourceBranch": of(func(_ *asked, mr gitlab.MergeRequest) any { return mr.SourceBranch }),
	"MergeRequest.targetBranch": of(func(_ *asked, mr gitlab.MergeRequest) any { return mr.TargetBranch }),
	"MergeRequest.diffHeadSha":  of(func(_ *asked, mr gitlab.MergeRequest) any { return nullableText(mr.HeadSHA) }),
	"MergeRequest.mergeError":   of(func(_ *asked, mr gitlab.MergeRequest) any { return nullableText(mr.MergeError) }),
	"MergeRequest.createdAt":    of(func(_ *asked, mr gitlab.MergeRequest) any { return nullableTime(mr.CreatedAt) }),
	"MergeRequest.updatedAt":    of(func(_ *asked, mr gitlab.MergeRequest) any { return nullableTime(mr.UpdatedAt) }),
	"MergeRequest.mergeAfter":   of(func(_ *asked, mr gitlab.MergeRequest) any { return nullableTime(mr.MergeAfter) }),
	"MergeRequest.preparedAt":   of(func(_ *asked, mr gitlab.MergeRequest) any { return nullableTime(mr.PreparedAt) }),
	"MergeRequest.commitCount":  of(func(a *asked, mr gitlab.MergeRequest) any { return int64(a.tx.CountCommits(mr)) }),
	"MergeRequest.approved":     of(func(a *asked, mr gitlab.MergeRequest) any { return a.tx.Approved(mr) }),
	"MergeRequest.webUrl": of(func(a *asked, mr gitlab.MergeRequest) any {
		p, _ := a.tx.Project(mr.ProjectID)
		return mergeRequestURL(a.tx, p, mr)
	}),
	"MergeRequest.detailedMergeStatus": of(func(a *asked, mr gitlab.MergeRequest) any {
		return detailedWord(a.tx.DetailedMergeStatus(mr))
	}),
	"MergeRequest.mergeStatus": of(func(_ *asked, mr gitlab.MergeRequest) any {
		return string(
			mr.PublicMergeStatus())
	}),
	"MergeRequest.mergeStatusEnum": of(func(_ *asked, mr gitlab.MergeRequest) any {
		return strings.ToUpper(string(mr.PublicMergeStatus()))
	}),
	"MergeRequest.mergeable": of(func(a *asked, mr gitlab.MergeRequest) any {
		return detailedWord(a.tx.DetailedMergeStatus(mr)) == "MERGEABLE"
	}),
	"MergeRequest.mergeabilityChecks": of(func(a *asked, mr gitlab.MergeRequest) any {
		return anyOf(a.tx.MergeabilityChecks(mr))
	}),
	"MergeRequest.autoMergeEnabled": of(func(_ *asked, mr gitlab.MergeRequest) any { return mr.AutoMerge }),
	"MergeRequest.autoMergeStrategy": of(func(a *asked, mr gitlab.MergeRequest) any {
		if !mr.AutoMerge {
			return nil
		}
		return a.tx.AutoMergeStrategy(mr)
	}),
	"MergeRequest.availableAutoMergeStrategies": of(func(a *asked, mr gitlab.MergeRequest) any {
		if !a.tx.TakesAutoMerge(mr) {
			return []any{}
		}
		return []any{a.tx.AutoMergeStrategy(mr)}
	}),
	"MergeRequest.userPermissions": of(func(_ *asked, mr gitlab.MergeRequest) any { return mr }),

	"MergeRequestPermissions.canMerge":           mayOn(gitlab.AcceptMergeRequest),
	"MergeRequestPermissions.canApprove":         mayOn(gitlab.ApproveMergeRequest),
	"MergeRequestPermissions.adminMergeRequest":  mayOn(gitlab.AdminMergeRequest),
	"MergeRequestPermissions.readMergeRequest":   mayOn(gitlab.ReadMergeRequest),
	"MergeRequestPermissions.updateMergeRequest": mayOn(gitlab.UpdateMergeRequest),

	"MergeRequestMergeabilityCheck.identifier": of(func(_ *asked, c gitlab.MergeabilityCheck) any {
		return strings.ToUpper(c.Name)
	}),
	"MergeRequestMergeabilityCheck.status": of(func(_ *asked, c gitlab.MergeabilityCheck) any {
		return strings.ToUpper(string(c.Status))
	}),
}

// mayOn reports whether the caller may do something to a merge request. Callers who are not signed in may only read.
func mayOn(ability gitlab.Ability) graphql.Resolver {
	return of(func(a *asked, mr gitlab.MergeRequest) any { return a.tx.CanOn(a.call.actor, ability, mr) })
}
