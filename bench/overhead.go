package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// neverHappens is a fault plan that matches no call.
var neverHappens = fault.Plan{ID: "never", Faults: []fault.Fault{{
	Calls: fault.Calls{User: "nobody"}, Response: &fault.Response{Status: 503},
}}}

// overheadRows compare a mock that has something with one that has not.
func overheadRows(ctx context.Context, s settings) ([]row, error) {
	var rows []row
	for _, part := range []struct {
		what          string
		with, without mockserver.Options
		world         bool // the calls with it are to a world below the root
		most          float64
	}{
		{"with a journal to that without", mockserver.Options{}, mockserver.Options{JournalSize: -1}, false, 1.1},
		{"in a world to that at the root", mockserver.Options{}, mockserver.Options{}, true, 1.05},
		{
			"with a fault plan that never happens to that without",
			mockserver.Options{Faults: []fault.Plan{neverHappens}},
			mockserver.Options{},
			false, 1.02,
		},
	} {
		with, err := newWorldOf(part.with, seed.Default())
		if err != nil {
			return nil, err
		}
		defer with.end()
		without, err := newWorldOf(part.without, seed.Default())
		if err != nil {
			return nil, err
		}
		defer without.end()
		if part.world {
			if _, err := with.mock.AddWorld("measured", mockserver.WorldOptions{}); err != nil {
				return nil, err
			}
			with.respond.below("/worlds/measured")
		}
		ratio, err := cpuRatio(ctx, s, &with.respond, &without.respond)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row{
			"set a status (POST), CPU time " + part.what, fmt.Sprintf("%.2f", ratio), fmt.Sprintf("≤ %.2f", part.most),
			ratio <= part.most,
		})
	}
	return rows, nil
}

// below puts an exchange below a relative root.
func (e *exchange) below(root string) { e.url = strings.Replace(e.url, "/api/v4", root+"/api/v4", 1) }

// cpuRatio floods two mocks in turns. It is the median of how much more CPU time the first one takes.
func cpuRatio(ctx context.Context, s settings, with, without *exchange) (float64, error) {
	var ratios []float64
	for round := range s.rounds + 1 {
		more, err := flood(ctx, with, s.requests, s.connections)
		if err != nil {
			return 0, err
		}
		less, err := flood(ctx, without, s.requests, s.connections)
		if err != nil {
			return 0, err
		}
		if round > 0 { // the first one warms up
			ratios = append(ratios, more.cpu.Seconds()/less.cpu.Seconds())
		}
	}
	return median(ratios), nil
}
