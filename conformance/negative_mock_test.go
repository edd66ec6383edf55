package conformance_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/openapi"
	"github.com/statuschecks/statuschecks/release"
)

// TestNegatives_manyReleases runs them against the mock as releases from the oldest to the newest.
func TestNegatives_manyReleases(t *testing.T) {
	t.Parallel()
	for _, v := range []release.Version{
		{Major: 14},
		{Major: 15},
		{Major: 16, Minor: 4},
		{Major: 17, Minor: 3},
		{Major: 19, Minor: 4},
	} {
		t.Run(v.String(), func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) {
				o := mock(t, func(m *mockserver.Options) {
					m.Version = v
					if v == release.Oldest {
						m.Features = map[string]bool{"ff_external_status_checks": true}
					}
				})
				o.Only = []string{"negative"}
				report := conforms(t, o)
				for _, result := range report.Scenarios {
					assert.Assert(t, result.Outcome == conformance.Passed || result.Moot, "%s: %s %s", result.ID,
						result.Outcome, result.Reason)
				}
			})
		})
	}
}

// forgetful is a transport to a server that has lost one validation of an operation and goes on to look for what it is
// about.
func forgetful(next http.RoundTripper, operation, refusal string) http.RoundTripper {
	op := openapi.GitLab().Operation(operation)
	place := regexp.MustCompile(regexp.MustCompile(`\\{[^}]*\\}`).ReplaceAllString(regexp.QuoteMeta(op.Path), "[^/]+") +
		"$")
	return forgets{rewrite{
		RoundTripper: next, method: op.Method, suffix: "",
		change: func(status int, body string) (int, string) {
			if body == `{"error":"`+refusal+`"}` {
				return http.StatusNotFound, `{"message":"404 Not found"}`
			}
			return status, body
		},
	}, place}
}

// forgets limits what another transport changes to the paths of one operation.
type forgets struct {
	rewrite
	place *regexp.Regexp
}

// RoundTrip passes requests to other paths on as they are.
func (f forgets) RoundTrip(r *http.Request) (*http.Response, error) {
	if !f.place.MatchString(r.URL.EscapedPath()) {
		return f.RoundTripper.RoundTrip(r)
	}
	return f.rewrite.RoundTrip(r)
}

// TestNegatives_catchAMissingValidation takes one validation after another away and holds that the scenarios about it
// fail, and no other, each with the rule in its report.
func TestNegatives_catchAMissingValidation(t *testing.T) {
	t.Parallel()
	for _, scenario := range conformance.Negatives() {
		if scenario.Since.Compare(release.Reference) > 0 || scenario.Until != (release.Version{}) {
			continue
		}
		t.Run(scenario.ID, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) {
				step := scenario.Steps[0]
				refusal := step.Expect.Body.Source.(map[string]any)["$exact"].(map[string]any)["error"].(string)
				o := mock(t, nil)
				o.Transport = forgetful(o.Transport, step.Call, refusal)
				parts := strings.Split(scenario.ID, ".")
				o.Only = []string{parts[0] + "." + parts[1] + ".*"}
				report, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
				assert.NilError(t, err)
				assert.Equal(t, report.Verdict, conformance.NotConformant)
				for _, result := range report.Scenarios {
					if result.ID != scenario.ID {
						assert.Assert(t, result.Outcome == conformance.Passed || result.Moot, "%s: %s", result.ID,
							result.Outcome)
						continue
					}
					assert.Equal(t, result.Outcome, conformance.Failed)
					named := "parameter " + step.Breaks.Parameter + " breaks " + step.Breaks.Rule + ": "
					assert.Assert(t, strings.HasPrefix(result.Failure.Note, named), result.Failure.Note)
				}
			})
		})
	}
}
