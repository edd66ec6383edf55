package mockserver

import (
	"cmp"
	"errors"
	"slices"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

// commitStatusOperations are those of lib/api/commit_statuses.rb, which are for callers who are signed in.
var commitStatusOperations = map[string]operation{
	"listCommitStatuses": inProject(gitlab.ReadCommitStatus, listCommitStatuses),
	"createCommitStatus": inProject(gitlab.CreateCommitStatus, createCommitStatus),
}

// listCommitStatuses looks for a commit by any of its names, and for its statuses by its whole SHA alone.
func listCommitStatuses(c *call, tx *gitlab.Tx) (reply, error) {
	p := c.params
	if _, err := c.resolve(tx, p.text("sha")); err != nil {
		return reply{}, err
	}
	found := tx.StatusesOf(c.project.ID, p.text("sha"), gitlab.CommitStatusFilter{
		Ref: p.text("ref"), Stage: p.text("stage"), Name: p.text("name"),
		PipelineID: gitlab.PipelineID(p.number("pipeline_id")), Replaced: p.flag("all"),
	})
	if p.text("order_by") == "pipeline_id" {
		slices.SortStableFunc(found,
			func(a, b gitlab.CommitStatus) int { return cmp.Compare(a.PipelineID, b.PipelineID) })
	}
	if p.text("sort") == "desc" {
		slices.Reverse(found)
	}
	return listed(c, tx, found, func(s gitlab.CommitStatus) commitStatusEntity { return presentCommitStatus(tx, s) })
}

func createCommitStatus(c *call, tx *gitlab.Tx) (reply, error) {
	p := c.params
	commit, err := c.resolve(tx, p.text("sha"))
	if err != nil {
		return reply{}, err
	}
	said := gitlab.NewStatus{
		State: gitlab.CIStatus(p.text("state")), Name: "default", TargetURL: p.text("target_url"),
		Description: p.text("description"),
	}
	for _, name := range []string{"context", "name"} { // the name counts if both are given
		if text, given := p[name].(string); given {
			said.Name = text
		}
	}
	if ref, given := p["ref"].(string); given {
		said.Ref = &ref
	}
	if coverage, given := p["coverage"].(float64); given {
		said.Coverage = &coverage
	}
	if id, given := p["pipeline_id"].(int64); given {
		asked := gitlab.PipelineID(id)
		said.PipelineID = &asked
	}
	status, err := tx.SetCommitStatus(c.actor, c.project, commit, said)
	var r *gitlab.Refusal
	if errors.As(err, &r) && r.Keeps {
		return c.server.refuse(c, err), nil
	}
	if err != nil {
		return reply{}, err
	}
	return created(presentCommitStatus(tx, status))
}
