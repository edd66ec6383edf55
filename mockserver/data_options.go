package mockserver

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/release"
)

// root reads the world at the root and the options of the server from now on. What these ask for holds in it.
func (d *dataReader) root(one dataWorld) (readWorld, Options, error) {
	own, err := d.optionsOf(one)
	if err != nil {
		return readWorld{}, own, err
	}
	w, err := d.read(one)
	if err != nil {
		return w, own, err
	}
	if err := holdFaults(w.now, own.Faults); err != nil {
		return w, own, err
	}
	d.holdSettings(w.now)
	return w, own, nil
}

// optionsOf are the options of a world: those of the server, with the release that a reset of the world goes back to.
func (d *dataReader) optionsOf(one dataWorld) (own Options, err error) {
	own = d.server.opts
	if own.Version, err = release.Parse(one.Version); err == nil {
		err = release.Covered(own.Version)
	}
	if err == nil {
		err = checkFeatures(own.Version, one.Features)
	}
	if err != nil {
		return own, fmt.Errorf("%w: %w", ErrDataDamaged, err)
	}
	own.Features = one.Features
	return own, nil
}

// holdFaults puts plans in force at a moment, unless they are already.
func holdFaults(m *moment, plans []fault.Plan) error {
	var book fault.Book
	book.Return(m.faults)
	before := book.List()
	for _, p := range plans {
		if inForce(before, p) {
			continue
		}
		book.Remove(p.ID)
		if _, err := book.Add(p); err != nil {
			return fmt.Errorf("faults: %w", err)
		}
	}
	m.faults = book.Mark()
	return nil
}

// inForce reports whether a plan is among those in force. One without a name was given one there.
func inForce(list []fault.State, p fault.Plan) bool {
	for _, one := range list {
		if p.ID == "" && strings.HasPrefix(one.ID, "plan-") {
			one.ID = ""
		}
		if bytes.Equal(encodeJSON(one.Plan), encodeJSON(p)) {
			return true
		}
	}
	return false
}

// holdSettings lets the rate limits of the options hold at a moment, and has deliveries to local addresses dropped if
// these do.
func (d *dataReader) holdSettings(m *moment) {
	s := d.server
	fresh := s.world.state.Empty()
	fresh.Restore(m.state)
	_ = fresh.Update(m.clock.at, func(tx *gitlab.Tx) error { // which refuses nothing
		settings := tx.Settings()
		settings.BlockLocalRequests = settings.BlockLocalRequests || s.opts.BlockLocalRequests
		for by, limit := range s.world.limits {
			if !limit.Off() {
				settings.RateLimits[by] = limit
			}
		}
		if settings != tx.Settings() {
			tx.SetSettings(settings)
		}
		return nil
	})
	m.state = fresh.Snapshot()
}
