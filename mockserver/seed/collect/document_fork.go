package collect

import (
	"cmp"
	"slices"
)

// parent is the project that a project is a fork of, if it is known; nil for others.
func (b *builder) parent(p *project) *project {
	if p.about.Parent == nil {
		return nil
	}
	parent := b.collector.projects[p.about.Parent.ID]
	if parent == nil || parent.about.Path == "" {
		b.say("that %s is a fork of %s, which was not read", p.about.Path, p.about.Parent.Path)
		return nil
	}
	return parent
}

// lineage lists a project, the project that it is a fork of, and so on. It ends where a project comes a second time.
func (b *builder) lineage(p *project) []*project {
	var list []*project
	for ; p != nil && !slices.Contains(list, p); p = b.parent(p) {
		list = append(list, p)
	}
	return list
}

// parentsFirst are the projects by id, but each after the one that it is a fork of.
func (b *builder) parentsFirst() []*project {
	return slices.SortedStableFunc(slices.Values(sorted(b.collector.projects)), func(one, other *project) int {
		return cmp.Compare(len(b.lineage(one)), len(b.lineage(other)))
	})
}

// source is the path of the fork that a merge request comes from, empty if it comes from its own project. It is not
// known if the fork is not, or through which other forks it comes.
func (b *builder) source(p *project, m mergeRequest) (path string, known bool) {
	if m.Source == m.Target {
		return "", true
	}
	fork := b.collector.projects[m.Source]
	if m.Source == 0 || fork == nil || fork.about.Path == "" {
		return "", false
	}
	mine, theirs := b.lineage(p), b.lineage(fork)
	return fork.about.Path, mine[len(mine)-1] == theirs[len(theirs)-1]
}

// sentFrom are the merge requests that come from a project, in it and in others.
func (b *builder) sentFrom(p *project) []mergeRequest {
	var list []mergeRequest
	for _, target := range sorted(b.collector.projects) {
		for _, m := range sorted(target.requests) {
			if _, known := b.source(target, m); known && m.Source == p.about.ID {
				list = append(list, m)
			}
		}
	}
	return list
}
