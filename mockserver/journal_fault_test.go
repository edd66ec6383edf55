package mockserver_test

import (
	"net/http"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver"
	"github.com/statuschecks/statuschecks/mockserver/fault"
	"github.com/statuschecks/statuschecks/mockserver/journal"
)

// The journal tells whether the work was done, whatever the client was told.
func TestJournal_faults(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault  fault.Fault
		status int
		worked bool
	}{
		"before":  {fault.Fault{Response: &fault.Response{Status: 502}}, 502, false},
		"after":   {fault.Fault{Response: &fault.Response{Status: 502}, After: true}, 502, true},
		"close":   {fault.Fault{Connection: fault.Close, After: true}, 0, true},
		"cut":     {fault.Fault{Connection: fault.CutKnown, CutAfter: 1}, 200, true},
		"headers": {fault.Fault{Headers: fault.Headers{Drop: []string{"Etag"}}}, 200, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := faulty(t, test.fault)
			request, err := http.NewRequest("GET", server.URL+"/api/v4/projects/6", nil)
			assert.NilError(t, err)
			request.Header.Set("Private-Token", "glpat-owner")
			if answer, err := http.DefaultClient.Do(request); err == nil {
				_ = answer.Body.Close()
			}
			e := server.Config.Handler.(*mockserver.Server).Journal(journal.Filter{}).Entries[0]
			assert.Equal(t, e.Fault, "p")
			assert.Equal(t, e.Status, test.status)
			assert.Equal(t, e.Worked, test.worked)
			assert.Equal(t, e.Connection, int64(1))
			assert.Equal(t, e.OnConnection, 1)
		})
	}
}
