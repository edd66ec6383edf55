package mockserver

import (
	"context"
	"errors"
	"net/http"

	"github.com/statuschecks/statuschecks/mockserver/control"
)

// storeProblem is the answer to callers when the store fails.
func storeProblem(err error) error {
	var p *controlProblem
	switch {
	case err == nil:
		return nil
	case errors.As(err, &p):
		return p
	case errors.Is(err, ErrDataDamaged), errors.Is(err, ErrDataFormat):
		return refused(http.StatusInternalServerError, "what is kept of the world cannot be read: %s; it is left as "+
			"it is", err)
	}
	return refused(http.StatusServiceUnavailable, "what keeps the worlds does not answer: %s; try again later", err)
}

// storeNew keeps a new world.
func (s *Server) storeNew(ctx context.Context, child *Server) error {
	if s.opts.Store == nil {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	if err := s.clear(ctx, child.place.name); err != nil {
		return storeProblem(err)
	}
	stored, err := child.storedWorld()
	if err == nil {
		stored.Revision, err = s.opts.Store.Create(ctx, stored)
	}
	switch {
	case errors.Is(err, ErrWorldExists):
		return err
	case err != nil:
		return storeProblem(err)
	}
	child.custody.took(stored.Revision, child)
	return nil
}

// unstore takes back that a new world was kept.
func (s *Server) unstore(ctx context.Context, child *Server) error {
	if s.opts.Store == nil {
		return nil
	}
	err := s.opts.Store.Remove(context.WithoutCancel(ctx), child.place.name, child.custody.revision.Load())
	if errors.Is(err, ErrNoWorld) { // which means that somebody uses it already
		return nil
	}
	return err
}

// clear removes what the store has still of a world that has expired here.
func (s *Server) clear(ctx context.Context, name string) error {
	revision := s.family.leftover(name)
	if revision == 0 {
		return nil
	}
	err := s.opts.Store.Remove(ctx, name, revision)
	if err == nil || errors.Is(err, ErrNoWorld) {
		return nil
	}
	s.family.keepLeftover(name, revision)
	return err
}

// removeWorld drops a world, and reports whether there was one of that name.
func (s *Server) removeWorld(ctx context.Context, name string) (bool, error) {
	if s.place != nil {
		return false, nil
	}
	if s.opts.Store == nil {
		return s.family.remove(name), nil
	}
	if child := s.family.at(name); child != nil { // which nobody saves any more from here on
		child.custody.mu.Lock()
		defer child.custody.mu.Unlock()
	}
	if err := s.clear(ctx, name); err != nil {
		return false, storeProblem(err)
	}
	err := s.opts.Store.Remove(ctx, name, 0)
	if err != nil && !errors.Is(err, ErrNoWorld) {
		return false, storeProblem(err)
	}
	here := s.family.remove(name)
	return here || err == nil, nil
}

// listed are the worlds by name: those here, and those in the store.
func (s *Server) listed(ctx context.Context) ([]control.World, error) {
	here := presentAll(s.family.all(), (*Server).asWorld)
	if s.opts.Store == nil {
		return here, nil
	}
	list, err := s.opts.Store.List(ctx)
	if err != nil {
		return here, storeProblem(err)
	}
	known := map[string]control.World{}
	for _, one := range here {
		known[one.Name] = one
	}
	for i, one := range list {
		if better, is := known[one.Name]; is {
			list[i] = better
		}
	}
	return notNull(list), nil
}
