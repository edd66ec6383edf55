package conformance

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"gotest.tools/v3/assert"
	"gotest.tools/v3/golden"
)

const failingFiles = "../testdata/failing"

// failingScenarios are the scenarios that the fake cannot satisfy, one for each kind of message.
func failingScenarios(t *testing.T) fstest.MapFS {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(failingFiles, "run-*.yaml"))
	assert.NilError(t, err)
	assert.Assert(t, len(files) >= 16, "only %d failing scenarios", len(files))
	all := fstest.MapFS{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		assert.NilError(t, err)
		all["failing/"+filepath.Base(file)] = &fstest.MapFile{Data: data}
	}
	return all
}

// misbehave makes the fake wrong for the scenarios that are about it.
func misbehave(g *fakeGitLab) {
	g.broken = func(w http.ResponseWriter, r *http.Request) bool {
		_, scenario, _ := strings.Cut(r.Header.Get("User-Agent"), ") ")
		list := strings.HasSuffix(r.URL.Path, "/status_checks")
		switch {
		case scenario == "fail.contract" && list:
			writeJSON(w, 200, []map[string]any{{"id": "7", "name": "qa", "status": "approved"}})
		case scenario == "fail.html" && list:
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte("<h1>503</h1>\n"))
		case scenario == "fail.lost" && list:
			panic(http.ErrAbortHandler)
		case scenario == "fail.fixture" && strings.HasSuffix(r.URL.Path, "/external_status_checks") &&
			r.Method == http.MethodPost:
			writeJSON(w, 422, map[string]any{"message": []string{"Name has already been taken"}})
		case scenario == "fail.push" && strings.HasSuffix(r.URL.Path, "/commits"):
			writeJSON(w, 201, map[string]any{"id": strings.Repeat("0", 39) + "1"})
		default:
			return false
		}
		return true
	}
}

// breaker turns an aborted handler into a broken connection, as a server does.
type breaker struct {
	http.RoundTripper
}

func (b breaker) RoundTrip(r *http.Request) (response *http.Response, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = errors.New("connection reset by peer, after Private-Token " + r.Header.Get("Private-Token"))
		}
	}()
	return b.RoundTripper.RoundTrip(r)
}

// TestFailures holds the whole text for each way a scenario can end badly; go test -update rewrites them.
func TestFailures(t *testing.T) {
	t.Parallel()
	for name, file := range failingScenarios(t) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			report, g := runFailing(t, fstest.MapFS{name: file})
			var text bytes.Buffer
			report.Fixtures = nil // the fake's fixtures are not the contract's
			assert.NilError(t, report.WriteText(&text, TextOptions{}))
			path, err := filepath.Abs(filepath.Join(failingFiles, strings.TrimSuffix(filepath.Base(name), ".yaml")+
				".golden"))
			assert.NilError(t, err)
			golden.Assert(t, text.String(), path)
			assert.DeepEqual(t, g.standing(), []string(nil))
		})
	}
}

func runFailing(t *testing.T, files fstest.MapFS) (*Report, *fakeGitLab) {
	t.Helper()
	g := newFakeGitLab()
	misbehave(g)
	options, _ := optionsFor(g, files)
	options.Transport = breaker{options.Transport}
	options.Receiver = NewReceiver("http://receiver.test")
	g.tell = tellReceiver(options.Receiver, "geheimes-secret")
	report, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.NilError(t, err)
	return report, g
}

// TestSecretsStaySecret greps every report for every token and secret of the run.
func TestSecretsStaySecret(t *testing.T) {
	t.Parallel()
	report, g := runFailing(t, failingScenarios(t))
	var text bytes.Buffer
	assert.NilError(t, report.WriteText(&text, TextOptions{Color: true, Verbose: true}))
	for _, write := range everyFormat(report) {
		assert.NilError(t, write(&text))
	}
	hidden := []string{"geheimes-secret", "another-secret"}
	for token := range g.tokens {
		hidden = append(hidden, token)
	}
	assert.Assert(t, len(hidden) >= 5, "%v", hidden)
	for _, secret := range hidden {
		assert.Assert(t, !strings.Contains(text.String(), secret), "%s stands in a report", secret)
	}
	for _, name := range []string{"$TOKEN_DEVELOPER", "$TOKEN_MAINTAINER", "$SECRET_QA", "$TOKEN\""} {
		assert.Assert(t, strings.Contains(text.String(), name), "%s is nowhere in the reports", name)
	}
}

func TestWriteText_whatIsOutsideOfScenarios(t *testing.T) {
	t.Parallel()
	finding := func(operation, pointer string) FixtureFinding {
		return FixtureFinding{Operation: operation, Finding: Finding{
			In: "answer", Code: "required", Pointer: pointer,
			Message: "a property is missing",
		}}
	}
	report := &Report{
		Verdict: Conformant, Totals: map[string]int{}, Remaining: []string{"project 5 (a/b) is left: no"},
		Fixtures: []FixtureFinding{
			finding("getUser", "/id"), finding("getProject", "/id"),
			finding("getUser", "/name"),
		},
	}
	var text bytes.Buffer
	assert.NilError(t, report.WriteText(&text, TextOptions{}))
	assert.Equal(t, text.String(),
		`≠ outside of scenarios, getUser departs from the contract: answer at /id: a property is missing [required], and 1 more
≠ outside of scenarios, getProject departs from the contract: answer at /id: a property is missing [required]
! project 5 (a/b) is left: no

GitLab  at : 0 passed, 0 failed, 0 errors, 0 differ, 0 skipped in 0s
conformant
`)
}
