package collect

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// repository is what a seed makes of the branches of a project: the heads of all branches, those that a fork begins
// with too, and the SHAs of all commits.
type repository struct {
	heads   map[string]string
	commits map[string]bool
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

// layout is what the branches of a project are to be.
type layout struct {
	before repository               // what a fork begins with
	first  string                   // where other branches begin
	heads  map[string]seed.Commit   // by branch
	older  map[string][]seed.Commit // former heads by branch
	owners map[string]string        // the branches that bring commits, by SHA
	own    map[string][]seed.Commit // what each branch brings
}

// branches makes the branches that are known, and those that merge requests need. A head comes with one commit, in the
// first branch that has it; other branches with the same head begin there and have no commit of their own. A fork has
// those alone that are not as in the project that it was made from.
func (b *builder) branches(p *project, requests []seed.MergeRequest) (list []seed.Branch, first string) {
	first = cmp.Or(p.about.DefaultBranch, "main")
	l := &layout{
		first: first, heads: map[string]seed.Commit{}, older: map[string][]seed.Commit{},
		owners: map[string]string{}, own: map[string][]seed.Commit{},
	}
	if parent := b.parent(p); parent != nil {
		l.before = b.made[parent]
		if l.first = cmp.Or(parent.about.DefaultBranch, "main"); p.branches[first].Name == "" {
			first = l.first
		}
	}
	for _, known := range p.branches {
		l.heads[known.Name] = known.commit()
	}
	l.former(p, b.sentFrom(p))
	needed := []string{first, l.first}
	for _, m := range requests {
		needed = append(needed, m.TargetBranch)
	}
	for _, name := range needed {
		_, before := l.before.heads[name]
		if _, known := l.heads[name]; !known && !before {
			l.heads[name] = seed.Commit{Message: "Begin"}
		}
	}
	b.sayDeleted(p, l)
	l.share(b, p)
	list = l.list()
	b.made[p] = l.after(list)
	return list, first
}

// former takes the heads of merge requests that are not those of their branches any more, or whose branch is gone.
func (l *layout) former(p *project, requests []mergeRequest) {
	for _, m := range requests {
		head, there := l.heads[m.SourceBranch]
		if _, known := p.branches[m.SourceBranch]; !known {
			l.heads[m.SourceBranch] = headOf(m)
			if there && head.SHA != m.SHA {
				l.older[m.SourceBranch] = append(l.older[m.SourceBranch], head)
			}
		} else if m.SHA != "" && m.SHA != head.SHA {
			l.older[m.SourceBranch] = append(l.older[m.SourceBranch], headOf(m))
		}
	}
}

// names are the branches by name, but that first where others begin.
func (l *layout) names() []string {
	names := slices.Sorted(maps.Keys(l.heads))
	if i := slices.Index(names, l.first); i >= 0 {
		names = slices.Insert(slices.Delete(names, i, i+1), 0, l.first)
	}
	return names
}

// share gives each commit that a fork does not begin with to one branch.
func (l *layout) share(b *builder, p *project) {
	names := l.names()
	for _, name := range names {
		if head := l.heads[name]; !l.there(head.SHA) {
			l.owners[head.SHA] = name
			l.own[name] = []seed.Commit{head}
		}
	}
	for _, name := range names {
		host := name
		if l.own[name] == nil {
			host = l.owners[l.heads[name].SHA]
		}
		if host == "" && len(l.own) > 0 {
			host = slices.Min(slices.Collect(maps.Keys(l.own)))
		}
		for _, c := range l.older[name] {
			switch {
			case l.there(c.SHA):
			case host == "":
				b.lost[[2]string{p.about.Path, c.SHA}] = true
			default:
				l.owners[c.SHA] = host
				l.own[host] = slices.Insert(l.own[host], len(l.own[host])-1, c)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(l.own)) {
		b.fill(name, l.own[name])
	}
}

// there says whether a commit has its place already.
func (l *layout) there(sha string) bool {
	return sha != "" && (l.owners[sha] != "" || l.before.commits[sha])
}

// list writes the branches.
func (l *layout) list() (list []seed.Branch) {
	for _, name := range l.names() {
		sha := l.heads[name].SHA
		one := seed.Branch{Name: name, Commits: l.own[name]}
		before, inherited := l.before.heads[name]
		switch {
		case one.Commits == nil && inherited && before == sha:
			continue
		case one.Commits == nil && l.owners[sha] != "":
			one.From = l.owners[sha]
		case one.Commits == nil:
			one.From = l.from(sha)
		case name != l.first && !inherited:
			one.From = l.first
		}
		list = append(list, one)
	}
	return list
}

// from is a branch with a head that a fork begins with and keeps, or the head itself if no branch keeps it.
func (l *layout) from(sha string) string {
	for _, name := range slices.Sorted(maps.Keys(l.before.heads)) {
		if now, own := l.heads[name]; l.before.heads[name] == sha && (!own || now.SHA == sha) {
			return name
		}
	}
	return sha
}

// after is what there is with the branches of a list.
func (l *layout) after(list []seed.Branch) repository {
	made := repository{heads: map[string]string{}, commits: map[string]bool{}}
	maps.Copy(made.heads, l.before.heads)
	maps.Copy(made.commits, l.before.commits)
	for name, head := range l.heads {
		made.heads[name] = head.SHA
	}
	for _, one := range list {
		for _, c := range one.Commits {
			made.commits[c.SHA] = true
		}
	}
	delete(made.commits, "")
	return made
}

// sayDeleted notes the branches that come back, since a fork in a seed begins with all branches of the other project.
func (b *builder) sayDeleted(p *project, l *layout) {
	var gone []string
	for _, name := range slices.Sorted(maps.Keys(l.before.heads)) {
		if _, own := l.heads[name]; !own {
			gone = append(gone, name)
		}
	}
	if len(gone) > 0 {
		b.say("that %s does not have the branches %s, or that they were not read: a fork in a seed begins with all "+
			"branches of the other project", p.about.Path, strings.Join(gone, ", "))
	}
}

// forgetLost leaves out the former heads of merge requests that no branch has room for.
func (b *builder) forgetLost() {
	for _, p := range b.document.Projects {
		for i := range p.MergeRequests {
			m := &p.MergeRequests[i]
			if b.lost[[2]string{cmp.Or(m.SourceProject, p.Path), m.SHA}] {
				m.SHA = ""
				b.say("former heads of merge requests from branches of forks that are now as in the other project")
			}
		}
	}
}
