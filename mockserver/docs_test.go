package mockserver_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/internal/docstest"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/mockserver/seed"
	"github.com/statuschecks/statuschecks/openapi"
)

// The examples of seeds are parsed. For wrong examples, the problems must be those in the document.
func TestDocs_seedExamples(t *testing.T) {
	t.Parallel()
	blocks := docstest.Blocks(t, "seed.md", "")
	assert.Assert(t, len(blocks) >= 3)
	for i, b := range blocks {
		s, err := seed.Parse("world.yaml", []byte(b.Text))
		switch b.Kind {
		case "yaml":
			assert.NilError(t, err)
			newHarness(t, func(o *mockserver.Options) { o.Seed = &s })
		case "yaml wrong":
			assert.Error(t, err, strings.TrimSuffix(blocks[i+1].Text, "\n"))
		}
	}
}

// The examples of the control surface are sent one after the other to one server. The responses must be those in the
// document, where … matches anything.
func TestDocs_controlExamples(t *testing.T) {
	t.Parallel()
	tried := runExamples(t, "control.md")
	for _, op := range openapi.Control().Operations() {
		assert.Assert(t, tried[op.Method+" "+openapi.Control().Root()+op.Path], "docs/control.md has no example of %s",
			op.ID)
	}
}

// So are those of other pages.
func TestDocs_examples(t *testing.T) {
	t.Parallel()
	for _, page := range []string{"worlds.md", "snapshots.md", "scale-out.md"} {
		assert.Assert(t, len(runExamples(t, page)) > 0, page)
	}
}

// What the page about data says is kept, the next server finds.
func TestDocs_dataExamples(t *testing.T) {
	t.Parallel()
	h, sent := newUnjudged(t), 0
	for _, b := range docstest.Blocks(t, "data.md", "http") {
		h.example(b.Text)
		h, _ = read(t, written(t, h.server))
		sent++
	}
	assert.Equal(t, sent, 2)
}

// inExamples are the names that the examples have for what a path of the contract leaves open.
var inExamples = strings.NewReplacer("flaky-lists", "{plan}", "one-answer", "{expectation}",
	"worlds/ours", "worlds/{world}", "worlds/old",
	"worlds/{world}", "snapshots/prepared", "snapshots/{snapshot}")

// runExamples sends the examples of a page, and tells which methods and paths they have.
func runExamples(t *testing.T, page string) map[string]bool {
	t.Helper()
	h := newUnjudged(t, onlyCheck("http://127.0.0.1:1/gitlab")) // the front door's answers are not in the contract
	tried := map[string]bool{}
	for _, b := range docstest.Blocks(t, page, "http") {
		method, path := h.example(b.Text)
		path = inExamples.Replace(path)
		tried[method+" "+regexp.MustCompile(`/[0-9]+`).ReplaceAllString(path, "/{delivery_id}")] = true
	}
	return tried
}

// The examples of the pages about single parts of the control surface are sent one after the other, to one server for
// each page.
func TestDocs_pageExamples(t *testing.T) {
	t.Parallel()
	for _, page := range []string{"journal.md", "rate-limits.md", "expectations.md", "client-notes.md", "coverage.md"} {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			h := newUnjudged(t)
			sent := 0
			for _, b := range docstest.Blocks(t, page, "http") {
				h.example(b.Text)
				sent++
			}
			assert.Assert(t, sent >= 3)
		})
	}
}

// example sends the request of an example, and holds the answer against the one that the example has. It returns method
// and path. A stream ends with what is there.
func (h *harness) example(text string) (method, path string) {
	h.t.Helper()
	request, answer, found := strings.Cut(text, "\n\n")
	assert.Assert(h.t, found, text)
	r, path := exampleRequest(h.t, request)
	if r.Header.Get("Accept") == eventStream {
		ended, end := context.WithCancel(r.Context())
		end()
		r = r.WithContext(ended)
	}
	got := h.control(r)
	status, body, _ := strings.Cut(strings.TrimSpace(answer), "\n")
	assert.Equal(h.t, strconv.Itoa(got.status), status, "%s\n%s", text, got.body)
	wanted := strings.ReplaceAll(regexp.QuoteMeta(strings.Join(strings.Fields(body), "")), "…", ".*")
	assert.Assert(h.t, regexp.MustCompile("^"+wanted+"$").MatchString(strings.Join(strings.Fields(string(got.body)),
		"")), "%s\n%s", text, got.body)
	return r.Method, path
}

// exampleRequest reads a request line, headers and a body.
func exampleRequest(t testing.TB, text string) (*http.Request, string) {
	t.Helper()
	lines := strings.Split(text, "\n")
	method, path, _ := strings.Cut(lines[0], " ")
	header := http.Header{}
	lines = lines[1:]
	for len(lines) > 0 {
		name, value, isHeader := strings.Cut(lines[0], ": ")
		if !isHeader || !regexp.MustCompile(`^[A-Z][A-Za-z-]+$`).MatchString(name) {
			break
		}
		header.Set(name, value)
		lines = lines[1:]
	}
	r := httptest.NewRequest(method, testBaseURL+path, strings.NewReader(strings.Join(lines, "\n")))
	r.Header = header
	if len(lines) > 0 && header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/json")
	}
	path, _, _ = strings.Cut(path, "?")
	return r, path
}

// Fault plans are read, and what is wrong with one is said as the document says it.
func TestDocs_faultPlans(t *testing.T) {
	t.Parallel()
	blocks := docstest.Blocks(t, "faults.md", "")
	assert.Assert(t, len(blocks) >= 5)
	for i, b := range blocks {
		p, err := mockserver.ParseFaults("faults.yaml", []byte(b.Text))
		switch b.Kind {
		case "yaml":
			assert.NilError(t, err, b.Text)
			newHarness(t, func(o *mockserver.Options) { o.Faults = []fault.Plan{p} })
		case "yaml wrong":
			assert.Error(t, err, strings.TrimSuffix(blocks[i+1].Text, "\n"))
		}
	}
}
