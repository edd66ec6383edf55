package mockserver

import (
	"github.com/statuschecks/statuschecks/mockserver/control"
	"github.com/statuschecks/statuschecks/mockserver/coverage"
	"github.com/statuschecks/statuschecks/mockserver/fault"
)

// Totals is what clients did in a server and in all its worlds, also in those that were dropped meanwhile.
type Totals struct {
	Notes    []control.ClientNote // the same thing of the same caller once
	Coverage coverage.Report
	// UnusedFaults are the plans that were used up in none of the worlds that have, or had, the same one.
	UnusedFaults []fault.State
	Undelivered  int // deliveries that were not sent, or that nobody answered
}

// Totals adds up what clients did in the server and in its worlds, as far as that was not forgotten there, as by Reset.
func (s *Server) Totals() Totals {
	var all tally
	all.count(s)
	for _, child := range s.family.all() {
		all.count(child)
	}
	s.family.mu.RLock()
	all.join(&s.family.gone)
	s.family.mu.RUnlock()
	nothing := &coverage.Counter{}
	t := Totals{Undelivered: all.undelivered, Coverage: nothing.Report(documentedOf(s.surface().contract))}
	for _, one := range all.notes.list {
		t.Notes = append(t.Notes, *one)
	}
	for shown, counter := range all.coverage {
		t.Coverage = coverage.Merge(t.Coverage, counter.Report(documentedOf(shown.contract)))
	}
	for _, plan := range all.plans {
		if !all.used[nameOf(plan)] {
			t.UnusedFaults = append(t.UnusedFaults, plan)
		}
	}
	return t
}

// tally is what has come together of several worlds. The zero value is empty.
type tally struct {
	notes       clientNotes
	coverage    map[*surface]*coverage.Counter
	plans       []fault.State // each once
	used        map[string]bool
	undelivered int
}

// mostTallied is of how many different fault plans a tally knows.
const mostTallied = 1000

// count adds a world.
func (t *tally) count(s *Server) {
	for _, one := range s.Notes().Notes {
		t.notes.join(one)
	}
	t.cover(s.surface(), &s.world.coverage)
	for _, plan := range s.world.faults.List() {
		t.plan(plan)
	}
	t.undelivered += s.Undelivered()
}

// join adds another tally.
func (t *tally) join(other *tally) {
	for _, one := range other.notes.list {
		t.notes.join(*one)
	}
	for shown, counter := range other.coverage {
		t.cover(shown, counter)
	}
	for _, plan := range other.plans {
		plan.UsedUp = other.used[nameOf(plan)]
		t.plan(plan)
	}
	t.undelivered += other.undelivered
}

func (t *tally) cover(shown *surface, by *coverage.Counter) {
	if t.coverage == nil {
		t.coverage = map[*surface]*coverage.Counter{}
	}
	into := t.coverage[shown]
	if into == nil {
		into = &coverage.Counter{}
	}
	if into.Join(by) {
		t.coverage[shown] = into
	}
}

func (t *tally) plan(plan fault.State) {
	name := nameOf(plan)
	if _, known := t.used[name]; !known {
		if len(t.plans) >= mostTallied {
			return
		}
		t.plans = append(t.plans, plan)
	}
	if t.used == nil {
		t.used = map[string]bool{}
	}
	t.used[name] = t.used[name] || plan.UsedUp
}

// nameOf is the same for the same plan in several worlds.
func nameOf(plan fault.State) string { return string(encodeJSON(plan.Plan)) }
