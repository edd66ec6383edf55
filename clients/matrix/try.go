package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"time"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/journal"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// result is what a client did in a trial.
type result struct {
	requests int
	waited   time.Duration // between the mock's answers and the next requests
	took     time.Duration
	cut      bool    // it was still at work when its time was up
	told     outcome // what the caller was told
}

// outcome is what a driver prints.
type outcome struct {
	OK      bool   `json:"ok"`
	Missing bool   `json:"missing"` // the client has no such call
	Rows    int    `json:"rows"`
	Error   string `json:"error"`
}

// world is the default one, with five checks, the first of which has failed.
func world() seed.Document {
	w := seed.Default()
	p := &w.Projects[0]
	for id := int64(3); id <= 5; id++ {
		p.ExternalStatusChecks = append(p.ExternalStatusChecks, seed.ExternalStatusCheck{
			ID: id, Name: fmt.Sprint("Service ", id), ExternalURL: fmt.Sprint("https://checks.example/", id),
		})
	}
	mr := &p.MergeRequests[0]
	mr.Responses = append(mr.Responses, seed.Response{Check: p.ExternalStatusChecks[0].Name, Status: "failed"})
	return w
}

// try starts a mock, lets the fault of the trial happen to it, and runs the client.
func try(ctx context.Context, c client, t trial, bound time.Duration) (result, error) {
	w := world()
	mock, err := mockserver.New(mockserver.Options{Seed: &w, Transport: nowhere{}})
	if err != nil {
		return result{}, err
	}
	if t.fault != "" {
		p, err := mockserver.ParseFaults(t.what, []byte("faults: ["+t.fault+"]"))
		if err != nil {
			return result{}, err
		}
		if _, err = mock.AddFaults(p); err != nil {
			return result{}, err
		}
	}
	server := httptest.NewUnstartedServer(mock)
	server.Config.ConnContext = mockserver.ConnContext
	server.Start()
	defer server.Close()
	r, err := drive(ctx, c, bound, append(os.Environ(), "MATRIX_URL="+server.URL, "MATRIX_CALL="+t.call,
		"MATRIX_TOKEN="+seed.MaintainerToken, "MATRIX_SHA="+w.Projects[0].MergeRequests[0].SHA))
	if err != nil {
		return result{}, err
	}
	server.CloseClientConnections()
	var before journal.Entry
	for _, e := range mock.Journal(journal.Filter{Kind: journal.Call}).Entries {
		r.requests++
		if r.requests > 1 {
			r.waited += max(0, e.At.Sub(before.At.Add(before.Took.Duration)))
		}
		before = e
	}
	if r.requests == 0 && !r.told.Missing {
		return r, fmt.Errorf("the mock saw no request; the driver said %q", r.told.Error)
	}
	return r, nil
}

// drive runs the driver of a client, and reads what it prints.
func drive(ctx context.Context, c client, bound time.Duration, environment []string) (result, error) {
	ctx, stop := context.WithTimeout(ctx, bound)
	defer stop()
	command := exec.CommandContext(ctx, c.command[0], c.command[1:]...)
	command.Env, command.WaitDelay = environment, time.Second
	var said bytes.Buffer
	command.Stderr = &said
	began := time.Now()
	out, err := command.Output()
	r := result{took: time.Since(began)}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		r.cut = true
		return r, nil
	}
	if err != nil {
		return r, fmt.Errorf("%w: %s", err, said.String())
	}
	if err := json.Unmarshal(out, &r.told); err != nil {
		return r, fmt.Errorf("read what the driver prints: %w: %s", err, out)
	}
	return r, nil
}

// nowhere is where the mock's deliveries go.
type nowhere struct{}

// RoundTrip takes the delivery.
func (nowhere) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
}
