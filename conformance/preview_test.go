package conformance_test

import (
	"net/http"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
)

// readingOnly fails the test at any request that could change something.
type readingOnly struct {
	http.RoundTripper
	t *testing.T
}

func (r readingOnly) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Method != http.MethodGet {
		r.t.Errorf("a dry run sent %s %s", request.Method, request.URL)
	}
	return r.RoundTripper.RoundTrip(request)
}

func TestLook(t *testing.T) {
	t.Parallel()
	o := mock(t, nil)
	o.Transport = readingOnly{o.Transport, t}
	o.Only = []string{"respond.stale-sha", "checks", "licence", "deliver", "roles.custom.*"}
	preview, err := conformance.Look(t.Context(), o)
	assert.NilError(t, err)
	var text strings.Builder
	assert.NilError(t, preview.WriteText(&text))
	for _, want := range []string{
		"Nothing was made. To find this out, getVersion, getCurrentUser, getClock, getLicence were called at http://builtin.invalid (GitLab 18.9).",
		"  private project statuschecks-run1-shared-private\n",
		"  project access token for maintainer in each project where one is needed\n",
		"\nrespond.stale-sha  ",
		"  private project statuschecks-run1-shared-private-group, in a group of the run's own\n",
		"  makes check qa; user approver with a personal access token, reporter with a custom role that adds admin_merge_request\n",
		"POST /projects/{id}/merge_requests/{merge_request_iid}/status_check_responses {",
		"What is made would be removed at the end.\n",
	} {
		assert.Assert(t, strings.Contains(text.String(), want), "%q is not in\n%s", want, text.String())
	}
	assert.Assert(t, preview.Requests > 2*len(preview.Scenarios))

	o.Project = standing
	given, err := conformance.Look(t.Context(), o)
	assert.NilError(t, err)
	assert.Assert(t, len(given.Scenarios) < len(preview.Scenarios), "what needs a project of its own is left out")
	for _, thing := range given.Makes {
		assert.Assert(t, !strings.Contains(thing, "project statuschecks-run1-shared"), thing)
	}
}
