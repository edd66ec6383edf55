package seed

import "slices"

// projectAt finds a project by its path.
func (c *checker) projectAt(path string) (Project, bool) {
	i := slices.IndexFunc(c.document.Projects, func(p Project) bool { return p.Path == path })
	if i < 0 {
		return Project{}, false
	}
	return c.document.Projects[i], true
}

// lineage lists a project, the project that it is a fork of, the project that that one is a fork of, and so on. It ends
// where a project comes a second time.
func (c *checker) lineage(p Project) []Project {
	list := []Project{p}
	for {
		parent, ok := c.projectAt(list[len(list)-1].ForkedFrom)
		if !ok || slices.ContainsFunc(list, func(p Project) bool { return p.Path == parent.Path }) {
			return list
		}
		list = append(list, parent)
	}
}

// fork checks that a project can be a fork of another.
func (c *checker) fork(path string, p Project) {
	if p.ForkedFrom == "" || !c.known(path+".forked_from", "project", p.ForkedFrom, c.projects) {
		return
	}
	if last := c.lineage(p); last[len(last)-1].ForkedFrom != "" {
		c.report(path+".forked_from", "project %q has no beginning: forked_from leads in a circle", p.Path)
	}
}

// branchesOf lists the branches of a project, with those that a fork begins with.
func (c *checker) branchesOf(p Project) *nameSet {
	names := &nameSet{has: map[string]bool{}}
	for _, from := range c.lineage(p) {
		for _, b := range from.Branches {
			if !names.has[b.Name] {
				names.add(b.Name)
			}
		}
	}
	return names
}

// commitsOf lists the SHAs of the commits of a project, with those that a fork begins with.
func (c *checker) commitsOf(p Project) *nameSet { return commitsIn(c.lineage(p)) }

// commitsBefore lists the SHAs of the commits that a fork begins with.
func (c *checker) commitsBefore(p Project) *nameSet { return commitsIn(c.lineage(p)[1:]) }

func commitsIn(projects []Project) *nameSet {
	shas := &nameSet{has: map[string]bool{}}
	for _, from := range projects {
		for _, b := range from.Branches {
			for _, commit := range b.Commits {
				shas.add(commit.SHA)
			}
		}
	}
	return shas
}

// sourceOf finds the project that a merge request comes from, which must be in one network of forks with its own.
func (c *checker) sourceOf(path string, p Project, mr MergeRequest) Project {
	if mr.SourceProject == "" {
		return p
	}
	if !c.known(path+".source_project", "project", mr.SourceProject, c.projects) {
		p.Path = mr.SourceProject
		return p
	}
	source, _ := c.projectAt(mr.SourceProject)
	mine, theirs := c.lineage(p), c.lineage(source)
	if mine[len(mine)-1].Path != theirs[len(theirs)-1].Path {
		c.report(path+".source_project",
			"project %q is not a fork of %q: neither was made from the other or from a third", source.Path, p.Path)
	}
	return source
}
