package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// crowd is how many clients call at once.
const crowd = 64

// crowdRows measure how long the slowest calls take when many clients read, write, and cause deliveries.
func crowdRows(ctx context.Context, s settings) ([]row, error) {
	world, err := newWorld(seed.Default())
	if err != nil {
		return nil, err
	}
	defer world.end()
	running, stop := context.WithCancel(ctx)
	var ended sync.WaitGroup
	ended.Go(func() { _ = world.mock.Run(running) }) // it fails only if it runs already
	defer ended.Wait()
	defer stop()
	mixed := []*exchange{&world.list, &world.list, &world.respond, &world.retitle}
	var ratios []float64
	var middles, slows []time.Duration
	for round := range s.rounds + 1 {
		times, err := crowded(ctx, mixed, max(1, s.requests/crowd))
		if err != nil {
			return nil, err
		}
		if round > 0 { // the first one warms up
			middle, slow := median(times), share(times, 0.99)
			ratios = append(ratios, slow.Seconds()/middle.Seconds())
			middles, slows = append(middles, middle), append(slows, slow)
		}
	}
	ratio := median(ratios)
	value := fmt.Sprintf("%.1f (%s to %s)", ratio, median(slows).Round(time.Microsecond),
		median(middles).Round(time.Microsecond))
	what := fmt.Sprintf("%d clients at once, mixed calls and deliveries, 99th percentile to median", crowd)
	return []row{{what, value, "≤ 6.0", ratio <= 6}}, nil
}

// crowded lets each client of a crowd send the exchanges in turns, and returns how long each call took.
func crowded(ctx context.Context, mixed []*exchange, each int) ([]time.Duration, error) {
	var (
		mu    sync.Mutex
		all   []time.Duration
		wait  sync.WaitGroup
		first error
	)
	for client := range crowd {
		wait.Go(func() {
			times, err := inTurns(ctx, mixed, client, each)
			mu.Lock()
			defer mu.Unlock()
			all = append(all, times...)
			if err != nil {
				first = err
			}
		})
	}
	wait.Wait()
	return all, first
}

// inTurns sends the exchanges in turns, from the one with a number on.
func inTurns(ctx context.Context, mixed []*exchange, from, n int) ([]time.Duration, error) {
	wires := make([]*wire, len(mixed))
	for i, e := range mixed {
		w, err := e.dial(ctx)
		if err != nil {
			return nil, err
		}
		defer func() { _ = w.conn.Close() }()
		wires[i] = w
	}
	times := make([]time.Duration, n)
	for i := range times {
		start := time.Now()
		if err := wires[(from+i)%len(wires)].call(); err != nil {
			return nil, err
		}
		times[i] = time.Since(start)
	}
	return times, nil
}
