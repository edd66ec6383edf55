package conformance

import (
	"context"
	"fmt"
	"strings"
)

// fork makes the fork of the project that the merge request comes from, and waits until its repository is there. It
// belongs to the creator and stands where projects are made.
func (f *fixture) fork(ctx context.Context) error {
	p, token := f.suite.projects, f.project.creator.token
	path := f.project.path[strings.LastIndexByte(f.project.path, '/')+1:] + "-fork"
	with := map[string]any{"id": f.project.id, "name": path, "path": path}
	if p.namespace != 0 {
		with["namespace_id"] = p.namespace
	}
	if err := p.ledger.intend("project", path); err != nil {
		return err
	}
	a, id, err := f.maker.create(ctx, "fork the project", token, "forkProject", with)
	if err != nil {
		p.ledger.refused(ledgerEntry{Kind: "project", Name: path}, err)
		return err
	}
	full, err := p.pathOf(ctx, token, id, a)
	if err != nil {
		return err
	}
	if err := p.ledger.add(entryFor("project", id, "", full).at(a)); err != nil {
		return err
	}
	f.from, f.vars["fork.id"], f.vars["fork.path"] = id, id, full
	there, err := f.suite.target.poll(ctx, f.suite.options.Patience, func() (bool, error) {
		a, err := f.maker.make(ctx, errand{"read the fork", token, "getProject", map[string]any{"id": id}})
		return err == nil && a.text("import_status") == "finished", err
	})
	if err == nil && !there {
		err = fmt.Errorf("the fork %s is not finished after %s", full, f.suite.options.Patience)
	}
	return err
}
