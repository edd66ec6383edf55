package conformance_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"gotest.tools/v3/assert"

	"github.com/statuschecks/statuschecks/conformance"
	"github.com/statuschecks/statuschecks/mockserver"
)

// renamedKey is a transport of deliveries that calls the check by another name.
type renamedKey struct{ http.RoundTripper }

// RoundTrip changes the body.
func (b renamedKey) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	changed := bytes.Replace(body, []byte(`"external_approval_rule":`), []byte(`"external_status_check":`), 1)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(changed)), int64(len(changed))
	return b.RoundTripper.RoundTrip(r)
}

// TestDeliveries_areHeldAgainstTheContract holds that a payload off the contract is told even where the scenario looks
// at something else, once, and without deciding the scenario.
func TestDeliveries_areHeldAgainstTheContract(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T) {
		o := mock(t, func(m *mockserver.Options) { m.Transport = renamedKey{m.Transport} })
		o.Only = []string{"deliver.update", "deliver.push", "deliver.not-on-comment"}
		report, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
		assert.NilError(t, err)
		assert.Equal(t, report.Verdict, conformance.Conformant)
		assert.Equal(t, len(report.Fixtures), 1, "%+v", report.Fixtures)
		found := report.Fixtures[0]
		assert.Equal(t, found.Operation, "createExternalStatusCheck")
		assert.Equal(t, found.In, "delivery")
		assert.Equal(t, found.Code, "required")
		assert.Assert(t, strings.Contains(found.Pointer, "external_approval_rule"), found.Pointer)
	})
}
