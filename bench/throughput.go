package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/openapi"

	"github.com/statuschecks/statuschecks/mockserver/seed"
)

// worldOf is a mock with a world, and the exchanges that are measured at it.
type worldOf struct {
	mock                 *mockserver.Server
	list, respond, rules exchange
	end                  func()
}

// newWorld serves a mock. The exchanges are about the first merge request of the seed's first project.
func newWorld(world seed.Document) (*worldOf, error) { return newWorldOf(mockserver.Options{}, world) }

// newWorldOf is newWorld with options.
func newWorldOf(opts mockserver.Options, world seed.Document) (*worldOf, error) {
	opts.Seed, opts.BaseURL, opts.Transport = &world, "http://127.0.0.1", nowhere{}
	mock, err := mockserver.New(opts)
	if err != nil {
		return nil, err
	}
	root, end, err := listen(mock)
	if err != nil {
		return nil, err
	}
	project := world.Projects[0]
	mr, check := project.MergeRequests[0], project.ExternalStatusChecks[0]
	body, err := json.Marshal(map[string]any{"sha": mr.SHA, "external_status_check_id": check.ID, "status": "passed"})
	if err != nil {
		return nil, err
	}
	rules, err := newRules(root, project.Path)
	if err != nil {
		return nil, err
	}
	path := func(operation string) string {
		return root + "/api/v4" + strings.NewReplacer("{id}", strconv.FormatInt(project.ID, 10), "{merge_request_iid}",
			strconv.FormatInt(mr.IID, 10)).
			Replace(openapi.GitLab().Operation(operation).Path)
	}
	return &worldOf{
		mock: mock,
		list: exchange{
			method: http.MethodGet, url: path("listMergeRequestStatusChecks"), token: "glpat-developer",
			status: http.StatusOK,
		},
		respond: exchange{
			method: http.MethodPost, url: path("createStatusCheckResponse"), token: "glpat-developer",
			body: body, status: http.StatusCreated,
		},
		rules: rules,
		end:   end,
	}, nil
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
	return []row{
		{"statuses of a merge request (GET), of a bare handler's rate", list.String(), "≥ 0.60", list.ratio >= 0.6},
		{"set a status (POST), of a bare handler's rate", respond.String(), "≥ 0.40", respond.ratio >= 0.4},
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
	root, end, err := listen(bareHandler(e.status, answer))
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

// bareHandler reads the request's JSON, if there is any, and answers always the same.
func bareHandler(status int, answer []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > 0 {
			var got map[string]any
			text, err := io.ReadAll(r.Body)
			if err != nil || json.Unmarshal(text, &got) != nil {
				http.Error(w, "not JSON", http.StatusBadRequest)
				return
			}
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
		w.WriteHeader(status)
		_, _ = w.Write(answer) // a client that went away is seen by its own error
	})
}
