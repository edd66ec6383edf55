package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// apartParts are the exchanges of an apart server, with their goals: the rate in comparison with a bare program's.
var apartParts = []struct {
	what  string
	least float64
}{
	{"statuses of a merge request (GET)", 0.55},
	{"statuses of a merge request (GET, If-None-Match)", 0.6},
	{"set a status (POST)", 0.45},
}

// apartRows compare programs with a bare one under a client that costs little, each in a process of its own: ours, the
// bare one and, if it is given, an older one of ours, in turns.
func apartRows(ctx context.Context, s settings) (rows []row, err error) {
	ours, err := serveApart(ctx, s.program)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, ours.end()) }()
	bare, err := bareApart(ctx, s.bare, ours)
	for _, one := range bare {
		defer func() { _ = one.end() }()
	}
	if err != nil {
		return nil, err
	}
	servers := append([]*apart{ours}, bare...)
	if s.old != "" {
		older, err := serveApart(ctx, s.old)
		if err != nil {
			return nil, err
		}
		defer func() { _ = older.end() }()
		servers = append(servers, older)
	}
	for i, part := range apartParts {
		loads, err := pressInTurns(ctx, s, servers, i)
		if err != nil {
			return nil, err
		}
		rows = append(rows, apartRow(part.what, part.least, loads), cpuRow(part.what, loads))
	}
	return append(rows, memoryRow(servers)...), nil
}

// pressInTurns measures one exchange at all servers, in turns; the medians count.
func pressInTurns(ctx context.Context, s settings, servers []*apart, i int) ([]load, error) {
	rates, cpus := make([][]float64, len(servers)), make([][]time.Duration, len(servers))
	for round := range s.pressings + 1 {
		for n, server := range servers {
			l, err := server.press(ctx, s, &server.calls[i])
			if err != nil {
				return nil, err
			}
			if round > 0 { // the first one warms up
				rates[n], cpus[n] = append(rates[n], l.rate), append(cpus[n], l.cpu)
			}
		}
	}
	loads := make([]load, len(servers))
	for n := range servers {
		loads[n] = load{median(rates[n]), median(cpus[n])}
	}
	return loads, nil
}

// apartRow is about the rates of ours, the bare one, that with all headers, and perhaps an older one of ours.
func apartRow(what string, least float64, of []load) row {
	ratio := of[0].rate / of[1].rate
	value := fmt.Sprintf("%.2f (%.0f/s of %.0f/s); one that sends all headers has %.2f", ratio, of[0].rate, of[1].rate,
		of[2].rate/of[1].rate)
	if len(of) > 3 {
		value += fmt.Sprintf("; before %.2f", of[3].rate/of[1].rate)
	}
	return row{what + ", of a bare program's rate", value, fmt.Sprintf("≥ %.2f", least), ratio >= least}
}

// cpuRow is about the CPU time of the server's process. The goal is about the older program.
func cpuRow(what string, of []load) row {
	r := row{
		what + ", CPU time of the server", fmt.Sprintf("%s (bare %s, with all headers %s)",
			of[0].cpu.Round(100*time.Nanosecond), of[1].cpu.Round(100*time.Nanosecond),
			of[2].cpu.Round(100*time.Nanosecond)), "–", true,
	}
	if len(of) > 3 && of[3].cpu > 0 {
		ratio := of[0].cpu.Seconds() / of[3].cpu.Seconds()
		r.value += fmt.Sprintf(", %.2f of before", ratio)
		r.goal, r.reached = "≤ 0.40", ratio <= 0.4
	}
	return r
}

// memoryRow is about what the mock holds after all of that, on Linux.
func memoryRow(servers []*apart) []row {
	memory := residentKB(servers[0].process.Process.Pid)
	if memory == 0 {
		return nil
	}
	value := fmt.Sprintf("%.1f MB", float64(memory)/1024)
	if len(servers) > 3 {
		value += fmt.Sprintf(", before %.1f MB", float64(residentKB(servers[3].process.Process.Pid))/1024)
	}
	what := fmt.Sprintf("memory after that load (RSS), with %d responses more in the state", servers[0].made)
	return []row{{what, value, "≤ 60 MB", memory <= 60*1024}}
}
