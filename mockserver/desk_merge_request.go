package mockserver

import (
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/pages"
	"github.com/statuschecks/statuschecks/openapi"
)

func (d desk) MergeRequest(path string, iid, person int64) (shown pages.MergeRequest, found bool) {
	var unchecked gitlab.MergeRequestID
	show := func(tx *gitlab.Tx) {
		a := actorOf(tx, person)
		p, visible := visibleProject(tx, a, path, gitlab.ReadMergeRequest)
		mr, err := tx.MergeRequest(p.ID, gitlab.MergeRequestIID(iid))
		if found = visible && err == nil; !found {
			return
		}
		shown = d.mergeRequestOnPage(tx, a, p, mr)
		if (mr.MergeStatus == gitlab.Unchecked || mr.MergeStatus == gitlab.Recheck) && unchecked == 0 {
			unchecked = mr.ID
		}
	}
	d.look(show)
	if unchecked != 0 { // whoever opens the page has GitLab look whether it can merge
		_ = d.change(func(tx *gitlab.Tx) error {
			tx.RecheckMergeability(unchecked)
			return nil
		})
		d.look(show)
	}
	return shown, found
}

func (d desk) mergeRequestOnPage(tx *gitlab.Tx, a gitlab.Actor, p gitlab.Project,
	mr gitlab.MergeRequest,
) pages.MergeRequest {
	author, _ := tx.User(mr.AuthorID)
	shown := pages.MergeRequest{
		Project: projectOnPage(tx, a, p), ID: int64(mr.ID), IID: int64(mr.IID), Title: mr.Title,
		Description: mr.Description, State: string(mr.State), Source: sourceOnPage(tx, mr), Target: mr.TargetBranch,
		SHA: mr.HeadSHA, Author: author.Name, MergeWord: tx.DetailedMergeStatus(mr),
		Retries: tx.CanOn(a, gitlab.RetryFailedStatusChecks, mr), Masks: tx.Has(gitlab.MasksExternalURL),
		Box: d.mergeBox(tx, a, mr), Statuses: statusesOf(d.surface().contract),
	}
	checks := tx.ApplicableChecks(mr)
	shown.Widget = len(checks) > 0 && tx.CountCommits(mr) > 0
	reads := tx.Licensed(p) && tx.CanOn(a, gitlab.ReadExternalStatusCheckResponse, mr)
	url := tx.CanOn(a, gitlab.ReadMergeRequestStatusCheckURL, mr)
	for _, c := range checks {
		shown.Applies = append(shown.Applies, pages.StatusCheck{ID: int64(c.ID), Name: c.Name})
		if reads {
			v := presentStatusCheck(tx, mr, c, url)
			shown.Verdicts = append(shown.Verdicts, pages.Verdict{
				ID: int64(v.ID), Name: v.Name, URL: v.ExternalURL, Status: string(v.Status),
			})
		}
	}
	return shown
}

// statusesOf are the statuses that a service can set in a release.
func statusesOf(contract *openapi.Document) []string {
	for _, p := range contract.Operation("createStatusCheckResponse").Parameters() {
		if p.Name == "status" && len(p.Enum) > 0 {
			return p.Enum
		}
	}
	return []string{string(gitlab.Passed)} // whatever is sent
}

func (d desk) mergeBox(tx *gitlab.Tx, a gitlab.Actor, mr gitlab.MergeRequest) pages.MergeBox {
	status := tx.DetailedMergeStatus(mr)
	b := pages.MergeBox{
		Listed: hasGraphQL(tx, "MergeRequest.mergeabilityChecks"),
		Checking: slices.Contains([]gitlab.MergeStatus{gitlab.PreparingStatus, gitlab.Checking, gitlab.Unchecked},
			gitlab.MergeStatus(status)),
		MayMerge: tx.CanOn(a, gitlab.AcceptMergeRequest, mr), Mergeable: status == "mergeable",
		AutoMerge: mr.AutoMerge, Awaits: tx.TakesAutoMerge(mr), AwaitsChecks: tx.Has(gitlab.AutoMergeAwaitsChecks),
		Parameter: "merge_when_pipeline_succeeds",
	}
	for _, p := range d.surface().contract.Operation("mergeMergeRequest").Parameters() {
		if p.Name == "auto_merge" {
			b.Parameter = p.Name
		}
	}
	for _, c := range tx.MergeabilityChecks(mr) {
		b.Checks = append(b.Checks, pages.Obstacle{
			Name: strings.ToUpper(c.Name), Status: strings.ToUpper(string(c.Status)),
		})
	}
	return b
}
