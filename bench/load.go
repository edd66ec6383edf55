package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"time"
)

// exchange is a request that can be sent again and again, and the status of a good answer.
type exchange struct {
	method, url, token string
	body               []byte
	known              string // the ETag of what the client has already, for If-None-Match
	status             int
}

// request is the exchange's request.
func (e *exchange) request(ctx context.Context) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, e.method, e.url, bytes.NewReader(e.body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Private-Token", e.token)
	if e.body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if e.known != "" {
		request.Header.Set("If-None-Match", e.known)
	}
	return request, nil
}

// send sends it once and reads the answer to its end.
func (e *exchange) send(ctx context.Context, client *http.Client) ([]byte, error) {
	answer, _, err := e.answer(ctx, client)
	return answer, err
}

// answer is send, with the headers of the answer.
func (e *exchange) answer(ctx context.Context, client *http.Client) ([]byte, http.Header, error) {
	request, err := e.request(ctx)
	if err != nil {
		return nil, nil, err
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != e.status {
		err = fmt.Errorf("%s %s answered %d: %s", e.method, e.url, response.StatusCode, answer)
	}
	return answer, response.Header, err
}

// polled is an exchange of a client that asks again for what it has.
func (e *exchange) polled(ctx context.Context) (exchange, error) {
	request, err := e.request(ctx)
	if err != nil {
		return exchange{}, err
	}
	response, err := newClient(1).Do(request)
	if err != nil {
		return exchange{}, err
	}
	again := *e
	again.known, again.status = response.Header.Get("Etag"), http.StatusNotModified
	return again, response.Body.Close()
}

// listen serves a handler at a port of the loopback interface.
func listen(handler http.Handler) (root string, end func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &httptest.Server{Listener: listener, Config: &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: time.Minute,
	}}
	server.Start()
	return server.URL, server.Close, nil
}

// newClient keeps as many connections alive as are used at a time.
func newClient(connections int) *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost, transport.MaxIdleConns, transport.DisableCompression = connections, 0, true
	return &http.Client{Transport: transport, Timeout: time.Minute}
}

// cost is what something took by the clock, and of the processors.
type cost struct{ took, cpu time.Duration }

// flood sends an exchange n times over some connections and gives what all of it cost, at both ends.
func flood(ctx context.Context, e *exchange, n, connections int) (cost, error) {
	wires := make([]*wire, connections)
	for i := range wires {
		w, err := e.dial(ctx)
		if err != nil {
			return cost{}, err
		}
		defer func() { _ = w.conn.Close() }()
		wires[i] = w
	}
	errs := make(chan error, connections)
	var wait sync.WaitGroup
	start, spent := time.Now(), cpuTime()
	for _, w := range wires {
		wait.Go(func() {
			for range n / connections {
				if err := w.call(); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	wait.Wait()
	c := cost{time.Since(start), cpuTime() - spent}
	select {
	case err := <-errs:
		return cost{}, err
	default:
		return c, nil
	}
}

// latency is the median time of one exchange at a time.
func latency(ctx context.Context, client *http.Client, e *exchange, n int) (time.Duration, error) {
	times := make([]time.Duration, n)
	for i := range times {
		start := time.Now()
		if _, err := e.send(ctx, client); err != nil {
			return 0, err
		}
		times[i] = time.Since(start)
	}
	return median(times), nil
}

// share is the value that a share of all values do not exceed.
func share[T int | float64 | time.Duration](values []T, of float64) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[min(len(sorted)-1, int(of*float64(len(sorted))))]
}

func median[T int | float64 | time.Duration](values []T) T {
	return share(values, 0.5)
}
