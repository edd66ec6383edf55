package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/mockserver"
)

var anyCommit = regexp.MustCompile(`\b[0-9a-f]{40}\b`)

// takesAnyCommit is a mock that takes a response for any commit of the project, be it the head or not.
func takesAnyCommit(mock http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		project, _, responds := strings.Cut(r.URL.Path, "/merge_requests/")
		if r.Method != http.MethodPost || !responds || !strings.HasSuffix(r.URL.Path, "/status_check_responses") {
			mock.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		ask := func(body []byte) *httptest.ResponseRecorder {
			again := r.Clone(r.Context())
			again.Body, again.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			got := httptest.NewRecorder()
			mock.ServeHTTP(got, again)
			return got
		}
		got := ask(body)
		if asked := anyCommit.Find(body); got.Code == http.StatusConflict && asked != nil {
			look := httptest.NewRequest(http.MethodGet, project+"/repository/commits/"+string(asked), nil)
			look.Header.Set("Private-Token", r.Header.Get("Private-Token"))
			found := httptest.NewRecorder()
			if mock.ServeHTTP(found, look); found.Code == http.StatusOK {
				got = ask(bytes.ReplaceAll(body, asked, anyCommit.Find(got.Body.Bytes())))
			}
		}
		for name, values := range got.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(got.Code)
		_, _ = w.Write(got.Body.Bytes())
	})
}

const exploredAddress = "https://gitlab.example.com"

// TestExplorePage_showsWhatHappens runs the commands of docs/explore.md on a server that takes any commit, and compares
// what they print with what the page shows.
func TestExplorePage_showsWhatHappens(t *testing.T) {
	t.Parallel()
	page := filepath.Join("..", "..", "docs", "explore.md")
	text, err := os.ReadFile(page)
	assert.NilError(t, err)
	mock, err := mockserver.New(mockserver.Options{
		NoHints:   true,
		Transport: conformance.InProcess(http.NotFoundHandler()),
	})
	assert.NilError(t, err)
	server := httptest.NewServer(takesAnyCommit(mock))
	defer server.Close()
	folder := t.TempDir()
	scenario := filepath.Join(folder, "found", "explored.yaml")
	assert.NilError(t, os.Mkdir(filepath.Dir(scenario), 0o755))
	shown := consoleBlocks(t, page)
	assert.Equal(t, len(shown), 2, "the page shows how to explore and how to verify")
	inPlace := strings.NewReplacer(exploredAddress, server.URL, "found/explored.yaml", scenario, "--scenarios found",
		"--scenarios "+filepath.Dir(scenario))
	asShown := strings.NewReplacer(server.URL, exploredAddress, scenario, "found/explored.yaml", filepath.Dir(scenario),
		"found")
	for i, c := range shown {
		var out, errs bytes.Buffer
		sys := system{out: &out, errs: &errs, now: time.Now, environ: []string{
			"STATUSCHECKS_TOKEN=glpat-admin",
			"XDG_CACHE_HOME=" + folder,
		}}
		words := strings.Fields(inPlace.Replace(c.text) + " --ledger " + filepath.Join(folder, "ledger"))
		assert.Equal(t, run(context.Background(), words[1:], sys), exitNotConformant, "%s%s", out.String(),
			errs.String())
		if got := asShown.Replace(out.String()); !fits(c.output, got) {
			t.Errorf("%s:%d: %s\nshows:\n%s\nprints:\n%s", page, c.line, c.text, c.output, got)
		}
		if i == 0 {
			written, err := os.ReadFile(scenario)
			assert.NilError(t, err)
			assert.Assert(t, strings.Contains(string(text), "```yaml\n"+asShown.Replace(string(written))+"```\n"),
				"the page shows another scenario than\n%s", written)
		}
	}
}
