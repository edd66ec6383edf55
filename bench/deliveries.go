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
	var ratios, rates, bares []float64
	for round := range s.rounds + 1 {
		ours, n, err := delivered(ctx, mock, receiver, max(1, s.requests/len(checks)))
		if err != nil {
			return nil, err
		}
		bare, err := postAll(ctx, root, *receiver.body.Load(), int(n), len(checks))
		if err != nil {
			return nil, err
		}
		if round > 0 { // the first one warms up
			ratios = append(ratios, bare.Seconds()/ours.Seconds())
			rates, bares = append(rates, perSecond(int(n), ours)), append(bares, perSecond(int(n), bare))
		}
	}
	ratio := median(ratios)
	value := fmt.Sprintf("%.2f (%.0f/s of %.0f/s)", ratio, median(rates), median(bares))
	return []row{{"deliveries to a quick receiver, of a bare client's rate", value, "≥ 0.50", ratio >= 0.5}}, nil
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

// postAll posts a body n times over some connections.
func postAll(ctx context.Context, url string, body []byte, n, connections int) (time.Duration, error) {
	client := newClient(connections)
	defer client.CloseIdleConnections()
	return together(connections, n/connections, func(int) error { return postOnce(ctx, client, url, body) })
}

func postOnce(ctx context.Context, client *http.Client, url string, body []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, response.Body)
	return errors.Join(err, response.Body.Close())
}
