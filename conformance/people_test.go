package conformance_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
)

// leftOver are the names of what a run made on the instance beside its projects and that still stands.
func leftOver(t *testing.T, o setup) []string {
	t.Helper()
	var names []string
	for path, key := range map[string]string{
		"groups?search=statuschecks-":             "path",
		"users?search=statuschecks-&per_page=100": "username", "member_roles": "name",
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://builtin.invalid/api/v4/"+path,
			nil)
		assert.NilError(t, err)
		request.Header.Set("Private-Token", o.Token)
		response, err := o.Transport.RoundTrip(request)
		assert.NilError(t, err)
		assert.Equal(t, response.StatusCode, 200, path)
		var list []map[string]any
		assert.NilError(t, json.NewDecoder(response.Body).Decode(&list))
		for _, item := range list {
			names = append(names, item[key].(string))
		}
	}
	return names
}

// TestMembers_areRemoved holds that people, their groups and their custom roles go with the scenario that wanted them,
// or by the ledger.
func TestMembers_areRemoved(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		o := mock(t, nil)
		o.Only = []string{"roles.custom.*"}
		assert.Equal(t, conforms(t, o).Totals["passed"], 3)
		assert.DeepEqual(t, leftOver(t, o), []string(nil))

		o.RunID, o.Keep, o.Ledger = "run2", true, filepath.Join(t.TempDir(), "run.ledger")
		report, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
		assert.NilError(t, err)
		assert.Assert(t, len(report.Remaining) > 0)
		assert.Equal(t, len(leftOver(t, o)), 1+5+4, "a group, users with the one of the probe, and roles: %v",
			leftOver(t, o))
		cleaned, err := conformance.CleanUp(t.Context(), conformance.Target{
			Token: o.Token, Transport: o.Transport,
		}, o.Ledger, conformance.RunOptions{})
		assert.NilError(t, err)
		assert.Equal(t, len(cleaned.Removed), 4+1+5+4, "the projects, too: %v", cleaned.Removed)
		assert.DeepEqual(t, leftOver(t, o), []string(nil))
	})
}

// disturber is a transport that answers some requests by itself, before or after the server has seen them.
type disturber struct {
	http.RoundTripper
	method, suffix string
	before         bool
	status         int    // 0 means that the answer is lost
	about          string // what the request's body must name; empty means any
}

func (d disturber) RoundTrip(r *http.Request) (*http.Response, error) {
	hit := r.Method == d.method && strings.HasSuffix(r.URL.Path, d.suffix) && d.names(r)
	if hit && d.before {
		body := io.NopCloser(strings.NewReader(`{"message":"403 Forbidden"}`))
		return &http.Response{
			StatusCode: d.status, Header: http.Header{"Content-Type": {"application/json"}},
			Body: body, Request: r,
		}, nil
	}
	response, err := d.RoundTripper.RoundTrip(r)
	if hit && err == nil && d.status == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	return response, err
}

func (d disturber) names(r *http.Request) bool {
	if d.about == "" {
		return true
	}
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	return err == nil && strings.Contains(string(body), d.about)
}

// forbidding is a run of some scenarios on a mock that answers 403 to one kind of request.
func forbidding(t *testing.T, method, suffix string, only ...string) setup {
	t.Helper()
	o := mock(t, nil)
	o.Only = only
	o.Transport = disturber{
		RoundTripper: o.Transport, method: method, suffix: suffix, before: true, status: http.StatusForbidden,
	}
	return o
}

// TestMembers_skippedWithoutCustomRoles holds that nothing is left open about a target on which nobody can be given a
// custom role.
func TestMembers_skippedWithoutCustomRoles(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		o := forbidding(t, http.MethodGet, "/member_roles", "roles.custom.*", "roles.list-checks.owner")
		report := conforms(t, o)
		assert.Equal(t, report.Totals["skipped"], 3)
		for _, result := range report.Scenarios {
			if strings.HasPrefix(result.ID, "roles.custom.") {
				assert.Assert(t, result.Moot)
				assert.Assert(t, strings.HasPrefix(result.Reason, "about custom roles: the target answered 403 when "+
					"asked for those of the instance"), result.Reason)
			}
		}
	})
}

// TestMembers_lostAnswers holds that what was made although nobody heard so is found by its name and removed.
func TestMembers_lostAnswers(t *testing.T) {
	t.Parallel()
	for what, scenario := range map[string]string{
		"/member_roles": "roles.custom.other", "/users": "roles.custom.other",
		"/groups": "roles.respond.group-approver",
	} {
		t.Run(what[1:], func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) {
				o := mock(t, nil)
				o.Only = []string{scenario}
				o.Transport = disturber{
					RoundTripper: o.Transport, method: http.MethodPost, suffix: what,
					about: strings.ReplaceAll(scenario, ".", "-"),
				}
				report, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
				assert.NilError(t, err)
				assert.Equal(t, report.Totals["errored"], 1)
				assert.DeepEqual(t, leftOver(t, o), []string(nil))
				assert.DeepEqual(t, report.Remaining, []string(nil))
			})
		})
	}
}

// TestApprovalRules_skippedWhereForbidden holds that what wants approval rules is left out, with the reason, where none
// can be made.
func TestApprovalRules_skippedWhereForbidden(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		o := forbidding(t, http.MethodPost, "/approval_rules", "deliver.approval", "deliver.approve")
		report, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
		assert.NilError(t, err)
		assert.Equal(t, report.Totals["passed"], 1)
		assert.Equal(t, report.Totals["skipped"], 1)
		for _, result := range report.Scenarios {
			if result.ID == "deliver.approval" {
				assert.Assert(t, result.Moot)
				assert.Assert(t, strings.HasPrefix(result.Reason, "about approvals: approval rules cannot be made: "+
					"make an approval rule: POST "), result.Reason)
			}
		}
		assert.Equal(t, report.Verdict, conformance.Conformant)
	})
}

// counter is a transport that counts the requests of a method to paths with some part.
type counter struct {
	http.RoundTripper
	method, part string
	count        *atomic.Int64
}

func (c counter) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == c.method && strings.Contains(r.URL.Path, c.part) {
		c.count.Add(1)
	}
	return c.RoundTripper.RoundTrip(r)
}

// TestApprovalRules_removedWithTheirScenario holds that a rule goes with the scenario that made it, as others in the
// project would feel it.
func TestApprovalRules_removedWithTheirScenario(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		o := mock(t, nil)
		var removed atomic.Int64
		o.Transport = counter{o.Transport, http.MethodDelete, "/approval_rules/", &removed}
		o.Scenarios = fstest.MapFS{"deliver/rule.yaml": {Data: []byte(`
id: example.rule
summary: A rule is made.
level: observed
evidence: D
source: this test
steps:
  - call: createApprovalRule
    with: {name: "Anybody ${run.id}", approvals_required: 1}
    expect: 201
`)}}
		conforms(t, o)
		assert.Equal(t, removed.Load(), int64(2), "that of the probe and that of the scenario")
	})
}
