// Command bench measures the mock and prints a table: what clients get of it in comparison with a bare net/http handler
// that answers the same bytes, measured in turns in one run; how soon it answers after its start and how much memory it
// holds, also beside an older program; and whether a large world makes it slower. Ratios travel between machines, times
// do not, so the table names the machine.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"text/tabwriter"
)

// settings say how much is measured.
type settings struct {
	rounds        int // of each comparison; the median counts
	requests      int // in a round
	connections   int // at a time
	mergeRequests int // in the large world
	responses     int // for each of them
	worlds        int // that nobody uses
	pressings     int // of each program in turns, a second each
	program       string
	bare          string // the program that it is compared with
	old           string // an older program, measured beside it
	profile       string // file for a CPU profile of the comparisons
}

// row is a line of the table.
type row struct {
	what    string
	value   string
	goal    string
	reached bool
}

func main() {
	s := settings{}
	flag.IntVar(&s.rounds, "rounds", 15, "rounds of each comparison")
	flag.IntVar(&s.requests, "requests", 3000, "requests in a round")
	flag.IntVar(&s.connections, "connections", 8, "connections at a time")
	flag.IntVar(&s.mergeRequests, "merge-requests", 100_000, "merge requests in the large world")
	flag.IntVar(&s.responses, "responses", 10, "responses for each of them")
	flag.IntVar(&s.worlds, "worlds", 10_000, "worlds that nobody uses")
	flag.StringVar(&s.program, "program", "", "the statuschecks program (default: built for this run)")
	flag.IntVar(&s.pressings, "pressings", 5, "seconds for which each program is pressed with each request")
	flag.StringVar(&s.old, "old", "", "an older statuschecks program, to measure it in turns with the present one")
	flag.StringVar(&s.profile, "cpuprofile", "", "write a CPU profile of the comparisons to this file")
	flag.Parse()
	debug.SetGCPercent(400) // as the program does
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, s)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, s settings) error {
	discard, err := build(ctx, &s)
	if err != nil {
		return err
	}
	defer discard()
	var rows []row
	for _, part := range []func(context.Context, settings) ([]row, error){
		processRows, apartRows, throughputRows, allocationRows, graphQLRows, overheadRows, crowdRows, deliveryRows,
		manyWorldRows, worldRows,
	} {
		more, err := part(ctx, s)
		if err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	fmt.Printf("%d cores, %s, %s/%s; medians of %d rounds, %d requests over %d connections each\n\n",
		runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH, s.rounds, s.requests, s.connections)
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 1, ' ', tabwriter.Debug)
	line := func(cells ...string) { fmt.Fprintf(table, "| %s\t\n", strings.Join(cells, "\t ")) }
	line("what", "measured", "goal", "reached")
	line("---", "---", "---", "---")
	for _, r := range rows {
		reached := "yes"
		if !r.reached {
			reached = "no"
		}
		line(r.what, r.value, r.goal, reached)
	}
	return table.Flush()
}
