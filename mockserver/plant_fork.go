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

// fetched is a commit of a project that a fork was made from, which the fork has from then on; zero for any other SHA.
func (p *planter) fetched(sp seed.Project, sha string) gitlab.Commit {
	fork := gitlab.ProjectID(sp.ID)
	from, forked := p.tx.Project(fork)
	for forked {
		if from, forked = p.tx.Project(from.ForkedFromID); forked {
			if _, there := p.tx.Commit(from.ID, sha); there {
				p.tx.FetchCommits(from.ID, fork, sha)
				break
			}
		}
	}
	c, _ := p.tx.Commit(fork, sha)
	return c
}

// sourceOf is the project that a merge request comes from.
func (p *planter) sourceOf(sp seed.Project, sm seed.MergeRequest) gitlab.ProjectID {
	if source, _, ok := p.tx.ProjectByPath(sm.SourceProject); ok {
		return source.ID
	}
	return gitlab.ProjectID(sp.ID)
}
