package main

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// sideBySide is how many worlds are used at the same time.
const sideBySide = 64

// manyWorldRows measure what worlds cost, and that those side by side do not wait for each other.
func manyWorldRows(ctx context.Context, s settings) ([]row, error) {
	idle, err := idleRows(s)
	if err != nil {
		return nil, err
	}
	parallel, err := parallelRow(ctx, s)
	return append(idle, parallel), err
}

// idleRows make worlds that nobody uses.
func idleRows(s settings) ([]row, error) {
	mock, err := mockserver.New(mockserver.Options{MaxWorlds: s.worlds + 1})
	if err != nil {
		return nil, err
	}
	if _, err := mock.AddWorld("first", mockserver.WorldOptions{}); err != nil { // for which the seed is planted
		return nil, err
	}
	before := heap()
	times := make([]time.Duration, s.worlds)
	for i := range times {
		start := time.Now()
		if _, err := mock.AddWorld(fmt.Sprintf("idle-%d", i), mockserver.WorldOptions{}); err != nil {
			return nil, err
		}
		times[i] = time.Since(start)
	}
	grown := float64(heap()-before) / 1e6
	runtime.KeepAlive(mock)
	each := median(times)
	return []row{
		{"make a world", each.Round(time.Microsecond).String(), "≤ 1 ms", each <= time.Millisecond},
		{
			fmt.Sprintf("memory of %d worlds that nobody uses (heap)", s.worlds), fmt.Sprintf("%.1f MB", grown),
			"≤ 300 MB", grown <= 300,
		},
	}, nil
}

// heap is how much memory is in use. What a pool or a finalizer held is only free after a second collection.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// parallelRow compares worlds that are used side by side, over a connection each, with one.
func parallelRow(ctx context.Context, s settings) (row, error) {
	all, err := newWorldOf(mockserver.Options{}, seed.Default())
	if err != nil {
		return row{}, err
	}
	defer all.end()
	exchanges := make([]*exchange, sideBySide)
	for i := range exchanges {
		name := fmt.Sprintf("side-%d", i)
		if _, err := all.mock.AddWorld(name, mockserver.WorldOptions{}); err != nil {
			return row{}, err
		}
		own := all.respond
		own.below("/worlds/" + name)
		exchanges[i] = &own
	}
	var ratios []float64
	for round := range s.rounds + 1 {
		one, err := rateOf(ctx, s, exchanges[:1])
		if err != nil {
			return row{}, err
		}
		many, err := rateOf(ctx, s, exchanges)
		if err != nil {
			return row{}, err
		}
		if round > 0 { // the first one warms up
			ratios = append(ratios, many/one)
		}
	}
	ratio := median(ratios)
	return row{
		fmt.Sprintf("set a status (POST) in %d worlds at once, rate of one's", sideBySide), fmt.Sprintf("%.2f", ratio),
		"≥ 1.70", ratio >= 1.7,
	}, nil
}

// rateOf is how many requests a second are answered, each exchange over a connection of its own.
func rateOf(ctx context.Context, s settings, exchanges []*exchange) (float64, error) {
	client := newClient(len(exchanges))
	defer client.CloseIdleConnections()
	each := max(1, s.requests/len(exchanges))
	took, err := together(len(exchanges), each, func(i int) error {
		_, err := exchanges[i].send(ctx, client)
		return err
	})
	if err != nil {
		return 0, err
	}
	return perSecond(each*len(exchanges), took), nil
}

// together does something so many times in each of n goroutines, and says how long all of them took.
func together(n, each int, do func(i int) error) (time.Duration, error) {
	var all errgroup.Group
	start := time.Now()
	for i := range n {
		all.Go(func() error {
			for range each {
				if err := do(i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := all.Wait()
	return time.Since(start), err
}
