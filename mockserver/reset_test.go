package mockserver_test

import (
	"net/http"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/mockserver/internal/gitlab"
	"github.com/statuschecks/statuschecks/openapi"
)

// toSet has the body for each operation that sets something, in release 16.6 with the default world.
var toSet = map[string]string{
	"setClock":          `{"mode":"frozen","now":"2030-01-01T00:00:00Z"}`,
	"setLicence":        `{"licensed":false}`,
	"setSHARequirement": `{"required":true,"locked":true}`,
	"setWriting":        `{"mode":"maintenance","message":"Back at ten"}`,
	"setRateLimits":     `{"limits":[{"name":"project_api","requests":1,"period":"1m"}]}`,
	"setRelease":        `{"version":"16.4"}`,
	"setFeature":        `{"name":"timeout_status_check_responses","enabled":false}`,
}

// TestReset_endsWhatWasSet checks that a reset undoes everything that the control surface set.
func TestReset_endsWhatWasSet(t *testing.T) {
	t.Parallel()
	for _, op := range openapi.Control().Operations() {
		if op.Method != http.MethodPut {
			continue
		}
		t.Run(op.ID, func(t *testing.T) {
			t.Parallel()
			path := openapi.Control().Root() + op.Path
			h := newUnjudged(t, asRelease(parseVersion(t, "16.6")))
			shown := func() string {
				return string(h.raw("GET", path, "").body) + string(h.raw("GET", "/-/mock/state", "").body)
			}
			before := shown()
			h.raw("PUT", path, toSet[op.ID]).want(http.StatusOK)
			assert.Assert(t, shown() != before, "it sets nothing that is shown")
			h.raw("POST", "/-/mock/reset", "").want(http.StatusNoContent)
			assert.Equal(t, shown(), before)
		})
	}
}

// TestReset_endsMaintenance checks that after a reset data can be changed again.
func TestReset_endsMaintenance(t *testing.T) {
	t.Parallel()
	for _, mode := range []gitlab.WriteMode{gitlab.Maintenance, gitlab.ReadOnlyDatabase} {
		h := newUnjudged(t)
		h.raw("PUT", "/-/mock/writing", `{"mode":"`+string(mode)+`"}`).want(http.StatusOK)
		check := map[string]string{"name": "after", "external_url": "https://a.test/"}
		refused := h.do("maintainer", "POST", checksPath, check)
		assert.Assert(t, refused.status == 403 || refused.status == 503, "%s: %d", mode, refused.status)
		h.raw("POST", "/-/mock/reset", "").want(http.StatusNoContent)
		h.do("maintainer", "POST", checksPath, check).want(http.StatusCreated)
	}
}
