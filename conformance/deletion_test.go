package conformance

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"gotest.tools/v3/assert"
)

// TestRemoveInSteps holds what becomes of a project where deleting it takes another course than usual.
func TestRemoveInSteps(t *testing.T) {
	t.Parallel()
	deleting := func(r *http.Request) bool {
		return r.Method == http.MethodDelete && strings.HasSuffix(r.URL.Path, "/projects/1")
	}
	for name, test := range map[string]struct {
		version string
		broken  func(w http.ResponseWriter, r *http.Request) bool
		want    string // in what is left; empty when nothing is
	}{
		"in two steps": {version: "18.9.0-ee"},
		"a mark that cannot be cut short": {
			version: "15.11.0-ee",
			want: "project 1 (root/statuschecks-r1-shared-private) is marked for deletion, and the server removes " +
				"it when its days of grace are over",
		},
		"refused": {
			version: "18.9.0-ee",
			want:    `is left: delete the project 1: it is refused with 400 {"message":"no"}`,
			broken: func(w http.ResponseWriter, r *http.Request) bool {
				if deleting(r) {
					writeJSON(w, 400, map[string]any{"message": "no"})
				}
				return deleting(r)
			},
		},
		"accepted and not done": {version: "18.9.0-ee", want: "is left: delete the project 1: it is still there " +
			"after 10s", broken: func(w http.ResponseWriter, r *http.Request) bool {
			if deleting(r) {
				writeJSON(w, 202, map[string]any{"message": "202 Accepted"})
			}
			return deleting(r)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newFakeGitLab()
			g.version, g.broken = test.version, test.broken
			options, _ := optionsFor(g, fstest.MapFS{"list/one.yaml": {Data: []byte(head("list.one") + pendingList)}})
			report, err := Run(t.Context(), options.Target, options.RunOptions)
			assert.NilError(t, err)
			assert.Equal(t, len(g.standing()) == 0, test.want == "")
			if test.want != "" {
				assert.Equal(t, len(report.Remaining), 1, "%v", report.Remaining)
				assert.Assert(t, strings.Contains(report.Remaining[0], test.want), report.Remaining[0])
			}
		})
	}
}
