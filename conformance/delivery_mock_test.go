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

// renamedKey is a transport of deliveries that gives a member another name.
type renamedKey struct {
	http.RoundTripper
	name, other string
}

// RoundTrip changes the body.
func (b renamedKey) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	changed := bytes.Replace(body, []byte(`"`+b.name+`":`), []byte(`"`+b.other+`":`), 1)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(changed)), int64(len(changed))
	return b.RoundTripper.RoundTrip(r)
}

// TestDeliveries_areHeldAgainstTheContract holds that a payload off the contract is told even where the scenario looks
// at something else, once, and without deciding the scenario.
func TestDeliveries_areHeldAgainstTheContract(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, other, operation string
		only                   []string
	}{
		{
			"external_approval_rule", "external_status_check", "createExternalStatusCheck",
			[]string{"deliver.update", "deliver.push", "deliver.not-on-comment"},
		},
		{"user_username", "user_login", "createProjectHook", []string{"deliver.webhook-of-pushes"}},
	} {
		t.Run(test.operation, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T) {
				o := mock(t, func(m *mockserver.Options) {
					m.Transport = renamedKey{m.Transport, test.name, test.other}
				})
				o.Only = test.only
				report, err := conformance.Run(t.Context(), o.Target, o.RunOptions)
				assert.NilError(t, err)
				assert.Equal(t, report.Verdict, conformance.Conformant)
				assert.Equal(t, len(report.Fixtures), 1, "%+v", report.Fixtures)
				found := report.Fixtures[0]
				assert.Equal(t, found.Operation, test.operation)
				assert.Equal(t, found.In, "delivery")
				assert.Equal(t, found.Code, "required")
				assert.Assert(t, strings.Contains(found.Pointer, test.name), found.Pointer)
			})
		})
	}
}
