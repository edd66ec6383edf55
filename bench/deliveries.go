package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// counter is a receiver of deliveries that is as quick as can be.
type counter struct {
	got  atomic.Int64
	body atomic.Pointer[[]byte] // of the last one
}

// ServeHTTP counts a delivery.
func (c *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err == nil {
		c.body.Store(&body)
		c.got.Add(1)
	}
	w.WriteHeader(http.StatusOK)
}

// deliveryRows compare deliveries to a receiver of this machine with what a bare client sends to it.
func deliveryRows(ctx context.Context, s settings) ([]row, error) {
	receiver := &counter{}
	root, end, err := listen(receiver)
	if err != nil {
		return nil, err
	}
	defer end()
	world := seed.Default()
	checks := world.Projects[0].ExternalStatusChecks
	for i := range checks {
		checks[i].ExternalURL = fmt.Sprintf("%s/%d", root, i)
	}
	mock, err := newWorldOf(mockserver.Options{Transport: http.DefaultTransport}, world)
	if err != nil {
		return nil, err
	}
	defer mock.end()
	var kept, opened pace
	for round := range s.rounds + 1 {
		ours, n, err := delivered(ctx, mock, receiver, max(1, s.requests/len(checks)))
		if err != nil {
			return nil, err
		}
		for _, to := range []*pace{&kept, &opened} {
			p := posting{url: root, body: *receiver.body.Load(), alone: to == &opened}
			bare, err := p.all(ctx, int(n), len(checks))
			if err != nil {
				return nil, err
			}
			if round > 0 { // the first one warms up
				to.add(perSecond(int(n), ours), perSecond(int(n), bare))
			}
		}
	}
	return []row{
		kept.row("deliveries to a quick receiver, of a bare client's rate"),
		opened.row("the same, of the rate of a bare client that opens a connection for each, as GitLab does"),
	}, nil
}

// pace is rates of deliveries, with those of a bare client in the same round.
type pace struct{ ratios, ours, bare []float64 }

func (p *pace) add(ours, bare float64) {
	p.ratios = append(p.ratios, ours/bare)
	p.ours, p.bare = append(p.ours, ours), append(p.bare, bare)
}

func (p *pace) row(what string) row {
	ratio := median(p.ratios)
	value := fmt.Sprintf("%.2f (%.0f/s of %.0f/s)", ratio, median(p.ours), median(p.bare))
	return row{what, value, "≥ 0.50", ratio >= 0.5}
}

// delivered makes events and times their deliveries.
func delivered(ctx context.Context, mock *worldOf, to *counter, events int) (time.Duration, int64, error) {
	if _, err := flood(ctx, &mock.retitle, events, 1); err != nil {
		return 0, 0, err
	}
	before, start := to.got.Load(), time.Now()
	if _, err := mock.mock.Flush(ctx); err != nil {
		return 0, 0, err
	}
	took, n := time.Since(start), to.got.Load()-before
	if n < int64(events) {
		return 0, 0, fmt.Errorf("%d events made %d deliveries", events, n)
	}
	return took, n, nil
}

// posting is what a bare client sends.
type posting struct {
	url   string
	body  []byte
	alone bool // each on a connection of its own
}

// all sends it n times, as many at once as there are connections.
func (p posting) all(ctx context.Context, n, connections int) (time.Duration, error) {
	client := newClient(connections)
	defer client.CloseIdleConnections()
	return together(connections, n/connections, func(int) error { return p.once(ctx, client) })
}

func (p posting) once(ctx context.Context, client *http.Client) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, bytes.NewReader(p.body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Close = p.alone
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, response.Body)
	return errors.Join(err, response.Body.Close())
}
