package mockserver

import (
	"cmp"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// parentsFirst orders projects so that each comes after the one that it is a fork of.
func parentsFirst(projects []seed.Project) []seed.Project {
	var ordered []seed.Project
	placed := map[string]bool{"": true}
	for len(ordered) < len(projects) {
		for _, sp := range projects {
			if placed[sp.ForkedFrom] && !placed[sp.Path] {
				ordered, placed[sp.Path] = append(ordered, sp), true
			}
		}
	}
	return ordered
}

// plantFork gives a fork the branches of the project that it was made from.
func (p *planter) plantFork(sp seed.Project) {
	parent, _, ok := p.tx.ProjectByPath(sp.ForkedFrom)
	if !ok {
		return
	}
	fork, _ := p.tx.Project(gitlab.ProjectID(sp.ID))
	fork.ImportStatus, fork.DefaultBranch = gitlab.ImportFinished, cmp.Or(sp.DefaultBranch, parent.DefaultBranch)
	p.tx.LinkFork(parent, fork)
	p.tx.CopyRepository(parent.ID, fork.ID, "")
}

// sourceOf is the project that a merge request comes from.
func (p *planter) sourceOf(sp seed.Project, sm seed.MergeRequest) gitlab.ProjectID {
	if source, _, ok := p.tx.ProjectByPath(sm.SourceProject); ok {
		return source.ID
	}
	return gitlab.ProjectID(sp.ID)
}
