package conformance

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gotest.tools/v3/assert"
)

// breaksAt fails at requests whose path ends so, each time with an error of its own address, as a network does.
type breaksAt struct {
	http.RoundTripper
	suffix string
}

func (b breaksAt) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, b.suffix) {
		return nil, fmt.Errorf("Get \"%s\": %w", r.URL, errors.New("connection reset by peer"))
	}
	return b.RoundTripper.RoundTrip(r)
}

// TestReport_oneCause holds that one thing which is in the way of many scenarios is told once, whatever each of them
// calls what it could not make, and that the end of the report says how many met it.
func TestReport_oneCause(t *testing.T) {
	t.Parallel()
	const list = `
steps:
  - call: listMergeRequestStatusChecks
    with: {merge_request_iid: 1}
    expect: 200
`
	isCreate := func(r *http.Request) bool {
		return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/external_status_checks")
	}
	tests := []struct {
		name, steps string
		change      func(g *fakeGitLab, o *options)
		want        string
	}{
		{"refused", pendingList, func(g *fakeGitLab, _ *options) {
			g.refuse = map[string]int{"POST /external_status_checks": 422}
		}, "createExternalStatusCheck, make the check list-s0-qa (answered 422)"},
		{"an id as text", pendingList, func(g *fakeGitLab, _ *options) {
			g.broken = func(w http.ResponseWriter, r *http.Request) bool {
				if isCreate(r) {
					writeJSON(w, 201, map[string]any{"id": "7"})
				}
				return isCreate(r)
			}
		}, `createExternalStatusCheck, make the check list-s0-qa: the answer has no id that is a positive integer, ` +
			`but "7" (answered 201)`},
		{"no answer", list, func(_ *fakeGitLab, o *options) {
			o.Transport = breaksAt{o.Transport, "/status_checks"}
		}, "no answer came: connection reset by peer"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := newFakeGitLab()
			scenarios := manyScenarios(6, test.steps)
			if test.name == "no answer" { // more in a row end the run
				scenarios = manyScenarios(3, test.steps)
			}
			options, _ := optionsFor(g, scenarios)
			test.change(g, &options)
			report, err := Run(t.Context(), options.Target, options.RunOptions)
			assert.NilError(t, err)
			assert.Equal(t, len(report.Causes), 1, "%v", report.Causes)
			assert.Equal(t, report.causes()[0].results[0].Failure.shared(), test.want)
			var text strings.Builder
			assert.NilError(t, report.WriteText(&text, TextOptions{}))
			end := "What most scenarios met:\n  6 scenarios met what is shown with list.s0: " + test.want + "\n"
			assert.Equal(t, strings.Contains(text.String(), end), len(scenarios) == 6, text.String())
		})
	}
}
