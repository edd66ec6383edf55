package conformance

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"gotest.tools/v3/assert"
)

func TestBears(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"root/statuschecks-r1-shared": true, "moved-r1-get": true, "developer-r1": true, "r1": true, "root/r1/x": true,
		"": false, "statuschecks-r10-shared": false, "statuschecks-xr1-shared": false, "r11-r1": true,
		"statuschecks-r2": false, "är1": false,
	} {
		assert.Equal(t, bears(name, "r1"), want, name)
	}
	assert.Assert(t, !bears("anything", ""))
}

func TestIsCalled(t *testing.T) {
	t.Parallel()
	project := ledgerEntry{Kind: "project", ID: "7", Name: "root/statuschecks-r1-own"}
	for name, want := range map[string]bool{
		"root/statuschecks-r1-own": true, "root/statuschecks-r1-own-deletion_scheduled-7": true,
		"root/statuschecks-r1-own-deleted-7":               true,
		"root-deletion_scheduled-3/statuschecks-r1-own":    true,
		"root/statuschecks-r1-own-deletion_scheduled-8":    false,
		"root/statuschecks-r1-own-deletion_scheduled-":     false,
		"root/statuschecks-r1-own-deletion_scheduled-7/me": false,
		"root/statuschecks-r1-own2":                        false, "statuschecks-r1-own": false, "": false,
		"someone/statuschecks-r1-own": false,
	} {
		assert.Equal(t, isCalled(project, name), want, name)
	}
	assert.Assert(t, isCalled(ledgerEntry{Kind: "branch", ID: "a/b"}, "a/b"))
	user := ledgerEntry{Kind: "user", ID: "1", Name: "statuschecks-r1"}
	assert.Assert(t, !isCalled(user, "statuschecks-r1-deleted-1"))
	nameless := ledgerEntry{Kind: "external_status_check", ID: "1", Address: "https://example.com/r1"}
	assert.Assert(t, isCalled(nameless, "") && !isCalled(nameless, "theirs"))
	nameless.Address = ""
	assert.Assert(t, !isCalled(nameless, ""))
}

// TestRun_removesNamelessChecks holds that a check which a server took without a name does not stay in a project that
// people use.
func TestRun_removesNamelessChecks(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	g.projects["99"] = &fakeProject{id: 99, path: "someone/else", heads: map[string]string{"main": "0"}}
	g.broken = func(w http.ResponseWriter, r *http.Request) bool {
		asked := r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/projects/99")
		if asked {
			writeJSON(w, 200, map[string]any{
				"id": 99, "path_with_namespace": "someone/else", "default_branch": "main", "visibility": "private",
			})
		}
		return asked
	}
	for _, what := range []string{"repository/branches", "protected_branches"} {
		g.handle("POST /api/v4/projects/{id}/"+what, func(*http.Request, map[string]any) (int, any) {
			return 201, map[string]any{"id": 15}
		})
	}
	options, _ := optionsFor(g, fstest.MapFS{"list/one.yaml": {Data: []byte(head("list.one") + `
steps:
  - as: creator
    call: createExternalStatusCheck
    with: {name: "", external_url: "https://example.com/nameless"}
    expect: 422
`)}})
	options.Project = "99"
	report, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.NilError(t, err)
	assert.Equal(t, report.Totals["failed"], 1, "%+v", report.Scenarios)
	assert.Assert(t, !strings.Contains(strings.Join(report.Remaining, "\n"), "external_status_check"), "%v",
		report.Remaining)
	assert.Equal(t, len(g.projects["99"].checks), 0, "%v", g.projects["99"].checks)
}

// TestCleanUp_ofOthers holds that nothing is deleted that only has the id of what the run made, and that the ledger is
// kept then.
func TestCleanUp_ofOthers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(p *fakeProject)
		want   string
	}{
		"another project": {
			func(p *fakeProject) { p.path = "alice/payroll" },
			`the server has "alice/payroll" there`,
		},
		"another run's": {
			func(p *fakeProject) { p.path = "root/statuschecks-r2-shared-private" },
			`the server has "root/statuschecks-r2-shared-private" there`,
		},
		"made at another day": {
			func(p *fakeProject) { p.created = "2026-02-03T09:00:00.000Z" },
			"the server says that it was made at 2026-02-03T09:00:00Z, and the run's was at 2026-01-31T09:00:00Z",
		},
		"marked, another's": {
			func(p *fakeProject) { p.path, p.doomed = "alice/payroll-deletion_scheduled-1", true },
			`the server has "alice/payroll-deletion_scheduled-1" there`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newFakeGitLab()
			options, _ := optionsFor(g, fstest.MapFS{"list/one.yaml": {Data: []byte(head("list.one") + pendingList)}})
			options.Ledger, options.Keep = filepath.Join(t.TempDir(), "run.ledger"), true
			_, err := Run(t.Context(), options.Target, options.RunOptions)
			assert.NilError(t, err)
			test.change(g.projects["1"])
			standing := g.standing()

			cleaned, err := CleanUp(t.Context(), options.Target, options.Ledger, options.RunOptions)
			assert.ErrorContains(t, err, "project 1 (root/statuschecks-r1-shared-private) is not removed, as it is "+
				"not what the run made: "+test.want)
			assert.Equal(t, ExitCode(err), ExitNotJudged)
			assert.Equal(t, len(cleaned.Removed), 0)
			assert.DeepEqual(t, g.standing(), standing)
			assert.Assert(t, !slices.ContainsFunc(g.log, func(line string) bool {
				return strings.HasPrefix(line, "DELETE /api/v4/projects/1") && !strings.Contains(line, "external")
			}), "%v", g.log)
			_, err = os.Stat(options.Ledger)
			assert.NilError(t, err)
		})
	}
}

// TestRun_replacedMeanwhile holds that a run deletes nothing at its end that took the place of what it made, and that
// it gives no verdict.
func TestRun_replacedMeanwhile(t *testing.T) {
	t.Parallel()
	g := newFakeGitLab()
	g.broken = func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/status_checks") {
			g.projects["1"].path = "alice/payroll"
		}
		return false
	}
	options, _ := optionsFor(g, fstest.MapFS{"list/one.yaml": {Data: []byte(head("list.one") + pendingList)}})
	options.Ledger = filepath.Join(t.TempDir(), "run.ledger")
	report, err := Run(t.Context(), options.Target, options.RunOptions)
	assert.NilError(t, err)
	assert.DeepEqual(t, g.standing(), []string{"alice/payroll"})
	assert.Assert(t, !slices.ContainsFunc(g.log, func(line string) bool { return strings.HasPrefix(line, "DELETE") }),
		"%v", g.log)
	assert.Equal(t, report.ExitCode(), ExitNotJudged)
	assert.Assert(t, strings.Contains(strings.Join(report.Reasons, "\n"), "the target has others under the ids of 1 "+
		"things"), "%v", report.Reasons)
	_, err = os.Stat(options.Ledger)
	assert.NilError(t, err)
}

// TestRun_answersWithoutID holds that a creation whose answer names nothing is an error, that what was made is found by
// its name all the same, and that no request is ever about the id 0.
func TestRun_answersWithoutID(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]any{
		"none": nil, "zero": 0, "negative": -1, "text": "7", "fraction": 1.5,
		"huge": 1e30,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newFakeGitLab()
			g.broken = func(w http.ResponseWriter, r *http.Request) bool {
				if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/api/v4/projects") {
					return false
				}
				g.mu.Lock()
				defer g.mu.Unlock()
				g.projects["1"] = &fakeProject{
					id: 1, path: "root/statuschecks-r1-shared-private",
					heads: map[string]string{},
				}
				writeJSON(w, 201, map[string]any{
					"id":                  id,
					"path_with_namespace": "root/statuschecks-r1-shared-private",
				})
				return true
			}
			options, _ := optionsFor(g, fstest.MapFS{"list/one.yaml": {Data: []byte(head("list.one") + pendingList)}})
			options.Ledger = filepath.Join(t.TempDir(), "run.ledger")
			_, err := Run(t.Context(), options.Target, options.RunOptions)
			assert.ErrorContains(t, err, "make the project statuschecks-r1-shared-private: the answer has no id "+
				"that is a positive integer")
			assert.DeepEqual(t, g.standing(), []string(nil))
			_, err = os.Stat(options.Ledger)
			assert.Assert(t, os.IsNotExist(err), "%v", err)
			for _, line := range g.log {
				assert.Assert(t, !strings.Contains(line+"/", "/0/") && !strings.Contains(line+"/", "/-1/"), line)
			}
		})
	}
}

// FuzzLedger lets a clean-up go by whatever stands in a ledger: what others own is never deleted, a line that cannot be
// read is told, and the ledger is kept unless all that it names is gone.
func FuzzLedger(f *testing.F) {
	for _, line := range []string{
		`{"kind":"project","id":"1","name":"alice/payroll"}`,
		`{"kind":"project","id":"1","name":"alice/statuschecks-r1"}`, `{"kind":"project","id":"0","name":"x"}`,
		`{"kind":"given_project","id":"1","name":"alice/payroll"}` + "\n" +
			`{"kind":"external_status_check","id":"5","in":"1","name":"qa"}`,
		`{"kind":"project","id":"2","name":"root/statuschecks-r1-own"}`,
		`{"kind":"project","name":"payroll","intended":true}`, `{"kind":"proj`, "null", "[]", "\n\n",
		`{"kind":"branch","id":"main","in":"1"}`,
		`{"kind":"user","id":"1","in":"1","name":"root"}`, strings.Repeat("x", maxLedgerLine+9) + "\n{}",
		`{"kind":"project","id":"01","name":"alice/payroll"}`,
		`{"kind":"project","id":"1","name":"alice/payroll","also":true}` + "\n" +
			`{"kind":"project","id":"1","name":"alice/statuschecks-r1"}`,
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, lines string) {
		g := newFakeGitLab()
		g.projects["1"] = &fakeProject{
			id: 1, path: "alice/payroll", heads: map[string]string{},
			checks: []map[string]any{{"id": 5, "name": "their own", "external_url": "https://alice.example"}},
		}
		path := filepath.Join(t.TempDir(), "run.ledger")
		assert.NilError(t, os.WriteFile(path,
			fmt.Appendf(nil, "{\"format\":%q,\"run\":\"r1\",\"url\":\"http://gitlab.test\"}\n%s", ledgerFormat, lines),
			0o600))
		options, _ := optionsFor(g, nil)
		options.Ledger = path
		_, err := CleanUp(t.Context(), options.Target, options.Ledger, options.RunOptions)
		assert.DeepEqual(t, g.standing(), []string{"alice/payroll"})
		assert.Equal(t, len(g.projects["1"].checks), 1)
		for _, line := range g.log {
			assert.Assert(t, !strings.HasPrefix(line, "DELETE"), line)
		}
		if _, gone := os.Stat(path); err == nil {
			assert.Assert(t, os.IsNotExist(gone), "nothing is left, so the ledger goes")
		}
	})
}
