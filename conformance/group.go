package conformance

import (
	"context"
	"slices"

	"github.com/statuschecks/statuschecks/conformance/scenario"
)

const (
	ownGroup      = "own group"          // what a run lacks that can make no group at the top
	groupBranches = "branches of groups" // what a target lacks on which no branch can be protected in a group
)

const (
	noGroup             = "no group can be made at the top"
	noGroupInGiven      = "it needs a group of its own, and with a given project none is made"
	noGroupInNamespaces = "it needs a group of its own at the top, and with a given namespace none is made beside it"
)

// group is a group that the run made.
type group struct {
	id   int64
	path string
}

// groupFor is the run's group at the top, or the one below it, made when it is first asked for.
func (p *projects) groupFor(ctx context.Context, place string) (*group, error) {
	top, err := p.top.get(ctx, func(ctx context.Context) (*group, error) {
		return p.makeGroup(ctx, "statuschecks-"+
			p.run+"-group", 0)
	})
	if err != nil || place != scenario.BelowTopGroup {
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
		p.ledger.refused(ledgerEntry{Kind: "group", Name: path}, err)
		return nil, err
	}
	made := &group{id: id, path: a.text("full_path")}
	return made, p.ledger.add(entryFor("group", id, "", made.path).at(a))
}

// group puts the run's group in reach of a scenario that works with it.
func (f *fixture) group(ctx context.Context) error {
	if !f.scenario.NeedsGroup() {
		return nil
	}
	top, err := f.suite.projects.groupFor(ctx, scenario.InTopGroup)
	if err != nil {
		return err
	}
	f.vars["group.id"], f.vars["group.path"] = top.id, top.path
	return nil
}

// probeGroup makes the run's group, if it is asked for, and protects a branch there: not everybody may make groups at
// the top, and not every edition has such branches.
func (s *suite) probeGroup(ctx context.Context, wanted []*scenario.Scenario) error {
	if !slices.ContainsFunc(wanted, (*scenario.Scenario).MakesGroup) {
		return nil
	}
	if s.options.Namespace != "" {
		s.facts.Missing[ownGroup] = noGroupInNamespaces
		return nil
	}
	top, err := s.projects.groupFor(ctx, scenario.InTopGroup)
	if err != nil {
		return s.lacks(ownGroup, noGroup, err)
	}
	if !slices.ContainsFunc(wanted, (*scenario.Scenario).NeedsGroup) {
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
