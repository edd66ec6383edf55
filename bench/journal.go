package main

import (
	"context"
	"fmt"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// journalRows compare a mock that keeps a journal with one that keeps none.
func journalRows(ctx context.Context, s settings) ([]row, error) {
	with, err := newWorldOf(mockserver.Options{}, seed.Default())
	if err != nil {
		return nil, err
	}
	defer with.end()
	without, err := newWorldOf(mockserver.Options{JournalSize: -1}, seed.Default())
	if err != nil {
		return nil, err
	}
	defer without.end()
	client := newClient(s.connections)
	var ratios []float64
	for round := range s.rounds + 1 {
		kept, err := flood(ctx, client, &with.respond, s.requests, s.connections)
		if err != nil {
			return nil, err
		}
		bare, err := flood(ctx, client, &without.respond, s.requests, s.connections)
		if err != nil {
			return nil, err
		}
		if round > 0 { // the first one warms up
			ratios = append(ratios, kept.cpu.Seconds()/bare.cpu.Seconds())
		}
	}
	ratio := median(ratios)
	return []row{{
		"set a status (POST), CPU time with a journal to that without", fmt.Sprintf("%.2f", ratio), "≤ 1.10",
		ratio <= 1.1,
	}}, nil
}
