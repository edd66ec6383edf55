package main

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// worldRows compare one request at a time in a large world with the same in a small one.
func worldRows(ctx context.Context, s settings) ([]row, error) {
	small, err := newWorld(largeSeed(1, s.responses))
	if err != nil {
		return nil, err
	}
	defer small.end()
	document := largeSeed(s.mergeRequests, s.responses)
	before, start := heap(), time.Now()
	large, err := newWorld(document)
	if err != nil {
		return nil, err
	}
	defer large.end()
	took, grown := time.Since(start), float64(heap()-before)/1e6
	runtime.KeepAlive(document)
	size := fmt.Sprintf("%d merge requests, %d responses", s.mergeRequests, s.mergeRequests*s.responses)
	rows := []row{
		{"make a world of " + size, took.Round(100 * time.Millisecond).String(), "–", true},
		{"memory of that world (heap)", fmt.Sprintf("%.0f MB", grown), "≤ 600 MB", grown <= 600},
	}
	for _, part := range []struct {
		what         string
		small, large *exchange
	}{
		{"statuses of a merge request (GET), latency there to that in an empty world", &small.list, &large.list},
		{"set a status (POST), latency there to that in an empty world", &small.respond, &large.respond},
	} {
		r, err := compareWorlds(ctx, s, part.what, part.small, part.large)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func compareWorlds(ctx context.Context, s settings, what string, small, large *exchange) (row, error) {
	client := newClient(1)
	var ratios []float64
	var here, there []time.Duration
	for round := range s.rounds + 1 {
		quick, err := latency(ctx, client, small, s.requests/10)
		if err != nil {
			return row{}, err
		}
		slow, err := latency(ctx, client, large, s.requests/10)
		if err != nil {
			return row{}, err
		}
		if round > 0 { // the first one warms up
			ratios = append(ratios, slow.Seconds()/quick.Seconds())
			here, there = append(here, quick), append(there, slow)
		}
	}
	ratio := median(ratios)
	value := fmt.Sprintf("%.2f (%s to %s)", ratio, median(there).Round(time.Microsecond),
		median(here).Round(time.Microsecond))
	return row{what, value, "≤ 1.15", ratio <= 1.15}, nil
}

// largeSeed is the default world with a project of many merge requests before its own, each with responses of two
// checks.
func largeSeed(mergeRequests, responses int) seed.Document {
	world := seed.Default()
	project := world.Projects[0]
	first := project.MergeRequests[0]
	first.Responses = verdicts(first.SHA, responses, project.ExternalStatusChecks)
	list := []seed.MergeRequest{first}
	for i := 1; i < mergeRequests; i++ {
		list = append(list, seed.MergeRequest{
			SourceBranch: first.SourceBranch, TargetBranch: first.TargetBranch, Title: fmt.Sprintf("Change %d", i),
			Author: first.Author, SHA: first.SHA, State: "merged", Responses: verdicts(first.SHA, responses,
				project.ExternalStatusChecks),
		})
	}
	project.MergeRequests = list
	world.Projects = append([]seed.Project{project}, world.Projects[1:]...)
	return world
}

func verdicts(sha string, n int, checks []seed.ExternalStatusCheck) []seed.Response {
	list := make([]seed.Response, n)
	for i := range list {
		list[i] = seed.Response{Check: checks[i%len(checks)].Name, Status: "passed", SHA: sha}
	}
	return list
}
