package conformance_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/release"
)

// lost is the status of an answer that does not arrive.
const lost = -1

// refuser answers instead of the server what a rule says; status 0 lets a request through.
type refuser struct {
	http.RoundTripper
	rule func(r *http.Request, query string) (status int, body string)
}

func (f refuser) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := f.rule(r, r.URL.RawQuery)
	switch status {
	case 0:
		return f.RoundTripper.RoundTrip(r)
	case lost:
		return nil, errors.New(body)
	}
	return &http.Response{
		StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(body)), Request: r,
	}, nil
}

// standingGroups are the paths of the groups of the instance.
func standingGroups(t *testing.T, o setup) []string {
	t.Helper()
	var list []struct {
		Path   string  `json:"full_path"`
		Marked *string `json:"marked_for_deletion_on"`
	}
	readAsAdmin(t, o, "/groups", &list)
	var paths []string
	for _, g := range list {
		if g.Marked != nil {
			g.Path += " marked"
		}
		paths = append(paths, g.Path)
	}
	return paths
}

// reasons are why scenarios were left out that say something about the server, by their ids.
func reasons(report *conformance.Report) map[string]string {
	left := map[string]string{}
	for _, r := range report.Scenarios {
		if r.Outcome == conformance.Skipped && !r.Moot {
			left[r.ID] = r.Reason
		}
	}
	return left
}

// TestGroups holds that a run makes one group, with one below it, and leaves none.
func TestGroups(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		o := mock(t, nil)
		o.Only = []string{"groups"}
		before := standingGroups(t, o)
		report := conforms(t, o)
		assert.Equal(t, len(reasons(report)), 0, "%v", reasons(report))
		for _, row := range report.Coverage {
			if row.Operation == "createGroup" {
				assert.DeepEqual(t, row.Statuses, map[int]int{http.StatusCreated: 2})
			}
		}
		assert.DeepEqual(t, standingGroups(t, o), before)
		assert.Equal(t, projects(t, o), 1)
	})
}

// TestGroups_leftOut holds that scenarios which need a group are left out, and nothing fails, where none can be had.
func TestGroups_leftOut(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*setup)
		rule   func(r *http.Request, query string) (int, string)
		want   string
	}{
		"no groups at the top": {
			rule: func(r *http.Request, _ string) (int, string) {
				if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/groups") {
					return 403, `{"message":"403 Forbidden"}`
				}
				return 0, ""
			},
			want: "no group can be made at the top: make the group statuschecks-run1-group: POST " +
				"http://builtin.invalid/api/v4/groups answered 403",
		},
		"no branches of groups": {
			rule: func(r *http.Request, _ string) (int, string) {
				if strings.HasSuffix(r.URL.Path, "/protected_branches") && strings.Contains(r.URL.Path, "/groups/") {
					return 404, `{"error":"404 Not Found"}`
				}
				return 0, ""
			},
			want: "no branch can be protected in a group: protect a branch in the group statuschecks-run1-group: ",
		},
		"a given namespace": {
			change: func(o *setup) { o.Namespace = "flightjs" },
			want:   "it needs a group of its own at the top, and with a given namespace none is made beside it",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) {
				o := mock(t, nil)
				o.Only = []string{"groups", "list.shape"}
				if test.rule != nil {
					o.Transport = refuser{o.Transport, test.rule}
				}
				if test.change != nil {
					test.change(&o)
				}
				before := standingGroups(t, o)
				report, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
				assert.NilError(t, err)
				assert.Equal(t, report.Verdict, conformance.NotJudged)
				assert.Equal(t, report.Totals["passed"], 1)
				assert.Equal(t, report.Totals["errored"]+report.Totals["failed"]+report.Totals["differed"], 0)
				for id, reason := range reasons(report) {
					assert.Assert(t, strings.HasPrefix(id, "groups.") && strings.HasPrefix(reason, test.want), "%s: %s",
						id, reason)
				}
				assert.Equal(t, len(report.Remaining), 0, "%v", report.Remaining)
				assert.DeepEqual(t, standingGroups(t, o), before)
			})
		})
	}
}

// atOnce refuses what asks for a deletion at once, as instances do that do not permit it.
func atOnce(r *http.Request, query string) (int, string) {
	var body struct {
		Permanently bool `json:"permanently_remove"`
	}
	if r.Method == http.MethodDelete && r.Body != nil && r.ContentLength > 0 {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			return 500, `{}`
		}
		_ = json.Unmarshal(text, &body)
		r.Body = io.NopCloser(strings.NewReader(string(text)))
	}
	if body.Permanently || strings.Contains(query, "permanently_remove=true") {
		return 400, "{\"message\":\"`permanently_remove` option is not permitted on this instance.\"}"
	}
	return 0, ""
}

// TestCleanUp_whereNothingIsRemovedAtOnce holds that what stays marked is told, and is no business of the ledger any
// more.
func TestCleanUp_whereNothingIsRemovedAtOnce(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		o := mock(t, nil)
		o.Transport, o.Ledger = refuser{o.Transport, atOnce}, filepath.Join(t.TempDir(), "run.ledger")
		o.Only = []string{"groups.branch.update", "history.project.marked"}
		report, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
		assert.NilError(t, err)
		assert.Equal(t, report.Totals["passed"], 2)
		assert.Equal(t, len(report.Remaining), 4, "%v", report.Remaining) // two projects, the shared one and the group
		for _, text := range report.Remaining {
			assert.Assert(t, strings.Contains(text, " is marked for deletion, and the server removes it when its "+
				"days of grace are over: "), text)
		}
		assert.DeepEqual(t, standingGroups(t, o), []string{"flightjs", "statuschecks-run1-group marked"})
		_, err = conformance.CleanUp(t.Context(), o.Target, o.Ledger, o.RunOptions)
		assert.ErrorContains(t, err, "no such file")
	})
}

// TestCleanUp_ofWhatIsMarkedOrGone holds that a clean-up copes with what was deleted already.
func TestCleanUp_ofWhatIsMarkedOrGone(t *testing.T) {
	t.Parallel()
	for _, v := range []string{"15.11", "18.9"} {
		t.Run(v, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) {
				version, err := release.Parse(v)
				assert.NilError(t, err)
				o := mock(t, ofRelease(version))
				o.Keep, o.Ledger = true, filepath.Join(t.TempDir(), "run.ledger")
				o.Only = []string{"history.project.removed", "history.project.marked"}
				report, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
				assert.NilError(t, err)
				assert.Equal(t, report.Totals["passed"], 1)
				assert.Assert(t, projects(t, o) > 1)
				_, err = conformance.CleanUp(t.Context(), o.Target, o.Ledger, o.RunOptions)
				assert.NilError(t, err)
				assert.Equal(t, projects(t, o), 1)
			})
		})
	}
}

// TestGroups_answerLost holds that a group is removed of which the run never learned that it stands.
func TestGroups_answerLost(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		o := mock(t, nil)
		o.Only = []string{"groups.branch.below"}
		good, asked := o.Transport, 0
		o.Transport = refuser{good, func(r *http.Request, _ string) (int, string) {
			if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/groups") && asked == 0 {
				asked++
				if _, err := good.RoundTrip(r); err != nil {
					return lost, err.Error()
				}
				return lost, "connection reset by peer"
			}
			return 0, ""
		}}
		_, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
		assert.ErrorContains(t, err, "connection reset by peer")
		assert.Equal(t, asked, 1)
		assert.DeepEqual(t, standingGroups(t, o), []string{"flightjs"})
	})
}

// TestCleanUp_byTheReleaseThatItIs holds that a server judged as another release is cleaned up as what it is.
func TestCleanUp_byTheReleaseThatItIs(t *testing.T) {
	t.Parallel()
	for is, assumed := range map[string]string{"18.9": "15.11", "17.11": "18.9", "18.0": "14.0"} {
		t.Run(is+" as "+assumed, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) {
				version, err := release.Parse(is)
				assert.NilError(t, err)
				o := mock(t, ofRelease(version))
				o.AssumeVersion, err = release.Parse(assumed)
				assert.NilError(t, err)
				o.Only = []string{"checks.create.*"}
				report, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
				assert.NilError(t, err)
				assert.DeepEqual(t, report.Remaining, []string(nil))
				assert.Equal(t, projects(t, o), 1)
			})
		})
	}
}
