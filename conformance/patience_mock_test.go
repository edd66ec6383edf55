package conformance_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
)

// troubled answers each request about a project, a group or a user once with 502, or not at all, before the server gets
// one like it.
func troubled() func(r *http.Request, query string) (status int, body string) {
	var mu sync.Mutex
	seen := map[string]int{}
	return func(r *http.Request, query string) (int, string) {
		_, rest, _ := strings.Cut(r.URL.EscapedPath(), "/api/v4/")
		kind, id, _ := strings.Cut(rest, "/")
		if id == "" || kind != "projects" && kind != "groups" && kind != "users" {
			return 0, ""
		}
		mu.Lock()
		defer mu.Unlock()
		what := r.Method + " " + rest + "?" + query
		seen[what]++
		switch {
		case seen[what] > 1:
			return 0, ""
		case len(seen)%3 == 0:
			return lost, "connection reset by peer"
		}
		return http.StatusBadGateway, "<html>Bad Gateway</html>"
	}
}

// A response of a proxy, or a lost connection, leaves nothing behind that another request would remove.
func TestCleanUp_troubleThatPasses(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		o := mock(t, nil)
		o.Ledger, o.Keep = filepath.Join(t.TempDir(), "run.ledger"), true
		o.Only = []string{"groups.branch.update", "history.project.marked"}
		report, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
		assert.NilError(t, err)
		assert.Assert(t, len(report.Remaining) > 2, "%v", report.Remaining)
		o.Transport = refuser{o.Transport, troubled()}
		cleaned, err := conformance.CleanUp(t.Context(), o.Target, o.Ledger, o.RunOptions)
		assert.NilError(t, err)
		assert.Assert(t, len(cleaned.Removed) > 2, "%v", cleaned)
		assert.DeepEqual(t, standingGroups(t, o), []string{"flightjs"})
	})
}
