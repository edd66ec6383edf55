package collect

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/statuschecks/statuschecks/mockserver/seed"
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

// source is the path of the fork that a merge request comes from, empty if it comes from its own project. It is not
// known if the fork is not.
func (b *builder) source(p *project, m mergeRequest) (path string, known bool) {
	if m.Source == m.Target {
		return "", true
	}
	fork := b.collector.projects[m.Source]
	if m.Source == 0 || fork == nil || fork.about.Path == "" || b.parent(fork) != p {
		return "", false
	}
	return fork.about.Path, true
}

// sentFrom are the merge requests that come from a project, in it and in the one that it is a fork of.
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

// headOf is the commit at the head of a merge request.
func headOf(m mergeRequest) seed.Commit {
	return seed.Commit{SHA: m.SHA, Message: plain(m.Title), CreatedAt: instant(m.CreatedAt)}
}

func (b branch) commit() seed.Commit {
	return seed.Commit{
		SHA: b.Commit.ID, Message: cmp.Or(plain(b.Commit.Title), "Go on"), CreatedAt: instant(b.Commit.CreatedAt),
	}
}

// fill gives each commit of a branch one file.
func (b *builder) fill(name string, commits []seed.Commit) {
	b.say("the files of branches; each head has one file in its place")
	for i := range commits {
		commits[i].Files = map[string]string{fmt.Sprintf("%s-%d.txt", name, i+1): "What was in it is not known.\n"}
	}
}

// forkedBranches makes the branches of a fork that are not as in the project that it was made from: each with one
// commit for each head that this project does not have.
func (b *builder) forkedBranches(p, parent *project) (list []seed.Branch, first string) {
	heads, common := map[string][]seed.Commit{}, map[string]string{}
	for _, theirs := range sorted(parent.branches) {
		common[theirs.Commit.ID] = theirs.Name
	}
	used := map[string]bool{}
	add := func(name string, c seed.Commit) {
		if _, there := common[c.SHA]; !there && !used[c.SHA] {
			used[c.SHA] = true
			heads[name] = append(heads[name], c)
		}
	}
	for _, m := range b.sentFrom(p) {
		if m.SHA != p.branches[m.SourceBranch].Commit.ID {
			add(m.SourceBranch, headOf(m))
		}
	}
	for _, own := range sorted(p.branches) {
		add(own.Name, own.commit())
		if heads[own.Name] == nil && parent.branches[own.Name].Commit.ID != own.Commit.ID {
			list = append(list, seed.Branch{Name: own.Name, From: common[own.Commit.ID]})
		}
	}
	begin := cmp.Or(parent.about.DefaultBranch, "main")
	for _, name := range slices.Sorted(maps.Keys(heads)) {
		b.fill(name, heads[name])
		one := seed.Branch{Name: name, Commits: heads[name]}
		if _, shared := parent.branches[name]; !shared {
			one.From = begin
		}
		list = append(list, one)
	}
	first = p.about.DefaultBranch
	if _, own := p.branches[first]; !own {
		first = begin
	}
	return list, first
}
