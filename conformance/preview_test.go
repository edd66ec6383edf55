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
	preview, err := conformance.Look(t.Context(), o.Target, o.RunOptions)
	assert.NilError(t, err)
	var text strings.Builder
	assert.NilError(t, preview.WriteText(&text))
	for _, want := range []string{
		"Nothing was made. To find this out, getVersion, getCurrentUser, getClock, getLicence were called at " +
			"http://builtin.invalid (GitLab 18.9).",
		"  private project statuschecks-run1-shared-private\n",
		"  project access token for maintainer in each project where one is needed\n",
		"\nrespond.stale-sha  ",
		"at the receiver, qa answers 200 after 25s",
		"at the receiver, qa closes the connection",
		"look at what the receiver got for qa at moved\n",
		"  private project statuschecks-run1-shared-private-group, in a group of the run's own\n",
		"  makes check qa; user approver with a personal access token, reporter with a custom role that adds " +
			"admin_merge_request\n",
		"POST /projects/{id}/merge_requests/{merge_request_iid}/status_check_responses {",
		"What is made would be removed at the end.\n",
	} {
		assert.Assert(t, strings.Contains(text.String(), want), "%q is not in\n%s", want, text.String())
	}
	assert.Assert(t, preview.Requests > 2*len(preview.Scenarios))

	o.Project = standing
	given, err := conformance.Look(t.Context(), o.Target, o.RunOptions)
	assert.NilError(t, err)
	assert.Assert(t, len(given.Scenarios) < len(preview.Scenarios), "what needs a project of its own is left out")
	for _, thing := range given.Makes {
		assert.Assert(t, !strings.Contains(thing, "project statuschecks-run1-shared"), thing)
	}
}

func TestLook_groups(t *testing.T) {
	t.Parallel()
	o := mock(t, nil)
	o.Transport = readingOnly{o.Transport, t}
	o.Only = []string{"groups.branch.below", "groups.branch.create"}
	preview, err := conformance.Look(t.Context(), o.Target, o.RunOptions)
	assert.NilError(t, err)
	var text strings.Builder
	assert.NilError(t, preview.WriteText(&text))
	for _, want := range []string{
		"  private group statuschecks-run1-group\n",
		"  private group statuschecks-run1-below, in the other one\n",
		"private project statuschecks-run1-groups-branch-below, in the group below the run's; branch stable, " +
			"protected in the run's group",
		"private project statuschecks-run1-groups-branch-create, in the run's group; branch stable",
	} {
		assert.Assert(t, strings.Contains(text.String(), want), "%q is not in\n%s", want, text.String())
	}
	for namespace, project := range map[string]string{"flightjs": "", "": standing} {
		o.Namespace, o.Project = namespace, project
		preview, err = conformance.Look(t.Context(), o.Target, o.RunOptions)
		assert.NilError(t, err)
		assert.Equal(t, len(preview.LeftOut), 2)
	}
}
