package mockserver_test

import (
	"testing"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/release"
)

// What a path names is found as GitLab finds it: ids by their form, and where no parameter is declared, by what Active
// Record makes of the text.
func TestPaths_lookUp(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for path, want := range map[string]int{
		"/projects/06": 200, "/projects/+6": 404, "/projects/%2B6": 404, "/projects/6x": 404, "/projects/-6": 404,
		"/groups/9": 200, "/groups/+9": 404,
		"/projects/6/merge_requests/4x/status_checks": 200, "/projects/6/merge_requests/+4/status_checks": 200,
		"/projects/6/merge_requests/%204%20/status_checks": 200, "/projects/6/merge_requests/0_4/status_checks": 200,
		"/projects/6/merge_requests/4.0/status_checks": 404, "/projects/6/merge_requests/4.0": 200,
		"/projects/6/merge_requests/4%2E0/status_checks": 200, "/projects/flightjs%2FFlight.x/labels": 404,
		"/projects/6/merge_requests/x4/status_checks": 404, "/projects/6/merge_requests/0x4/status_checks": 404,
		"/projects/6/merge_requests/4444444444444444444444/status_checks": 404,
	} {
		t.Run(path, func(t *testing.T) { h.do("developer", "GET", path, nil).want(want) })
	}
	made := h.do("owner", "POST", "/projects/6/access_tokens", map[string]any{
		"name": "ci", "scopes": []string{"api"}, "access_level": 30, "expires_at": "2026-03-01",
	}).want(201)
	h.do("owner", "GET", "/projects/6/access_tokens/"+made.text("id")+"x", nil).want(200)
	h.do("owner", "GET", "/projects/6/access_tokens/x", nil).want(404)
	newest := newHarness(t, func(o *mockserver.Options) { o.Version = release.Of(19, 4) })
	newest.do("developer", "GET", "/projects/6/merge_requests/4x/status_checks", nil).want(400)
}
