package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/bench/internal/bare"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/openapi"
)

// worldOf is a mock with a world, and the exchanges that are measured at it.
type worldOf struct {
	mock *mockserver.Server
	exchanges
	rules exchange
	end   func()
}

// newWorld serves a mock. The exchanges are about the first merge request of the seed's first project.
func newWorld(world seed.Document) (*worldOf, error) { return newWorldOf(mockserver.Options{}, world) }

// newWorldOf is newWorld with options.
func newWorldOf(opts mockserver.Options, world seed.Document) (*worldOf, error) {
	opts.Seed, opts.BaseURL = &world, "http://127.0.0.1"
	if opts.Transport == nil {
		opts.Transport = nowhere{}
	}
	mock, err := mockserver.New(opts)
	if err != nil {
		return nil, err
	}
	root, end, err := listen(mock)
	if err != nil {
		return nil, err
	}
	calls, err := exchangesOf(root, world)
	if err != nil {
		return nil, err
	}
	rules, err := newRules(root, world.Projects[0].Path)
	if err != nil {
		return nil, err
	}
	return &worldOf{mock: mock, exchanges: calls, rules: rules, end: end}, nil
}

// exchanges are about one merge request: its statuses, a status, and a change that its checks are told of.
type exchanges struct{ list, respond, retitle exchange }

// exchangesOf are about the first merge request of the first project of a world that is served at a root.
func exchangesOf(root string, world seed.Document) (exchanges, error) {
	project := world.Projects[0]
	mr, check := project.MergeRequests[0], project.ExternalStatusChecks[0]
	body, err := json.Marshal(map[string]any{"sha": mr.SHA, "external_status_check_id": check.ID, "status": "passed"})
	if err != nil {
		return exchanges{}, err
	}
	title, err := json.Marshal(map[string]string{"title": "Another title"})
	path := func(operation string) string {
		return root + "/api/v4" + strings.NewReplacer("{id}", strconv.FormatInt(project.ID, 10), "{merge_request_iid}",
			strconv.FormatInt(mr.IID, 10)).
			Replace(openapi.GitLab().Operation(operation).Path)
	}
	return exchanges{
		list: exchange{
			method: http.MethodGet, url: path("listMergeRequestStatusChecks"), token: "glpat-developer",
			status: http.StatusOK,
		},
		respond: exchange{
			method: http.MethodPost, url: path("createStatusCheckResponse"), token: "glpat-developer",
			body: body, status: http.StatusCreated,
		},
		retitle: exchange{
			method: http.MethodPut, url: path("updateMergeRequest"), token: "glpat-maintainer", body: title,
			status: http.StatusOK,
		},
	}, err
}

// nowhere is where deliveries of a benchmark go.
type nowhere struct{}

// RoundTrip takes the delivery.
func (nowhere) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Body: http.NoBody,
		Request: r,
	}, nil
}

// throughputRows compare the mock with handlers that do nothing but answer the same bytes.
func throughputRows(ctx context.Context, s settings) ([]row, error) {
	world, err := newWorld(seed.Default())
	if err != nil {
		return nil, err
	}
	defer world.end()
	end, err := startProfile(s.profile)
	if err != nil {
		return nil, err
	}
	defer end()
	list, err := compare(ctx, s, &world.list)
	if err != nil {
		return nil, err
	}
	respond, err := compare(ctx, s, &world.respond)
	if err != nil {
		return nil, err
	}
	poll, err := world.list.polled(ctx)
	if err != nil {
		return nil, err
	}
	again, err := compare(ctx, s, &poll)
	if err != nil {
		return nil, err
	}
	return []row{
		{"statuses of a merge request (GET), of a bare handler's rate", list.String(), "≥ 0.55", list.ratio >= 0.55},
		{
			"statuses of a merge request (GET, If-None-Match), of a bare handler's rate", again.String(), "≥ 0.60",
			again.ratio >= 0.6,
		},
		{"set a status (POST), of a bare handler's rate", respond.String(), "≥ 0.45", respond.ratio >= 0.45},
	}, nil
}

// startProfile writes a CPU profile until the function it returns is called.
func startProfile(path string) (func(), error) {
	if path == "" {
		return func() {}, nil
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, err
	}
	return func() { pprof.StopCPUProfile(); _ = file.Close() }, nil
}

// comparison is what a mock's rate is to a bare handler's: by the clock, and by the time that the processors spent,
// which what else the machine does hardly touches.
type comparison struct{ ratio, cpu, rate, bare float64 }

// String is both ratios and the two rates.
func (c comparison) String() string {
	return fmt.Sprintf("%.2f by the clock (%.0f/s of %.0f/s), %.2f by CPU time", c.ratio, c.rate, c.bare, c.cpu)
}

// compare floods the mock and a bare handler in turns. The median of the rounds' ratios counts.
func compare(ctx context.Context, s settings, e *exchange) (comparison, error) {
	client := newClient(s.connections)
	answer, err := e.send(ctx, client)
	if err != nil {
		return comparison{}, err
	}
	root, end, err := listen(bare.Handler(e.status, answer, nil))
	if err != nil {
		return comparison{}, err
	}
	defer end()
	bare := *e
	bare.url = root
	var ratios, cpu, rates, bares []float64
	for round := range s.rounds + 1 {
		slow, err := flood(ctx, e, s.requests, s.connections)
		if err != nil {
			return comparison{}, err
		}
		fast, err := flood(ctx, &bare, s.requests, s.connections)
		if err != nil {
			return comparison{}, err
		}
		if round > 0 { // the first one warms up
			ratios, cpu = append(ratios, fast.took.Seconds()/slow.took.Seconds()),
				append(cpu, fast.cpu.Seconds()/slow.cpu.Seconds())
			rates, bares = append(rates, perSecond(s.requests, slow.took)),
				append(bares, perSecond(s.requests, fast.took))
		}
	}
	return comparison{median(ratios), median(cpu), median(rates), median(bares)}, nil
}

func perSecond(n int, took time.Duration) float64 { return float64(n) / took.Seconds() }

// blank is a response that nobody reads.
type blank struct {
	header http.Header
	status int
}

// Header returns the headers of the response.
func (w *blank) Header() http.Header { return w.header }

// WriteHeader stores the status.
func (w *blank) WriteHeader(status int) { w.status = status }

// Write drops a part of the body.
func (w *blank) Write(p []byte) (int, error) { return len(p), nil }

// repeat returns a function that passes an exchange to a handler, without a network. The request is made once, so that
// what it costs does not count. What net/http makes for a response counts as far as it is the map of its headers.
func repeat(ctx context.Context, handler http.Handler, e *exchange) (func() (status int), error) {
	request, err := e.request(ctx)
	if err != nil {
		return nil, err
	}
	request.RemoteAddr = "127.0.0.1:1"
	body := bytes.NewReader(e.body)
	request.Body, request.ContentLength = http.NoBody, int64(len(e.body))
	if len(e.body) > 0 {
		request.Body = io.NopCloser(body)
	}
	return func() int {
		body.Reset(e.body)
		answer := blank{header: http.Header{}}
		handler.ServeHTTP(&answer, request)
		return answer.status
	}, nil
}

// allocationRows count what the mock allocates for a request.
func allocationRows(ctx context.Context, s settings) ([]row, error) {
	world, err := newWorld(seed.Default())
	if err != nil {
		return nil, err
	}
	defer world.end()
	var rows []row
	for _, part := range []struct {
		what string
		e    *exchange
		most int
	}{
		{"statuses of a merge request (GET), allocations", &world.list, 60},
		{"set a status (POST), allocations", &world.respond, 130},
	} {
		call, err := repeat(ctx, world.mock, part.e)
		if err != nil {
			return nil, err
		}
		call()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range s.requests {
			call()
		}
		runtime.ReadMemStats(&after)
		each := int(after.Mallocs-before.Mallocs) / s.requests
		rows = append(rows, row{part.what, strconv.Itoa(each), fmt.Sprintf("≤ %d", part.most), each <= part.most})
	}
	return rows, nil
}
