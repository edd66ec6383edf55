package mockserver

import (
	"cmp"
	"slices"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
)

var pipelineOperations = map[string]operation{
	"listPipelines":             open(inProject(gitlab.ReadPipeline, listPipelines)),
	"getLatestPipeline":         open(inProject(gitlab.ReadProject, getLatestPipeline)),
	"getPipeline":               open(inProject(gitlab.ReadProject, getPipeline)),
	"listMergeRequestPipelines": open(inProject(gitlab.ReadProject, listMergeRequestPipelines)),
}

// listPipelines lists all pipelines of a project. None has a name, or broken YAML.
//
// Source: lib/api/ci/pipelines.rb, app/finders/ci/pipelines_finder.rb.
func listPipelines(c *call, tx *gitlab.Tx) (reply, error) {
	if !tx.Can(c.actor, gitlab.ReadBuild, c.project) {
		return reply{}, denied("listing pipelines needs %s", gitlab.ReadBuild)
	}
	found := kept(tx.Pipelines(c.project.ID), func(line gitlab.Pipeline) bool { return c.choosesPipeline(tx, line) })
	switch c.params.text("scope") {
	case "branches":
		found = latestOfBranches(tx, found)
	case "tags":
		found = nil
	}
	slices.SortStableFunc(found, pipelineOrders[c.params.text("order_by")])
	if c.params.text("sort") != "asc" {
		slices.Reverse(found)
	}
	return listed(c, tx, found, func(line gitlab.Pipeline) listedPipeline {
		return listedPipeline{presentPipelineBasic(tx, line), pipelineName(tx)}
	})
}

var pipelineOrders = map[string]func(a, b gitlab.Pipeline) int{
	"id":         func(a, b gitlab.Pipeline) int { return cmp.Compare(a.ID, b.ID) },
	"status":     func(a, b gitlab.Pipeline) int { return cmp.Compare(a.Status, b.Status) },
	"ref":        func(a, b gitlab.Pipeline) int { return cmp.Compare(a.Ref, b.Ref) },
	"updated_at": func(a, b gitlab.Pipeline) int { return a.UpdatedAt.Compare(b.UpdatedAt) },
	"user_id":    func(a, b gitlab.Pipeline) int { return cmp.Compare(a.UserID, b.UserID) },
}

// choosesPipeline reports whether a pipeline passes the filters in the request.
func (c *call) choosesPipeline(tx *gitlab.Tx, line gitlab.Pipeline) bool {
	p := c.params
	is := func(name, value string) bool { return cmp.Or(p.text(name), value) == value }
	switch scope := p.text("scope"); {
	case scope == "running" || scope == "pending":
		if string(line.Status) != scope {
			return false
		}
	case scope == "finished" && !line.Status.Finished(), p.flag("yaml_errors"), p.text("name") != "":
		return false
	}
	if name := p.text("username"); name != "" {
		if u, found := tx.UserByUsername(name); !found || u.ID != line.UserID {
			return false
		}
	}
	return is("status", string(line.Status)) && is("ref", line.Ref) && is("sha", line.SHA) && is("source", external) &&
		p.between(line.CreatedAt, "created_after", "created_before") &&
		p.between(line.UpdatedAt, "updated_after", "updated_before")
}

// latestOfBranches keeps the last pipeline of each branch that there is.
func latestOfBranches(tx *gitlab.Tx, list []gitlab.Pipeline) []gitlab.Pipeline {
	seen := map[string]bool{}
	var latest []gitlab.Pipeline
	for _, line := range slices.Backward(list) {
		if _, exists := tx.Branch(line.ProjectID, line.Ref); exists && !seen[line.Ref] {
			seen[line.Ref] = true
			latest = append(latest, line)
		}
	}
	return latest
}

// showPipeline shows a pipeline to who may see it.
func (c *call) showPipeline(tx *gitlab.Tx, line gitlab.Pipeline) (reply, error) {
	if line.ID == 0 || !tx.Can(c.actor, gitlab.ReadPipeline, c.project) {
		return reply{}, denied("there is no pipeline, or the caller lacks %s", gitlab.ReadPipeline)
	}
	return ok(shownPipeline{presentPipeline(tx, line), pipelineName(tx)})
}

func getPipeline(c *call, tx *gitlab.Tx) (reply, error) {
	line, found := tx.Pipeline(gitlab.PipelineID(c.params.number("pipeline_id")))
	if !found || line.ProjectID != c.project.ID {
		return reply{}, &gitlab.Refusal{Kind: gitlab.RecordNotFound, Reason: "the project has no such pipeline"}
	}
	return c.showPipeline(tx, line)
}

// getLatestPipeline shows the last pipeline of the last commit of a branch. Where there is none, GitLab says that the
// caller may not see it.
func getLatestPipeline(c *call, tx *gitlab.Tx) (reply, error) {
	ref := cmp.Or(c.params.text("ref"), c.project.DefaultBranch)
	head, _ := tx.Resolve(c.project.ID, ref)
	for _, line := range slices.Backward(tx.PipelinesOf(c.project.ID, head.SHA)) {
		if line.Ref == ref {
			return c.showPipeline(tx, line)
		}
	}
	return c.showPipeline(tx, gitlab.Pipeline{})
}

func listMergeRequestPipelines(c *call, tx *gitlab.Tx) (reply, error) {
	mr, err := c.findReadable(tx)
	if err != nil {
		return reply{}, err
	}
	found := tx.MergeRequestPipelines(mr)
	source, _ := tx.Project(mr.SourceProjectID)
	if !tx.Can(c.actor, gitlab.ReadPipeline, source) {
		found = nil
	}
	return listed(c, tx, found, func(line gitlab.Pipeline) pipelineBasic { return presentPipelineBasic(tx, line) })
}
