package proof

import (
	"bytes"
	"encoding/json"
	"html"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/openapi"
)

// everythingFails answers all that is judged in a way that no scenario expects, so that reports are as long as they can be.
var everythingFails = Defect{
	ID: "everything-fails", Wrong: "Nothing is as it should be.",
	Answer: on(listChecks+" "+updateCheck+" "+onStatuses, after(func(v *visit) {
		if !strings.Contains(v.request.UserAgent(), "set-up") {
			v.header.Set("X-Echo", v.token())
			v.say(http.StatusTeapot, string(encode(of("message", string(v.answer), "you_sent", string(v.body), "as", v.token()))))
		}
	})),
	Deliver: func(p *parcel) {
		_, c := p.check()
		p.request.Header.Set("X-Gitlab-Token", c.secret)
		p.request.Header.Set(signature, "wrong")
	},
}

// locked is a writer for several goroutines.
type locked struct {
	mu  sync.Mutex
	out bytes.Buffer
}

// Write adds to the text.
func (l *locked) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Write(data)
}

// TestReports_holdNoSecrets runs the catalogue where everything passes and where everything fails, and looks for every token
// and shared secret that was used in every report, log, ledger and page of the control surface.
func TestReports_holdNoSecrets(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		defect Defect
		only   []string
		keep   bool
	}{
		{name: "everything passes"},
		{name: "everything fails", defect: everythingFails},
		{name: "everything is kept", only: []string{"deliver.signature", "checks.create.*", "roles.respond.*"}, keep: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var log locked
			ledger := filepath.Join(t.TempDir(), "ledger")
			var progress []string
			var control map[string]string
			tr := trial{defect: test.defect, only: test.only, jobs: 4, mock: func(o *mockserver.Options) {
				o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			}, suite: func(o *conformance.Options) {
				o.Ledger, o.Keep = ledger, test.keep
				o.Progress = func(_, _ int, last *conformance.Result) { progress = append(progress, string(encode(last))) }
			}}
			tr.then = func(s *Server) { control = controlSurface(s) }
			report, server := tr.judge(t)
			texts := reports(t, report)
			texts["log"], texts["progress"] = log.out.String(), strings.Join(progress, "\n")
			if kept, err := os.ReadFile(ledger); test.keep {
				assert.NilError(t, err)
				texts["ledger"] = string(kept)
			}
			assert.Assert(t, len(control) >= 10 && len(texts["log"]) > 1000, "%d pages of the control surface, %d bytes of log", len(control), len(texts["log"]))
			maps.Copy(texts, control)
			search(t, texts, server.memory.secrets())
		})
	}
}

// reports are all forms of a report.
func reports(t *testing.T, report *conformance.Report) map[string]string {
	t.Helper()
	texts := map[string]string{}
	write := func(name string, err error, out *strings.Builder) {
		assert.NilError(t, err)
		assert.Assert(t, out.Len() > 500, "the report as %s is only %d bytes", name, out.Len())
		texts[name] = out.String()
	}
	var asText, colourful, asJSON, junit, markdown, page strings.Builder
	write("text", report.WriteText(&asText, conformance.TextOptions{Verbose: true}), &asText)
	write("colourful text", report.WriteText(&colourful, conformance.TextOptions{Verbose: true, Color: true}), &colourful)
	write("JSON", report.WriteJSON(&asJSON), &asJSON)
	write("JUnit", report.WriteJUnit(&junit), &junit)
	write("Markdown", report.WriteMarkdown(&markdown), &markdown)
	write("HTML", report.WriteHTML(&page), &page)
	return texts
}

var numbered = regexp.MustCompile(`\{[a-z_]*id\}`)

// controlSurface is all that the good server's control surface shows.
func controlSurface(s *Server) map[string]string {
	texts := map[string]string{}
	for _, op := range openapi.Control().Operations() {
		for id := range 4 { // of what has an id, the first few
			path := openapi.Control().Root() + numbered.ReplaceAllString(op.Path, text(number(int64(id+1))))
			if op.Method != http.MethodGet {
				continue
			}
			answer := httptest.NewRecorder()
			s.good.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, serverURL+path, http.NoBody))
			texts["control surface: "+path] = answer.Body.String()
		}
	}
	return texts
}

// search looks for secrets, also as JSON, URLs and HTML spell them.
func search(t *testing.T, texts map[string]string, secrets []string) {
	t.Helper()
	secrets = slices.DeleteFunc(secrets, func(secret string) bool { return len(strings.TrimSpace(secret)) < 6 })
	assert.Assert(t, len(secrets) > 8, "only %d secrets were used", len(secrets))
	for _, secret := range secrets {
		inJSON, err := json.Marshal(secret)
		assert.NilError(t, err)
		spellings := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret), strings.Trim(string(inJSON), `"`)}
		slices.Sort(spellings)
		for _, spelling := range slices.Compact(spellings) {
			for name, text := range texts {
				if at := strings.Index(text, spelling); at >= 0 {
					t.Fatalf("%s holds the secret %q: …%s…", name, spelling, text[max(0, at-120):min(len(text), at+120)])
				}
			}
		}
	}
}
