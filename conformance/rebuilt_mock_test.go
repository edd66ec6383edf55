package conformance_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
)

// deletions counts the requests that delete.
type deletions struct {
	http.RoundTripper
	sent []string
}

func (d *deletions) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodDelete {
		d.sent = append(d.sent, r.URL.Path)
	}
	return d.RoundTripper.RoundTrip(r)
}

// TestCleanUp_afterTheInstanceWasRebuilt holds that a ledger harms nobody on an instance that came to stand at the same
// address since, where its ids belong to others.
func TestCleanUp_afterTheInstanceWasRebuilt(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		o := mock(t, nil)
		o.Only, o.Keep, o.Ledger = []string{"roles.custom.other", "roles.respond.group-approver"}, true,
			filepath.Join(t.TempDir(), "run.ledger")
		_, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
		assert.NilError(t, err)

		rebuilt := mock(t, nil)
		for _, kind := range [][2]string{ // as many of everything that the ids of the run are all taken
			{"groups", `{"name": "team-%d", "path": "team-%d"}`},
			{"projects", `{"path": "payroll-%d"}`},
			{"member_roles", `{"name": "keeper-%d", "base_access_level": 20, "read_code": true}`},
			{"users", `{"username": "alice-%d", "name": "Alice", "email": "alice-%d@example.com", ` +
				`"force_random_password": true}`},
		} {
			for i := range 24 {
				text := strings.ReplaceAll(kind[1], "%d", fmt.Sprint(i))
				request, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
					"http://builtin.invalid/api/v4/"+kind[0], strings.NewReader(text))
				assert.NilError(t, err)
				request.Header.Set("Private-Token", o.Token)
				request.Header.Set("Content-Type", "application/json")
				response, err := rebuilt.Transport.RoundTrip(request)
				assert.NilError(t, err)
				assert.Equal(t, response.StatusCode, 201, kind[0])
			}
		}
		seen := &deletions{RoundTripper: rebuilt.Transport}
		cleaned, err := conformance.CleanUp(t.Context(), conformance.Target{Token: o.Token, Transport: seen},
			o.Ledger, conformance.RunOptions{})
		for _, want := range []string{
			`the server has "root/payroll-`, `the server has "team-`,
			`the server has "keeper-`, `the server has "alice-`, "the ledger " + o.Ledger + " is kept",
		} {
			assert.ErrorContains(t, err, want)
		}
		assert.Equal(t, conformance.ExitCode(err), conformance.ExitNotJudged)
		assert.Equal(t, len(cleaned.Removed), 0, "%v", cleaned.Removed)
		assert.Equal(t, len(seen.sent), 0, "%v", seen.sent)
		assert.Equal(t, projects(t, rebuilt), 25)
		_, err = os.Stat(o.Ledger)
		assert.NilError(t, err)

		_, err = conformance.CleanUp(t.Context(), conformance.Target{
			Token: o.Token, Transport: o.Transport,
		}, o.Ledger, conformance.RunOptions{})
		assert.NilError(t, err, "the instance of the run is cleaned up by the same ledger")
	})
}
