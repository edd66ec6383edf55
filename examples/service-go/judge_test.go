package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/internal/logtest"
	"github.com/statuschecks/statuschecks/judge"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/release"
)

var (
	runs  = flag.Int("runs", 2, "how often the right service is judged with random delays")
	whole = flag.Bool("whole", false, "judge each broken service with all scenarios, and with all releases")
)

// TestMain lets more tests run at once than there are processors, as they mostly wait.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "12"); err != nil {
		panic(err)
	}
	m.Run()
}

const hush = "hush-hush-hush"

// defect is one thing that is wrong with a service: what comes in or goes out is changed on its way.
type defect struct {
	id  string
	in  func(http.Handler, *Settings) http.Handler           // around the service
	out func(http.RoundTripper, *Settings) http.RoundTripper // around what it calls with
	log func(*logtest.Buffer)                                // writes more to the service's log
	// scenarios that catch it
	caught []string
}

// lab is a mock with a service that is judged.
type lab struct {
	version  release.Version
	only     []string
	patience time.Duration
	secret   string
	blocks   bool // the mock sends nothing to local addresses
	// start starts the service; nil is the one of this folder
	start func(*testing.T, site, defect) (url string)
}

// site is what a service finds where it runs.
type site struct {
	gitlab string // the mock's URL
	secret string
	log    *logtest.Buffer
}

// judged judges a service with a defect; the zero defect is none.
func (l lab) judged(t *testing.T, d defect) *conformance.Report {
	t.Helper()
	report, err := l.judge(t, d)
	assert.NilError(t, err)
	return report
}

func (l lab) judge(t *testing.T, d defect) (*conformance.Report, error) {
	t.Helper()
	world := seed.Default()
	gitlab := httptest.NewUnstartedServer(nil)
	gitlab.Start()
	defer gitlab.Close()
	options := mockserver.Options{
		Version: l.version, BaseURL: gitlab.URL, Seed: &world, Features: map[string]bool{},
		BlockLocalRequests: l.blocks,
	}
	for _, f := range mockserver.FeatureFlags() {
		if f.Name == "ff_external_status_checks" && f.In(l.version) {
			options.Features[f.Name] = true
		}
	}
	mock, err := mockserver.New(options)
	assert.NilError(t, err)
	gitlab.Config.Handler = mock
	wrote := &logtest.Buffer{}
	start := startGo
	if l.start != nil {
		start = l.start
	}
	service := start(t, site{gitlab.URL, l.secret, wrote}, d)
	receiver, err := conformance.ListenReceiver("127.0.0.1:0", "")
	assert.NilError(t, err)
	defer func() { _ = receiver.Close() }()
	if d.log != nil {
		d.log(wrote)
	}
	return conformance.Run(t.Context(), conformance.Target{
		URL: gitlab.URL, Token: seed.AdminToken, Receiver: receiver,
		Tokens: map[scenario.Role]string{scenario.Developer: seed.DeveloperToken},
		Service: &conformance.Service{
			URL: service, Secret: l.secret, Patience: l.patience, Quiet: 100 * time.Millisecond,
			Limit: 2 * time.Second, Output: wrote.String,
		},
	}, conformance.RunOptions{
		Scenarios: judge.Files, Selection: conformance.Selection{Only: l.only, MaxWait: -1},
		ReceiverWait: l.patience,
	})
}

// startGo starts the service of this folder.
func startGo(t *testing.T, s site, d defect) string {
	t.Helper()
	settings := Settings{
		API: s.gitlab + "/api/v4", Token: seed.DeveloperToken, Secret: s.secret, Log: log.New(s.log, "", 0),
		Pause: 5 * time.Millisecond, Client: &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()},
	}
	if d.out != nil {
		settings.Client.Transport = d.out(settings.Client.Transport, &settings)
	}
	var handler http.Handler = New(settings)
	if d.in != nil {
		handler = d.in(handler, &settings)
	}
	service := httptest.NewServer(handler)
	t.Cleanup(service.Close)
	return service.URL
}

// shown is a report as people read it.
func shown(t *testing.T, report *conformance.Report) string {
	t.Helper()
	var text strings.Builder
	assert.NilError(t, report.WriteText(&text, conformance.TextOptions{}))
	return text.String()
}

// blamed are the scenarios that the service did not stand.
func blamed(report *conformance.Report) []string {
	var ids []string
	for _, r := range report.Scenarios {
		if r.Outcome != conformance.Passed && r.Outcome != conformance.Skipped {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// TestService_stands judges the right service, with random delays before its answers and its calls.
func TestService_stands(t *testing.T) {
	t.Parallel()
	for n := range *runs {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			stands(t, lab{secret: hush, patience: 20 * time.Second}, randomDelays(n))
		})
	}
}

// stands judges a right service that comments on nothing.
func stands(t *testing.T, l lab, d defect) {
	t.Helper()
	report := l.judged(t, d)
	assert.Equal(t, len(blamed(report)), 0, "%s", shown(t, report))
	assert.Equal(t, report.Verdict, conformance.Conformant, "%s", shown(t, report))
	assert.Equal(t, report.Totals["skipped"], 1, "%s", shown(t, report)) // it writes nothing
}

// randomDelays delays deliveries to the service, and its calls. The first run, which is 0, has no delays.
func randomDelays(run int) defect {
	chance := rand.New(rand.NewPCG(uint64(run), 16))
	var mu sync.Mutex
	delay := func() {
		mu.Lock()
		length := time.Duration(chance.IntN(30)) * time.Millisecond
		mu.Unlock()
		time.Sleep(length)
	}
	if run == 0 {
		delay = func() {}
	}
	return defect{
		in: func(service http.Handler, _ *Settings) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				delay()
				service.ServeHTTP(w, r)
			})
		},
		out: func(gitlab http.RoundTripper, _ *Settings) http.RoundTripper {
			return trip(func(r *http.Request) (*http.Response, error) {
				delay()
				return gitlab.RoundTrip(r)
			})
		},
	}
}

// TestService_standsWithoutSecret holds that a service without a secret is not judged by signatures.
func TestService_standsWithoutSecret(t *testing.T) {
	t.Parallel()
	report := lab{patience: 20 * time.Second, only: []string{"signature", "service.open"}}.judged(t, defect{})
	assert.Equal(t, report.Verdict, conformance.Conformant, "%s", shown(t, report))
	for _, r := range report.Scenarios {
		if r.Area == "signature" {
			assert.Equal(t, r.Reason, "no shared secret is given, so signatures are not judged")
		}
	}
}

// TestService_isNotBlamedForTheMock holds that a service which hears of nothing is not said to be wrong.
func TestService_isNotBlamedForTheMock(t *testing.T) {
	t.Parallel()
	_, err := lab{patience: 200 * time.Millisecond, blocks: true}.judge(t, defect{})
	var trouble *conformance.TargetError
	assert.Assert(t, errors.As(err, &trouble), err)
	assert.Assert(t, strings.Contains(trouble.Message, "no delivery of http://127.0.0.1:"), trouble.Message)
}

// TestService_standsInReleases judges the right service with the oldest, some and the newest release; with -whole, all.
func TestService_standsInReleases(t *testing.T) {
	t.Parallel()
	versions := []release.Version{release.Oldest, release.Of(15, 0), release.Of(16, 4), release.Newest}
	if *whole {
		versions = release.All()
	}
	for _, v := range versions {
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel()
			l := lab{secret: hush, patience: 20 * time.Second, version: v}
			if !*whole {
				l.only = []string{"service.open", "service.push", "service.conflict", "payload"}
			}
			report := l.judged(t, defect{})
			assert.Equal(t, len(blamed(report)), 0, "%s", shown(t, report))
			assert.Equal(t, report.Verdict, conformance.Conformant, "%s", shown(t, report))
		})
	}
}

// TestBroken_areCaught holds that each broken service is caught by the scenarios that its row names; with -whole, also
// when all the others run.
func TestBroken_areCaught(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, d := range defects() {
		assert.Assert(t, !seen[d.id] && len(d.caught) > 0, d.id)
		seen[d.id] = true
		t.Run(d.id, func(t *testing.T) {
			t.Parallel()
			l := lab{secret: hush, patience: 3 * time.Second, only: d.caught}
			if *whole {
				l.only = nil
			}
			report := l.judged(t, d)
			got, want := blamed(report), slices.Sorted(slices.Values(d.caught))
			got = slices.DeleteFunc(slices.Sorted(slices.Values(got)), func(id string) bool {
				return *whole && !slices.Contains(want, id)
			})
			assert.DeepEqual(t, got, want)
		})
	}
	assert.Assert(t, len(seen) >= 40, "only %d broken services", len(seen))
}

// trip is a transport made of a function.
type trip func(*http.Request) (*http.Response, error)

// RoundTrip calls the function.
func (f trip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// bodyOf reads a body and puts it back.
func bodyOf(body *io.ReadCloser) []byte {
	if *body == nil {
		return nil
	}
	text, _ := io.ReadAll(*body)
	_ = (*body).Close()
	*body = io.NopCloser(bytes.NewReader(text))
	return text
}
