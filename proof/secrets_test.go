package proof

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"io"
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
	"testing"
	"testing/synctest"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/internal/logtest"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/openapi"
)

// everythingFails answers all that is judged in a way that no scenario expects, so that reports are as long as they can
// be.
var everythingFails = Defect{
	ID: "everything-fails", Wrong: "Nothing is as it should be.",
	Answer: on(listChecks+" "+updateCheck+" "+onStatuses, after(func(v *visit) {
		if !strings.Contains(v.request.UserAgent(), "set-up") {
			v.header.Set("X-Echo", v.token())
			v.say(http.StatusTeapot,
				string(encode(of("message", string(v.answer), "you_sent", string(v.body), "as", v.token()))))
		}
	})),
	Deliver: func(p *parcel) {
		_, c := p.check()
		p.request.Header.Set("X-Gitlab-Token", c.secret)
		p.request.Header.Set(signature, "wrong")
	},
}

// TestReports_holdNoSecrets runs the catalogue where everything passes and where everything fails, and looks for every
// token and shared secret that went through in every report, log, ledger and page of the control surface.
func TestReports_holdNoSecrets(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		defect Defect
		only   []string
		keep   bool // keeps what was made, and so the ledger
	}{
		{name: "everything passes"},
		{name: "everything fails", defect: everythingFails},
		{name: "everything is kept", defect: everythingFails, only: []string{
			"deliver.signature", "deliver.secret*",
			"checks.create.*", "roles.respond.*",
		}, keep: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var log logtest.Buffer
			ledger := filepath.Join(t.TempDir(), "ledger")
			var progress []string
			var control map[string]string
			tr := trial{defect: test.defect, only: test.only, jobs: 4, mock: func(o *mockserver.Options) {
				o.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
			}, suite: func(o *setup) {
				o.Ledger, o.Keep = ledger, test.keep
				o.Progress = func(_, _ int, last *conformance.Result) {
					progress = append(progress,
						string(encode(last)))
				}
			}}
			tr.then = func(s *Server) { control = controlSurface(s) }
			report, server := tr.judge(t)
			if test.defect.ID == "" {
				blameless(t, report)
				assert.Equal(t, report.Verdict, conformance.Conformant)
			}
			texts := reports(t, report)
			if test.defect.ID != "" && !test.keep {
				allNameSecrets(t, texts)
			}
			if test.keep {
				kept, err := os.ReadFile(ledger)
				assert.NilError(t, err)
				texts["ledger"] = string(kept)
			}
			texts["log"], texts["progress"] = log.String(), strings.Join(progress, "\n")
			assert.Assert(t, len(control) >= 10 && len(texts["log"]) > 1000,
				"%d pages of the control surface, %d bytes of log", len(control), len(texts["log"]))
			maps.Copy(texts, control)
			secrets := worthHiding(server.memory.secrets())
			assert.Assert(t, len(secrets) > 8, "only %d secrets went through", len(secrets))
			assert.Equal(t, leak(texts, secrets), "")
		})
	}
}

// allNameSecrets holds that every form of a report shows the names that stand for secrets, so that there was something
// to hide.
func allNameSecrets(t *testing.T, texts map[string]string) {
	t.Helper()
	for name, text := range texts {
		for _, hidden := range []string{"$TOKEN", "$SECRET"} {
			assert.Assert(t, strings.Contains(text, hidden), "the report as %s shows no %s", name, hidden)
		}
	}
}

// TestComparisons_holdNoSecrets compares two servers that have nothing in common, and looks at what would be done to
// one.
func TestComparisons_holdNoSecrets(t *testing.T) {
	t.Parallel()
	texts := map[string]string{}
	var secrets []string
	synctest.Test(t, func(t *testing.T) {
		only := []string{"checks.*", "deliver.*", "roles.respond.*", "respond.*"}
		a, good, endGood := trial{only: only, jobs: 4}.begin(t)
		defer endGood()
		b, bad, endBad := trial{defect: everythingFails, only: only, jobs: 4}.begin(t)
		defer endBad()
		preview, err := conformance.Look(context.Background(), a.Target, a.RunOptions)
		assert.NilError(t, err)
		comparison, err := conformance.Compare(context.Background(), a.Target, b.Target, a.RunOptions)
		assert.NilError(t, err)
		var previewed, compared strings.Builder
		assert.NilError(t, preview.WriteText(&previewed))
		assert.NilError(t, comparison.WriteText(&compared, conformance.TextOptions{Verbose: true}))
		texts["preview"], texts["comparison"] = previewed.String(), compared.String()
		secrets = worthHiding(slices.Concat(good.memory.secrets(), bad.memory.secrets()))
	})
	assert.Assert(t, len(texts["preview"]) > 5000 && len(texts["comparison"]) > 5000)
	assert.Assert(t, len(secrets) > 8, "only %d secrets went through", len(secrets))
	assert.Equal(t, leak(texts, secrets), "")
}

// TestLeak_isFound holds that a secret is found in every form of a report, however it is spelled there.
func TestLeak_isFound(t *testing.T) {
	t.Parallel()
	const secret = `pa"ss <&>+ wörd`
	report := &conformance.Report{
		Target: conformance.TargetReport{URL: "http://gitlab.invalid/" + secret},
		Scenarios: []conformance.Result{{
			ID: "a.b", Area: "a", Outcome: conformance.Failed,
			Failure: &conformance.Failure{Message: secret},
		}},
	}
	for name, text := range forms(t, report) {
		assert.Assert(t, leak(map[string]string{name: text}, []string{"unused-secret", secret}) != "",
			"the report as %s", name)
	}
	for _, spelling := range spellings(secret) {
		assert.Assert(t, leak(map[string]string{"log": "before " + spelling + " after"}, []string{secret}) != "",
			spelling)
	}
	assert.Equal(t, leak(map[string]string{"log": "nothing to see"}, []string{secret}), "")
}

// reports are all forms of a report, none of which is empty.
func reports(t *testing.T, report *conformance.Report) map[string]string {
	t.Helper()
	texts := forms(t, report)
	for name, text := range texts {
		assert.Assert(t, len(text) > 500, "the report as %s is only %d bytes", name, len(text))
	}
	return texts
}

func forms(t *testing.T, report *conformance.Report) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for name, write := range map[string]func(io.Writer) error{
		"text": func(w io.Writer) error { return report.WriteText(w, conformance.TextOptions{Verbose: true}) },
		"colourful text": func(w io.Writer) error {
			return report.WriteText(w, conformance.TextOptions{Verbose: true, Color: true})
		},
		"JSON":     report.WriteJSON,
		"JUnit":    report.WriteJUnit,
		"Markdown": report.WriteMarkdown,
		"HTML":     report.WriteHTML,
	} {
		var out strings.Builder
		assert.NilError(t, write(&out), name)
		texts[name] = out.String()
	}
	texts["HTML"] += html.UnescapeString(texts["HTML"]) // templates escape more than the spellings below
	return texts
}

var numbered = regexp.MustCompile(`\{[a-z_]*id\}`)

// controlSurface is all that the good server's control surface shows.
func controlSurface(s *Server) map[string]string {
	texts := map[string]string{}
	for _, op := range openapi.Control().Operations() {
		for id := range 4 { // of what has an id, the first few
			path := openapi.Control().Root() + numbered.ReplaceAllString(op.Path, text(number(int64(id+1))))
			if op.Method != http.MethodGet || op.ID == "exportSeed" { // which works only with the shared secrets in it
				continue
			}
			answer := httptest.NewRecorder()
			s.good.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, serverURL+path, http.NoBody))
			texts["control surface: "+path] = answer.Body.String()
		}
	}
	return texts
}

// worthHiding leaves out what is too short to be told from ordinary words.
func worthHiding(secrets []string) []string {
	return slices.DeleteFunc(secrets, func(secret string) bool { return len(strings.TrimSpace(secret)) < 6 })
}

// leak says where a secret stands; empty when none does.
func leak(texts map[string]string, secrets []string) string {
	for _, secret := range secrets {
		for _, spelling := range spellings(secret) {
			for name, text := range texts {
				if at := strings.Index(text, spelling); at >= 0 {
					return fmt.Sprintf("%s holds the secret %q: …%s…", name, spelling,
						text[max(0, at-120):min(len(text), at+120)])
				}
			}
		}
	}
	return ""
}

// spellings are a secret as it stands in plain text, URLs, HTML, XML and JSON.
func spellings(secret string) []string {
	var inXML strings.Builder
	_ = xml.EscapeText(&inXML, []byte(secret)) // a strings.Builder takes everything
	inJSON, _ := json.Marshal(secret)          // as any text can be written
	plainJSON := string(encode(secret))
	all := []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret), inXML.String(),
		string(inJSON[1 : len(inJSON)-1]), plainJSON[1 : len(plainJSON)-1],
	}
	slices.Sort(all)
	return slices.Compact(all)
}
