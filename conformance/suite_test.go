package conformance

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/release"
)

func (c *testClock) wait(ctx context.Context, length time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now, c.all = c.now.Add(length), c.all+length
	return ctx.Err()
}

// optionsFor points a run at a fake, without sockets and without waiting.
func optionsFor(g *fakeGitLab, files fstest.MapFS) (options, *testClock) {
	clock := newTestClock()
	return options{Target: Target{
		URL: "http://gitlab.test", Token: g.token, Transport: InProcess(g),
		Pace: Pace{Jobs: 1, Patience: 10 * time.Second},
	}, RunOptions: RunOptions{
		Scenarios: files, RunID: "r1", Clock: clock.read, Wait: clock.wait, ReceiverWait: time.Second,
	}}, clock
}

func head(id string) string {
	return "id: " + id + "\nsummary: It holds.\nlevel: must\nevidence: S\nsource: somewhere\n"
}

const pendingList = `
given:
  checks: {qa: {secret: "geheimes-secret"}}
  merge_request: {}
steps:
  - as: developer
    call: listMergeRequestStatusChecks
    expect: {status: 200, body: {$contains: {id: "${check.qa.id}", status: pending}}}
`

func TestRun(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	g.lag, g.throttle = 3, 2
	ledgerPath := filepath.Join(t.TempDir(), "deep", "run.ledger")
	options, clock := optionsFor(g, fstest.MapFS{
		"list/one.yaml": {Data: []byte(head("list.one") + pendingList)},
		"list/two.yaml": {Data: []byte(head("list.two") + "isolation: project" + pendingList)},
		"list/push.yaml": {Data: []byte(head("list.push") + pendingList +
			"  - push: {}\n  - push: {message: again}\n")},
		"list/made.yaml": {Data: []byte(head("list.made") + `
steps:
  - call: createExternalStatusCheck
    with: {name: "made ${run.id}", external_url: "https://example.com/made"}
    capture: {made: .body}
  - call: listExternalStatusChecks
    expect: {status: 200, headers: {x-total: {$match: "^[0-9]+$"}}, body: {$contains: {id: "${made.id}", name: "${made.name}"}}}
`)},
	})
	options.Jobs, options.Ledger = 4, ledgerPath
	report, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.NilError(t, err)
	var text bytes.Buffer
	assert.NilError(t, report.WriteText(&text, TextOptions{Verbose: true}))
	assert.Equal(t, report.Verdict, Conformant, text.String())
	assert.Equal(t, report.ExitCode(), ExitConformant)
	assert.Equal(t, report.Totals["passed"], 4)
	assert.Assert(t, clock.all >= 4*time.Second, "two answers of 429 ask to wait two seconds each, waited %s",
		clock.all)
	assert.DeepEqual(t, g.standing(), []string(nil))
	assert.DeepEqual(t, report.Remaining, []string(nil))
	_, err = os.Stat(ledgerPath)
	assert.Assert(t, errors.Is(err, os.ErrNotExist), "a ledger with nothing left is removed")
	assert.Assert(t, g.agents["statuschecks (run r1) list.two"], "the scenario stands in the User-Agent: %v", g.agents)
	assert.Assert(t, slices.Contains(g.log, "GET /-/mock/clock"))
}

// A response to HEAD may tell the length of what GET would answer.
func TestRun_headWithLength(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodHead {
			g.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Length", "30")
	}))
	defer server.Close()
	options, _ := optionsFor(g, fstest.MapFS{"list/head.yaml": {Data: []byte(head("list.head") + `
steps:
  - call: listExternalStatusChecks
    raw: {method: HEAD}
    expect: {status: 200, empty: true}
`)}})
	options.URL, options.Transport = server.URL, nil
	report, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.NilError(t, err)
	assert.Equal(t, report.Verdict, Conformant, "%+v", report.Scenarios)
}

// A request that a server may not read to its end has a connection of its own, as what is left there would be taken for
// the next request.
func TestRun_oddRequestsApart(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	var mu sync.Mutex
	seen := map[string][]string{} // what came over each connection
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		what := r.Method
		if len(r.TransferEncoding) > 0 || r.Method == http.MethodGet && r.ContentLength > 0 {
			what += " odd"
		}
		seen[r.RemoteAddr] = append(seen[r.RemoteAddr], what)
		mu.Unlock()
		g.ServeHTTP(w, r)
	}))
	defer server.Close()
	options, _ := optionsFor(g, fstest.MapFS{"list/odd.yaml": {Data: []byte(head("list.odd") + `
steps:
  - {call: listExternalStatusChecks, expect: 200}
  - call: createExternalStatusCheck
    with: {name: "odd ${run.id}", external_url: "https://example.com/odd"}
    raw: {chunked: true}
    expect: 201
  - {call: listExternalStatusChecks, raw: {body: "{}"}, expect: 200}
  - {call: listExternalStatusChecks, expect: 200}
`)}})
	options.URL, options.Transport = server.URL, nil
	report, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.NilError(t, err)
	assert.Equal(t, report.Verdict, Conformant, "%+v", report.Scenarios)
	odd := 0
	for _, requests := range seen {
		if strings.HasSuffix(requests[0], " odd") {
			odd++
			assert.Equal(t, len(requests), 1, "%v", requests)
		} else {
			assert.Assert(t, !strings.Contains(strings.Join(requests, ","), " odd"), "%v", requests)
		}
	}
	assert.Equal(t, odd, 2, "%v", seen)
}

// What is made on a server that ends with the run is left to it.
func TestRun_leavesWhatGoesWithTheServer(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	options, _ := optionsFor(g, fstest.MapFS{"list/one.yaml": {Data: []byte(head("list.one") + pendingList)}})
	options.EndsAfter = true
	report, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.NilError(t, err)
	assert.Equal(t, len(g.standing()), 1)
	assert.Equal(t, len(report.Remaining), 0, "%v", report.Remaining)
	preview, err := Look(t.Context(), options.Target, options.RunOptions)
	assert.NilError(t, err)
	var text strings.Builder
	assert.NilError(t, preview.WriteText(&text))
	assert.Assert(t, strings.HasSuffix(text.String(), "What is made goes with the server, which ends with the run.\n"))
}

// TestRunKeepsAndCleansUp runs with Keep, then removes by the ledger alone.
func TestRunKeepsAndCleansUp(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	g.projects["99"] = &fakeProject{id: 99, path: "someone/else"}
	ledgerPath := filepath.Join(t.TempDir(), "run.ledger")
	options, _ := optionsFor(g, fstest.MapFS{"list/one.yaml": {Data: []byte(head("list.one") + pendingList)}})
	options.Ledger, options.Keep = ledgerPath, true
	report, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.NilError(t, err)
	assert.Equal(t, len(g.standing()), 2)
	assert.Equal(t, len(report.Remaining), 1, "%v", report.Remaining)

	file, err := os.OpenFile(ledgerPath, os.O_APPEND|os.O_WRONLY, 0)
	assert.NilError(t, err)
	_, err = file.WriteString(`{"kind":"proj`) // as a crash leaves it
	assert.NilError(t, errors.Join(err, file.Close()))

	_, err = Run(t.Context(), options.Target, options.RunOptions)
	assert.ErrorContains(t, err, "is there already")
	assert.Equal(t, ExitCode(err), ExitUsage)

	wrong := options
	wrong.URL = "http://another.test"
	_, err = CleanUp(t.Context(), wrong.Target, wrong.Ledger, wrong.RunOptions)
	assert.ErrorContains(t, err, "is about http://gitlab.test, not http://another.test")

	cleaned, err := CleanUp(t.Context(), Target{Token: g.token, Transport: options.Transport}, ledgerPath,
		RunOptions{Clock: options.Clock, Wait: options.Wait})
	assert.ErrorContains(t, err, "line 6 of the ledger "+ledgerPath+" cannot be read, so what it names may be left: "+
		"unexpected end of JSON input")
	assert.ErrorContains(t, err, "is kept")
	assert.Equal(t, ExitCode(err), ExitNotJudged)
	assert.DeepEqual(t, cleaned.Removed, []string{"project 1 (root/statuschecks-r1-shared-private)"})
	assert.DeepEqual(t, g.standing(), []string{"someone/else"})
	text, err := os.ReadFile(ledgerPath)
	assert.NilError(t, err)
	assert.Assert(t, strings.Contains(string(text), "{\"kind\":\"proj\n{\"kind\""),
		"what is written behind a torn line must not hang on to it: %s", text)
	assert.NilError(t, os.Remove(ledgerPath))
	_, err = CleanUp(t.Context(), Target{Token: g.token}, ledgerPath, RunOptions{})
	assert.ErrorContains(t, err, "read the ledger")

	notLedger := filepath.Join(t.TempDir(), "x")
	assert.NilError(t, os.WriteFile(notLedger, []byte("hello\n"), 0o600))
	_, err = CleanUp(t.Context(), Target{Token: g.token}, notLedger, RunOptions{})
	assert.ErrorContains(t, err, "is no ledger")
	assert.Equal(t, ExitCode(err), ExitUsage)

	_, err = CleanUp(t.Context(), Target{Token: g.token}, os.DevNull, RunOptions{})
	assert.ErrorContains(t, err, os.DevNull+" is no ledger, and no file")
	assert.Equal(t, ExitCode(err), ExitUsage)
}

// TestCleanUpTellsWhatIsLeft holds that a project which cannot be removed stays in the ledger and is named.
func TestCleanUpTellsWhatIsLeft(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	g.refuse = map[string]int{"DELETE /projects/1": 403}
	ledgerPath := filepath.Join(t.TempDir(), "run.ledger")
	options, _ := optionsFor(g, fstest.MapFS{"list/one.yaml": {Data: []byte(head("list.one") + pendingList)}})
	options.Ledger = ledgerPath
	report, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.NilError(t, err)
	assert.Equal(t, len(report.Remaining), 1)
	assert.ErrorContains(t, errors.New(report.Remaining[0]),
		"project 1 (root/statuschecks-r1-shared-private) is left: "+
			"delete the project 1: DELETE http://gitlab.test/api/v4/projects/1 answered 403")
	again := options
	again.Target = Target{Token: g.token, Transport: options.Transport}
	_, err = CleanUp(t.Context(), again.Target, again.Ledger, again.RunOptions)
	assert.ErrorContains(t, err, "project 1 (root/statuschecks-r1-shared-private) is left: delete the project 1")
	g.refuse = nil
	_, err = CleanUp(t.Context(), again.Target, again.Ledger, again.RunOptions)
	assert.NilError(t, err)
	assert.DeepEqual(t, g.standing(), []string(nil))
}

// TestRunCleansUpWhenInterrupted cancels the run from within.
func TestRunCleansUpWhenInterrupted(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	ctx, cancel := context.WithCancel(t.Context())
	g.broken = func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/status_checks") {
			cancel()
		}
		return false
	}
	options, _ := optionsFor(g, fstest.MapFS{
		"list/one.yaml": {Data: []byte(head("list.one") + pendingList)},
		"list/two.yaml": {Data: []byte(head("list.two") + pendingList)},
	})
	report, err := Run(ctx, options.Target, options.RunOptions)
	assert.NilError(t, err)
	assert.Equal(t, report.Totals["errored"], 0, "%v", report.Totals)
	assert.Equal(t, report.Totals["skipped"], 2, "%v", report.Totals)
	assert.Equal(t, report.Verdict, NotJudged)
	assert.Equal(t, report.Reasons[0], "interrupted: 2 of 2 scenarios were not run")
	for name, write := range everyFormat(report) {
		var text bytes.Buffer
		assert.NilError(t, write(&text))
		at := strings.Index(text.String(), "interrupted")
		assert.Assert(t, at >= 0 && at < 5000 || name == "html" && at > 0, "%s says so at %d", name, at)
	}
	assert.DeepEqual(t, g.standing(), []string(nil))
}

// What a run left is removed whatever the server says it is, as nothing is judged then.
func TestCleanUp_ofAnyVersion(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(g *fakeGitLab){
		"its own number": func(g *fakeGitLab) { g.version = "1.0.0" },
		"a word":         func(g *fakeGitLab) { g.version = "banana" },
		"none":           func(g *fakeGitLab) { g.broken = without("/version") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newFakeGitLab()
			change(g)
			options, _ := optionsFor(g, fstest.MapFS{"list/one.yaml": {Data: []byte(head("list.one") + pendingList)}})
			options.Ledger, options.Keep = filepath.Join(t.TempDir(), "run.ledger"), true
			options.AssumeVersion = release.Reference
			_, err := Run(t.Context(), options.Target, options.RunOptions)
			assert.NilError(t, err)
			assert.Equal(t, len(g.standing()), 1)
			_, err = CleanUp(t.Context(), Target{Token: g.token, Transport: options.Transport}, options.Ledger,
				RunOptions{Clock: options.Clock, Wait: options.Wait})
			assert.NilError(t, err)
			assert.DeepEqual(t, g.standing(), []string(nil))
		})
	}
}

// without answers 404 below a path, as a server does that lacks it.
func without(suffix string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		missing := strings.HasSuffix(r.URL.Path, suffix)
		if missing {
			writeJSON(w, 404, map[string]any{"error": "404 Not Found"})
		}
		return missing
	}
}

// A server that tells no version is judged as the release that was named.
func TestRun_withoutVersion(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	g.broken = without("/version")
	options, _ := optionsFor(g, fstest.MapFS{"list/one.yaml": {Data: []byte(head("list.one") + pendingList)}})
	_, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.ErrorContains(t, err, "A server that tells no version is judged with --assume-version 18.9.")
	options.AssumeVersion = release.Reference
	report, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.NilError(t, err)
	assert.Equal(t, report.Verdict, Conformant)
	assert.Equal(t, report.Notes()[0], "the target tells no version; it was judged as GitLab 18.9, as was asked")
}

func TestRunTrouble(t *testing.T) {
	t.Parallel()
	html := func(status int) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.WriteHeader(status)
			fmt.Fprint(w, "<!DOCTYPE html><title>Sign in</title>")
			return true
		}
	}
	jsonAnswer := func(status int, body any) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, _ *http.Request) bool { writeJSON(w, status, body); return true }
	}
	tests := []struct {
		name   string
		change func(g *fakeGitLab, o *options)
		kind   TroubleKind
		want   string
	}{
		{
			"wrong token", func(_ *fakeGitLab, o *options) { o.Token = "glpat-wrong-token" }, BadToken,
			"does not take the token: it answered 401",
		},
		{"web page", func(g *fakeGitLab, _ *options) { g.broken = html(200) }, NotJSON, "with a web page (status 200)"},
		{
			"web page 404", func(g *fakeGitLab, _ *options) { g.broken = html(404) }, NotJSON,
			"with a web page (status 404)",
		},
		{"wrong path", func(g *fakeGitLab, _ *options) {
			g.broken = jsonAnswer(404,
				map[string]any{"error": "404 Not Found"})
		}, WrongPath, "has no GitLab API"},
		{
			"other JSON", func(g *fakeGitLab, _ *options) { g.broken = jsonAnswer(200, []any{}) }, NotGitLab,
			"is no GitLab",
		},
		{
			"odd version", func(g *fakeGitLab, _ *options) { g.version = "banana" }, NotGitLab,
			`calls its version "banana"`,
		},
		{"too old", func(g *fakeGitLab, _ *options) { g.version = "13.12.1-ee" }, TooOld, "is GitLab 13.12"},
		{
			"broken server", func(g *fakeGitLab, _ *options) { g.broken = jsonAnswer(502, map[string]any{}) },
			Unreachable,
			"with status 502",
		},
		{
			"page of a proxy", func(g *fakeGitLab, _ *options) { g.broken = html(502) }, Unreachable,
			"answered GET /version with status 502. Try again",
		},
		{
			"nothing there", func(g *fakeGitLab, _ *options) { g.broken = jsonAnswer(501, map[string]any{}) },
			WrongPath, "GET /version answered 501",
		},
		{
			"always too fast", func(g *fakeGitLab, _ *options) { g.throttle = 100 }, Unreachable,
			"still asks to slow down after 9 attempts at GET /version (429)",
		},
		{
			"torn JSON", func(g *fakeGitLab, _ *options) {
				g.broken = func(w http.ResponseWriter, _ *http.Request) bool {
					_, _ = io.WriteString(w, `{"version": "18.9.0"`)
					return true
				}
			}, NotJSON, "with something that is no JSON",
		},
		{
			"no users", func(g *fakeGitLab, _ *options) { g.broken = without("/user") }, NotGitLab,
			"does not say whose the token is: GET /user answered 404",
		},
		{
			"a page for users", func(g *fakeGitLab, _ *options) {
				g.broken = func(w http.ResponseWriter, r *http.Request) bool {
					return strings.HasSuffix(r.URL.Path, "/user") && html(200)(w, r)
				}
			}, NotJSON, "answered GET /user with a web page (status 200)",
		},
		{"redirect", func(g *fakeGitLab, _ *options) {
			g.broken = func(w http.ResponseWriter, r *http.Request) bool {
				http.Redirect(w, r, "https://gitlab.test/api/v4/version", http.StatusMovedPermanently)
				return true
			}
		}, WrongPath, "sends elsewhere, to https://gitlab.test/api/v4/version"},
		{
			"no permission", func(g *fakeGitLab, _ *options) { g.refuse = map[string]int{"POST /projects": 403} },
			NoPermission, "the token cannot make a project",
		},
		{
			"no projects", func(g *fakeGitLab, _ *options) { g.refuse = map[string]int{"POST /projects": 501} },
			NoPermission, "the server makes no projects: make the project",
		},
		{
			"no protection", func(g *fakeGitLab, _ *options) {
				g.refuse = map[string]int{"GET /protected_branches/main": 404, "POST /protected_branches": 404}
			}, NoPermission, "a project was made and is of no use: protect main: POST",
		},
		{
			"refused connection", func(_ *fakeGitLab, o *options) { o.URL, o.Transport = "http://127.0.0.1:1", nil },
			Unreachable, "nothing listens at 127.0.0.1:1",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := newFakeGitLab()
			options, _ := optionsFor(g, fstest.MapFS{"list/one.yaml": {Data: []byte(head("list.one") + pendingList)}})
			test.change(g, &options)
			_, err := Run(t.Context(), options.Target, options.RunOptions)
			var trouble *TargetError
			assert.Assert(t, errors.As(err, &trouble), "%v", err)
			assert.Equal(t, trouble.Kind, test.kind)
			assert.ErrorContains(t, err, test.want)
			assert.Equal(t, ExitCode(err), ExitNotJudged)
			assert.Assert(t, !strings.Contains(err.Error(), options.Token), err.Error())
		})
	}
}

func TestRunTroubleWithTLS(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"list/one.yaml": {Data: []byte(head("list.one") + pendingList)}}
	plain := httptest.NewServer(newFakeGitLab())
	defer plain.Close()
	_, err := Run(t.Context(), Target{URL: strings.Replace(plain.URL, "http:", "https:", 1), Token: "glpat-x"},
		RunOptions{Scenarios: files})
	assert.ErrorContains(t, err, "plain HTTP")
	secure := httptest.NewUnstartedServer(newFakeGitLab())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	_, err = Run(t.Context(), Target{URL: secure.URL, Token: "glpat-x"}, RunOptions{Scenarios: files})
	assert.ErrorContains(t, err, "cannot be trusted")
	var trouble *TargetError
	assert.Assert(t, errors.As(err, &trouble))
	assert.Equal(t, trouble.Kind, BadTLS)
}

func TestRunUsage(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	files := fstest.MapFS{"list/one.yaml": {Data: []byte(head("list.one") + pendingList)}}
	for want, change := range map[string]func(*options){
		"is no address":      func(o *options) { o.URL = "gitlab" },
		"a token is needed":  func(o *options) { o.Token = "" },
		`no scenario fits`:   func(o *options) { o.Only = []string{"list.tow"} },
		"did you mean list?": func(o *options) { o.Only = []string{"lits"} },
		"unknown key":        func(o *options) { o.Scenarios = fstest.MapFS{"a.yaml": {Data: []byte("idd: x")}} },
	} {
		options, _ := optionsFor(g, files)
		change(&options)
		_, err := Run(t.Context(), options.Target, options.RunOptions)
		assert.ErrorContains(t, err, want)
		assert.Equal(t, ExitCode(err), ExitUsage)
	}
	assert.Equal(t, len(g.log), 0, "nothing is sent: %v", g.log)
}

// Where no ledger can be made, as for a user without a home, nothing is made, and the message says what helps.
func TestRun_noPlaceForLedger(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	assert.NilError(t, os.WriteFile(file, nil, 0o600))
	g := newFakeGitLab()
	for ledger, want := range map[string]string{
		filepath.Join(file, "run.ledger"):       "the folder of the ledger cannot be made: mkdir ",
		filepath.Join(folder, "run\x00.ledger"): "the ledger cannot be made: open ",
	} {
		options, _ := optionsFor(g, fstest.MapFS{"list/one.yaml": {Data: []byte(head("list.one") + pendingList)}})
		options.Ledger = ledger
		_, err := Run(t.Context(), options.Target, options.RunOptions)
		assert.ErrorContains(t, err, want)
		assert.ErrorContains(t, err, "; name a file elsewhere with --ledger")
		assert.Equal(t, ExitCode(err), ExitUsage)
	}
	assert.Equal(t, len(g.standing()), 0)
}

// TestRunUnlicensed holds that a target without a licence gets no verdict.
func TestRunUnlicensed(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	g.unlicensed = true
	options, _ := optionsFor(g, fstest.MapFS{
		"list/one.yaml": {Data: []byte(head("list.one") + pendingList)},
		"list/un.yaml": {Data: []byte(head("list.unlicensed") +
			"needs: [unlicensed]\nisolation: project\nsteps: [{call: listExternalStatusChecks, expect: 401}]\n")},
	})
	report, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.NilError(t, err)
	assert.Equal(t, report.Totals["passed"], 1)
	assert.Equal(t, report.Totals["skipped"], 1)
	assert.Equal(t, report.Verdict, NotJudged)
	assert.Equal(t, report.ExitCode(), ExitNotJudged)
	assert.ErrorContains(t, errors.New(report.Reasons[0]), "no licence")
}

// TestRunReceiver holds that the receiver is proved reachable before any scenario counts on it.
func TestRunReceiver(t *testing.T) {
	t.Parallel()
	opened := head("deliver.open") + `
given:
  checks: {qa: {before: true}}
  merge_request: {}
steps:
  - receive: {check: qa, body: {object_kind: merge_request, object_attributes: {action: open}}}
  - receive: {check: qa, none: true}
`
	for _, reachable := range []bool{true, false} {
		t.Run(fmt.Sprint(reachable), func(t *testing.T) {
			t.Parallel()
			g := newFakeGitLab()
			options, _ := optionsFor(g, fstest.MapFS{"deliver/open.yaml": {Data: []byte(opened)}})
			options.Receiver = NewReceiver("http://receiver.test/base/")
			if reachable {
				g.tell = tellReceiver(options.Receiver, "")
			}
			report, err := Run(t.Context(), options.Target, options.RunOptions)
			assert.NilError(t, err)
			result := report.Scenarios[0]
			if reachable {
				assert.Equal(t, result.Outcome, Passed, "%+v", result.Failure)
				return
			}
			assert.Equal(t, result.Outcome, Skipped)
			assert.ErrorContains(t, errors.New(result.Reason),
				"no delivery reached http://receiver.test/base within 1s")
			assert.Equal(t, report.Verdict, NotJudged, "a must scenario was left out")
		})
	}
}

// tellReceiver delivers as GitLab does, signed when there is a secret.
func tellReceiver(receiver *Receiver, secret string) func(string, map[string]any) {
	return func(address string, payload map[string]any) {
		body, _ := json.Marshal(payload)
		request := httptest.NewRequest(http.MethodPost, address, bytes.NewReader(body))
		if secret != "" {
			mac := hmac.New(sha256.New, []byte(secret))
			mac.Write(body)
			request.Header.Set(signatureHeader, hex.EncodeToString(mac.Sum(nil)))
		}
		receiver.ServeHTTP(httptest.NewRecorder(), request)
	}
}

// TestReportsAgree parses what is written and counts it against the report.
func TestReportsAgree(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	options, _ := optionsFor(g, failingScenarios(t))
	report, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.NilError(t, err)
	var text bytes.Buffer
	assert.NilError(t, report.WriteJSON(&text))
	var read Report
	decoder := json.NewDecoder(&text)
	decoder.DisallowUnknownFields()
	assert.NilError(t, decoder.Decode(&read))
	assert.Equal(t, read.Format, ReportFormat)
	assert.DeepEqual(t, read.Totals, report.Totals)
	assert.Equal(t, len(read.Scenarios), len(report.Scenarios))

	text.Reset()
	assert.NilError(t, report.WriteJUnit(&text))
	var suites junitSuites
	assert.NilError(t, xml.Unmarshal(text.Bytes(), &suites))
	assert.Equal(t, suites.Tests, len(report.Scenarios))
	assert.Equal(t, suites.Failures, report.Totals["failed"])
	assert.Equal(t, suites.Errors, report.Totals["errored"])
	assert.Equal(t, suites.Skipped, report.Totals["skipped"])
	failures := 0
	for _, suite := range suites.Suites {
		for _, c := range suite.Cases {
			if c.Failure != nil {
				failures++
				assert.Assert(t, strings.Contains(c.Failure.Text, "curl -i"), c.Failure.Text)
			}
		}
	}
	assert.Equal(t, failures, suites.Failures)
}
