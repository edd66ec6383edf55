package conformance

import (
	"context"
	"slices"
)

// Where a scenario's project stands, if it stands in a group of the run.
const (
	inTopGroup    = "top"
	belowTopGroup = "below"
)

const (
	ownGroup      = "own group"          // what a run lacks that can make no group at the top
	groupBranches = "branches of groups" // what a target lacks on which no branch can be protected in a group
)

const (
	ownGroupID          = "${group.id}"
	noGroupInGiven      = "it needs a group of its own, and with a given project none is made"
	noGroupInNamespaces = "it needs a group of its own at the top, and with a given namespace none is made beside it"
)

// group is a group that the run made.
type group struct {
	id   int64
	path string
}

// needsGroup tells whether a scenario works with the run's group.
func (s *Scenario) needsGroup() bool {
	return s.Given.Project.Group != "" || slices.ContainsFunc(s.Given.Branches,
		func(b BranchGiven) bool { return b.Group })
}

// makesGroup tells whether a group must be made for a scenario.
func (s *Scenario) makesGroup() bool {
	return s.needsGroup() || s.withCustomRoles() || slices.ContainsFunc(s.Given.Members,
		func(m MemberGiven) bool { return m.Group })
}

// ofGroup checks what goes with a project in a group. The group is private, and its owner is who made it.
func (d *decoder) ofGroup(n *node, project *ProjectGiven, s *Scenario) {
	switch {
	case project.Group == "":
	case s.Isolation != OwnProject:
		d.p.at(n, "a project in a group needs isolation: project, as the shared ones stand elsewhere")
	case project.Visibility != "private":
		d.p.at(n, "a project in a group is private, as the group is")
	}
}

// groupFor is the run's group at the top, or the one below it, made when it is first asked for.
func (p *projects) groupFor(ctx context.Context, place string) (*group, error) {
	top, err := p.top.get(ctx, func(ctx context.Context) (*group, error) {
		return p.makeGroup(ctx, "statuschecks-"+
			p.run+"-group", 0)
	})
	if err != nil || place != belowTopGroup {
		return top, err
	}
	return p.below.get(ctx, func(ctx context.Context) (*group, error) {
		return p.makeGroup(ctx, "statuschecks-"+p.run+"-below", top.id)
	})
}

func (p *projects) makeGroup(ctx context.Context, path string, parent int64) (*group, error) {
	with := map[string]any{"name": path, "path": path, "visibility": "private"}
	if parent != 0 {
		with["parent_id"] = parent
	}
	if err := p.ledger.intend("group", path); err != nil {
		return nil, err
	}
	a, id, err := p.maker.create(ctx, "make the group "+path, p.creator.token, "createGroup", with)
	if err != nil {
		p.ledger.refused(made{Kind: "group", Name: path}, err)
		return nil, err
	}
	made := &group{id: id, path: a.text("full_path")}
	return made, p.ledger.add(entryFor("group", id, "", made.path).at(a))
}

// group puts the run's group in reach of a scenario that works with it.
func (f *fixture) group(ctx context.Context) error {
	if !f.scenario.needsGroup() {
		return nil
	}
	top, err := f.suite.projects.groupFor(ctx, inTopGroup)
	if err != nil {
		return err
	}
	f.vars["group.id"], f.vars["group.path"] = top.id, top.path
	return nil
}

// probeGroup makes the run's group, if it is asked for, and protects a branch there: not everybody may make groups at
// the top, and not every edition has such branches.
func (s *suite) probeGroup(ctx context.Context, wanted []*Scenario) error {
	if !slices.ContainsFunc(wanted, (*Scenario).makesGroup) {
		return nil
	}
	if s.options.Namespace != "" {
		s.facts.Missing[ownGroup] = noGroupInNamespaces
		return nil
	}
	top, err := s.projects.groupFor(ctx, inTopGroup)
	if err != nil {
		return s.lacks(ownGroup, "no group can be made at the top", err)
	}
	if !slices.ContainsFunc(wanted, (*Scenario).needsGroup) {
		return nil
	}
	_, err = s.projects.maker.make(ctx, errand{
		"protect a branch in the group " + top.path, s.options.Token,
		"createGroupProtectedBranch",
		map[string]any{"id": top.id, "name": "statuschecks-" + s.options.RunID +
			"-probe"},
	})
	return s.lacks(groupBranches, "no branch can be protected in a group", err)
}
