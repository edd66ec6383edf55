package conformance_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/conformance/scenario"
	"github.com/statuschecks/statuschecks/mockserver"
)

const standing = "flightjs/Flight"

// handedTokens are tokens of people who are members of the standing project already.
func handedTokens() map[scenario.Role]string {
	tokens := map[scenario.Role]string{}
	for _, role := range []scenario.Role{
		scenario.Guest, scenario.Planner, scenario.Reporter, scenario.Developer,
		scenario.Maintainer, scenario.Owner, scenario.Stranger,
	} {
		tokens[role] = "glpat-" + string(role)
	}
	return tokens
}

// belongings shows what stands in a project, open merge requests alone.
func belongings(t *testing.T, o setup) map[string]any {
	t.Helper()
	all := map[string]any{}
	project := "http://builtin.invalid/api/v4/projects/" + strings.ReplaceAll(standing, "/", "%2F")
	for _, what := range []string{
		"", "/external_status_checks", "/repository/branches", "/protected_branches",
		"/members/all", "/access_tokens?state=active", "/merge_requests?state=opened",
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, project+what, nil)
		assert.NilError(t, err)
		request.Header.Set("Private-Token", "glpat-admin")
		response, err := o.Transport.RoundTrip(request)
		assert.NilError(t, err)
		assert.Equal(t, response.StatusCode, 200, what)
		var value any
		assert.NilError(t, json.NewDecoder(response.Body).Decode(&value))
		if o, isObject := value.(map[string]any); isObject {
			delete(o, "last_activity_at")
			delete(o, "updated_at")
		}
		all[what] = value
	}
	return all
}

// projects counts the projects of the instance.
func projects(t *testing.T, o setup) int {
	t.Helper()
	var list []any
	readAsAdmin(t, o, "/projects", &list)
	return len(list)
}

// readAsAdmin reads a list as an administrator.
func readAsAdmin(t *testing.T, o setup, path string, list any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
		"http://builtin.invalid/api/v4"+path+"?per_page=100", nil)
	assert.NilError(t, err)
	request.Header.Set("Private-Token", "glpat-admin")
	response, err := o.Transport.RoundTrip(request)
	assert.NilError(t, err)
	assert.NilError(t, json.NewDecoder(response.Body).Decode(list))
}

// TestGivenProject holds that a run in a project that was given leaves it as it was, and makes none.
func TestGivenProject(t *testing.T) {
	t.Parallel()
	for name, tokens := range map[string]map[scenario.Role]string{
		"tokens by hand": handedTokens(),
		"tokens made":    nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tokens == nil {
				repeats(t)
			}
			inBubble(t, func(t *testing.T) {
				o := mock(t, nil)
				o.Token, o.Project, o.Tokens = "glpat-owner", standing, tokens
				made := 0
				o.Transport = countingProjects{o.Transport, &made}
				before := belongings(t, o)
				report, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
				assert.NilError(t, err)
				assert.Equal(t, made, 0, "projects were made")
				reasons := map[string]int{}
				for _, result := range report.Scenarios {
					switch result.Outcome {
					case conformance.Passed:
					case conformance.Skipped:
						reasons[result.Reason]++
					default:
						t.Errorf("%s: %s %+v", result.ID, result.Outcome, result.Failure)
					}
				}
				assert.Assert(t, report.Totals["passed"] > 200, "%v %v", report.Totals, reasons)
				assert.Equal(t, len(report.Remaining), 0, "%v", report.Remaining)
				assert.Equal(t, report.Verdict, conformance.NotJudged, "what needs a project of its own was left out")
				assert.Assert(t, reasons["it needs a project of its own, and with a given project none is made"] > 0,
					"%v", reasons)
				if tokens != nil {
					assert.Equal(t, reasons["there is no identity of the role stranger, as neither a token for it "+
						"nor a second project is given"], 0)
				}
				if diff := cmp.Diff(before, belongings(t, o)); diff != "" {
					t.Errorf("the project is not as it was:\n%s", diff)
				}
			})
		})
	}
}

type countingProjects struct {
	http.RoundTripper
	made *int
}

func (c countingProjects) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/api/v4/projects") {
		*c.made++
	}
	return c.RoundTripper.RoundTrip(r)
}

// TestGivenProject_refused holds that what does not suit is said before anything is judged, and that nothing stays.
func TestGivenProject_refused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*setup)
		kind   conformance.TroubleKind
		want   string
	}{
		"no such project": {
			func(o *setup) { o.Project = "nobody/nothing" }, conformance.NoPermission,
			"the project nobody/nothing cannot be read",
		},
		"not a maintainer": {
			func(o *setup) { o.Token = "glpat-developer" }, conformance.NoPermission,
			"Give the token of a maintainer or an owner of the project.",
		},
		"a token no more": {
			func(o *setup) { o.Tokens[scenario.Developer] = "glpat-expired-long-ago" },
			conformance.BadToken, "the token given for the role developer is not taken",
		},
		"another's token": {
			func(o *setup) { o.Tokens[scenario.Developer] = "glpat-guest" },
			conformance.NoPermission, "whose access level in flightjs/Flight is 10 (guest), not 30 (developer)",
		},
		"a stranger as one": {
			func(o *setup) { o.Tokens[scenario.Guest] = "glpat-stranger" },
			conformance.NoPermission, "is none, not 10 (guest)",
		},
		"no stranger": {
			func(o *setup) { o.Tokens[scenario.Stranger] = "glpat-guest" },
			conformance.NoPermission, "who is a member of flightjs/Flight",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) {
				o := mock(t, nil)
				o.Token, o.Project, o.Tokens = "glpat-owner", standing, handedTokens()
				before := belongings(t, o)
				test.change(&o)
				_, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
				var trouble *conformance.TargetError
				assert.Assert(t, errors.As(err, &trouble), "%v", err)
				assert.Equal(t, trouble.Kind, test.kind, err.Error())
				assert.ErrorContains(t, err, test.want)
				assert.Assert(t, !strings.Contains(err.Error(), "glpat-"), err.Error())
				assert.Equal(t, conformance.ExitCode(err), conformance.ExitNotJudged)
				if diff := cmp.Diff(before, belongings(t, o)); diff != "" && !strings.HasPrefix(name, "not a") {
					t.Errorf("the project is not as it was:\n%s", diff)
				}
			})
		})
	}
}

// TestTokensByHand_inOwnProjects holds that people whose tokens are given become members of the run's own projects, and
// that a namespace can be named by its path.
func TestTokensByHand_inOwnProjects(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		o := mock(t, func(m *mockserver.Options) { m.NoControl = true })
		o.Namespace, o.Tokens, o.MaxWait = "flightjs", handedTokens(), 0
		o.Tokens[scenario.Stranger] = "glpat-stranger"
		o.Only = []string{"respond", "roles"}
		report, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
		assert.NilError(t, err)
		for _, result := range report.Scenarios {
			if result.Outcome != conformance.Passed && result.Outcome != conformance.Skipped {
				t.Errorf("%s: %s %+v", result.ID, result.Outcome, result.Failure)
			}
		}
		assert.Assert(t, report.Totals["passed"] > 80, "%v", report.Totals)
		assert.Equal(t, len(report.Remaining), 0, "%v", report.Remaining)
		assert.Equal(t, projects(t, o), 1, "only the project of the seed is left")
		for _, row := range report.Coverage {
			assert.Assert(t, row.Operation != "createProjectAccessToken", "tokens were made although all are given: %v",
				fmt.Sprint(row.Statuses))
		}
		o.Namespace = "no/such/group"
		_, err = conformance.Run(t.Context(), o.Target, o.RunOptions)
		assert.ErrorContains(t, err, "the namespace no/such/group cannot be used")
		assert.Equal(t, conformance.ExitCode(err), conformance.ExitNotJudged)
	})
}
